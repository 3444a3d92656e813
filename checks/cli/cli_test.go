package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"badsig/checks/causes"
	"badsig/checks/internal/eventually"
	"badsig/checks/sanitize"
)

const beBadsig = "BADSIG_TEST_BE_BADSIG"

// TestMain lets this test program be badsig, so that exit status, pipes and
// signals are those of a real process.
func TestMain(m *testing.M) {
	if os.Getenv(beBadsig) != "" {
		os.Exit(Main(context.Background(), os.Args[1:], OS("0.0.0-test")))
	}
	eventually.Loopback()
	flag.Parse()
	_ = flag.Set("test.parallel", "8") // what is parallel here waits for other processes
	os.Exit(m.Run())
}

// invented is a secret of the shape that Stream's have.
const invented = "x7k3m9p2q5r8s4t6u7v3w9x2y5z8a4b6c7d3e9f2g5h8j4k6m7n3p9q2r5s8t4u6"

// process runs badsig as a process.
type process struct {
	dir   string
	env   []string
	stdin string
}

type ran struct {
	out, err string
	code     int
}

func (s process) command(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(exe, args...)
	c.Dir = s.dir
	if c.Dir == "" {
		c.Dir = t.TempDir()
	}
	for _, e := range os.Environ() {
		if !strings.HasPrefix(e, "STREAM_") {
			c.Env = append(c.Env, e)
		}
	}
	c.Env = append(append(c.Env, beBadsig+"=1"), s.env...)
	c.Stdin = strings.NewReader(s.stdin)
	return c
}

func (s process) run(t *testing.T, args ...string) ran {
	t.Helper()
	c := s.command(t, args...)
	var out, err bytes.Buffer
	c.Stdout, c.Stderr = &out, &err
	_ = c.Run()
	if strings.Contains(out.String()+err.String(), invented) {
		t.Errorf("badsig %s: the secret is printed", strings.Join(args, " "))
	}
	return ran{out.String(), err.String(), c.ProcessState.ExitCode()}
}

// secretFile writes a file with one line.
func secretFile(t *testing.T, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "secret.txt")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// A panic ends a command with one sentence that quotes nothing it was working
// on, and what the console couldn't do is reported once.
func TestInternalError(t *testing.T) {
	for _, c := range []struct {
		name    string
		console func(context.Context, Session) (int, error)
		says    string
	}{
		{"a panic", func(context.Context, Session) (int, error) { panic("cannot sign with " + invented) }, "badsig: badsig hit an internal error"},
		{"an error of the console", func(context.Context, Session) (int, error) { return 2, errors.New("this terminal cannot show it") }, "badsig: this terminal cannot show it\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var out, errs bytes.Buffer
			status := Main(context.Background(), []string{"--dir", t.TempDir(), "--offline"}, Program{
				Stdin: strings.NewReader(""), Stdout: sanitize.To(&out), Stderr: sanitize.To(&errs), Getenv: func(string) string { return "" }, IsTerminal: func() bool { return true }, Console: c.console,
			})
			if status != 2 || !strings.HasPrefix(errs.String(), c.says) || strings.Count(errs.String(), "\n") != 1 || out.Len() > 0 || strings.Contains(errs.String(), invented[:8]) {
				t.Errorf("exit %d, stdout %q, stderr %q", status, out.String(), errs.String())
			}
		})
	}
}

