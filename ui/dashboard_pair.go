package ui

import (
	"slices"
	"strings"

	"github.com/charmbracelet/bubbletea"

	"badsig/checks/facts"
	"badsig/tokens"
	"badsig/ui/theme"
)

// Rules of this file:
//   - the dashboard's secret is masked, lives in memory only, and no character of it is drawn
//   - a difference is shown by its kind, its length and its positions

// compare reads the pair that the dashboard shows and says immediately, for every
// place in the project, whether it is the same, and if not, in what.
type compare struct {
	key1   field // the API key
	secret field
	at     int
	rows   []compared
	scroll int
}

// compared is one place beside the dashboard's value.
type compared struct {
	value *facts.Value
	diff  tokens.Difference
	align string // tokens.Align, where they differ
}

func newCompare(s *session) overlay {
	c := &compare{key1: newField(string(s.target.APIKey), false), secret: newField("", true)}
	if s.target.APIKey != "" {
		c.at = 1
	}
	c.compare(s)
	return c
}

func (c *compare) title(*session) string { return "Compare with the dashboard" }
func (c *compare) typing() bool          { return true }
func (c *compare) scroller() *int        { return &c.scroll }
func (c *compare) hints() [][2]string {
	return [][2]string{{"tab", "field"}, {"enter", "use and recheck"}, {"ctrl+u", "clear"}, {"pgup pgdn", "scroll"}}
}

func (c *compare) key(a *app, msg tea.KeyMsg) tea.Cmd {
	switch msg.String() {
	case "tab", "shift+tab", "up", "down":
		c.at = 1 - c.at
		return nil
	case "pgup":
		c.scroll = max(0, c.scroll-5)
		return nil
	case "pgdown":
		c.scroll += 5
		return nil
	case "enter":
		return c.use(a)
	}
	f := &c.key1
	if c.at == 1 {
		f = &c.secret
	}
	// What is pasted into the secret is kept to the byte, a trailing newline
	// aside: a space that the clipboard brought along is worth seeing.
	if msg.Paste && c.at == 1 {
		msg.Runes = []rune(strings.TrimRight(string(msg.Runes), "\r\n"))
	}
	if s := strings.TrimSpace(string(msg.Runes)); msg.Paste && c.at == 0 && tokens.NewSecret([]byte(s)).WellFormed() { // it belongs below
		c.at, f = 1, &c.secret
		msg.Runes = []rune(s)
	}
	if f.key(msg, c.at == 0) {
		if v := c.key1.value(); c.at == 0 && tokens.NewSecret([]byte(v)).WellFormed() { // typed, or pasted by a terminal that doesn't say so
			c.key1.set("")
			c.secret.set(v)
			c.at = 1
		}
		c.compare(a.s)
	}
	return nil
}

// typed is the secret in the field, or the one given earlier.
func (c *compare) typed(s *session) tokens.Secret {
	if v := c.secret.value(); v != "" {
		return tokens.NewSecret([]byte(v))
	}
	return s.target.Secret
}

// compare compares with every place; called when something changed, not for a frame.
func (c *compare) compare(s *session) {
	c.rows = nil
	dash := c.typed(s)
	if s.facts == nil || s.world == nil {
		return
	}
	for i := range s.facts.Values {
		v := &s.facts.Values[i]
		if v.Comment || v.Kind == facts.KindKnown || v.Kind == facts.KindDashboard || v.Role == facts.RoleTest || v.Role == facts.RoleDocs || v.Role == facts.RoleExample {
			continue
		}
		switch v.What {
		case facts.WhatSecret:
			row := compared{value: v}
			if !dash.IsZero() {
				row.diff = tokens.Compare(dash, s.world.Secret(v.ID))
				if !row.diff.Equal {
					row.align = tokens.Align(dash, s.world.Secret(v.ID))
				}
			}
			c.rows = append(c.rows, row)
		case facts.WhatKey:
			c.rows = append(c.rows, compared{value: v, diff: tokens.Difference{Equal: v.Key == c.key1.value()}})
		}
	}
}

