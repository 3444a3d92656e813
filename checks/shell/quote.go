// Package shell quotes and splits the command lines that badsig prints and reads.
package shell

import (
	"os"
	"runtime"
	"strings"
	"unicode"
	"unicode/utf8"

	"badsig/checks/affix"
)

// Rules of this file:
//   - a name from a project, which may be anything, is one word to the shell that reads the command
//   - what a shell can't take as one word isn't offered: "" isn't a command

// Shell is a kind of shell that a person types a command into.
type Shell int

// The shells whose quoting badsig knows.
const (
	POSIX Shell = iota // sh, bash, zsh, fish, Git Bash
	PowerShell
	Cmd
)

// ShellAtHand is the shell of the person who started badsig, as far as its
// environment tells.
//
//go:noinline
func ShellAtHand() Shell {
	return shellOf(runtime.GOOS, os.Getenv)
}

func shellOf(goos string, getenv func(string) string) Shell {
	switch {
	case goos != "windows", getenv("MSYSTEM") != "", affix.HasSuffix(getenv("SHELL"), "sh"):
		return POSIX
	case affix.Contains(getenv("PSModulePath"), `\Documents\`): // PowerShell adds the person's own folder
		return PowerShell
	}
	return Cmd
}

// Word is a string as one word: quoted only where it must be; "" where the shell
// has no way to write it.
func (s Shell) Word(text string) string {
	if !utf8.ValidString(text) || strings.ContainsFunc(text, unseen) {
		return ""
	}
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("/._-+:", r) || s == POSIX && strings.ContainsRune("@%=,", r)
	}
	if text != "" && !strings.ContainsFunc(text, func(r rune) bool { return !plain(r) }) && text[0] != '=' { // zsh reads =name as a command's path
		return text
	}
	if s != POSIX && (affix.HasSuffix(text, `\`) || affix.Contains(text, `"`)) {
		return "" // the program would read the quote that follows, or that is in it, as one of its own
	}
	switch s {
	case PowerShell:
		// It reads four typographic quotes as single quotes, too.
		return "'" + strings.NewReplacer("'", "''", "‘", "‘‘", "’", "’’", "‚", "‚‚", "‛", "‛‛").Replace(text) + "'"
	case Cmd:
		if affix.ContainsAny(text, "%!^`") { // %NAME% is replaced inside quotes, too
			return ""
		}
		return `"` + text + `"`
	}
	return Quote(text)
}

// unseen tells of a character that is shown as something else: a command with it can't be copied.
func unseen(r rune) bool {
	return r == utf8.RuneError || !unicode.IsGraphic(r) || unicode.Is(unicode.Cf, r) || unicode.IsSpace(r) && r != ' '
}

// Command is a command line of these words; "" where one of them can't be
// written, or the first would be read as a flag.
func (s Shell) Command(words ...string) string {
	out := make([]string, len(words))
	for i, w := range words {
		if out[i] = s.Word(w); out[i] == "" || i == 0 && affix.HasPrefix(w, "-") {
			return ""
		}
	}
	switch {
	case len(out) == 0:
	case s == PowerShell && out[0][0] == '\'': // a string alone isn't a command there
		out[0] = "& " + out[0]
	case s == POSIX && affix.Contains(out[0], "=") && out[0][0] != '\'': // nor is an assignment
		out[0] = Quote(out[0])
	}
	return strings.Join(out, " ")
}

// In is a command, given as the shell reads it, that runs in a folder of the
// project ("" and "." mean the project's own).
func (s Shell) In(dir, command string) string {
	if dir == "" || dir == "." || command == "" {
		return command
	}
	if affix.HasPrefix(dir, "-") { // cd would take it for a flag
		dir = "./" + dir
	}
	word := s.Word(dir)
	switch {
	case word == "":
		return ""
	case s == PowerShell: // && is new in version 7
		return "cd " + word + "; " + command
	case s == Cmd:
		return "cd /d " + word + " && " + command
	}
	return "cd " + word + " && " + command
}

// ArgsIn are the program and its arguments that run a command, as the shell at
// hand reads it, in a folder.
func ArgsIn(dir, command string) []string {
	command = ShellIn(dir, command)
	switch ShellAtHand() {
	case PowerShell:
		return []string{"powershell", "-NoProfile", "-Command", command}
	case Cmd:
		return []string{"cmd", "/C", command}
	}
	return []string{"sh", "-c", command}
}

// Unset is the command that removes an environment variable; "" for what isn't a
// variable's name.
func (s Shell) Unset(name string) string {
	if !IsVariable(name) {
		return ""
	}
	switch s {
	case PowerShell:
		return "Remove-Item Env:" + name
	case Cmd:
		return "set " + name + "="
	}
	return "unset " + name
}

// Quote puts a string into single quotes, as one word of a POSIX shell.
//
//go:noinline
func Quote(s string) string { return "'" + affix.ReplaceAll(s, "'", `'\''`) + "'" }

// ShellWord is a string as one word of the shell at hand; "" where that has no way to write it.
func ShellWord(s string) string { return ShellAtHand().Word(s) }

// ShellIn is a command that runs in a folder of the project.
func ShellIn(dir, command string) string { return ShellAtHand().In(dir, command) }

// Words is a command line that the shell at hand splits into these words.
func Words(words []string) string { return ShellAtHand().Command(words...) }

// PosixWords is a command line that a POSIX shell splits into these words,
// as scripts of package.json have it.
func PosixWords(words []string) string {
	out := make([]string, len(words))
	for i, w := range words {
		if out[i] = POSIX.Word(w); out[i] == "" {
			out[i] = Quote(w)
		}
	}
	return strings.Join(out, " ")
}
