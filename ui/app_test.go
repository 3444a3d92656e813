package ui

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"badsig/checks"
	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/sanitize"
	"badsig/tokens"
	"badsig/ui/theme"
)

// record keeps the targets that runs were started on.
func record(targets *[]facts.Target, run Runner) Runner {
	return func(ctx context.Context, t facts.Target, o checks.Options) <-chan checks.Event {
		*targets = append(*targets, t)
		return run(ctx, t, o)
	}
}

func TestTyping(t *testing.T) {
	bubble(t, "a letter changes the token in the same frame, the checks follow when it is quiet", func(t *testing.T) {
		var ran []facts.Target
		sc := rejected(t)
		d := drive(t, Options{Run: record(&ran, runner(sc))}, 120, 36, sc)
		d.keys("tab", "end", "é漢👍")
		d.sees("userId    test123é漢👍", "user_id test123é漢👍", "[minted]")
		if len(ran) != 1 {
			t.Fatalf("%d runs while typing", len(ran))
		}
		d.pass(250 * time.Millisecond)
		if len(ran) != 1 {
			t.Fatalf("a run after 250 ms")
		}
		d.pass(100 * time.Millisecond)
		if len(ran) != 2 || ran[1].UserID != "test123é漢👍" {
			t.Fatalf("runs: %d", len(ran))
		}
	})
	bubble(t, "letters that are keys elsewhere are typed", func(t *testing.T) {
		d := drive(t, Options{}, 120, 36, accepted(t))
		d.keys("tab", "end", "q?c:")
		d.sees("userId    test123q?c:")
		d.keys("esc", "?")
		d.sees("check again", "Help")
	})
	bubble(t, "a paste loses the line break around it", func(t *testing.T) {
		d := drive(t, Options{}, 120, 36, accepted(t))
		d.keys("tab", "ctrl+u").paste("  jane-doe\n")
		d.sees("userId    jane-doe", "user_id jane-doe")
	})
	bubble(t, "the name is a field of its own", func(t *testing.T) {
		var ran []facts.Target
		sc := accepted(t)
		d := drive(t, Options{Run: record(&ran, runner(sc))}, 120, 36, sc)
		d.keys("tab", "down", "ctrl+u", "Zoë").pass(time.Second)
		if got := ran[len(ran)-1].UserName; got != "Zoë" {
			t.Fatalf("ran with %q", got)
		}
	})
}

