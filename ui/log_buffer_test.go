package ui

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"badsig/checks"
	"badsig/checks/facts"
	"badsig/checks/watching"
)

func TestTame(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"plain", "ready on 3001", "ready on 3001"},
		{"colours stay and end", "\x1b[1;32mok\x1b[0m go", "\x1b[1;32mok\x1b[0m go\x1b[m"},
		{"24 bit colours", "\x1b[38;2;1;2;3mx", "\x1b[38;2;1;2;3mx\x1b[m"},
		{"the cursor does not move", "a\x1b[2J\x1b[10;10Hb\x1b[Kc", "abc"},
		{"no title, no clipboard", "a\x1b]0;title\x07\x1b]52;c;aGk=\x07b", "ab"},
		{"no question to the terminal", "a\x1b[c\x1b[6n\x1b]11;?\x1b\\\x1bP+q\x1b\\b", "ab"},
		{"no private modes", "\x1b[?1049h\x1b[>4;1mx", "x"},
		{"progress: the last state", "10%\r20%\r100%", "100%"},
		{"Windows newline", "hello\r", "hello"},
		{"tabs", "a\tb", "a       b"},
		{"bell and backspace", "a\ab\bc", "abc"},
		{"other controls are seen", "a\x01b\x7f", "a␁b␡"},
		{"bidi is seen", "a\u202eb", "a<U+202E>b"},
		{"broken bytes", "a\xffb", "a\uFFFDb"},
		{"8 bit controls", "a\x9b2Jb", "a\uFFFD2Jb"},
		{"an unfinished sequence", "a\x1b[", "a"},
	} {
		if got := tame(c.in); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	if got := tame(strings.Repeat("x", 1<<20)); len(got) > maxLineLen+8 {
		t.Errorf("a line of %d bytes", len(got))
	}
}

func TestRing(t *testing.T) {
	var r ring
	for i := range maxLines + 500 {
		r.write([]byte(fmt.Sprintf("line %d\n", i)))
	}
	if r.len() != maxLines || r.at(0).text != "line 500" || r.at(maxLines-1).text != fmt.Sprintf("line %d", maxLines+499) {
		t.Errorf("%d lines from %q to %q", r.len(), r.at(0).text, r.at(r.len()-1).text)
	}
	r.write([]byte("half"))
	if r.len() != maxLines+1 || r.at(maxLines).text != "half" {
		t.Error("an unfinished line is not shown")
	}
	r.write([]byte(" and half\n"))
	if r.at(r.len()-1).text != "half and half" {
		t.Errorf("%q", r.at(r.len()-1).text)
	}
	for range 100 {
		r.write([]byte(strings.Repeat("y", 10_000)))
	}
	if len(r.pending) > maxPending {
		t.Errorf("%d bytes wait for a line break", len(r.pending))
	}
}

// TestDocumentedLines feeds the two lines of each request and reads the verdict.
func TestDocumentedLines(t *testing.T) {
	for _, c := range []struct{ name, log, want string }{
		{"as it should be", "Generated token for user: test123 (Test User)\nToken preview: eyJhbGciOiJIUzI1NiIs...\n", "✓ Generated token for user: test123 (Test User)  user, name and preview agree"},
		{"coloured", "\x1b[32mGenerated token for user: test123 (Test User)\x1b[0m\n", "✓ Generated token for user: test123 (Test User)  user and name agree"},
		{"another token", "Generated token for user: test123 (Test User)\nToken preview: eyJxxxxxxx...\n", "✗ Generated token for user: test123 (Test User)  its preview is not the beginning"},
		{"the body was not read", "Generated token for user: undefined (undefined)\n", "✗ Generated token for user: undefined (undefined)  the backend did not read a userId"},
		{"someone else", "Generated token for user: jane (Jane)\n", "· Generated token for user: jane (Jane)  another user's request"},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := drive(t, Options{}, 140, 40, accepted(t))
				withLog(d)
				d.a.s.child.ring = ring{}
				d.a.s.child.ring.write([]byte(c.log))
				d.keys("ctrl+l")
				d.sees(c.want)
			})
		})
	}
}

