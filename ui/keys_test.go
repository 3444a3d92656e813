package ui

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"badsig/checks"
	"badsig/checks/facts"
)

// A key that can't act now says why.
func TestKeysSayWhyNot(t *testing.T) {
	for key, why := range map[string]string{
		"s": "badsig run -- COMMAND", "l": "--log FILE", "c": "no command to copy", "e": "no problem was found", "E": "no file to open", "f": "badsig demo", "]": "no other problem",
	} {
		synctest.Test(t, func(t *testing.T) {
			sc := accepted(t)
			if sc.facts.Server != nil {
				sc.facts.Server.Secret = -1
			}
			d := drive(t, Options{}, 120, 36, sc)
			d.keys(key)
			d.sees(why)
		})
	}
}

// Before the first result nothing is said of the project.
func TestKeysBeforeTheFirstResult(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sc := rejected(t)
		never := func(ctx context.Context, _ facts.Target, _ checks.Options) <-chan checks.Event {
			out := make(chan checks.Event)
			go func() { <-ctx.Done(); close(out) }()
			return out
		}
		d := drive(t, Options{Run: never}, 120, 36, sc)
		for _, key := range []string{"F", "c", "e", "r", "R"} {
			d.keys(key)
			d.sees("no check has finished yet")
			d.a.toast = toast{}
		}
		for _, key := range []string{"E", "y", "C", "o", "t", "esc", "x", "esc", "d", "esc", "v", "v", "[", "]", "u", "n", "N", "/", "esc", "1", "esc", "3", "+", "+"} {
			d.keys(key)
			d.misses("nothing is wrong", "no problem was found")
		}
	})
}

// Tab goes to the next field before it leaves the pane.
func TestTabBetweenFields(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := drive(t, Options{}, 120, 36, rejected(t))
		d.keys("1", "tab", "Z", "tab")
		d.sees("Test UserZ")
		if d.a.at != paneToken {
			t.Errorf("after the last field tab goes to %v", d.a.at)
		}
	})
}

func TestSearchInPageAndChecks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := drive(t, Options{}, 80, 24, rejected(t))
		d.keys("e", "/", "backspace", "Restart the backend", "enter")
		d.sees("Restart the backend")
		d.keys("/", "nowhere at all", "enter")
		d.sees("not found: nowhere at all")
		d.keys("esc", "esc", "3", "/", "exposed", "enter")
		if got := d.a.s.rows[d.a.s.order[d.a.live.at]].Title; got != "API secret isn't exposed" {
			t.Errorf("the search selects %q", got)
		}
		d.keys("g")
		if d.a.live.at != 0 {
			t.Error("g doesn't go to the first check")
		}
		d.keys("esc", "esc", "0", "/", "CORS", "enter") // none of these letters acts
		if got := d.a.s.rows[d.a.s.order[d.a.live.at]].Title; d.a.at != paneChecks || got != "CORS lets the browser read it" {
			t.Errorf("from the first pane / selects %q", got)
		}
	})
}

func TestKeysFile(t *testing.T) {
	for _, c := range []struct{ name, text, says, key string }{
		{"rebound", "# mine\nrestart = w, f12\nquit = Q\n", "", "restart"},
		{"conflict", "restart = q\n", "line 1: q is the key of both restart and quit", ""},
		{"unknown action", "\nrestrat = w\n", `line 2: there's no action "restrat"`, ""},
		{"a key of the panes", "restart = enter\n", `line 1: "enter" isn't a key badsig can use`, ""},
		{"no key", "restart =\n", "line 1: restart needs a key", ""},
		{"no pair", "restart w\n", "line 1: expected ACTION = KEY, KEY", ""},
		{"ctrl+c", "interrupt = w\n", "ctrl+c always ends badsig", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			write := os.WriteFile
			if err := write(filepath.Join(dir, keysFile), []byte(c.text), 0o600); err != nil {
				t.Fatal(err)
			}
			bound, file, err := bindKeys(Options{ConfigDir: dir})
			if c.says == "" {
				i := slices.IndexFunc(bound, func(x action) bool { return x.id == c.key })
				if err != nil || bound[i].keys[0] != "w" {
					t.Errorf("%v, %v", err, bound[i].keys)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), c.says) || !strings.Contains(err.Error(), file) {
				t.Fatalf("it says %v", err)
			}
			for i, x := range actions() { // a mistake leaves every key as it was
				if !slices.Equal(x.keys, bound[i].keys) {
					t.Errorf("%s has %v", x.id, bound[i].keys)
				}
			}
		})
	}
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, keysFile), []byte("paste = P\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		d := drive(t, Options{ConfigDir: dir}, 120, 36, accepted(t))
		d.sees("Stream's error with P")
		d.keys("P")
		d.sees("Paste anything")
	})
}

func TestEditorArguments(t *testing.T) {
	for editor, want := range map[string]string{
		"code": "code -g /p/.env:7", "code --wait": "code --wait -g /p/.env:7", "/usr/bin/nvim": "/usr/bin/nvim +7 /p/.env", "nano": "nano +7 /p/.env",
		"emacs -nw": "emacs -nw +7 /p/.env", "subl -n": "subl -n /p/.env:7", "hx": "hx /p/.env:7", "webstorm": "webstorm --line 7 /p/.env", "ed": "ed /p/.env",
	} {
		if got := strings.Join(editorArgs(editor, "/p/.env", 7), " "); got != want {
			t.Errorf("%s: %q instead of %q", editor, got, want)
		}
	}
}