func TestRuns(t *testing.T) {
	bubble(t, "what turned green says so for a moment", func(t *testing.T) {
		d := drive(t, Options{}, 120, 36, rejected(t), accepted(t))
		d.sees("✗ token is signed with app's secret", "The API secret ends in a space")
		d.keys("ctrl+r")
		d.sees("fixed", "✓ Fixed: The API secret ends in a space", "✓ Stream accepts this token")
		d.pass(5 * time.Second)
		d.misses(" fixed", "Fixed:")
	})
	bubble(t, "a backend that was stopped fixed nothing", func(t *testing.T) {
		d := drive(t, Options{}, 120, 36, rejected(t), down(t))
		d.keys("ctrl+r")
		d.sees("Nothing is listening on port 3001")
		d.misses("Fixed:")
	})
	bubble(t, "a title that fits above is said once", func(t *testing.T) {
		sc := rejected(t)
		sc.report.Causes[0].Title = "A different program is answering on this port"
		d := drive(t, Options{}, 60, 20, sc)
		if n := strings.Count(d.screen(), sc.report.Causes[0].Title); n != 1 {
			t.Errorf("it is said %d times", n)
		}
	})
	bubble(t, "the browser's key, once forgotten, was not fixed", func(t *testing.T) {
		sc := rejected(t)
		sc.facts.Target.BrowserKey = "keyofbrowser"
		sc.report.Facts = sc.facts
		d := drive(t, Options{}, 120, 36, sc, accepted(t))
		d.keys("ctrl+r")
		d.sees("✓ Stream accepts this token")
		d.misses("Fixed:")
	})
	bubble(t, "earlier results stay until the new ones are in", func(t *testing.T) {
		first := runner(rejected(t))
		slow := make(chan checks.Event, 1)
		t.Cleanup(func() { close(slow) })
		n := 0
		run := func(ctx context.Context, tg facts.Target, o checks.Options) <-chan checks.Event {
			if n++; n == 1 {
				return first(ctx, tg, o)
			}
			return slow
		}
		d := drive(t, Options{Run: run}, 120, 36, rejected(t))
		before := d.screen()
		d.keys("ctrl+r")
		slow <- checks.Event{Run: 2, Kind: checks.Planned, Plan: rejected(t).report.Checks}
		d.settle()
		d.pass(5 * time.Second)
		d.sees("✗ token is signed with app's secret", "The API secret ends in a space", "checking")
		d.sees("0 of 17")
		for i, l := range strings.Split(before, "\n")[5:23] {
			if now := strings.Split(d.screen(), "\n")[5+i]; now != l {
				t.Fatalf("a line changed while nothing was found out:\n%s\n%s", l, now)
			}
		}
	})
	bubble(t, "events of a run that was given up are dropped", func(t *testing.T) {
		d := drive(t, Options{}, 120, 36, accepted(t))
		for _, ev := range rejected(t).events(d.a.runs.number - 1) {
			d.send(eventMsg{ev.Run, ev, true})
		}
		d.misses("trailing space")
	})
	bubble(t, "a long first run shows spinners and progress", func(t *testing.T) {
		ch := make(chan checks.Event, 64)
		t.Cleanup(func() { close(ch) })
		sc := rejected(t)
		d := drive(t, Options{Run: func(context.Context, facts.Target, checks.Options) <-chan checks.Event { return ch }}, 120, 36, sc)
		ch <- checks.Event{Run: 1, Kind: checks.Planned, Plan: sc.events(1)[0].Plan}
		ch <- checks.Event{Run: 1, Kind: checks.Started, Check: "server-listens"}
		d.settle()
		d.pass(time.Second)
		d.sees("0 of 17", "Looking…")
		if !strings.ContainsAny(d.screen(), strings.Join(theme.Spinner[:], "")) {
			t.Error("no spinner")
		}
	})
	bubble(t, "a run that ends without a report says so", func(t *testing.T) {
		sc := rejected(t)
		d := drive(t, Options{Run: func(_ context.Context, _ facts.Target, o checks.Options) <-chan checks.Event {
			ch := make(chan checks.Event, 1)
			ch <- checks.Event{Run: o.Run, Kind: checks.Planned, Plan: sc.events(1)[0].Plan}
			close(ch)
			return ch
		}}, 120, 36, sc)
		d.sees("badsig hit an internal error while checking; press a to check again")
		if d.a.s.running {
			t.Error("it still waits")
		}
	})
	bubble(t, "a token that expires while it is shown is requested again", func(t *testing.T) {
		var ran []facts.Target
		sc := accepted(t)
		d := drive(t, Options{Run: record(&ran, runner(sc))}, 120, 36, sc)
		d.send(tickMsg(d.a.opt.Now()))
		d.settle()
		d.a.s.lastTick = noon.Add(time.Hour - 10*time.Second)
		d.off += time.Hour - time.Second
		d.send(tickMsg(d.a.opt.Now()))
		d.settle()
		if len(ran) != 2 {
			t.Fatalf("%d runs", len(ran))
		}
	})
	bubble(t, "the countdown runs by itself", func(t *testing.T) {
		d := drive(t, Options{}, 120, 36, accepted(t))
		d.send(tickMsg(d.a.opt.Now()))
		d.sees("in 59 m 58 s")
		d.pass(3 * time.Second)
		d.sees("in 59 m 55 s", "12:04:34")
	})
}