// use runs the checks with the pair.
func (c *compare) use(a *app) tea.Cmd {
	if c.secret.value() == "" && c.key1.value() == string(a.s.target.APIKey) {
		a.over = nil
		return nil
	}
	a.s.target.APIKey = tokens.APIKey(strings.TrimSpace(c.key1.value()))
	a.s.target.Secret = c.typed(a.s)
	c.secret.in.Reset()
	a.over = nil
	a.s.mint()
	a.say(good, "rechecking with the dashboard's key and secret; they stay in memory")
	return a.start()
}

func (a pastes) forgetPair() tea.Cmd {
	a.s.target.APIKey, a.s.target.Secret = "", tokens.Secret{}
	a.s.mint()
	a.say(note, "forgot the dashboard's key and secret")
	return a.start()
}

func (c *compare) view(s *session, r rect) []string {
	th := s.th
	lead := func(name string) string { return th.Dim.Paint(pad(name, 9)) }
	out := []string{
		lead("API key") + c.key1.view(th, r.w-9, c.at == 0),
		lead("Secret") + c.secret.view(th, r.w-9, c.at == 1),
	}
	dash := c.typed(s)
	switch {
	case dash.IsZero():
		out = append(out, hang(lead(""), th.Dim.Paint("dashboard.getstream.io › your app › App Access Keys"), r.w)...)
	default:
		say := dash.String()
		if dash.WellFormed() {
			say = th.Good.Paint(theme.Pass) + " " + say + th.Dim.Paint(", as every Stream secret")
		} else {
			say = th.Warn.Paint(theme.Warn) + " " + say + th.Dim.Paint("; Stream secrets are 64 characters (a-z, 0-9)")
		}
		out = append(out, hang(lead(""), say, r.w)...)
	}
	out = append(out, "")
	if len(c.rows) == 0 {
		return append(out, th.Dim.Paint("no API key or secret found in the project"))
	}
	places := 0
	for _, row := range c.rows {
		places = max(places, width(clean(facts.Where(row.value))))
	}
	places = min(places, r.w/2)
	for _, row := range c.rows {
		out = append(out, c.row(s, row, places, r.w)...)
	}
	if legend := c.legend(th); legend != "" {
		out = append(append(out, ""), wrap(legend, r.w)...)
	}
	return out
}

// row is one place beside the dashboard's value; where the columns do not fit,
// one beneath the other.
func (c *compare) row(s *session, row compared, places, w int) []string {
	const columns = 8 + len("128 chars #0123abcd  ") + len("x differs")
	th, v := s.th, row.value
	place, indent := pad(cutMiddle(clean(facts.Where(v)), places), places+2), places+2
	var out []string
	put := func(text string) { out = append(out, cut(strings.Repeat(" ", indent)+text, w)) }
	if stacked := indent+columns > w; stacked {
		place, indent = cutMiddle(clean(facts.Where(v)), w), 2
	}
	if v.Wins {
		place = th.Bold.Paint(place)
	}
	say := th.Dim.Paint("secret  ") + itoa(v.Length) + " chars " + th.Dim.Paint("#"+v.Fingerprint)
	known := !c.typed(s).IsZero()
	if v.What == facts.WhatKey {
		say, known = th.Dim.Paint("key     ")+clean(v.Key), c.key1.value() != ""
	}
	if known {
		say += "  " + same(th, row.diff.Equal)
	}
	if put(say); indent > 2 {
		out[0] = cut(place+say, w)
	} else {
		out = append([]string{place}, out...)
	}
	if v.What == facts.WhatKey || !known || row.diff.Equal {
		return out
	}
	indent += 8
	put(th.Bold.Paint(differs(row.diff)))
	if row.align != "" {
		indent = max(0, min(indent, w-len(row.align)))
		for half := range slices.Chunk([]byte(row.align), stripRow(len(row.align), w)) {
			put(strip(th, string(half)))
		}
	}
	return out
}
