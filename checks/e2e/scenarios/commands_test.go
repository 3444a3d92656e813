package scenarios

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"badsig/checks/e2e/child"
	"badsig/checks/e2e/oracle"
	"badsig/checks/internal/eventually"
	"badsig/checks/internal/secretscan"
	"badsig/checks/internal/strace"
)

// everything runs every command of badsig's on a scenario that is running.
type everything struct {
	*Live
	t      *testing.T
	bin    string
	stream string   // the stand-in's URL
	online []string // flags: Stream is contacted, the dashboard's pair is not known
	pair   []string // flags: both
	home   string   // badsig's own: all that it writes is written there
	debug  string
	facts  string
	token  string // as the backend issues it

	mu     sync.Mutex
	issued []string
	texts  []said
}

// said is a string that may hold no secret, and no token unless it went to Stream.
type said struct {
	what, text string
	toStream   bool
}

// everyCommand runs every command, and searches for the scenario's secrets
// what each printed and wrote, what it says when it is made to crash, what its
// children were told, and what it sent to whom.
func (l *Live) everyCommand(t *testing.T, bin, streamURL string) {
	e := &everything{Live: l, t: t, bin: bin, stream: streamURL, home: t.TempDir(), issued: slices.Clone(l.issued)}
	e.debug, e.facts = filepath.Join(e.home, "debug.log"), filepath.Join(e.home, "facts.json")
	if err := os.Mkdir(filepath.Join(e.home, "tmp"), 0o700); err != nil {
		t.Fatal(err)
	}
	e.online, e.pair = append(l.flags(Online, streamURL), "--debug-log", e.debug), append(l.flags(PairOnline, streamURL), "--debug-log", e.debug)
	if n := len(e.issued); n > 0 {
		e.token = e.issued[n-1]
	} else {
		e.token = oracle.Sign(`{"user_id":"test123"}`, l.Vars["S1"])
		e.issued = append(e.issued, e.token)
	}
	before := e.project()
	var wg sync.WaitGroup
	for _, part := range []func(){e.checks, e.others, e.serve, e.consoles} {
		wg.Go(part)
	}
	wg.Wait()

	written, err := secretscan.Files(e.home)
	if err != nil {
		t.Error(err)
	}
	for _, name := range []string{"debug.log", "facts.json"} {
		if !strings.Contains(written, name+"\n") {
			t.Errorf("%s was not written, so nothing is shown", name)
		}
	}
	e.say("a file that badsig wrote", written)
	for file := range e.project() {
		if _, was := before[file]; !was {
			text, _ := os.ReadFile(file)
			e.say("a file that badsig left in the project, "+file, string(text))
		}
	}
	search, inTokens := l.secrets().Searcher(e.issued...), l.secrets().Searcher()
	for _, s := range e.texts {
		search, text := search, s.text
		if s.toStream {
			search, text = inTokens, secretscan.Token.ReplaceAllString(text, "")
		}
		for _, found := range search(text) {
			t.Errorf("%s holds %s", s.what, found)
		}
	}
}

func (e *everything) say(what, text string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.texts = append(e.texts, said{what: what, text: text})
}

// issue keeps a token that must be in no other text.
func (e *everything) issue(token string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.issued = append(e.issued, token)
}

// project lists the project's files, but for other people's packages.
func (e *everything) project() map[string]bool {
	out := map[string]bool{}
	_ = filepath.WalkDir(e.Dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && (d.Name() == "node_modules" || d.Name() == ".git") {
			return filepath.SkipDir
		}
		if err == nil && d.Type().IsRegular() {
			out[path] = true
		}
		return nil
	})
	return out
}

// env is badsig's environment: the scenario's, and folders of its own.
func (e *everything) env() []string {
	env := append(child.BareEnv(e.home), "TERM=xterm-256color", "SSH_TTY=x", "TMPDIR="+filepath.Join(e.home, "tmp"))
	for _, dir := range []string{"state", "cache", "config", "data"} {
		env = append(env, "XDG_"+strings.ToUpper(dir)+"_HOME="+filepath.Join(e.home, dir))
	}
	for _, v := range e.Scenario.Env {
		env = append(env, e.Vars.fill(v))
	}
	return env
}

