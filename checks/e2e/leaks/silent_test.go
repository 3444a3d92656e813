//go:build linux

package leaks

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"badsig/checks/internal/eventually"
	"badsig/checks/internal/secretscan"
	"badsig/tokens"
)

// colors are the sequences that set how what follows looks.
var colors = regexp.MustCompile(`\x1b\[[0-9;]*m`)

// On a terminal that never responds every headless command is done within a
// tenth of a second of work, waits for no one and writes no escape sequence but
// colors. What queries a terminal for its colors waits five seconds for the response. With
// BADSIG_FIGURES set it prints the medians of twenty runs.
func TestSilentTerminal(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: the same program is measured without it")
	}
	m := secretscan.Secrets{}
	home, root, large := t.TempDir(), t.TempDir(), t.TempDir()
	if err := os.Mkdir(filepath.Join(home, "tmp"), 0o700); err != nil {
		t.Fatal(err)
	}
	sound := m.Mark("server/.env")
	small := map[string]string{
		"server/.env": "STREAM_API_KEY=" + key1 + "\nSTREAM_API_SECRET=" + sound + "\n", "server/package.json": `{"type":"module","dependencies":{"express":"5","dotenv":"17"}}`,
		"server/server.js": strings.Replace(serverCode, "SECRET)", "process.env.STREAM_API_SECRET)", 1), "stream/src/config.js": "export const STREAM_API_KEY = '" + key1 + "'\n",
	}
	put(t, root, small)
	put(t, large, small)
	for i := range 300 { // what a project has beside its server
		put(t, large, map[string]string{fmt.Sprintf("src/%d/page.js", i): strings.Repeat(fmt.Sprintf("export const token%d = () => fetch('/api/%d', { headers: { authorization: process.env.X } })\n", i, i), 100)})
	}
	b := startBackend(t, root, "json", []string{"SIGN_WITH=" + sound}, nil)
	token, err := tokens.Mint(tokens.NewSecret([]byte(sound)), "test123", time.Now(), tokens.MintOptions{})
	if err != nil {
		t.Fatal(err)
	}
	const anError = "inspect JWTAuth error: signature is not valid"
	runs := 3
	if os.Getenv("BADSIG_FIGURES") != "" {
		runs = 20
	}
	for _, c := range []struct {
		dir    string
		args   []string
		status int
	}{
		{root, []string{"--version"}, 0}, {root, []string{"--help"}, 0}, {root, []string{"help", "check"}, 0}, {root, []string{"explain"}, 0}, {root, []string{"explain", "server-down"}, 0},
		{root, []string{"mint"}, 0}, {root, []string{"inspect", token}, 0}, {root, []string{"inspect", "JWTAuth error: signature is not valid"}, 1},
		{root, []string{"check", "--offline", "--url", b.url}, 3}, {root, []string{"check", "--json", "--offline", "--url", b.url}, 3}, {root, []string{"report", "--offline", "--url", b.url}, 3},
		{root, []string{"completion", "bash"}, 0}, {root, []string{"man"}, 0}, {root, []string{"nonsense"}, 2}, {root, []string{"check", "--nonsense"}, 2}, {root, []string{"demo", "--json"}, 0},
		{large, []string{"inspect", token}, 0}, {large, []string{"inspect", "JWTAuth error: signature is not valid"}, 1}, {large, []string{"mint"}, 0}, {large, []string{"check", "--offline", "--url", b.url}, 3},
	} {
		name := strings.NewReplacer(token, "TOKEN", b.url, "URL").Replace(strings.Join(c.args, " "))
		if c.dir == large {
			name += ", in a large project"
		}
		t.Run(name, func(t *testing.T) {
			var work, took []time.Duration
			for range runs {
				begun := time.Now()
				u := begin(t, how{dir: c.dir, env: append(bare(home), "SSH_TTY=x"), args: c.args}, nil, true)
				status := u.ended(t)
				took = append(took, time.Since(begun))
				work = append(work, u.cmd.ProcessState.UserTime()+u.cmd.ProcessState.SystemTime())
				if status != c.status {
					t.Errorf("status %d, want %d: %s", status, c.status, u.out.String())
				}
				u.restored(t)
				if strings.ContainsRune(colors.ReplaceAllString(u.out.String(), ""), 0x1b) {
					t.Errorf("an escape sequence is written that isn't a color: %q", u.out.String())
				}
				if u.out.String() == "<the end>" {
					t.Error("nothing is said")
				}
			}
			slices.Sort(work)
			slices.Sort(took)
			t.Logf("median of %d: %s, %s of work", runs, took[runs/2].Round(100*time.Microsecond), work[runs/2].Round(100*time.Microsecond))
			most := 100 * time.Millisecond
			if c.dir == large && strings.Join(c.args, " ") != anError {
				most = 2 * time.Second // three megabytes of code, all of it about tokens
			}
			if work[0] > 3*most || took[0] > eventually.Long/15 { // a busy machine makes work slower, too
				t.Errorf("the quickest of %d takes %s, and %s of work", runs, took[0], work[0])
			}
		})
	}
}