// Wrong use exits 2, says why in one line, and ends with the next command to type.
func TestWrongUse(t *testing.T) {
	env := secretFile(t, "STREAM_API_KEY=abcdefgh2345\nSTREAM_API_SECRET="+invented+"\n")
	for _, c := range []struct {
		name  string
		args  []string
		stdin string
		says  string
		next  string
	}{
		{"no terminal", nil, "", "needs a terminal", "badsig check"},
		{"JSON without its quotes", []string{"check", "--data", "{userId:jane}"}, "", "--data isn't valid JSON", "badsig check --help"},
		{"mistyped command", []string{"chek"}, "", `unknown command "chek"`, "badsig check"},
		{"help on nothing", []string{"help", "chek"}, "", `unknown command "chek"`, "badsig check"},
		{"unknown shell", []string{"completion", "tcsh"}, "", `"tcsh"`, "badsig completion --help"},
		{"pasted text", []string{"eyJhbGciOiJIUzI1NiJ9.e30.x"}, "", "pasted", "badsig inspect -"},
		{"unknown flag", []string{"check", "--ofline"}, "", "unknown flag --ofline", "badsig check --help"},
		{"argument too many", []string{"check", "here"}, "", `"here"`, "badsig check --help"},
		{"--secret", []string{"check", "--secret", invented}, "", "--secret isn't supported", "badsig check --secret-file FILE"},
		{"--secret=", []string{"check", "--secret=" + invented}, "", "--secret isn't supported", "badsig check --secret-file FILE"},
		{"--api-secret", []string{"mint", "--api-secret=" + invented}, "", "--api-secret isn't supported", "badsig check --secret-file FILE"},
		{"secret as key", []string{"check", "--api-key", invented}, "", "looks like the API secret", "badsig check --secret-file FILE"},
		{"key that is none", []string{"check", "--api-key", "your_api_key"}, "", "isn't an API key", "badsig check --help"},
		{"empty key", []string{"inspect", "--api-key", " ", "x"}, "", "--api-key is empty", "badsig inspect --help"},
		{"secret as argument", []string{"inspect", invented}, "", "looks like a Stream API secret", "badsig check --secret-file FILE"},
		{"secret as file name", []string{"check", "--secret-file", invented}, "", "looks like a Stream API secret", "badsig check --secret-file FILE"},
		{"no such secret file", []string{"mint", "--secret-file", "nowhere.txt"}, "", "nowhere.txt", "badsig mint --help"},
		{"empty secret file", []string{"mint", "--secret-file", secretFile(t, "\n")}, "", "empty", "badsig mint --help"},
		{"two lines", []string{"mint", "--secret-file", secretFile(t, invented+"\nmore\n")}, "", "several lines", "badsig mint --help"},
		{"a .env file", []string{"mint", "--secret-file", env}, "", "is a .env file", "badsig check --dir ."},
		{"a folder", []string{"mint", "--secret-file", t.TempDir()}, "", "directory", "badsig mint --help"},
		{"not both", []string{"mint", "--secret-stdin", "--secret-file", env}, "", "not both", "badsig mint --help"},
		{"stdin twice", []string{"check", "--token", "-", "--secret-stdin"}, "x", "can't both read stdin", ""},
		{"inspect, stdin twice", []string{"inspect", "--secret-stdin", "-"}, "x", "both come from stdin", "badsig inspect --secret-file FILE -"},
		{"URL without scheme", []string{"check", "--url", "localhost:3001/token"}, "", "must start with http://", "--url http://localhost:3001/token"},
		{"URL of files", []string{"check", "--url", "file:///etc/passwd"}, "", "must be an http:// or https:// URL", "badsig check --help"},
		{"bad header", []string{"check", "--header", "nonsense"}, "", "'Name: value'", "badsig check --help"},
		{"bad duration", []string{"check", "--timeout", "5"}, "", "duration", "badsig check --help"},
		{"no time", []string{"check", "--timeout", "0s"}, "", "more than 0", "badsig check --help"},
		{"empty user", []string{"check", "--user-id", ""}, "", "--user-id is empty", "badsig check --help"},
		{"no folder", []string{"check", "--dir", "nowhere"}, "", "nowhere", "badsig check --help"},
		{"no facts", []string{"check", "--facts", "nowhere.json"}, "", "nowhere.json", "badsig check --facts-out FILE"},
		{"facts that are none", []string{"check", "--facts", "-"}, `{"hello":1}`, "wasn't saved by", "badsig check --facts-out FILE"},
		{"facts cut", []string{"check", "--facts", "-"}, `{"at":"2026-`, "wasn't saved by", "badsig check --facts-out FILE"},
		{"no secret anywhere", []string{"mint"}, "", "no valid secret", "badsig mint --secret-file FILE"},
		{"lifetime", []string{"mint", "--lifetime", "0s"}, "", "--lifetime", "badsig mint --no-exp"},
		{"claim without value", []string{"mint", "--claim", "role"}, "", "NAME=JSON", "badsig mint --claim role=admin"},
		{"claim of mint's own", []string{"mint", "--claim", "exp=5", "--secret-stdin"}, invented, "exp", "badsig mint --help"},
		{"unknown cause", []string{"explain", "secret-whitspace"}, "", "unknown cause", "badsig explain secret-whitespace"},
		{"unknown fault", []string{"demo", "--fault", "server-dwn"}, "", "unknown cause", "badsig demo --fault server-down"},
		{"run without command", []string{"run"}, "", "can't find the command", "badsig run -- npm run dev"},
		{"run without dashes", []string{"run", "npm", "run"}, "", "after --", "badsig run -- npm run"},
		{"run nothing", []string{"run", "--", "no-such-program-here"}, "", "can't find the program", "badsig run -- npm run dev"},
		{"origins", []string{"serve", "--cors", "localhost:3000"}, "", "--cors must be an origin", "badsig serve --cors http://localhost:3000"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := process{stdin: c.stdin}.run(t, c.args...)
			if r.code != 2 || r.out != "" {
				t.Errorf("exit %d, stdout %q", r.code, r.out)
			}
			line, rest, _ := strings.Cut(r.err, "\n")
			if rest != "" || !strings.HasPrefix(line, "badsig: ") || !strings.Contains(line, c.says) {
				t.Errorf("stderr %q, want one line with %q", r.err, c.says)
			}
			if c.next != "" && !strings.HasSuffix(line, "try: "+c.next) {
				t.Errorf("stderr %q does not end with %q", line, c.next)
			}
		})
	}
}

