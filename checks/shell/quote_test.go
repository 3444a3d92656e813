package shell

import (
	"os/exec"
	"strings"
	"testing"
	"unicode/utf8"
)

var hardWords = []string{
	"", "dev", "a b", "dev; touch PWNED #", "dev$(touch PWNED)", "`x`", "it's", `"q"`, `back\slash`, "$HOME", "%PATH%", "a&b", "a|b", "(x)", "*", "~", "!x", "é", "‘x’", "-rf", "-", "a\nb", "a\x00b", "\x1b[2J", "#", "{a,b}", "<x>", "a=b", "^",
}

// What /bin/sh reads back is what was meant.
func readsBack(t *testing.T, text string) {
	t.Helper()
	word := POSIX.Word(text)
	if word == "" {
		if utf8.ValidString(text) && !strings.ContainsFunc(text, unseen) {
			t.Errorf("%q is not offered", text)
		}
		return
	}
	out, err := exec.Command("/bin/sh", "-c", "printf '%s|' "+word).Output()
	if err != nil || string(out) != text+"|" {
		t.Errorf("%q written as %s is read as %q, %v", text, word, out, err)
	}
}

func TestPOSIXWords(t *testing.T) {
	if _, err := exec.LookPath("/bin/sh"); err != nil {
		t.Skip("there is no /bin/sh")
	}
	for _, w := range hardWords {
		readsBack(t, w)
	}
}

func FuzzPOSIXWord(f *testing.F) {
	if _, err := exec.LookPath("/bin/sh"); err != nil {
		f.Skip("there is no /bin/sh")
	}
	for _, w := range hardWords {
		f.Add(w)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 10_000 {
			return
		}
		readsBack(t, text)
	})
}

// The words of Windows' shells, by their own documented rules.
func TestWindowsWords(t *testing.T) {
	for _, c := range []struct{ text, power, cmd string }{
		{"dev", "dev", "dev"}, {"a b", "'a b'", `"a b"`}, {"it's", "'it''s'", `"it's"`}, {"‘x", "'‘‘x'", `"‘x"`}, {"$(x)", "'$(x)'", `"$(x)"`},
		{"%PATH%", "'%PATH%'", ""}, {`a"b`, "", ""}, {`a b\`, "", ""}, {"a&b", "'a&b'", `"a&b"`}, {"a\nb", "", ""}, {"", "''", `""`},
	} {
		if got := PowerShell.Word(c.text); got != c.power {
			t.Errorf("PowerShell: %q is written %s, want %s", c.text, got, c.power)
		}
		if got := Cmd.Word(c.text); got != c.cmd {
			t.Errorf("cmd: %q is written %s, want %s", c.text, got, c.cmd)
		}
	}
}

func TestShellCommands(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{POSIX.In("server", "npm run dev"), "cd server && npm run dev"},
		{POSIX.In(".", "npm run dev"), "npm run dev"},
		{POSIX.In("-rf", "npm run dev"), "cd ./-rf && npm run dev"},
		{POSIX.In("-", "npm run dev"), "cd ./- && npm run dev"},
		{POSIX.In("my app", "npm run dev"), "cd 'my app' && npm run dev"},
		{POSIX.In("a\nb", "npm run dev"), ""},
		{POSIX.In("server", ""), ""},
		{PowerShell.In("my app", "npm run dev"), "cd 'my app'; npm run dev"},
		{Cmd.In("my app", "npm run dev"), `cd /d "my app" && npm run dev`},
		{POSIX.Command("npm", "run", "dev; touch PWNED #"), "npm run 'dev; touch PWNED #'"},
		{POSIX.Command("-rf"), ""},
		{POSIX.Command("A=b", "c=d"), "'A=b' c=d"},
		{POSIX.Command("=ls"), "'=ls'"},
		{PowerShell.Command("my tool", "a b"), "& 'my tool' 'a b'"},
		{POSIX.Unset("STREAM_API_SECRET"), "unset STREAM_API_SECRET"},
		{POSIX.Unset("A;touch PWNED;B"), ""},
		{PowerShell.Unset("A"), "Remove-Item Env:A"},
		{Cmd.Unset("A"), "set A="},
	} {
		if c.got != c.want {
			t.Errorf("got %s, want %s", c.got, c.want)
		}
	}
}

func TestShellAtHand(t *testing.T) {
	for _, c := range []struct {
		goos string
		env  map[string]string
		want Shell
	}{
		{"linux", map[string]string{"PSModulePath": `C:\Users\a\Documents\PowerShell\Modules`}, POSIX},
		{"windows", map[string]string{"PSModulePath": `C:\Users\a\Documents\PowerShell\Modules;C:\Program Files\PowerShell\Modules`}, PowerShell},
		{"windows", map[string]string{"PSModulePath": `C:\Program Files\WindowsPowerShell\Modules`}, Cmd},
		{"windows", map[string]string{"MSYSTEM": "MINGW64"}, POSIX},
	} {
		if got := shellOf(c.goos, func(n string) string { return c.env[n] }); got != c.want {
			t.Errorf("%s %v: %v, want %v", c.goos, c.env, got, c.want)
		}
	}
}