func TestLogPane(t *testing.T) {
	bubble(t, "follow, scroll, search", func(t *testing.T) {
		d := drive(t, Options{}, 120, 36, accepted(t))
		withLog(d)
		r := &d.a.s.child.ring
		*r = ring{}
		for i := range 500 {
			r.write([]byte(fmt.Sprintf("line %d\n", i)))
		}
		d.keys("ctrl+l")
		d.sees("line 499", "following")
		d.keys("pgup")
		d.misses("line 499")
		was := d.screen()
		r.write([]byte("one more\n"))
		if now := d.screen(); strings.Split(now, "\n")[10] != strings.Split(was, "\n")[10] {
			t.Errorf("the view moved under the reader:\n%s\n%s", was, now)
		}
		d.keys("/", "LINE 42", "enter")
		d.sees("line 429", "/LINE 42")
		d.keys("n", "n")
		d.sees("line 427")
		d.misses("line 499")
		d.keys("f")
		d.sees("one more")
		d.keys("esc").sees("Identity")
	})
	bubble(t, "a secret and a signature that the backend prints are not shown", func(t *testing.T) {
		d := drive(t, Options{Demo: &DemoInfo{Fault: "x", Plant: func(context.Context, string) (facts.Target, error) { return facts.Target{}, nil }}}, 220, 36, accepted(t))
		withLog(d)
		raw := d.a.s.world.RawToken(0)
		d.a.s.child.ring.write([]byte("\x1b[31msecret is " + appSecret + "\x1b[0m and token " + raw + "\n"))
		d.keys("ctrl+l", "f", "g")
		d.sees("secret is 64 chars #", "and token eyJ", "Log")
		d.misses(appSecret[:10], raw[len(raw)-20:])
	})
	bubble(t, "a secret that no one knows of is not shown where it has the shape of one", func(t *testing.T) {
		d := drive(t, Options{Demo: &DemoInfo{Fault: "x", Plant: func(context.Context, string) (facts.Target, error) { return facts.Target{}, nil }}}, 220, 36, accepted(t))
		withLog(d)
		unknown := strings.Repeat("q7w8e9r2", 8)
		d.a.s.child.ring.write([]byte("\x1b[31mold secret \x1b[32m" + unknown + "\x1b[0m, no more\n\x1b[31mred\x1b[0m\n"))
		d.keys("ctrl+l", "f", "g")
		d.sees("old secret (64 characters), no more", "red")
		d.misses(unknown[:12])
	})
	bubble(t, "before the project was looked through nothing of the log is shown", func(t *testing.T) {
		d := drive(t, Options{Demo: &DemoInfo{Fault: "x", Plant: func(context.Context, string) (facts.Target, error) { return facts.Target{}, nil }}}, 220, 36, accepted(t))
		withLog(d)
		d.a.s.child.ring.write([]byte("the words that sign: correct horse\n"))
		s := d.a.s
		facts, world, report := s.facts, s.world, s.report
		s.facts, s.world, s.report = nil, nil, nil
		d.keys("ctrl+l").sees("once badsig knows which secrets")
		d.misses("correct horse")
		if tail := s.tail(6, 80); len(tail) > 0 {
			t.Errorf("its last lines are %q", tail)
		}
		s.facts, s.world = facts, world
		d.keys("f").sees("correct horse")
		s.report = report
	})
	bubble(t, "nothing was started", func(t *testing.T) {
		d := drive(t, Options{}, 120, 36, accepted(t)).keys("5")
		d.sees("badsig run -- npm run dev")
	})
}

// TestStaleRestart offers the restart where it is the cure.
func TestStaleRestart(t *testing.T) {
	bubble(t, "server-stale", func(t *testing.T) {
		sc := rejected(t)
		sc.report.Causes[0].ID = "server-stale"
		d := drive(t, Options{}, 120, 36, sc)
		d.misses("s restarts it now")
		withLog(d)
		d.sees("s restarts it now")
	})
}

// TestRestarting says nothing of the process that was, once the child is started again.
func TestRestarting(t *testing.T) {
	bubble(t, "s", func(t *testing.T) {
		d := drive(t, Options{}, 120, 36, rejected(t), down(t), rejected(t))
		withLog(d)
		d.pass(time.Second)
		d.sees("✗ The API secret ends in a space", "node pid 4711")
		d.a.s.child.gen, d.a.s.child.state = 3, childStarting
		d.sees("the backend is starting…", "restarting", "The backend was just restarted.")
		d.misses("✗ The API secret ends in a space", "pid 4711", "401 · 43 signature is not valid   ")
		d.a.s.child.args = []string{"sh", "-c", "cd server && npm run dev"}
		d.a.s.child.state, d.a.s.child.since = childUp, d.a.opt.Now()
		d.sees("the backend is starting…", "● npm up 0 s")
		d.keys("esc")
		d.exec(d.a.start())
		d.settle()
		d.sees("the backend is starting…", "Nothing is listening on its port yet.")
		d.pass(time.Second)
		d.send(tickMsg(d.a.opt.Now())) // it is looked for until it listens
		d.settle()
		d.sees("✗ The API secret ends in a space", "node pid 4711")
	})
}

// TestStarting is calm while the child comes up, and says how it ended when it does not.
func TestStarting(t *testing.T) {
	bubble(t, "a crash shows its last lines", func(t *testing.T) {
		d := drive(t, Options{}, 120, 36, down(t))
		withLog(d)
		p := d.a.s.child
		p.proc = &watching.Process{}
		d.sees("the backend is starting…", "Its last lines:", "ready on 3001")
		d.misses("✗ Nothing is listening")
		d.send(childMsg{gen: 0, output: []byte("Error: Cannot find module 'express'\n")})
		d.send(childMsg{gen: 0, exit: "ended with exit status 1"})
		d.send(childMsg{gen: 0, eof: true})
		d.settle()
		d.sees("✗ Nothing is listening", "npm ended with exit status 1", "Cannot find module 'express'")
		d.pass(5 * time.Second)
		d.keys("ctrl+l").sees("ended with exit status 1 after 0 s")
	})
	bubble(t, "it ends where nothing else is known", func(t *testing.T) {
		sc := down(t)
		sc.report.Causes, sc.report.Verdict = nil, checks.Unproven
		d := drive(t, Options{}, 80, 24, sc)
		d.sees("no problem found")
		withLog(d)
		d.a.s.child.state, d.a.s.child.end = childEnded, "ended with exit status 127"
		d.sees("! the backend ended with exit status 127", "Backend   npm ended with exit status 127", "ready on 3001")
		d.misses("? no problem found")
	})
	bubble(t, "patience ends", func(t *testing.T) {
		d := drive(t, Options{}, 120, 36, down(t))
		withLog(d)
		d.pass(watching.StartsIn + time.Second)
		d.send(fadeMsg{})
		d.sees("✗ Nothing is listening")
	})
}
