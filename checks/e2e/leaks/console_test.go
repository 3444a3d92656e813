//go:build linux

package leaks

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"badsig/checks/internal/eventually"
	"badsig/checks/internal/strace"
)

var escapeSequence = regexp.MustCompile(`\x1b\[[0-9;?]*[A-Za-z]|\x1b\][^\x07]*\x07`)

// The console, in all its panes, on ways in which secrets lie about, with a
// child that prints them: neither the terminal nor a file of the console's
// gets a piece of one.
func TestConsoleShowsNoSecret(t *testing.T) {
	mark := fmt.Sprint(100_000_000 + rand.IntN(900_000_000))
	for i, l := range leaks {
		if !slices.Contains([]string{"an env file, corrupted", "the front end", "an error's text", "a JSON response", "a header of the user's"}, l.name) {
			continue
		}
		if testing.Short() && i%2 == 0 {
			continue
		}
		t.Run(l.name, func(t *testing.T) {
			s := l.stand(t)
			m, project, home, b, given := s.m, s.project, s.home, s.backend, s.given
			put(t, project, map[string]string{"prints.txt": "token " + given + "\n" + s.tree["server/.env"] + "\nthat was all\n"})
			args := append([]string{"run", "--url", b.url, "--token", given}, s.flag...)
			if !slices.Contains(s.flag, "--stream-url") {
				args = append(args, "--stream-url", s.stream.url)
			}
			u := begin(t, how{dir: project, env: append(append(bare(home), "SSH_TTY=x"), s.our...), args: append(args, "--", "sh", "-c", "cat prints.txt; exec sleep "+mark)}, nil, true)
			stripped := func() string { return escapeSequence.ReplaceAllString(u.out.String(), "") }
			eventually.Until(t, "asked: the backend", func() bool { asked, _ := b.kept(t); return strings.Contains(asked, "POST ") })
			press := func(keys string) {
				if _, err := u.master.WriteString(keys); err != nil {
					t.Fatal(err)
				}
				time.Sleep(150 * time.Millisecond) // a frame, or several
			}
			for _, keys := range []string{"1", "\x1b", "2", "3", "\x1b[F", "4", "5", "\x1b", "d", "\x1b", "x", "\x1b", "t", "\x1b", "e", "\x1b", "n", "?", "\x1b", "0"} {
				press(keys)
			}
			press("5") // the log, once what the child printed is there
			eventually.Until(t, "seen: the child's log", func() bool { return strings.Contains(stripped(), "that was all") })
			press("\x03")
			u.ended(t)
			u.restored(t)
			_, issued := b.kept(t)
			sent := append(strings.Fields(issued), given)
			for what, text := range map[string]string{"the terminal": stripped(), "the terminal's bytes": u.out.String(), "a file of the console's": files(t, home)} {
				for _, found := range m.Search(text, sent...) {
					t.Errorf("%s shows %s", what, found)
				}
			}
			eventually.Until(t, "gone: every process of it", func() bool { return len(commandsWith(program)) == 0 && len(commandsWith(mark)) == 0 })
		})
	}
}

// With --offline the console, too, which checks again by itself, opens no
// socket that leads anywhere but to loopback, no matter what its project names.
func TestConsoleOfflineStaysHere(t *testing.T) {
	if strace.Find() == "" {
		t.Skip("there is no strace here: connections to other machines are not seen")
	}
	s := leaks[0].stand(t)
	put(t, s.project, map[string]string{"server/.env": s.tree["server/.env"] + "STREAM_BASE_URL=https://base.invalid\n"})
	trace := filepath.Join(t.TempDir(), "trace")
	u := begin(t, how{dir: s.project, env: append(bare(s.home), "SSH_TTY=x"), trace: trace,
		args: []string{"--offline", "--url", s.backend.url, "--stream-url", "https://stream.invalid", "--origin", "http://origin.invalid"}}, nil, true)
	for range 2 {
		eventually.Until(t, "asked: the backend", func() bool { asked, _ := s.backend.kept(t); return strings.Contains(asked, "POST ") })
		eventually.Until(t, "at rest", func() bool { return strings.Contains(u.out.String(), "watching") })
		_ = os.Remove(filepath.Join(s.backend.dir, "asked"))
		if _, err := u.master.WriteString("\x12"); err != nil { // again
			t.Fatal(err)
		}
	}
	if _, err := u.master.WriteString("\x03"); err != nil {
		t.Fatal(err)
	}
	u.ended(t)
	text, err := os.ReadFile(trace)
	if err != nil {
		t.Fatal(err)
	}
	for _, call := range strace.Away(string(text)) {
		t.Errorf("it leaves this machine: %s", call)
	}
	if !strings.Contains(string(text), "127.0.0.1") {
		t.Error("the trace shows no connection at all, so nothing is shown")
	}
}
