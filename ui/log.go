package ui

import (
	"strings"

	"github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/tokens"
	"badsig/ui/theme"
)

// logs is the pane of the backend's output.
type logs struct {
	up    int // lines scrolled up from the end; 0 follows
	total int // lines there were when the view was scrolled: new ones do not move it
	rows  int // of the last frame
	find  finder
}

func (p *logs) hints() [][2]string {
	return [][2]string{{"↑↓", "scroll"}, {"f", "follow"}, {"/", "search"}, {"n N", "next, previous"}}
}

func (p *logs) title(s *session, name func(string) string) (title, right string) {
	if s.child == nil {
		return name("Log"), ""
	}
	right = "following"
	if p.up > 0 {
		right = itoa(p.up) + " lines below"
	}
	if p.find.word != "" {
		right = "/" + clean(p.find.word) + "  " + right
	}
	return name("Log") + s.th.Dim.Paint("  "+clean(s.child.says())), s.th.Dim.Paint(right)
}

func (p *logs) key(s *session, msg tea.KeyMsg) {
	if s.child == nil {
		return
	}
	page := max(1, p.rows-1)
	n := s.child.ring.len()
	switch msg.String() {
	case "up", "k":
		p.up++
	case "down", "j":
		p.up--
	case "pgup":
		p.up += page
	case "pgdown", " ":
		p.up -= page
	case "home", "g":
		p.up = n
	case "end", "G", "f":
		p.up = 0
	case "/":
		p.find.begin()
	case "n":
		p.seek(&s.child.ring, -1)
	case "N":
		p.seek(&s.child.ring, 1)
	}
	p.up = max(0, min(p.up, n-p.rows))
	p.total = n + s.child.ring.dropped
}

// seek moves to the next match upwards (-1) or downwards (1), or to the last
// one at or above the last line shown (0); found says that there is one.
func (p *logs) seek(r *ring, step int) (found bool) {
	if p.find.match == nil {
		return false
	}
	from := r.len() - 1 - p.up + step
	if step == 0 {
		step = -1
	}
	for i := from; i >= 0 && i < r.len(); i += step {
		if p.find.match.MatchString(ansi.Strip(r.at(i).text)) {
			p.up = r.len() - 1 - i
			return true
		}
	}
	return false
}

func (p *logs) view(s *session, w, h int) []string {
	th := s.th
	if s.child == nil {
		return append(wrap("badsig didn't start the backend. With", w),
			"", th.AccentBold.Paint("  badsig run -- npm run dev"), "",
			th.Dim.Paint(cut("its output appears here, "+s.key("restart")+" restarts it, and it stops when badsig exits.", w)))
	}
	if !s.guarded() {
		return wrap(th.Dim.Paint("The log appears once badsig knows which secrets to redact."), w)
	}
	r := &s.child.ring
	head := p.head(s, w)
	rows := max(1, h-len(head))
	if p.find.typing {
		rows = max(1, rows-1)
	}
	p.rows = rows
	if p.up > 0 { // stay where the reader is while lines come in
		p.up += r.len() + r.dropped - p.total
		p.total = r.len() + r.dropped
		p.up = max(0, min(p.up, r.len()-rows))
	}
	out := head
	end := r.len() - p.up
	for i := max(0, end-rows); i < end; i++ {
		out = append(out, p.line(s, r.at(i), w))
	}
	if p.find.typing {
		for len(out) < h-1 {
			out = append(out, "")
		}
		out = append(out, p.find.view(th, w))
	}
	return out
}

// head is the last documented request beside the token that came back.
func (p *logs) head(s *session, w int) []string {
	th := s.th
	n := len(s.child.ring.requests)
	if n == 0 {
		return nil
	}
	req := s.child.ring.requests[n-1]
	st, say := p.compareRequest(s, req)
	line, say := signOf(th, st)+" "+clean(req.line()), th.Dim.Paint(say)
	if width(line)+2+width(say) <= w {
		return []string{line + "  " + say, ""}
	}
	return append(append(wrap(line, w), hang("  ", say, w)...), "")
}

// compareRequest compares a documented request with the token that came back
// to badsig. A request for another user may be the browser's: no fault.
func (p *logs) compareRequest(s *session, req *request) (finding.Status, string) {
	v, ok := s.tokenOf(fromBackend)
	switch {
	case !ok:
		return "", "no token has come back to compare it with"
	case req.id == "undefined" || req.id == "null" || req.id == "":
		return finding.Fail, "the backend did not read a userId from the request"
	}
	id, _ := v.tok.UserID()
	switch {
	case req.id != id && req.id == s.userID():
		return finding.Fail, "the token that came back is for " + clean(id)
	case req.id != id:
		return "", "another user's request"
	case req.preview != "" && v.raw != "" && !affix.HasPrefix(v.raw, req.preview):
		return finding.Fail, "its preview is not the beginning of the token that came back"
	case req.name != s.target.UserName:
		return "", "the same user under another name"
	}
	say := "user and name agree with the token that came back"
	if req.preview != "" {
		say = "user, name and preview agree with the token that came back"
	}
	return finding.Pass, say
}

// guarded reports whether the project was looked through: before, it is unknown
// what a log may not show.
func (s *session) guarded() bool {
	return s.report != nil || s.facts != nil && s.facts.Project != nil
}

// redact removes known secrets, all that looks like one, and signatures
// from a line of the backend's log, because screens are shared easily. A line that had
// one loses its colors, since they may be in the middle of it.
func (s *session) redact(text string) string {
	plain := ansi.Strip(text)
	safe := plain
	if s.facts != nil && s.world != nil {
		for i := range s.facts.Values {
			if v := &s.facts.Values[i]; v.What != facts.WhatKey && v.Kind != facts.KindKnown && !v.Placeholder && v.Key == "" {
				safe = s.world.Secret(v.ID).Redact(safe)
			}
		}
	}
	if s.world != nil {
		safe = s.world.Redact(safe)
	}
	safe = tokens.RedactSecrets(tokens.RedactTokens(s.target.Secret.Redact(safe)), s.userID(), s.target.UserName)
	if safe == plain {
		return text
	}
	return safe
}

// line is one line of the log: a gutter for what is recognized, and the text.
func (p *logs) line(s *session, l logLine, w int) string {
	th := s.th
	if l.mark {
		return cut(th.Accent.Paint(strings.Repeat(theme.Line, 2)+" "+l.text+" "+strings.Repeat(theme.Line, 2)), w)
	}
	gutter := "  "
	if l.req != nil && !l.req.old {
		st, _ := p.compareRequest(s, l.req)
		gutter = signOf(th, st) + " "
	}
	text := s.redact(l.text)
	text = p.find.mark(th, text)
	return cut(gutter+text, w)
}