// mint prints a token and nothing else, no whitespace and no newline.
func TestMintPrintsATokenAndNothingElse(t *testing.T) {
	jws := regexp.MustCompile(`^eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9\.[\w-]+\.[\w-]{43}$`)
	for _, c := range []struct {
		name string
		sh   process
		args []string
	}{
		{"file", process{}, []string{"--secret-file", secretFile(t, invented+"\n")}},
		{"file with CRLF", process{}, []string{"--secret-file", secretFile(t, invented+"\r\n")}},
		{"stdin", process{stdin: invented}, []string{"--secret-stdin"}},
		{"environment", process{env: []string{"STREAM_API_SECRET=" + invented}}, nil},
		{"claims", process{stdin: invented}, []string{"--secret-stdin", "--claim", "role=admin", "--claim", `n={"a":[1]}`}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := c.sh.run(t, append([]string{"mint"}, c.args...)...)
			if r.code != 0 || !jws.MatchString(r.out) {
				t.Errorf("exit %d, stdout %q, stderr %q", r.code, r.out, r.err)
			}
			if !strings.Contains(r.err, "signed with the secret from") {
				t.Errorf("stderr does not say which secret it used: %q", r.err)
			}
		})
	}
	// The same bytes however the secret came, and createToken's without times.
	a := process{stdin: strings.Repeat("a", 64)}.run(t, "mint", "--secret-stdin", "--user-id", "john", "--no-iat", "--no-exp")
	const want = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ1c2VyX2lkIjoiam9obiJ9.KOwpiFgvB3nWk-pAl01c4mzB8ZPDxewrRYkYjH04L7Y"
	if a.out != want {
		t.Errorf("got %s, want stream-chat's %s", a.out, want)
	}
}

// A space in the file is part of the secret: it may be the very bug.
func TestSecretFileKeepsSpaces(t *testing.T) {
	a := process{}.run(t, "mint", "--no-iat", "--no-exp", "--secret-file", secretFile(t, invented+"\n"))
	b := process{}.run(t, "mint", "--no-iat", "--no-exp", "--secret-file", secretFile(t, invented+" \n"))
	if a.out == b.out || a.code != 0 || b.code != 0 {
		t.Errorf("the space was removed: %q %q", a.out, b.out)
	}
}

// A project with exactly one valid secret needs no flag.
func TestMintFindsTheProjectsSecret(t *testing.T) {
	dir := project(t, map[string]string{"server/.env": "STREAM_API_KEY=abcdefgh2345\nSTREAM_API_SECRET=" + invented + "\n"})
	r := process{dir: dir}.run(t, "mint")
	if r.code != 0 || !strings.Contains(r.err, "server/.env:2") || strings.Count(r.out, ".") != 2 {
		t.Errorf("exit %d, stdout %q, stderr %q", r.code, r.out, r.err)
	}
	spaced := project(t, map[string]string{"server/.env": "STREAM_API_SECRET=\"" + invented + " \"\n"})
	if r := (process{dir: spaced}).run(t, "mint"); r.code != 2 || r.out != "" {
		t.Errorf("a corrupted secret was signed with: exit %d, %q, %q", r.code, r.out, r.err)
	}
}

