package ui

import (
	"cmp"
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"badsig/checks"
	"badsig/checks/probe"
	"badsig/tokens"
	"badsig/ui/theme"
)

// grid shows what Stream said to each key with each secret that was found.
type grid struct{ scroll int }

func (g *grid) title(*session) string { return "Which key goes with which secret, says Stream" }
func (g *grid) typing() bool          { return false }
func (g *grid) hints() [][2]string    { return [][2]string{{"↑↓", "scroll"}} }
func (g *grid) scroller() *int        { return &g.scroll }
func (g *grid) key(_ *app, msg tea.KeyMsg) tea.Cmd {
	scrollKey(&g.scroll, msg)
	return nil
}

func (g *grid) view(s *session, r rect) []string {
	th := s.th
	st := s.stream
	switch {
	case s.facts == nil:
		return []string{th.Dim.Paint("looking…")}
	case s.facts.Target.Offline:
		return wrap("Stream is not asked: --offline. With the dashboard's pair (d) it need not be.", r.w)
	case st == nil || len(st.Grid) == 0:
		say := "No pair was asked"
		if st != nil && st.Error != "" {
			say += ": " + clean(st.Error)
		}
		return wrap(say+".", r.w)
	}
	keys, secrets, cells := gridOf(st.Grid)
	head := []string{th.Dim.Paint("secret \\ key")}
	for _, k := range keys {
		head = append(head, th.Bold.Paint(clean(tokens.APIKey(k).Masked())))
	}
	rows := [][]string{head}
	for _, id := range secrets {
		row := []string{clean(s.secretName(id))}
		for _, k := range keys {
			row = append(row, cell(th, cells[gridKey{k, id}]))
		}
		rows = append(rows, row)
	}
	out := table(rows, 3, 1<<16)
	if slices.ContainsFunc(out, func(l string) bool { return width(l) > r.w }) {
		out = nil // no room for columns: one answer a line
		for i, row := range rows[1:] {
			out = append(out, cut(th.Bold.Paint(row[0]), r.w))
			for j, k := range keys {
				out = append(out, cut("  "+th.Dim.Paint("with ")+clean(tokens.APIKey(k).Masked())+"  "+rows[i+1][j+1], r.w))
			}
		}
	}
	out = append(out, "")
	if app := st.App; app != nil {
		out = append(out, cut(th.Dim.Paint("app      ")+clean(app.Name)+th.Dim.Paint("  id "+itoa(app.ID)), r.w))
	}
	if c := st.Control; c != nil {
		say := th.Good.Paint(theme.Pass) + " a spoilt signature is refused (" + answerText(c.Status, c.Code, "") + "): a 200 proves the secret"
		switch c.Status {
		case 200:
			say = th.Bad.Paint(theme.Fail) + " a spoilt signature passes too: a 200 proves nothing"
		case 0:
			say = th.Warn.Paint(theme.Unknown) + " Stream gave no answer to a spoilt signature"
		}
		out = append(out, hang(th.Dim.Paint("control  "), say, r.w)...)
	}
	return append(out, paintEach(th.Dim, wrap("A minted token asks for the app's settings; nothing is changed and no user is created.", r.w))...)
}

type gridKey struct {
	key    string
	secret int
}

// gridOf sorts the pairs into rows and columns, in the order asked.
func gridOf(pairs []probe.Pair) (keys []string, secrets []int, cells map[gridKey]*probe.Pair) {
	cells = map[gridKey]*probe.Pair{}
	seenKey, seenSecret := map[string]bool{}, map[int]bool{}
	for i := range pairs {
		p := &pairs[i]
		if !seenKey[p.Key] {
			seenKey[p.Key] = true
			keys = append(keys, p.Key)
		}
		if !seenSecret[p.Secret] {
			seenSecret[p.Secret] = true
			secrets = append(secrets, p.Secret)
		}
		cells[gridKey{p.Key, p.Secret}] = p
	}
	return keys, secrets, cells
}

func (s *session) secretName(id int) string {
	v := s.value(id)
	if v == nil {
		return "given"
	}
	return checks.Place(v) + "  #" + v.Fingerprint
}