// command is badsig in the project's folder.
func (e *everything) command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, e.bin, args...)
	cmd.Dir, cmd.Env = e.Dir, e.env()
	cmd.WaitDelay = 5 * time.Second
	return cmd
}

// run runs a command to its end, which has one of some statuses and prints
// something, and keeps what it said. If a busy machine ended it early, what there is
// is searched.
func (e *everything) run(statuses []int, stdin string, args ...string) (stdout string) {
	return e.runCommand(statuses, func(cmd *exec.Cmd) { cmd.Stdin = strings.NewReader(stdin) }, args...)
}

func (e *everything) runCommand(statuses []int, change func(*exec.Cmd), args ...string) (stdout string) {
	ctx, cancel := context.WithTimeout(e.t.Context(), eventually.Long)
	defer cancel()
	cmd := e.command(ctx, args...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	change(cmd)
	err := cmd.Run()
	what := "badsig " + strings.Join(args[:min(2, len(args))], " ")
	var exit *exec.ExitError
	switch {
	case ctx.Err() != nil:
		e.t.Logf("%s: not done in %s", what, eventually.Long)
	case err != nil && !errors.As(err, &exit):
		e.t.Errorf("%s: %v", what, err)
	case !slices.Contains(statuses, cmd.ProcessState.ExitCode()) || out.Len()+errs.Len() == 0:
		e.t.Errorf("%s: status %d, want one of %v: %s%s", what, cmd.ProcessState.ExitCode(), statuses, out.String(), errs.String())
	}
	printed := out.String()
	if args[0] == "mint" { // prints a token, and a token only
		if token := strings.TrimSpace(printed); token != "" {
			if !regexp.MustCompile(`^[\w-]+\.[\w-]+\.[\w-]+$`).MatchString(printed) {
				e.t.Errorf("mint prints %q", printed)
			}
			e.issue(token)
			printed = ""
		}
	}
	e.say(what, printed+"\n"+errs.String())
	return out.String()
}

func (e *everything) given() string {
	if e.Scenario.Stdin {
		return e.Live.given + "\n"
	}
	return ""
}

var judged = []int{0, 1, 3}

// checks are the commands that look and judge.
func (e *everything) checks() {
	program, trace := strace.Find(), filepath.Join(e.t.TempDir(), "trace")
	e.runCommand(judged, func(cmd *exec.Cmd) {
		cmd.Stdin = strings.NewReader(e.given())
		if program != "" {
			strace.Under(program, trace, cmd)
		}
	}, slices.Concat([]string{"check"}, e.online, []string{"--facts-out", e.facts})...)
	e.traced("badsig check", trace)
	e.run(judged, "", "check", "--facts", e.facts, "--debug-log", e.debug)
	e.run(judged, "", "check", "--json", "--facts", e.facts)
	e.run(judged, e.given(), append([]string{"report"}, e.pair...)...)
	e.run([]int{2}, e.given(), e.pair...)                                                                 // the console, without a terminal
	e.run(judged, e.given(), slices.Concat([]string{"run"}, e.pair, []string{"--", e.bin, "explain"})...) // without a terminal it watches until the command ends
}

// traced searches what a trace shows: everything that went to Stream's port, except
// tokens; everything that went to any other, which gets neither token nor key; and all
// that went into files and to children.
func (e *everything) traced(what, trace string) {
	text, err := os.ReadFile(trace)
	if err != nil {
		e.t.Log("there is no strace here: what goes over the wire is seen where Stream stands only")
		return
	}
	for _, call := range strace.Away(string(text)) {
		e.t.Errorf("%s leaves this machine: %s", what, call)
	}
	to, rest := strace.Sent(string(text))
	e.say(what+", in a file,", rest)
	e.say("a child of "+what, strings.Join(strace.Started(string(text)), ""))
	for port, sent := range to {
		if strings.HasSuffix(e.stream, ":"+port) {
			e.mu.Lock()
			e.texts = append(e.texts, said{"what " + what + " sent to Stream", sent, true})
			e.mu.Unlock()
			continue
		}
		for i, a := range e.Scenario.Args {
			if a == "--header" && strings.Contains(e.url(), ":"+port+"/") { // the user's own, for the endpoint
				sent = strings.ReplaceAll(sent, e.Vars.fill(e.Scenario.Args[i+1]), "")
			}
		}
		e.say("what "+what+" sent to the port "+port, sent)
		for _, key := range []string{"K1", "K2"} {
			if strings.Contains(sent, e.Vars[key]) {
				e.t.Errorf("%s sent the key %s to the port %s, which is not Stream's: %s", what, key, port, sent)
			}
		}
	}
}

// others are the commands that judge a string, or need none.
func (e *everything) others() {
	key, refused := e.Vars["K1"], `{"code":43,"message":"JWTAuth error: signature is not valid. Make sure the token is created using the secret for API key \"`+e.Vars["K1"]+`\"","StatusCode":401,"duration":"0.00ms"}`
	// A token that no one's secret signed takes a second of searching: it is inspected as often as it has to be.
	several := e.token + "\n" + refused + "\nSTREAM_API_SECRET=" + e.Vars["S1"] + "\n"
	argument, stdin := e.token, ""
	if strings.ContainsRune(e.token, 0) { // a compressed response; no argument holds it
		argument, stdin = "-", e.token
	}
	e.run(judged, stdin, "inspect", "--debug-log", e.debug, argument)
	e.run(judged, several, "inspect", "--json", "-")
	found := oracle.Sign(`{"user_id":"test123"}`, e.Vars["S1"])
	e.issue(found)
	e.run(judged, strings.ReplaceAll(several, e.token, found), "inspect", "-")
	e.run(judged, "", "inspect", refused)
	e.run([]int{0}, "", "mint", "--secret-file", e.dashboardSecret(), "--debug-log", e.debug)
	e.run([]int{0, 2}, "", "mint") // the project's secret, where there is no doubt which
	e.run([]int{0}, "", "explain", cmp.Or(e.Scenario.Want.First, "server-down"))
	e.run([]int{0}, "", "explain")
	e.run([]int{0}, "", "completion", "bash")
	e.run([]int{0}, "", "man")
	e.run([]int{0}, "", "--version")
	e.run([]int{0}, "", "help", "check")
	e.runCommand([]int{0, 1}, func(cmd *exec.Cmd) { // a project of its own; what its children are told is TestChildrenAreToldNothing's
		cmd.Env = append(cmd.Env, "STREAM_API_KEY="+key, "STREAM_API_SECRET="+e.Vars["S1"])
	}, "demo", "--debug-log", e.debug)
}

// serve starts the token server, requests a token and ends it.
func (e *everything) serve() {
	cmd := e.command(e.t.Context(), "serve", "--port", "0", "--debug-log", e.debug)
	cmd.Env = append(cmd.Env, "STREAM_API_KEY="+e.Vars["K1"], "STREAM_API_SECRET="+e.Vars["S1"])
	out, err := child.Start(cmd)
	if err != nil {
		e.t.Error(err)
		return
	}
	defer func() {
		if cmd.Process.Signal(syscall.SIGTERM) != nil { // Windows has no signals
			_ = cmd.Process.Kill()
		}
		late := time.AfterFunc(eventually.Long, func() { _ = cmd.Process.Kill() })
		<-out.Done
		late.Stop()
		e.say("badsig serve", out.Out.String())
	}()
	address := regexp.MustCompile(`token server on (\S+);`)
	if !soon(func() bool { return address.MatchString(out.Out.String()) }) {
		e.t.Errorf("badsig serve does not serve: %s", out.Out.String())
		return
	}
	res, err := http.Post(address.FindStringSubmatch(out.Out.String())[1], "application/json", strings.NewReader(`{"userId":"jane","userName":"Jane"}`))
	if err != nil {
		e.t.Errorf("badsig serve: %v\n%s", err, out.Out.String())
		return
	}
	defer res.Body.Close()
	var body bytes.Buffer
	_, _ = body.ReadFrom(res.Body)
	token := oracle.TokenIn(body.Bytes())
	if !oracle.SignedBy(token, e.Vars["S1"]) {
		e.t.Errorf("badsig serve responds %s", body.String())
	}
	e.issue(token)
	e.say("a response of badsig serve", fmt.Sprint(strings.ReplaceAll(body.String(), token, ""), res.Header))
}

// soon waits until ok, and says whether that came.
func soon(ok func() bool) bool {
	for end := time.Now().Add(eventually.Long); !ok(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			return false
		}
	}
	return true
}
