package ui

import (
	"regexp"
	"strings"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"badsig/ui/theme"
)

// finder is a search in what a pane shows: / begins it, enter searches, esc ends it.
type finder struct {
	input  field
	typing bool
	word   string // what is searched for
	match  *regexp.Regexp
}

func (f *finder) begin() { f.typing, f.input = true, newField("", false) }

func (f *finder) end() { f.typing, f.word, f.match = false, "", nil }

// key types; searched says that the word is whole now.
func (f *finder) key(msg tea.KeyMsg) (searched bool) {
	switch msg.String() {
	case "enter":
		f.typing, f.word, f.match = false, f.input.value(), nil
		if f.word != "" {
			f.match = regexp.MustCompile("(?i)" + regexp.QuoteMeta(f.word))
		}
		return true
	case "esc":
		f.end()
	default:
		f.input.key(msg, true)
	}
	return false
}

// view is the line that the word is typed in.
func (f *finder) view(th *theme.Theme, w int) string {
	return th.AccentBold.Paint("/") + f.input.view(th, w-1, true)
}

// mark paints what was found in a line.
func (f *finder) mark(th *theme.Theme, line string) string {
	if f.match == nil {
		return line
	}
	plain := ansi.Strip(line)
	at := f.match.FindStringIndex(plain)
	if at == nil {
		return line
	}
	return plain[:at[0]] + th.Mark.Paint(plain[at[0]:at[1]]) + plain[at[1]:]
}

// pager is a scrolled page over the panes, with the keys of less.
type pager struct {
	at    int
	find  finder
	lines []string // of the last frame, without colors
}

func (p *pager) typing() bool   { return p.find.typing }
func (p *pager) scroller() *int { return &p.at }

func (p *pager) hints() [][2]string {
	if p.find.typing {
		return [][2]string{{"enter", "search"}}
	}
	return [][2]string{{"↑↓", "scroll"}, {"/", "search"}, {"g G", "top, end"}}
}

// escape ends a search; where there is none, the page is left.
func (p *pager) escape() bool {
	had := p.find.typing || p.find.word != ""
	p.find.end()
	return had
}

func (p *pager) key(a *app, msg tea.KeyMsg) tea.Cmd {
	if p.find.typing {
		if p.find.key(msg) {
			return p.next(a, p.at-1, 1)
		}
		return nil
	}
	switch msg.String() {
	case "q":
		a.over = nil
	case "/":
		p.find.begin()
	case "n":
		return p.next(a, p.at, 1)
	case "N":
		return p.next(a, p.at, -1)
	default:
		scrollKey(&p.at, msg)
	}
	return nil
}

// next scrolls to the next line in which the word is; after the last one it
// begins at the first.
func (p *pager) next(a *app, from, step int) tea.Cmd {
	if p.find.match == nil {
		return nil
	}
	n := len(p.lines)
	for i := 1; i <= n; i++ {
		if at := ((from+step*i)%n + n) % n; p.find.match.MatchString(p.lines[at]) {
			p.at = at
			return nil
		}
	}
	a.say(note, "not found: "+p.find.word)
	return fade(toastFor)
}

// page keeps the lines for the search, and marks in them what was found.
func (p *pager) page(th *theme.Theme, lines []string) []string {
	p.lines = make([]string, len(lines))
	for i, l := range lines {
		p.lines[i] = ansi.Strip(l)
		lines[i] = p.find.mark(th, l)
	}
	return lines
}

// scrollKey moves a scrolled text.
func scrollKey(at *int, msg tea.KeyMsg) {
	switch msg.String() {
	case "up", "k":
		*at--
	case "down", "j", "enter":
		*at++
	case "pgup", "b", "ctrl+b":
		*at -= 10
	case "pgdown", " ", "ctrl+f":
		*at += 10
	case "home", "g":
		*at = 0
	case "end", "G":
		*at = 1 << 20
	}
	*at = max(0, *at)
}

// matches reports whether the word is in any of some strings.
func (f *finder) matches(texts ...string) bool {
	return f.match != nil && f.match.MatchString(strings.Join(texts, " "))
}
