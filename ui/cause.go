package ui

import (
	"strings"

	"github.com/charmbracelet/bubbletea"

	"badsig/checks"
	"badsig/checks/causes"
	"badsig/checks/finding"
	"badsig/ui/theme"
)

// wrong is the pane that the eye is meant to meet: the one thing to change
// first, in plain words, where it is, the evidence, and how to fix it.
type wrong struct {
	at     int // which of the causes is open
	scroll int
	more   int       // lines of the evidence scrolled away, where it is beside
	root   causes.ID // the root it was opened on: another root starts at the top
	copied int       // which of its commands was copied last, counted from 1
	room   int       // cells that a title has
	above  bool      // the verdict above has room for the first one's title
	brief  bool      // how to begin is shown elsewhere
	beside bool      // the evidence is shown beside
}

func (p *wrong) key(s *session, msg tea.KeyMsg) {
	switch msg.String() {
	case "up", "k":
		p.scroll--
	case "down", "j":
		p.scroll++
	case "pgup":
		p.scroll -= 10
	case "pgdown", " ":
		p.scroll += 10
	case "home", "g":
		p.scroll = 0
	case "end", "G":
		p.scroll = 1 << 20
	case "right", "n":
		p.open(s, p.at+1)
	case "left", "N":
		p.open(s, p.at-1)
	}
}

func (p *wrong) open(s *session, at int) {
	if s.report == nil || len(s.report.Causes) == 0 {
		return
	}
	p.at = max(0, min(at, len(s.report.Causes)-1))
	p.scroll, p.copied = 0, 0
}

// cause is the cause that is open, nil for none.
//
//go:noinline
func (p *wrong) cause(s *session) *finding.Cause {
	if s.report == nil || len(s.report.Causes) == 0 {
		return nil
	}
	if root := s.report.Causes[0].ID; root != p.root {
		p.root, p.at, p.scroll, p.copied = root, 0, 0, 0
	}
	p.at = min(p.at, len(s.report.Causes)-1)
	return &s.report.Causes[p.at]
}

// frame is the pane's title and the color of its border: red where something
// must be changed, and nothing else on the screen has that border.
func (p *wrong) frame(s *session) frame {
	th := s.th
	c := p.cause(s)
	f := frame{title: th.Bold.Paint("What to fix"), line: th.Dim, scroll: &p.scroll}
	switch {
	case s.report == nil:
		f.title = th.Bold.Paint("Looking…")
	case waits(s):
		f.title, f.line = th.AccentBold.Paint("The backend's last lines"), th.Accent
	case c != nil:
		f.title, f.line = th.BadBold.Paint("What to fix"), th.Bad
		if c.Severity == causes.Warning {
			f.title, f.line = th.Bold.Paint("What to fix"), th.Warn
		}
		if p.at > 0 { // the verdict above is about the first one
			f.title = f.line.Paint(clean(c.Title))
			f.right = th.Dim.Paint(itoa(p.at+1) + " of " + itoa(len(s.report.Causes)))
		}
	case s.report.Verdict == checks.Accepted:
		f.title, f.line = th.Bold.Paint("Nothing to fix"), th.Good
	default:
		f.title, f.line = th.Bold.Paint("What couldn't be checked"), th.Warn
	}
	return f
}

func (p *wrong) view(s *session, w int) []string {
	return append(neighborLines(s, w), p.content(s, w)...)
}

func (p *wrong) content(s *session, w int) []string {
	c := p.cause(s)
	switch {
	case s.report == nil:
		return p.looking(s, w)
	case waits(s):
		say := "Nothing is listening on its port yet."
		if restarting(s) {
			say = "The backend was just restarted."
		}
		return append(wrap(say+" Its last lines:", w), append([]string{""}, s.tail(12, w)...)...)
	case c != nil:
		return append(p.fault(s, c, w), p.begin(s, w)...)
	case s.report.Verdict == checks.Accepted:
		return append(p.green(s, w), p.begin(s, w)...)
	}
	return append(p.unproven(s, w), p.begin(s, w)...)
}

// begin is what a person needs who sees the console for the first time.
func (p *wrong) begin(s *session, w int) []string {
	if !s.first || p.brief {
		return nil
	}
	th := s.th
	out := []string{"", th.Dim.Paint("New here?")}
	for _, k := range beginKeys(s) {
		out = append(out, cut(th.AccentBold.Paint(pad(k[0], 8))+th.Dim.Paint(k[1]), w))
	}
	return out
}

func (p *wrong) looking(s *session, w int) []string {
	return wrap("Reading the project, requesting a token from the backend, checking with Stream. The first thing to fix will appear here.", w)
}

