package ui

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/ui/theme"
)

// Rules of this file:
//   - a header's value may be a login: it is never drawn, and is gone when badsig ends

// headers is where a header or a cookie is typed or pasted that the token
// request needs, such as a session.
type headers struct {
	in   field
	says string // what is wrong with it
}

func newHeaders() overlay { return &headers{in: newField("", false)} }

func (p *headers) title(*session) string { return "Header or cookie" }
func (p *headers) typing() bool          { return true }
func (p *headers) hints() [][2]string {
	return [][2]string{{"enter", "send it and recheck"}, {"ctrl+u", "clear"}}
}

func (p *headers) key(a *app, msg tea.KeyMsg) tea.Cmd {
	if msg.String() != "enter" {
		if msg.Paste { // several lines are several headers
			msg.Runes = []rune(affix.ReplaceAll(strings.TrimSpace(string(msg.Runes)), "\r\n", "\n"))
			if lines := strings.Split(string(msg.Runes), "\n"); len(lines) > 1 {
				return p.add(a, lines)
			}
		}
		if p.in.key(msg, true) {
			p.says = ""
		}
		return nil
	}
	if strings.TrimSpace(p.in.value()) == "" {
		a.over = nil
		return nil
	}
	return p.add(a, []string{p.in.value()})
}

// add sends the headers from now on; one without a value is sent no more.
func (p *headers) add(a *app, lines []string) tea.Cmd {
	next := a.s.target.Header.Clone()
	if next == nil {
		next = http.Header{}
	}
	var names []string
	for _, l := range lines {
		if strings.TrimSpace(l) == "" {
			continue
		}
		name, value, why := facts.ReadHeader(l)
		if why != "" {
			p.says = why + ", such as Cookie: session=… or Authorization: Bearer …"
			return nil
		}
		if next.Del(name); value != "" {
			next.Set(name, value)
		}
		names = append(names, http.CanonicalHeaderKey(name))
	}
	a.s.target.Header = next
	a.over = nil
	a.say(good, "rechecking with "+strings.Join(names, ", ")+"; the value stays in memory")
	if len(names) == 1 && next.Get(names[0]) == "" {
		a.say(note, "rechecking without "+names[0])
	}
	return tea.Batch(a.start(), fade(toastFor))
}

func (p *headers) view(s *session, r rect) []string {
	th := s.th
	name, value, colon := affix.Cut(p.in.value(), ":")
	shown := clean(name)
	if string(hidden([]rune(name))) != name || !colon && len(name) > maxHeaderName { // a value without its name
		shown = strings.Repeat("•", len([]rune(name)))
	}
	if colon {
		shown += ": " + strings.Repeat("•", len([]rune(strings.TrimSpace(value))))
	}
	out := []string{th.Accent.Paint(theme.Point+" ") + cut(shown, r.w-4) + th.Cursor.Paint(" "), ""}
	if p.says != "" {
		out = append(append(out, paintEach(th.Bold, wrap(p.says, r.w))...), "")
	}
	out = append(out, paintEach(th.Dim, wrap("What your front end's request has and badsig's doesn't, such as Cookie: session=… or Authorization: Bearer …. "+
		"It goes to the token endpoint only, and badsig doesn't judge it as Stream's token. The value isn't shown or saved. A name without a value removes the header.", r.w))...)
	if len(s.target.Header) > 0 {
		out = append(out, "", th.Bold.Paint("Sent now"))
		for _, n := range slices.Sorted(maps.Keys(s.target.Header)) {
			out = append(out, cut("  "+clean(n)+th.Dim.Paint("  "+plural(len(strings.Join(s.target.Header[n], "")), "character", "characters")), r.w))
		}
	}
	return out
}

// maxHeaderName is more than a header's name has; what is longer is its value.
const maxHeaderName = 30
