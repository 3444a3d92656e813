package ui

import (
	"badsig/checks/facts"
	"time"

	"badsig/ui/theme"
)

// tokensBeside shows the backend's, the minted and the browser's token next to
// each other, with what differs marked.
type tokensBeside struct{ pager }

func (t *tokensBeside) title(*session) string { return "Tokens side by side" }

func (t *tokensBeside) view(s *session, r rect) []string { return t.page(s.th, t.body(s, r)) }

func (t *tokensBeside) body(s *session, r rect) []string {
	c := columns{th: s.th}
	for _, src := range s.sources() {
		v, _ := s.tokenOf(src)
		c.views = append(c.views, v)
	}
	if len(c.views) == 0 {
		return []string{s.th.Dim.Paint("no token yet")}
	}
	gap := 2
	if r.w < 72 {
		gap = 1
	}
	c.width = max(12, (r.w-len("signature")-gap)/len(c.views)-gap)
	c.head()
	c.line("alg", func(v tokenView) string { return v.tok.Alg() }, true)
	for _, name := range c.claims() {
		c.claim(name, s.now)
	}
	c.line("signature", func(v tokenView) string {
		if len(v.tok.Segments) < 3 {
			return "none"
		}
		return cut(v.tok.Segments[2], 8)
	}, true)
	c.line("signed by", func(v tokenView) string { return facts.First(v.signed, "unknown") }, true)
	c.line("Stream", func(v tokenView) string {
		if v.answer == nil {
			return "not checked"
		}
		return answerText(v.answer.Status, v.answer.Code, v.answer.Message)
	}, true)
	out := table(c.rows, gap, r.w)
	if len(c.views) < 3 {
		out = append(out, "")
		if _, ok := s.tokenOf(fromBrowser); !ok {
			out = append(out, paintEach(s.th.Dim, wrap(s.key("paste")+": paste the browser's token or its WebSocket URL", r.w))...)
		}
		if s.minted == "" {
			out = append(out, paintEach(s.th.Dim, wrap(s.key("dashboard")+": enter the dashboard's key and secret, and badsig signs a token to compare", r.w))...)
		}
	}
	return out
}

// columns are tokens in a table that is being made, one a column.
type columns struct {
	th    *theme.Theme
	views []tokenView
	width int // of a column, in cells
	rows  [][]string
}

func (c *columns) head() {
	head := []string{""}
	for _, v := range c.views {
		head = append(head, c.th.AccentBold.Paint(sourceNames[v.source]))
	}
	c.rows = append(c.rows, head)
}

// line adds what one name is in each token; mark says that what differs
// from the first is marked.
func (c *columns) line(name string, of func(tokenView) string, mark bool) {
	cells, high := make([][]string, len(c.views)), 1
	for i, v := range c.views {
		cells[i] = wrap(clean(of(v)), c.width)
		if mark && clean(of(v)) != clean(of(c.views[0])) {
			paintEach(c.th.Mark, cells[i])
		}
		high = max(high, len(cells[i]))
	}
	for n := range high { // what is long goes on below
		row := []string{c.th.Dim.Paint(clean(name))}
		name = ""
		for i := range cells {
			text := ""
			if n < len(cells[i]) {
				text = cells[i][n]
			}
			row = append(row, text)
		}
		c.rows = append(c.rows, row)
	}
}

// claims names the claims of all the tokens, the usual ones first.
func (c *columns) claims() []string {
	seen := map[string]bool{"user_id": true, "iat": true, "exp": true}
	order := []string{"user_id", "iat", "exp"}
	for _, v := range c.views {
		for _, name := range append([]string{"nbf"}, extra(v.tok.Claims)...) {
			if _, has := v.tok.Claims[name]; has && !seen[name] {
				seen[name] = true
				order = append(order, name)
			}
		}
	}
	return order
}

// claim adds a claim, and below a time how far it is away.
func (c *columns) claim(name string, now time.Time) {
	c.line(name, func(v tokenView) string { return text(v.tok.Claims[name]) }, true)
	if name != "iat" && name != "exp" && name != "nbf" {
		return
	}
	at := func(v tokenView) string { at, _, _ := when(v.tok.Claims, name, now); return at }
	away := func(v tokenView) string { _, away, _ := when(v.tok.Claims, name, now); return away }
	if c.width < len("00:00:00  in 59 m 59 s") {
		c.line("", at, false)
		c.line("", away, false)
		return
	}
	c.line("", func(v tokenView) string { return at(v) + "  " + away(v) }, false)
}