// TestReach walks every action: in the help, and through the palette.
func TestReach(t *testing.T) {
	bubble(t, "help and palette", func(t *testing.T) {
		d := drive(t, Options{}, 200, 60, rejected(t))
		withLog(d)
		d.a.s.facts.Server.Command = "npm start" // the fix's command isn't a restart of the child's
		d.a.s.demo = &DemoInfo{Fault: "x", Plant: func(context.Context, string) (facts.Target, error) { return facts.Target{}, nil }}
		d.keys("?")
		for _, x := range actions() {
			d.sees(x.says)
		}
		d.keys("esc", "ctrl+k")
		for _, x := range actions() {
			if x.cannot(d.a) == "" {
				d.sees(x.says)
			}
		}
		for _, p := range []string{"go to identity", "go to the token", "go to the checks"} {
			d.sees(p)
		}
		d.keys("explain", "enter")
		d.sees("Symptoms")
	})
	bubble(t, "no key is bound twice", func(t *testing.T) {
		seen := map[string]string{}
		for _, x := range actions() {
			for _, k := range x.keys {
				if seen[k] != "" {
					t.Errorf("%s: %s and %s", k, seen[k], x.says)
				}
				seen[k] = x.says
			}
			if x.says == "" || x.id == "" {
				t.Error("an action without help")
			}
		}
	})
	bubble(t, "tab goes round", func(t *testing.T) {
		d := drive(t, Options{}, 80, 24, rejected(t))
		var was []pane
		for range 6 { // the identity has two fields
			was = append(was, d.a.at)
			d.keys("tab")
		}
		if d.a.at != paneWrong || len(was) != 6 {
			t.Errorf("%v then %v", was, d.a.at)
		}
	})
}

func TestLeaving(t *testing.T) {
	for _, c := range []struct {
		scene func(testing.TB) *scene
		want  []string
	}{
		{rejected, []string{"✗ The API secret ends in a space", "  Fix: in server/.env line 2, remove the trailing space before the closing quote"}},
		{down, []string{"✗ Nothing is listening on port 3001", "  Fix: start the backend: cd server && npm run dev"}},
		{accepted, []string{"✓ Stream accepts this token", "  Nothing to fix"}},
		{unproven, []string{"? no problem found, but not everything could be checked", "  Run badsig check to see what couldn't be checked"}},
	} {
		bubble(t, c.want[0], func(t *testing.T) {
			d := drive(t, Options{}, 80, 24, c.scene(t))
			d.keys("q")
			if !d.quit || d.a.exit == 130 {
				t.Error("q does not leave")
			}
			if got := (screen{d.a}).farewell(); strings.Join(got, "\n") != strings.Join(c.want, "\n") {
				t.Errorf("%q", got)
			}
		})
	}
	bubble(t, "ctrl+c", func(t *testing.T) {
		d := drive(t, Options{}, 80, 24, accepted(t)).keys("tab", "ctrl+p", "ctrl+c")
		if !d.quit || d.a.exit != 130 {
			t.Error("ctrl+c does not leave with 130")
		}
	})
}

// clip is a clipboard whose terminal is a buffer.
func clip(env map[string]string, native func(string) error) (clipboard, *bytes.Buffer) {
	out := &bytes.Buffer{}
	return clipboard{out: out, env: func(k string) string { return env[k] }, native: native}, out
}

