//go:build linux

package perf

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"badsig/tokens"
)

// Invented for these figures; no Stream app has them.
const (
	apiKey = "abcdefgh2345"
	secret = "q7w8e9r2t3y4u5p6a7s8d9f2g3h4j5k6z7x8c9v2b3n4m5q6w7e8r9t2y3u4p5a6"
)

// effort is how much is done for each figure.
type effort struct {
	bounds  bool
	starts  int // of a program that does nothing
	runs    int // of a program that works
	keys    int
	files   int // of the project; node_modules has twice as many
	tokens  int
	settled time.Duration // before an open console is called idle
	idle    time.Duration
}

var (
	full  = effort{bounds: true, starts: 60, runs: 15, keys: 60, files: 20_000, tokens: 1_000_000, settled: 5 * time.Second, idle: 10 * time.Second}
	smoke = effort{starts: 2, runs: 1, keys: 2, files: 200, tokens: 2_000, settled: 300 * time.Millisecond, idle: 200 * time.Millisecond}
)

// row is a line of the table.
type row struct {
	figure, measured, bound string
	value, limit            float64 // nanoseconds, MiB or a ratio: the figure holds where value is not above limit; limit 0: it only informs
}

// rig is what the figures are taken with.
type rig struct {
	effort
	dir    string // of this run's files
	badsig string
	hello  string
	rows   []row
}

// TestMain is also the backend of the figures, so that it is a process of its
// own with the project's folder as its working folder.
func TestMain(m *testing.M) {
	if os.Getenv(backendEnv) != "" {
		if err := backend(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	if os.Getenv("BADSIG_E2E") == "" && os.Getenv("BADSIG_FIGURES") == "" {
		fmt.Println("live suite, skipped: BADSIG_E2E=1 go test -timeout 30m ./checks/e2e/...")
		return
	}
	os.Exit(m.Run())
}

func TestFigures(t *testing.T) {
	r := &rig{effort: smoke, dir: t.TempDir()}
	if os.Getenv("BADSIG_FIGURES") != "" {
		r.effort = full
	} else if testing.Short() {
		t.Skip("-short: no program is built for a figure")
	}
	r.build(t)
	for _, f := range []struct {
		name string
		take func(*testing.T, *rig)
	}{
		{"size", size}, {"start", start}, {"console", console}, {"check", checkAndCurl}, {"chain", chain},
		{"walk", walk}, {"signer", signer}, {"inspect", inspect},
	} {
		t.Run(f.name, func(t *testing.T) {
			before := len(r.rows)
			f.take(t, r)
			for _, row := range r.rows[before:] {
				if row.value <= 0 {
					t.Errorf("%s: measured %v", row.figure, row.value)
				}
				if r.bounds && row.limit > 0 && row.value > row.limit {
					t.Errorf("%s: %s is above %s", row.figure, row.measured, row.bound)
				}
			}
		})
	}
	r.print()
	r.inREADME(t)
}

// inREADME tells whether the README's table has each figure that was taken,
// with the bound that it is held to; numbers and what is in brackets differ
// from run to run.
func (r *rig) inREADME(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	plain := func(name string) string {
		name, _, _ = strings.Cut(name, " (")
		name, _, _ = strings.Cut(name, " / ")
		return strings.Map(func(c rune) rune {
			if c >= '0' && c <= '9' {
				return -1
			}
			return c
		}, name)
	}
	table := map[string][]string{}
	for line := range strings.Lines(string(text)) {
		if cells := strings.Split(strings.TrimSpace(line), " | "); len(cells) == 4 {
			name := plain(strings.TrimPrefix(cells[0], "| "))
			table[name] = append(table[name], cells[2])
		}
	}
	for _, row := range r.rows {
		if bounds := table[plain(row.figure)]; !slices.Contains(bounds, row.bound) {
			t.Errorf("README: %q is held to %s, and the table says %q", row.figure, row.bound, bounds)
		}
	}
}

// print writes the table as Markdown.
func (r *rig) print() {
	if !r.bounds {
		return
	}
	fmt.Printf("\nmedians of one run on %d cores, %s\n\n| benchmark | measured | limit | within |\n| --- | --- | --- | --- |\n", runtime.NumCPU(), runtime.Version())
	for _, row := range r.rows {
		holds := "yes"
		switch {
		case row.limit == 0:
			holds = ""
		case row.value > row.limit:
			holds = "no"
		}
		fmt.Printf("| %s | %s | %s | %s |\n", row.figure, row.measured, row.bound, holds)
	}
	fmt.Println()
}

// ratio files a figure that is a ratio of two medians.
func (r *rig) ratio(figure, note string, value, limit float64) {
	r.rows = append(r.rows, row{figure, fmt.Sprintf("%.2f × (%s)", value, note), fmt.Sprintf("%.3g ×", limit), value, limit})
}

// told files a figure that is not a ratio, or has no bound.
func (r *rig) told(figure, measured, bound string, value, limit float64) {
	r.rows = append(r.rows, row{figure, measured, bound, value, limit})
}

// build builds badsig as it is released, and a program that only says hello.
func (r *rig) build(t *testing.T) {
	t.Helper()
	r.badsig, r.hello = filepath.Join(r.dir, "badsig"), filepath.Join(r.dir, "hello")
	source := filepath.Join(r.dir, "hello.go")
	write(t, source, "package main\n\nimport \"fmt\"\n\nfunc main() { fmt.Println(\"hello\") }\n")
	for out, from := range map[string]string{r.badsig: "badsig", r.hello: source} {
		cmd := exec.Command("go", "build", "-trimpath", "-ldflags", "-s -w", "-o", out, from)
		cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
		if text, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("go build %s: %v\n%s", from, err, text)
		}
	}
}

// project makes a small project and gives its folder.
func (r *rig) project(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "package.json"), `{"name":"app","dependencies":{"stream-chat":"9"}}`)
	write(t, filepath.Join(dir, "server", ".env"), "STREAM_API_KEY="+apiKey+"\nSTREAM_API_SECRET="+secret+"\n")
	write(t, filepath.Join(dir, "src", "chat.js"), "import { StreamChat } from 'stream-chat'\nexport const client = StreamChat.getInstance('"+apiKey+"')\n")
	return dir
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// environ is the environment of what is measured: with the dashboard's pair,
// without proxies and other settings of the tester's.
func environ() []string {
	env := []string{"STREAM_API_KEY=" + apiKey, "STREAM_API_SECRET=" + secret, "TERM=xterm-256color", "SSH_TTY=x"}
	for _, name := range []string{"PATH", "HOME", "TMPDIR"} {
		if v, ok := os.LookupEnv(name); ok {
			env = append(env, name+"="+v)
		}
	}
	return env
}

