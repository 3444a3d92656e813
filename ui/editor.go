package ui

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/finding"
)

// Rules of this file:
//   - a program is started with its arguments as they are: no shell reads a file's name
//   - an editor in the terminal gets it whole and gives it back; one with a window of its own runs beside

// outside is what other programs do for the console.
type outside struct{ *app }

// place is the file and the line that E opens: the open problem's, else the
// place of the secret that the backend signs with.
func (a outside) place() (file string, line int, ok bool) {
	var at *finding.Location
	if c := a.wrong.cause(a.s); c != nil {
		at = c.Location
	}
	if at == nil && a.s.facts != nil && a.s.facts.Server != nil {
		if v := a.s.value(a.s.facts.Server.Secret); v != nil && v.File != "" {
			at = &finding.Location{File: v.File, Line: v.Line}
		}
	}
	if at == nil || at.File == "" {
		return "", 0, false
	}
	file = filepath.FromSlash(at.File)
	if !filepath.IsAbs(file) {
		file = filepath.Join(facts.First(a.s.target.Dir, "."), file)
	}
	return file, max(1, at.Line), true
}

// editors with a window of their own; the console goes on beside them.
var windowed = []string{"code", "code-insiders", "codium", "vscodium", "cursor", "windsurf", "subl", "sublime_text", "zed", "gedit", "kate", "mate", "gvim", "mvim",
	"idea", "webstorm", "phpstorm", "pycharm", "goland", "rubymine", "rider", "fleet", "notepad", "notepad++", "xed", "bbedit"}

// editorArgs is the command that opens a file at a line in an editor. The
// editor may have arguments of its own ("code --wait").
func editorArgs(editor, file string, line int) []string {
	args := strings.Fields(editor)
	if st, err := os.Stat(editor); err == nil && !st.IsDir() { // a path with spaces
		args = []string{editor}
	}
	n := itoa(line)
	switch editorName(args[0]) {
	case "code", "code-insiders", "codium", "vscodium", "cursor", "windsurf":
		return append(args, "-g", file+":"+n)
	case "subl", "sublime_text", "zed", "hx", "helix":
		return append(args, file+":"+n)
	case "vim", "vi", "nvim", "view", "gvim", "mvim", "nano", "pico", "emacs", "emacsclient", "micro", "kak", "joe", "jed", "mg", "gedit", "xed", "bbedit", "ne", "less":
		return append(args, "+"+n, file)
	case "kate":
		return append(args, "-l", n, file)
	case "mate":
		return append(args, "-l", n, file)
	case "idea", "webstorm", "phpstorm", "pycharm", "goland", "rubymine", "rider":
		return append(args, "--line", n, file)
	case "notepad++":
		return append(args, "-n"+n, file)
	}
	return append(args, file)
}

// editorName is the program of an editor without its folder and ending.
func editorName(program string) string {
	name := facts.BaseName(program)
	return affix.TrimSuffix(affix.TrimSuffix(strings.ToLower(name), ".exe"), ".cmd")
}

// editorOf is the person's editor, else one that is there; "" for none.
func editorOf(env func(string) string, look func(string) (string, error)) string {
	if e := facts.First(strings.TrimSpace(env("VISUAL")), strings.TrimSpace(env("EDITOR"))); e != "" {
		return e
	}
	usual := []string{"nano", "vim", "vi"}
	if runtime.GOOS == "windows" {
		usual = []string{"code", "notepad"}
	}
	if env("TERM_PROGRAM") == "vscode" {
		usual = append([]string{"code"}, usual...)
	}
	for _, e := range usual {
		if _, err := look(e); err == nil {
			return e
		}
	}
	return ""
}

// editedMsg says that an editor was left, or couldn't be started.
type editedMsg struct {
	name string
	took bool // it had the terminal
	err  error
}

// edit opens the file of the fix at its line.
func (a outside) edit() tea.Cmd {
	file, line, _ := a.place()
	if _, err := os.Stat(file); err != nil {
		a.say(bad, "can't open "+filepath.Base(file)+": it isn't there")
		return fade(toastFor)
	}
	editor := editorOf(os.Getenv, exec.LookPath)
	if editor == "" {
		a.say(note, "no editor found: set EDITOR to yours, such as code or vim")
		return fade(toastFor)
	}
	args := editorArgs(editor, file, line)
	name := editorName(args[0])
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Env = withoutPair(os.Environ())
	if facts.OneOf(windowed, name) {
		a.say(note, "opening "+filepath.Base(file)+" line "+itoa(line)+" in "+name)
		return tea.Batch(fade(toastFor), func() tea.Msg { return editedMsg{name: name, err: cmd.Run()} })
	}
	if a.in == nil {
		return nil
	}
	return tea.Exec(foreground{cmd, a.in, a.canvas}, func(err error) tea.Msg { return editedMsg{name, true, err} })
}

// editorLeft looks again after an editor was left.
func (a outside) editorLeft(m editedMsg) tea.Cmd {
	var exit *exec.ExitError
	if m.err != nil && !errors.As(m.err, &exit) {
		a.say(bad, "couldn't start "+m.name+": "+plainError(m.err))
	}
	if !m.took {
		return fade(toastFor)
	}
	if a.canvas != nil {
		a.canvas.forget()
	}
	return tea.Batch(a.start(), fade(toastFor))
}

// plainError is what an error says without the program's name before it.
func plainError(err error) string {
	var e *exec.Error
	if errors.As(err, &e) {
		return e.Err.Error()
	}
	return err.Error()
}

// The pages that o opens.
const (
	dashboardURL = "https://dashboard.getstream.io/"
	docsURL      = "https://getstream.io/chat/docs/javascript/tokens_and_authentication/"
)

// browse opens the dashboard where the problem is about what it shows, else the docs.
func (a outside) browse() tea.Cmd {
	page := docsURL
	if c := a.wrong.cause(a.s); c != nil && aboutPair(c.ID) || c == nil && a.s.target.Secret.IsZero() {
		page = dashboardURL
	}
	args := browser(os.Getenv, exec.LookPath)
	if args == nil {
		a.say(note, "no browser can be reached from here: "+page)
		return fade(2 * toastFor)
	}
	a.say(note, "opening "+page)
	cmd := exec.Command(args[0], append(args[1:], page)...)
	cmd.Env = withoutPair(os.Environ())
	return tea.Batch(fade(toastFor), func() tea.Msg { return browsedMsg{page, cmd.Run()} })
}

// browsedMsg says whether a page could be opened.
type browsedMsg struct {
	page string
	err  error
}

// browser is the command that opens a page, nil for none.
func browser(env func(string) string, look func(string) (string, error)) []string {
	if b := strings.Fields(env("BROWSER")); len(b) > 0 && !affix.Contains(env("BROWSER"), ":") {
		return b
	}
	switch {
	case runtime.GOOS == "windows":
		return []string{"rundll32", "url.dll,FileProtocolHandler"}
	case env("SSH_TTY") != "" || env("SSH_CONNECTION") != "":
		return nil
	case runtime.GOOS == "darwin":
		return []string{"open"}
	}
	usual := []string{"wslview"}
	if env("DISPLAY") != "" || env("WAYLAND_DISPLAY") != "" {
		usual = append(usual, "xdg-open")
	}
	for _, p := range usual {
		if _, err := look(p); err == nil {
			return []string{p}
		}
	}
	return nil
}

// withoutPair is an environment without the dashboard's pair, which is badsig's alone.
func withoutPair(env []string) []string {
	return affix.Without(slices.Clone(env), func(e string) bool { return affix.HasPrefix(e, "BADSIG_API_") })
}