func TestCopy(t *testing.T) {
	bubble(t, "the whole token by OSC 52", func(t *testing.T) {
		d := drive(t, Options{}, 120, 36, rejected(t))
		c, out := clip(map[string]string{"TERM": "xterm"}, nil)
		d.a.clip = c
		d.keys("ctrl+y")
		d.sees("copied the backend's token by OSC 52", "if this terminal supports it")
		b64 := strings.TrimSuffix(strings.TrimPrefix(out.String(), "\x1b]52;c;"), "\x07")
		raw, err := base64.StdEncoding.DecodeString(b64)
		if err != nil || string(raw) != d.a.s.world.RawToken(0) {
			t.Errorf("%q: %v", out, err)
		}
	})
	bubble(t, "through tmux", func(t *testing.T) {
		c, out := clip(map[string]string{"TERM": "screen", "TMUX": "/nowhere"}, nil)
		t.Setenv("PATH", "/nowhere")
		m := c.put("x", "", sanitize.Vouched("x"))().(copiedMsg)
		if !m.osc || !strings.HasPrefix(out.String(), "\x1bPtmux;") {
			t.Errorf("%+v %q", m, out)
		}
	})
	bubble(t, "the system's clipboard", func(t *testing.T) {
		got := ""
		d := drive(t, Options{}, 120, 36, rejected(t))
		d.a.clip, _ = clip(map[string]string{"TERM": "dumb"}, func(s string) error { got = s; return nil })
		d.keys("c")
		d.sees("copied the command: cd server && npm run dev")
		if got != "cd server && npm run dev" {
			t.Errorf("%q", got)
		}
		d.keys("C")
		if want := `curl -i -X POST 'http://localhost:3001/api/stream/token' -H 'Content-Type: application/json' -H 'Origin: http://localhost:5173' -d '{"userId":"test123","userName":"Test User"}'`; got != want {
			t.Errorf("%s\n%s", got, want)
		}
	})
	bubble(t, "neither", func(t *testing.T) {
		d := drive(t, Options{}, 120, 36, rejected(t))
		d.a.clip, _ = clip(map[string]string{"TERM": "linux"}, func(string) error { return errors.New("no display") })
		d.keys("ctrl+y")
		d.sees("no clipboard can be reached from here")
	})
	bubble(t, "quotes of a shell", func(t *testing.T) {
		d := drive(t, Options{}, 120, 36, rejected(t))
		d.a.s.target.UserID = `o'neil`
		if got := curlOf(d.a.s); !strings.Contains(got, `-d '{"userId":"o'\''neil"`) {
			t.Error(got)
		}
	})
}

func TestPaste(t *testing.T) {
	inspector := func(text string) Inspection {
		if !strings.HasPrefix(text, "wss://") {
			return Inspection{Kind: "nothing known", Lines: []string{"no token, no key"}}
		}
		return Inspection{Kind: "a WebSocket URL", Lines: []string{"Stream would respond 401"}, Token: "a.b.c", Browser: "keyofbrowser", UserID: "jane"}
	}
	bubble(t, "takes what is in it", func(t *testing.T) {
		var ran []facts.Target
		sc := accepted(t)
		d := drive(t, Options{Inspect: inspector, Run: record(&ran, runner(sc))}, 120, 36, sc)
		d.keys("ctrl+p").paste("wss://example/connect")
		d.sees("a WebSocket URL", "Stream would respond 401", "the API key keyo…wser, as the browser's", "the user jane")
		d.keys("enter")
		last := ran[len(ran)-1]
		if last.Token != "a.b.c" || last.Browser != "keyofbrowser" || last.APIKey != "" || last.UserID != "jane" {
			t.Errorf("ran with %+v", last)
		}
		d.sees("userId    jane", "checking with")
	})
	bubble(t, "says that the session of a request is used, and doesn't show it", func(t *testing.T) {
		d := drive(t, Options{Inspect: func(string) Inspection {
			return Inspection{Kind: "a copied cURL command", URL: "http://localhost:3001/token", Header: http.Header{"Cookie": {"session=of-mine"}}}
		}}, 120, 36, accepted(t))
		d.paste("curl …")
		d.sees("the endpoint http://localhost:3001/token", "and with its Cookie header")
		d.misses("of-mine")
	})
	bubble(t, "pasting anywhere opens it", func(t *testing.T) {
		d := drive(t, Options{Inspect: inspector}, 120, 36, accepted(t))
		d.paste("wss://example/connect").sees("Paste anything", "a WebSocket URL")
	})
	bubble(t, "looking takes a while, and no one waits for it", func(t *testing.T) {
		var ran []facts.Target
		looks := 0
		slow := func(text string) Inspection { looks++; time.Sleep(3 * time.Second); return inspector(text) }
		sc := accepted(t)
		d := drive(t, Options{Inspect: slow, Run: record(&ran, runner(sc))}, 120, 36, sc)
		d.paste("wss://example/old").sees("looking at it")
		d.keys("ctrl+u", "w", "s", "s", ":", "/", "/")
		d.pass(time.Second)
		d.sees("› wss://", "looking at it")
		d.keys("enter").sees("Paste anything")
		d.pass(6 * time.Second)
		d.misses("Paste anything")
		if last := ran[len(ran)-1]; looks != 2 || last.Token != "a.b.c" {
			t.Errorf("%d looks; ran with %+v", looks, last)
		}
	})
	bubble(t, "nothing in it", func(t *testing.T) {
		d := drive(t, Options{Inspect: inspector}, 120, 36, accepted(t))
		d.keys("ctrl+p").paste("hello").keys("enter")
		d.sees("nothing known", "Nothing here to check")
		d.keys("esc").misses("Paste anything")
	})
}

