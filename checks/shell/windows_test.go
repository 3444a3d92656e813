package shell

import (
	"slices"
	"strings"
	"testing"
	"unicode"
)

// Rules of this file:
//   - the shells of Windows aren't here to be run, so their documented rules are written down: what cmd and PowerShell 5.1
//     make of a line, and what a program makes of the command line that they hand to it (CommandLineToArgvW)

// argv is what a program reads from its command line; its own name is left out.
func argv(line string) (args []string) {
	for i := 0; i < len(line); {
		for i < len(line) && (line[i] == ' ' || line[i] == '\t') {
			i++
		}
		if i == len(line) {
			break
		}
		var arg strings.Builder
		for quoted := false; i < len(line) && (quoted || line[i] != ' ' && line[i] != '\t'); {
			slashes := 0
			for i < len(line) && line[i] == '\\' {
				slashes, i = slashes+1, i+1
			}
			if i < len(line) && line[i] == '"' {
				arg.WriteString(strings.Repeat(`\`, slashes/2))
				if slashes%2 == 1 {
					arg.WriteByte('"')
				} else {
					quoted = !quoted
				}
				i++
				continue
			}
			arg.WriteString(strings.Repeat(`\`, slashes))
			if i < len(line) && (quoted || line[i] != ' ' && line[i] != '\t') {
				arg.WriteByte(line[i])
				i++
			}
		}
		args = append(args, arg.String())
	}
	return args
}

// byCmd is what a program gets from a word that cmd reads; false where cmd does something else with it.
func byCmd(word string) ([]string, bool) {
	quoted := false
	for _, r := range word {
		switch {
		case r == '"':
			quoted = !quoted
		case r == '%', r == '!', unicode.IsControl(r), !quoted && strings.ContainsRune("&|<>()^,;= ", r):
			return nil, false
		}
	}
	return argv(word), !quoted
}

// byPowerShell is the same for PowerShell 5.1, which puts quotes around what has a space, and changes nothing in it.
func byPowerShell(word string) ([]string, bool) {
	isQuote := func(r rune) bool { return strings.ContainsRune("'‘’‚‛", r) }
	if !strings.HasPrefix(word, "'") {
		return []string{word}, !strings.ContainsFunc(word, func(r rune) bool {
			return isQuote(r) || strings.ContainsRune("\"“”„`$@#&|;,<>(){}[] ", r) || unicode.IsControl(r) || unicode.IsSpace(r)
		})
	}
	var text strings.Builder
	rest := []rune(word)[1:]
	for i := 0; ; i++ {
		switch {
		case i == len(rest):
			return nil, false // it never ends
		case isQuote(rest[i]) && i+1 < len(rest) && isQuote(rest[i+1]):
			text.WriteRune(rest[i])
			i++
		case isQuote(rest[i]):
			if i != len(rest)-1 {
				return nil, false
			}
			if got := text.String(); strings.ContainsAny(got, " \t") || got == "" {
				return argv(`"` + got + `"`), true
			}
			return argv(text.String()), true
		default:
			text.WriteRune(rest[i])
		}
	}
}

func readsBackInWindows(t *testing.T, text string) {
	t.Helper()
	for name, by := range map[string]struct {
		shell Shell
		read  func(string) ([]string, bool)
	}{"cmd": {Cmd, byCmd}, "PowerShell": {PowerShell, byPowerShell}} {
		word := by.shell.Word(text)
		if word == "" {
			continue // not offered
		}
		if got, ok := by.read(word); !ok || !slices.Equal(got, []string{text}) {
			t.Errorf("%s: %q written as %s is read as %q, %v", name, text, word, got, ok)
		}
	}
}

func TestWindowsReadsBack(t *testing.T) {
	for _, w := range hardWords {
		readsBackInWindows(t, w)
	}
	for _, w := range []string{`a b\`, `a\\`, `C:\my app`, `a "b`, "“x”", "a,b", "a;b", "a=b", "(a)", "‚x‛"} {
		readsBackInWindows(t, w)
	}
	for _, w := range []string{"dev", "my app", "it's", "(x)"} {
		if Cmd.Word(w) == "" || PowerShell.Word(w) == "" {
			t.Errorf("%q isn't offered", w)
		}
	}
}

func FuzzWindowsWord(f *testing.F) {
	for _, w := range hardWords {
		f.Add(w)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) < 10_000 {
			readsBackInWindows(t, text)
		}
	})
}