// cell is one answer of Stream's.
func cell(th *theme.Theme, p *probe.Pair) string {
	switch {
	case p == nil:
		return th.Dim.Paint(theme.Skip + " not asked")
	case p.Answer.Status == 0:
		return th.Warn.Paint(theme.Unknown + " " + clean(p.Answer.Error))
	case p.Answer.Status == 200 && p.Cleaned:
		return th.Warn.Paint(theme.Pass + " 200, once cleaned")
	case p.Answer.Status == 200:
		return th.GoodBold.Paint(theme.Pass + " 200")
	}
	return th.Bad.Paint(theme.Fail + " " + answerText(p.Answer.Status, p.Answer.Code, ""))
}

// tokensBeside shows the backend's, the minted and the browser's token next to
// each other, with what differs marked.
type tokensBeside struct{ scroll int }

func (t *tokensBeside) title(*session) string { return "Tokens side by side" }
func (t *tokensBeside) typing() bool          { return false }
func (t *tokensBeside) hints() [][2]string    { return [][2]string{{"↑↓", "scroll"}} }
func (t *tokensBeside) scroller() *int        { return &t.scroll }
func (t *tokensBeside) key(_ *app, msg tea.KeyMsg) tea.Cmd {
	scrollKey(&t.scroll, msg)
	return nil
}

func (t *tokensBeside) view(s *session, r rect) []string {
	th := s.th
	var views []tokenView
	for _, src := range s.sources() {
		v, _ := s.tokenOf(src)
		views = append(views, v)
	}
	if len(views) == 0 {
		return []string{th.Dim.Paint("there is no token yet")}
	}
	gap := 2
	if r.w < 72 {
		gap = 1
	}
	col := max(12, (r.w-len("signature")-gap)/len(views)-gap)
	head := []string{""}
	for _, v := range views {
		head = append(head, th.AccentBold.Paint(sourceNames[v.source]))
	}
	rows := [][]string{head}
	line := func(name string, of func(tokenView) string, mark bool) {
		cells, high := make([][]string, len(views)), 1
		for i, v := range views {
			cells[i] = wrap(clean(of(v)), col)
			if mark && clean(of(v)) != clean(of(views[0])) {
				paintEach(th.Mark, cells[i])
			}
			high = max(high, len(cells[i]))
		}
		for n := range high { // what is long goes on below
			row := []string{th.Dim.Paint(clean(name))}
			name = ""
			for i := range cells {
				text := ""
				if n < len(cells[i]) {
					text = cells[i][n]
				}
				row = append(row, text)
			}
			rows = append(rows, row)
		}
	}
	line("alg", func(v tokenView) string { return v.tok.Alg() }, true)
	names := map[string]bool{"user_id": true, "iat": true, "exp": true}
	order := []string{"user_id", "iat", "exp"}
	for _, v := range views {
		for _, n := range append([]string{"nbf"}, extra(v.tok.Claims)...) {
			if _, has := v.tok.Claims[n]; has && !names[n] {
				names[n] = true
				order = append(order, n)
			}
		}
	}
	for _, n := range order {
		line(n, func(v tokenView) string { return text(v.tok.Claims[n]) }, true)
		if n == "iat" || n == "exp" || n == "nbf" {
			at := func(v tokenView) string { at, _, _ := when(v.tok.Claims, n, s.now); return at }
			away := func(v tokenView) string { _, away, _ := when(v.tok.Claims, n, s.now); return away }
			if col < len("00:00:00  in 59 m 59 s") {
				line("", at, false)
				line("", away, false)
			} else {
				line("", func(v tokenView) string { return at(v) + "  " + away(v) }, false)
			}
		}
	}
	line("signature", func(v tokenView) string {
		if len(v.tok.Segments) < 3 {
			return "none"
		}
		return cut(v.tok.Segments[2], 8)
	}, true)
	line("signed by", func(v tokenView) string { return cmp.Or(v.signed, "not known") }, true)
	line("Stream", func(v tokenView) string {
		if v.answer == nil {
			return "not asked"
		}
		return answerText(v.answer.Status, v.answer.Code, v.answer.Message)
	}, true)
	out := table(rows, gap, r.w)
	if len(views) < 3 {
		out = append(out, "")
		if _, ok := s.tokenOf(fromBrowser); !ok {
			out = append(out, paintEach(th.Dim, wrap("ctrl+p takes the browser's token: paste it, or its WebSocket URL", r.w))...)
		}
		if s.minted == "" {
			out = append(out, paintEach(th.Dim, wrap("d takes the dashboard's pair: with it a token is minted here", r.w))...)
		}
	}
	return out
}