func TestCompare(t *testing.T) {
	bubble(t, "what differs is seen at once and no character of the secret is", func(t *testing.T) {
		var ran []facts.Target
		sc := rejected(t)
		d := drive(t, Options{Run: record(&ran, runner(sc))}, 120, 36, sc)
		d.keys("d", appKey, "tab").paste(appSecret + "\n")
		d.sees("jx3vwq8mqzp3  ✓ the same", "✗ differs", "plus one trailing space", "64 chars", strings.Repeat("•", 64))
		d.misses(appSecret[:12], "m4x8")
		d.keys("enter")
		last := ran[len(ran)-1]
		if last.APIKey != appKey || !last.Secret.Equal(tokens.NewSecret([]byte(appSecret))) {
			t.Error("the pair did not reach the run")
		}
		d.misses("m4x8")
	})
	bubble(t, "typos by their positions", func(t *testing.T) {
		d := drive(t, Options{}, 120, 36, accepted(t))
		wrong := []byte(appSecret)
		wrong[9], wrong[40] = 'z', 'z'
		d.keys("d", "tab").paste(string(wrong))
		d.sees("✗ differs")
		line := ""
		for _, l := range strings.Split(d.screen(), "\n") {
			if strings.Contains(l, "·········✗") {
				line = l
			}
		}
		if strings.Count(line, "✗") != 2 || strings.Count(line, "·") != 62 {
			t.Errorf("%q\n%s", line, d.screen())
		}
	})
}

func TestChecklist(t *testing.T) {
	bubble(t, "checks tick, people answer, and another process takes that back", func(t *testing.T) {
		other := rejected(t)
		other.world.Update(func(f *facts.Facts) { sv := *f.Server; sv.PID = 4712; f.Server = &sv })
		other.refresh()
		d := drive(t, Options{}, 120, 36, rejected(t), other)
		d.keys("ctrl+g")
		d.sees("4 of 7 done", "✓ 1", "? 2", "✗ 4", "? 7")
		d.keys("down", "y")
		d.sees("5 of 7 done", "you said yes at 12:04:31")
		d.keys("y") // step 3: a check has decided it
		d.sees("checked automatically", "5 of 7 done")
		d.keys("ctrl+r")
		d.sees("4 of 7 done")
		d.misses("you said yes")
	})
	bubble(t, "nothing is green before it is known", func(t *testing.T) {
		d := drive(t, Options{}, 120, 36, down(t)).keys("ctrl+g")
		d.sees("0 of 7 done", "✗ 6")
	})
	bubble(t, "it is in the report", func(t *testing.T) {
		d := drive(t, Options{}, 120, 36, rejected(t))
		md := d.a.guide.markdown(d.a.s)
		for _, want := range []string{"- [x] 3. Get a token from the endpoint", "- [ ] 4. Compare the API secret with the dashboard: signed by server/.env:2 plus one trailing space"} {
			if !strings.Contains(md, want) {
				t.Errorf("no %q in\n%s", want, md)
			}
		}
	})
}