// project writes a small server project.
func project(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	all := map[string]string{
		"server/package.json": `{"type":"module","scripts":{"dev":"node server.js"},"dependencies":{"express":"5","dotenv":"17","jsonwebtoken":"9"}}`,
		"server/server.js":    "import 'dotenv/config';\nimport express from 'express';\nimport jwt from 'jsonwebtoken';\nconst app = express();\napp.use(express.json());\napp.post('/api/stream/token', (q, r) => r.json({ token: jwt.sign({ user_id: q.body.userId }, process.env.STREAM_API_SECRET) }));\napp.listen(3001);\n",
	}
	for n, text := range files {
		all[n] = text
	}
	for n, text := range all {
		path := filepath.Join(dir, filepath.FromSlash(n))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestInspect(t *testing.T) {
	t.Parallel()
	tok := process{stdin: invented}.run(t, "mint", "--secret-stdin").out
	file := secretFile(t, invented+"\n")
	for _, c := range []struct {
		name  string
		stdin string
		args  []string
		code  int
		says  []string
	}{
		{"token, its secret known", tok, []string{"--secret-file", file, "-"}, 0, []string{"a token", "test123", "Stream will respond with 200"}},
		{"stdin without dash", tok + "\n", []string{"--secret-file", file}, 0, []string{"a token"}},
		{"token, no secret", "", []string{tok}, 3, []string{"a token", "No secret to try here"}},
		{"split by the shell", "", []string{"Bearer", tok}, 1, []string{"a Bearer header", "code 5"}},
		{"error", "", []string{`JWTAuth error: signature is not valid. Make sure the token is created using the secret for API key "abcdefgh2345"`}, 1, []string{"Stream's error", "abcdefgh2345"}},
		{"curl, pasted after inspect", "", []string{"curl", "http://localhost:3001/api/stream/token", "-H", "a: b", "--data-raw", `{"userId":"jane"}`, "--compressed"}, 3, []string{"cURL", "POST http://localhost:3001/api/stream/token"}},
		{"garbage", "", []string{"hello there"}, 3, []string{"Not recognized"}},
		{"empty", "\n", []string{"-"}, 3, []string{"nothing"}},
		{"a paste of several lines is one text", "Error: StreamChat error code 43: Connect failed with error: \"JWTAuth error: signature is not valid\"\n    at StreamChat.errorFromResponse (index.js:1)\n\n" + tok + "\n", []string{"-"}, 1, []string{"Code 43", "A user token for test123"}},
		{"list", tok + "\nundefined\n" + tok + "\n", []string{"--secret-file", file, "-"}, 1, []string{"1  accepted", "2  rejected", "3  accepted"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := process{stdin: c.stdin}.run(t, append([]string{"inspect"}, c.args...)...)
			if r.code != c.code {
				t.Errorf("exit %d, want %d; stderr %q", r.code, c.code, r.err)
			}
			for _, s := range c.says {
				if !strings.Contains(r.out, s) {
					t.Errorf("does not say %q:\n%s", s, r.out)
				}
			}
		})
	}
}

// With --lines every line is a string, and with --json one object on a line of its own.
func TestInspectJSONLines(t *testing.T) {
	tok := process{stdin: invented}.run(t, "mint", "--secret-stdin").out
	r := process{stdin: tok + "\nhello\n" + `{"code":43,"message":"JWTAuth error: signature is not valid","StatusCode":401}` + "\n"}.run(t, "inspect", "--lines", "--json", "-")
	lines := strings.Split(strings.TrimSuffix(r.out, "\n"), "\n")
	var kinds []string
	for _, l := range lines {
		var f struct {
			Kind, Verdict string
			Says          []string
		}
		if err := json.Unmarshal([]byte(l), &f); err != nil {
			t.Fatalf("%v: %s", err, l)
		}
		kinds = append(kinds, f.Kind+" "+f.Verdict)
	}
	if got := strings.Join(kinds, ", "); got != "token unproven, unknown unproven, stream-error rejected" {
		t.Error(got)
	}
	if strings.Contains(r.out, tok[strings.LastIndexByte(tok, '.'):]) {
		t.Error("a complete token is in the output")
	}
}

// demo, check --json, --facts-out and --facts tell one story.
func TestDemoAndReplay(t *testing.T) {
	t.Parallel()
	r := process{}.run(t, "demo", "--fault", "secret-whitespace")
	if r.code != 0 || !strings.Contains(r.out, "secret-whitespace") || !strings.Contains(r.out, "server/.env") {
		t.Fatalf("exit %d\n%s%s", r.code, r.out, r.err)
	}
	if said := "signed by server/.env:2, the dashboard's plus one trailing space\n"; !strings.Contains(r.out, said) {
		t.Errorf("what is wrong with the secret is not said once, as %q:\n%s", said, r.out)
	}
	r = process{}.run(t, "demo", "--fault", "server-down", "--json")
	var doc struct {
		Verdict string
		Causes  []struct{ ID string }
	}
	if err := json.Unmarshal([]byte(r.out), &doc); err != nil || r.code != 0 || doc.Verdict != "rejected" || doc.Causes[0].ID != "server-down" {
		t.Fatalf("%v, exit %d: %s", err, r.code, r.out)
	}

	dir := project(t, map[string]string{"server/.env": "STREAM_API_KEY=abcdefgh2345\nSTREAM_API_SECRET=" + invented + "\n"})
	facts := filepath.Join(t.TempDir(), "facts.json")
	url := "http://127.0.0.1:" + freePort(t) + "/api/stream/token"
	seen := process{dir: dir}.run(t, "check", "--offline", "--url", url, "--json", "--facts-out", facts)
	again := process{}.run(t, "check", "--json", "--facts", facts)
	if seen.code != 1 || again.code != seen.code || causeIDs(t, again.out) != causeIDs(t, seen.out) || causeIDs(t, seen.out) != "server-down" {
		t.Errorf("seen: exit %d %s; replayed: exit %d %s", seen.code, causeIDs(t, seen.out), again.code, causeIDs(t, again.out))
	}
	if b, err := os.ReadFile(facts); err != nil || bytes.Contains(b, []byte(invented)) {
		t.Errorf("facts: %v, or the secret is in them", err)
	}
	md := process{dir: dir}.run(t, "report", "--offline", "--url", url)
	if md.code != 1 || !strings.Contains(md.out, "server-down") {
		t.Errorf("report: exit %d\n%s", md.code, md.out)
	}
}

func causeIDs(t *testing.T, doc string) string {
	t.Helper()
	var d struct{ Causes []struct{ ID string } }
	if err := json.Unmarshal([]byte(doc), &d); err != nil {
		t.Fatalf("%v: %s", err, doc)
	}
	var ids []string
	for _, c := range d.Causes {
		ids = append(ids, c.ID)
	}
	return strings.Join(ids, " ")
}

func freePort(t *testing.T) string {
	t.Helper()
	return strconv.Itoa(eventually.FreePort(t))
}

// serve responds to the documented request and exits with 130 on ctrl+c.
func TestServe(t *testing.T) {
	port := freePort(t)
	c := process{stdin: invented}.command(t, "serve", "--port", port, "--secret-stdin", "--cors", "http://localhost:3000")
	var out, errs bytes.Buffer
	c.Stdout, c.Stderr = &out, &errs
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Process.Kill() })
	url := "http://localhost:" + port + "/api/stream/token"
	var resp *http.Response
	for range 1500 { // half a minute, on a busy machine
		req, _ := http.NewRequest("POST", url, strings.NewReader(`{"userId":"jane","userName":"Jane"}`))
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Origin", "http://localhost:3000")
		var err error
		if resp, err = http.DefaultClient.Do(req); err == nil {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	if resp == nil {
		t.Fatalf("it doesn't respond: %s", errs.String())
	}
	defer func() { _ = resp.Body.Close() }()
	var answer struct{ Token, UserID string }
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil || answer.UserID != "jane" || strings.Count(answer.Token, ".") != 2 {
		t.Errorf("%v, %+v", err, answer)
	}
	if got := resp.Header.Get("Access-Control-Allow-Origin"); got != "http://localhost:3000" {
		t.Errorf("origin %q", got)
	}
	interrupt(t, c)
	if code := c.ProcessState.ExitCode(); code != 130 {
		t.Errorf("exit %d after ctrl+c, want 130; %s", code, errs.String())
	}
	if !strings.Contains(out.String(), "Generated token for user: jane (Jane)") {
		t.Errorf("log %q", out.String())
	}
}

// A reader that has seen enough ends badsig without a word.
func TestBrokenPipeIsQuiet(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("head"); err != nil {
		t.Skip("no head here")
	}
	list := strings.Repeat(process{stdin: invented}.run(t, "mint", "--secret-stdin").out+"\n", 20000)
	c := process{stdin: list}.command(t, "inspect", "-")
	var errs bytes.Buffer
	c.Stderr = &errs
	pipe, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	_, _ = pipe.Read(make([]byte, 10))
	_ = pipe.Close()
	_ = c.Wait()
	if errs.Len() > 0 {
		t.Errorf("stderr %q", errs.String())
	}
}

// Completions and man pages come from the tree that runs.
func TestCompletionsAndManPages(t *testing.T) {
	for _, sh := range []string{"bash", "zsh", "fish", "powershell"} {
		if r := (process{}).run(t, "completion", sh); r.code != 0 || len(r.out) < 500 {
			t.Errorf("%s: exit %d, %d bytes", sh, r.code, len(r.out))
		}
	}
	for _, args := range [][]string{{"explain", "secret-wh"}, {"demo", "--fault", "secret-wh"}} {
		r := process{}.run(t, append([]string{"__complete"}, args...)...)
		if !strings.Contains(r.out, "secret-whitespace") {
			t.Errorf("%v completes to %q", args, r.out)
		}
	}
	for _, args := range [][]string{{"--"}, {"check", "--"}, {"mint", "--"}, {"serve", "--"}} {
		r := process{}.run(t, append([]string{"__complete"}, args...)...)
		if !strings.Contains(r.out, "--debug-log\t") || strings.Contains(r.out, "`") {
			t.Errorf("%v completes to %q", args, r.out)
		}
	}
	dir := t.TempDir()
	if r := (process{}).run(t, "man", "--dir", dir); r.code != 0 {
		t.Fatalf("exit %d: %s", r.code, r.err)
	}
	page, err := os.ReadFile(filepath.Join(dir, "badsig-check.1"))
	if err != nil {
		t.Fatal(err)
	}
	for _, flag := range []string{"url", "secret-file", "token", "offline", "facts", "debug-log"} {
		if !strings.Contains(string(page), `\-\-`+strings.ReplaceAll(flag, "-", `\-`)) {
			t.Errorf("the man page of check lacks --%s", flag)
		}
	}
	if man, err := exec.LookPath("mandoc"); err == nil {
		if out, err := exec.Command(man, "-Tlint", "-Werror", filepath.Join(dir, "badsig-check.1")).CombinedOutput(); err != nil {
			t.Errorf("mandoc: %s", out)
		}
	}
}

// Every page reads well without its markup, at any width, with nothing wider
// than the line but what cannot be broken.
func TestPagesAsText(t *testing.T) {
	for _, p := range causes.Pages() {
		for _, width := range []int{30, 80, 100} {
			text := pageText(p.Text, width)
			for l := range strings.Lines(text) {
				l = strings.TrimRight(l, "\n")
				if n := len([]rune(l)); n > width && len(strings.Fields(l)) > 2 && !strings.HasPrefix(l, "    ") && !strings.HasPrefix(strings.TrimSpace(l), "|") {
					t.Errorf("%s at %d: a line of %d: %q", p.ID, width, n, l)
				}
			}
			if strings.Contains(text, "**") || strings.Contains(text, "## ") || strings.Contains(text, "\n\n\n") {
				t.Errorf("%s: markup or holes are left:\n%s", p.ID, text)
			}
		}
	}
}

func TestNearestCause(t *testing.T) {
	for typed, want := range map[string]string{
		"secret-whitspace": "secret-whitespace", "Secret_Whitespace": "secret-whitespace", "whitespace": "secret-whitespace",
		"cors": "cors-blocked", "server-dwon": "server-down", "zzzzzzzzzzzz": "", strings.Repeat("a", 1000): "",
	} {
		got := ""
		if near := nearest(typed, causes.Pages()); len(near) > 0 {
			got = near[0]
		}
		if got != want {
			t.Errorf("%.20q: %q, want %q", typed, got, want)
		}
	}
}
