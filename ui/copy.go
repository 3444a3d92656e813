package ui

import (
	"bytes"
	"io"
	"maps"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"time"

	native "github.com/atotto/clipboard"
	"github.com/aymanbagabas/go-osc52/v2"
	"github.com/charmbracelet/bubbletea"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/outfile"
	"badsig/checks/rules/parts"
	"badsig/checks/sanitize"
	"badsig/checks/watching"
	"badsig/ui/theme"
)

// Rules of this file:
//   - every copy is confirmed on the screen, and honestly: a terminal does not say whether it took OSC 52
//   - a token goes to the clipboard whole and nowhere else; a report is redacted by its writer

// toastFor is how long a confirmation is shown in the footer.
const toastFor = 4 * time.Second

// tone is what a confirmation is about.
type tone int

const (
	note tone = iota
	good
	bad
)

// toast is the last confirmation.
type toast struct {
	text  string
	tone  tone
	until time.Time
}

func (t toast) view(th *theme.Theme) string {
	switch t.tone {
	case good:
		return " " + th.GoodBold.Paint(theme.Pass) + " " + th.Bold.Paint(clean(t.text))
	case bad:
		return " " + th.BadBold.Paint(theme.Warn) + " " + th.Bad.Paint(clean(t.text))
	}
	return " " + th.Accent.Paint(theme.Point) + " " + clean(t.text)
}

//go:noinline
func (a *app) say(t tone, text string) {
	a.toast = toast{text, t, a.s.now.Add(toastFor)}
}

// clipboard is where copies go: the system's own clipboard where this session
// is on its machine, and the terminal's by OSC 52.
type clipboard struct {
	out    io.Writer // the terminal
	env    func(string) string
	native func(string) error // nil: there is none here
}

func newClipboard(out io.Writer) clipboard {
	c := clipboard{out: out, env: os.Getenv, native: native.WriteAll}
	remote := c.env("SSH_TTY") != "" || c.env("SSH_CONNECTION") != ""
	display := runtime.GOOS != "linux" || c.env("DISPLAY") != "" || c.env("WAYLAND_DISPLAY") != ""
	if native.Unsupported || remote || !display {
		c.native = nil
	}
	return c
}

// copiedMsg says how a copy went.
type copiedMsg struct {
	what   string
	detail string // the text itself, if it is short and not a secret
	native bool   // the system's clipboard has it
	tmux   bool   // tmux's buffer has it
	osc    bool   // it was handed to the terminal
	err    error
}

// put copies a string; what names it for the confirmation.
func (c clipboard) put(what, detail string, copied sanitize.Text) tea.Cmd {
	text := copied.String()
	return func() tea.Msg {
		m := copiedMsg{what: what, detail: detail}
		if c.native != nil {
			m.err = c.native(text)
			m.native = m.err == nil
		}
		tmux := c.env("TMUX") != ""
		if tmux {
			load := exec.Command("tmux", "load-buffer", "-w", "-")
			load.Stdin = strings.NewReader(text)
			m.tmux = load.Run() == nil
		}
		if c.out != nil && c.env("TERM") != "dumb" && c.env("TERM") != "linux" {
			seq := osc52.New(text)
			switch {
			case tmux:
				seq = seq.Tmux()
			case affix.HasPrefix(c.env("TERM"), "screen"):
				seq = seq.Screen()
			}
			if _, err := seq.WriteTo(c.out); err == nil {
				m.osc = true
			}
		}
		return m
	}
}

// copies is what the console hands to the clipboard and to files.
type copies struct{ *app }

// copied confirms a copy.
func (a copies) confirm(m copiedMsg) {
	detail := m.detail
	if detail != "" {
		detail = ": " + detail
	}
	switch {
	case m.native:
		a.say(good, "copied "+m.what+detail)
	case m.tmux:
		a.say(good, "copied "+m.what+" (tmux's buffer, OSC 52)"+detail)
	case m.osc:
		a.say(good, "copied "+m.what+" by OSC 52, if this terminal supports it"+detail)
	default:
		a.say(bad, "no clipboard can be reached from here: badsig mint and badsig check print to standard output")
	}
}

func (a copies) token() tea.Cmd {
	v, ok := a.s.tokenOf(fromAny)
	if !ok || v.raw == "" {
		a.say(bad, "there's no token to copy")
		return nil
	}
	return a.clip.put("the "+map[source]string{fromBackend: "backend's token", fromMinted: "token signed by badsig", fromBrowser: "browser's token"}[v.source], "", sanitize.Whole(v.raw))
}

func (a copies) command() tea.Cmd {
	command, n, of := a.wrong.nextCommand(a.s)
	if of == 0 {
		return nil
	}
	what := "the command"
	if of > 1 {
		what = "command " + itoa(n) + " of " + itoa(of)
	}
	return a.clip.put(what, command, sanitize.Printed(command, a.s))
}

// curl copies the token request, as the documented front end sends it.
func (a copies) curl() tea.Cmd {
	what, detail := "the cURL command", ""
	if len(a.s.target.Header) > 0 {
		detail = "the values of headers are left out"
	}
	return a.clip.put(what, detail, sanitize.Printed(curlOf(a.s), a.s))
}

func curlOf(s *session) string {
	url, origin := s.target.URL, s.target.Origin
	if s.facts != nil {
		url, origin = s.facts.Target.URL, s.facts.Target.Origin
	}
	if url == "" {
		url = facts.DefaultURL
	}
	var headers []string
	if origin != "" {
		headers = append(headers, "Origin: "+origin)
	}
	for _, name := range slices.Sorted(maps.Keys(s.target.Header)) {
		headers = append(headers, name+": …") // the value may be a login
	}
	return parts.Curl(url, s.userID(), facts.First(s.target.UserName, facts.DefaultUserName), headers...)
}

// reportText is the redacted report with the current checklist.
func (a copies) reportText() (sanitize.Text, error) {
	var b bytes.Buffer
	if err := a.s.report.WriteMarkdown(&b); err != nil {
		return sanitize.Text{}, err
	}
	b.WriteString(a.guide.markdown(a.s))
	return sanitize.Printed(b.String(), a.s), nil
}

func (a copies) report() tea.Cmd {
	if a.s.report == nil {
		a.say(bad, "no check has finished yet")
		return nil
	}
	text, err := a.reportText()
	if err != nil {
		a.say(bad, err.Error())
		return nil
	}
	return a.clip.put("the redacted report", "", text)
}

// reportFile is where the report is saved, in the project's folder.
const reportFile = watching.ReportFile

func (a copies) saveReport() tea.Cmd {
	if a.s.report == nil {
		a.say(bad, "no check has finished yet")
		return nil
	}
	text, err := a.reportText()
	dir := facts.First(a.s.target.Dir, ".")
	return func() tea.Msg {
		file := ""
		if err == nil {
			file, err = outfile.Beside(dir, reportFile, text, outfile.Begins("# badsig report\n"))
		}
		return savedMsg{file, err}
	}
}

// savedMsg says how saving went.
type savedMsg struct {
	file string
	err  error
}