// fault is one cause in full.
func (p *wrong) fault(s *session, c *finding.Cause, w int) []string {
	th := s.th
	var out []string
	add := func(lines ...string) { out = append(out, lines...) }
	lead := func(name string) string { return th.Dim.Paint(pad(name, leadWidth)) }
	if p.at == 0 && !p.above || p.at > 0 && width(clean(c.Title)) > p.room { // above or in the box's title it is cut
		add(paintEach(th.Bold, wrap(clean(c.Title), w))...)
		add("")
	}
	if c.ID == causes.ServerDown {
		add(ended(s, w)...)
	}
	if c.Location != nil {
		where := lead("Where") + th.AccentBold.Paint(clean(c.Location.String()))
		if key := th.Accent.Paint("["+s.key("edit")+"]") + th.Dim.Paint(" edit"); width(where)+width(key)+2 <= w {
			where = spread(where, key, w)
		}
		add(cut(where, w))
	}
	add(p.steps(s, c, w)...)
	if c.Summary != "" {
		add("")
		add(hang(lead("Why"), clean(c.Summary), w)...)
	}
	if !p.beside {
		add(p.seen(s, c, w)...)
	}
	add("")
	add(hang(lead("More"), th.Dim.Paint("press "+s.key("explain")+", or run badsig explain "+string(c.ID)), w)...)
	add(p.rest(s, w)...)
	return out
}

// ended says how the backend that badsig started ended, with its last lines.
func ended(s *session, w int) []string {
	if !s.child.ours() || s.child.state != childEnded {
		return nil
	}
	out := []string{cut(s.th.Dim.Paint(pad("Backend", leadWidth))+s.th.BadBold.Paint(s.child.short()+" "+s.child.end), w)}
	for _, l := range s.tail(6, w-leadWidth) {
		out = append(out, strings.Repeat(" ", leadWidth)+l)
	}
	return append(out, "")
}

// leadWidth is the column of the labels: "Evidence" and a gap.
const leadWidth = 10

// steps are the numbered steps, each command with the key that copies it.
func (p *wrong) steps(s *session, c *finding.Cause, w int) []string {
	th := s.th
	var out []string
	n, launch := 0, launchFor(s, c)
	for i, step := range c.Fix {
		name := "Fix"
		if i > 0 {
			name = ""
		}
		lead := th.Dim.Paint(pad(name, leadWidth)) + th.Bold.Paint(itoa(i+1)) + " "
		lines := hang(lead, clean(step.Text), w)
		if len(step.Edits) > 0 {
			key := th.AccentBold.Paint("["+s.key("fix")+"]") + th.Bold.Paint(" fix it")
			if last := lines[len(lines)-1]; width(last)+width(key)+2 <= w {
				lines[len(lines)-1] = spread(last, key, w)
			} else {
				lines = append(lines, spread("", key, w))
			}
			if step.Tried != "" {
				for _, l := range wrap("tried: "+clean(step.Tried), w-leadWidth-2) {
					lines = append(lines, strings.Repeat(" ", leadWidth+2)+th.Dim.Paint(l))
				}
			}
		}
		out = append(out, lines...)
		if step.Command == "" {
			continue
		}
		if s.restarts(step) {
			does := " restarts it now"
			if s.demo != nil && p.cause(s).ID == causes.ServerDown {
				does = " starts it now"
			}
			if s.child.ours() && !s.child.running() {
				does = " starts it again"
			}
			out = append(out, strings.Repeat(" ", leadWidth+2)+th.AccentBold.Paint(s.key("restart"))+does)
			continue
		}
		command := strings.Repeat(" ", leadWidth+2) + th.AccentBold.Paint("$ "+clean(step.Command))
		if n == p.copied%max(1, len(p.commands(s))) { // the one that c copies next
			key := th.Accent.Paint("["+s.key("copy-fix")+"]") + th.Dim.Paint(" copy")
			if does := launch.offers(step.Command); does != "" {
				key = th.AccentBold.Paint("["+s.key("fix")+"]") + th.Bold.Paint(does)
			}
			if width(command)+width(key)+2 <= w {
				command = spread(command, key, w)
			}
		}
		n++
		out = append(out, cut(command, w))
	}
	return out
}

// restarts reports whether a step is to start the backend, which is the
// console's own child: then a key does it, and its command is not needed.
func (s *session) restarts(step finding.Step) bool {
	return s.restartable() && s.facts != nil && s.facts.Server != nil && step.Command != "" && step.Command == s.facts.Server.Command
}

// rest is what comes after the open cause, in the order of fixing.
func (p *wrong) rest(s *session, w int) []string {
	th := s.th
	var out []string
	for i, c := range s.report.Causes {
		if i == p.at {
			continue
		}
		name := ""
		if len(out) == 0 {
			name = "Then"
			if p.at > 0 {
				name = "Others"
			}
		}
		sign := th.Bad.Paint(theme.Fail)
		if c.Severity == causes.Warning {
			sign = th.Warn.Paint(theme.Warn)
		}
		out = append(out, cut(th.Dim.Paint(pad(name, leadWidth))+sign+" "+clean(c.Title), w))
	}
	return out
}

// commands are the open cause's commands, in the order of their keys.
func (p *wrong) commands(s *session) []string {
	c := p.cause(s)
	if c == nil {
		return nil
	}
	var out []string
	for _, step := range c.Fix {
		if step.Command != "" && !s.restarts(step) {
			out = append(out, step.Command)
		}
	}
	return out
}

// nextCommand is the command that c copies now; pressed again it copies the
// one after it.
func (p *wrong) nextCommand(s *session) (command string, n, of int) {
	all := p.commands(s)
	if len(all) == 0 {
		return "", 0, 0
	}
	n = p.copied % len(all)
	p.copied = n + 1
	return all[n], n + 1, len(all)
}