// TestStepsExist keeps the checklist to checks and causes that there are.
func TestStepsExist(t *testing.T) {
	known := map[finding.ID]bool{}
	for _, c := range checks.All() {
		known[c.ID] = true
	}
	for _, st := range steps {
		for _, id := range st.checks {
			if !known[id] {
				t.Errorf("step %q waits for the check %s, which there is not", st.title, id)
			}
		}
	}
	for _, p := range causes.Pages() {
		if p.Hop != "" && !slices.Contains(hops, p.Hop) {
			t.Errorf("%s breaks %q, which isn't a place of the picture", p.ID, p.Hop)
		}
		if word(p.ID) == "" {
			t.Errorf("%s has no word", p.ID)
		}
	}
}

func TestMemory(t *testing.T) {
	dir := t.TempDir()
	bubble(t, "the first time says how to begin", func(t *testing.T) {
		d := drive(t, Options{StateDir: filepath.Join(dir, "none")}, 120, 40, rejected(t))
		d.sees("New here?", "paste the browser's error")
	})
	bubble(t, "userId and userName come back, and nothing else is kept", func(t *testing.T) {
		sc := rejected(t)
		d := drive(t, Options{StateDir: dir}, 120, 36, sc)
		d.keys("tab", "end", "x").pass(time.Second)
		sc.target.UserID, sc.target.UserName = "", ""
		again := drive(t, Options{StateDir: dir}, 120, 36, sc)
		again.sees("userId    test123x")
		again.misses("New here?")
		b, err := os.ReadFile(filepath.Join(dir, "identities.json"))
		if err != nil {
			t.Fatal(err)
		}
		if s := string(b); strings.Contains(s, appKey) || strings.Contains(s, "eyJ") || strings.Contains(s, appSecret[:8]) {
			t.Error(s)
		}
	})
	if err := os.WriteFile(filepath.Join(dir, "identities.json"), []byte("{broken"), 0o600); err != nil {
		t.Fatal(err)
	}
	if id, _ := openMemory(dir, ".").identity(); id != "" {
		t.Error("a broken file gave", id)
	}
}

func TestAnotherBug(t *testing.T) {
	bubble(t, "another fault", func(t *testing.T) {
		var ran []facts.Target
		sc := rejected(t)
		d := drive(t, Options{Run: record(&ran, runner(sc)), Demo: &DemoInfo{Fault: "secret-whitespace", Faults: []string{"server-down"},
			Plant: func(_ context.Context, f string) (facts.Target, error) {
				return facts.Target{URL: "http://" + f}, nil
			}}}, 120, 36, sc)
		d.keys("f", "down", "enter")
		d.sees("now has this bug: server-down", "demo")
		if last := ran[len(ran)-1]; last.URL != "http://server-down" || last.UserID != "test123" {
			t.Errorf("%+v", last)
		}
	})
}

// TestMintedForetold pins that a token minted with a secret that is not known
// to be the app's is not called good.
func TestMintedForetold(t *testing.T) {
	bubble(t, "the project's own secret, with a space", func(t *testing.T) {
		d := drive(t, Options{}, 120, 36, rejected(t)).keys("2", "right")
		d.sees("[minted]")
		if v, _ := d.a.s.tokenOf(fromMinted); v.answer != nil {
			t.Errorf("foretold: %+v", v.answer)
		}
	})
	bubble(t, "a secret that Stream took", func(t *testing.T) {
		d := drive(t, Options{}, 120, 36, accepted(t)).keys("2", "right")
		d.sees("200 accepted  predicted")
	})
}

func TestFixedThroughARestart(t *testing.T) {
	bubble(t, "a restart between the edit and the end hides nothing of what was fixed", func(t *testing.T) {
		d := drive(t, Options{}, 120, 36, rejected(t), down(t), accepted(t))
		d.pass(10 * time.Second)
		d.keys("ctrl+r")
		d.misses("Fixed:")
		d.keys("ctrl+r")
		d.sees("✓ Fixed: The API secret ends in a space", "Fixed     The API secret ends in a space", "Next      Reload the page in the browser")
		d.misses("Nothing is listening")
	})
}