// run runs a program to its end and gives how long that took. Exit statuses
// other than ok fail the test.
func run(t *testing.T, dir string, ok []int, args ...string) time.Duration {
	t.Helper()
	took, _ := spent(t, dir, ok, args...)
	return took
}

// spent is run, with the CPU time that the program used.
func spent(t *testing.T, dir string, ok []int, args ...string) (took, work time.Duration) {
	t.Helper()
	cmd := exec.Command(args[0], args[1:]...)
	var errs strings.Builder
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = dir, environ(), io.Discard, &errs
	begin := time.Now()
	_ = cmd.Run()
	took = time.Since(begin)
	if code := cmd.ProcessState.ExitCode(); !slices.Contains(ok, code) {
		t.Fatalf("%s ends with %d: %s", strings.Join(args, " "), code, errs.String())
	}
	return took, cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
}

// median is the middle one; 0 of none.
func median(d []time.Duration) time.Duration {
	if len(d) == 0 {
		return 0
	}
	return slices.Sorted(slices.Values(d))[len(d)/2]
}

func ms(d time.Duration) string { return fmt.Sprintf("%.1f ms", float64(d.Microseconds())/1000) }

// What keeps it small: slices.SortStableFunc is compiled anew for each type it
// sorts, 7 KB each, so structs are sorted by sort.SliceStable.
func size(t *testing.T, r *rig) {
	info, err := os.Stat(r.badsig)
	if err != nil {
		t.Fatal(err)
	}
	mib := float64(info.Size()) / (1 << 20)
	r.told("binary, stripped", fmt.Sprintf("%.2f MiB", mib), "16 MiB", mib, 16)
}

func start(t *testing.T, r *rig) {
	var ours, hellos []time.Duration
	for range r.starts {
		hellos = append(hellos, run(t, r.dir, []int{0}, r.hello))
		ours = append(ours, run(t, r.dir, []int{0}, r.badsig, "--version"))
	}
	a, b := median(ours), median(hellos)
	r.ratio("start: `badsig --version` / a Go hello world", ms(a)+" / "+ms(b), float64(a)/float64(b), 2.5)
}

// signer searches for a signer that no candidate can be corrupted into, so that
// all there is gets tried, and beside it makes as many bare HMACs a second as
// the cores give.
func signer(t *testing.T, r *rig) {
	jws, err := tokens.Mint(tokens.NewSecret([]byte("of another app altogether")), "test123", time.Now(), tokens.MintOptions{})
	if err != nil {
		t.Fatal(err)
	}
	token := tokens.Parse(jws)
	const keys = 400_000
	var ours, bare []time.Duration // a million HMACs
	for range r.runs {
		begin := time.Now()
		s := tokens.FindSigner(context.Background(), token, []tokens.Candidate{{Secret: tokens.NewSecret([]byte(secret)), Deep: true}})
		ours = append(ours, time.Duration(float64(time.Since(begin))*1e6/float64(s.Tried)))
		bare = append(bare, bareHMAC(token.SigningInput(), keys)*1e6/keys)
	}
	a, b := median(ours), median(bare)
	r.ratio("FindSigner / bare HMAC-SHA256, a million keys on all cores", ms(a)+" / "+ms(b), float64(a)/float64(b), 1.25)
}

// bareHMAC is how long n HMAC-SHA256 of one message take with crypto/hmac on all
// cores, each with a new key of a secret's length.
func bareHMAC(message string, n int) time.Duration {
	msg, workers := []byte(message), runtime.GOMAXPROCS(0)
	begin := time.Now()
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			key := make([]byte, 64)
			var sum [sha256.Size]byte
			for i := range n / workers {
				key[0], key[1], key[2] = byte(i), byte(i>>8), byte(i>>16)
				h := hmac.New(sha256.New, key)
				h.Write(msg)
				h.Sum(sum[:0])
			}
		})
	}
	wg.Wait()
	return time.Since(begin)
}
