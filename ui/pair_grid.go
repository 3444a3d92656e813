package ui

import (
	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/tokens"
	"badsig/ui/theme"
)

// grid shows what Stream said to each key with each secret found.
type grid struct{ pager }

func (g *grid) title(*session) string { return "Which key/secret pairs Stream accepts" }

func (g *grid) view(s *session, r rect) []string { return g.page(s.th, g.body(s, r)) }

func (g *grid) body(s *session, r rect) []string {
	th := s.th
	st := s.stream
	switch {
	case s.facts == nil:
		return []string{th.Dim.Paint("looking…")}
	case s.facts.Target.Offline:
		return wrap("Not tested: --offline. With the dashboard's key and secret ("+s.key("dashboard")+"), badsig can verify them without Stream.", r.w)
	case st == nil || len(st.Grid) == 0:
		say := "No key/secret pair was tested"
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
		row := []string{clean(secretName(s, id))}
		for _, k := range keys {
			row = append(row, cell(th, cells[gridKey{k, id}]))
		}
		rows = append(rows, row)
	}
	out := table(rows, 3, 1<<16)
	if affix.Any(out, func(l string) bool { return width(l) > r.w }) {
		out = nil // no room for columns: one response a line
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
		say := th.Good.Paint(theme.Pass) + " a tampered signature is rejected (" + answerText(c.Status, c.Code, "") + "), so a 200 is conclusive"
		switch c.Status {
		case 200:
			say = th.Bad.Paint(theme.Fail) + " a tampered signature is accepted too, so a 200 proves nothing"
		case 0:
			say = th.Warn.Paint(theme.Unknown) + " no response from Stream to a tampered signature"
		}
		out = append(out, hang(th.Dim.Paint("control  "), say, r.w)...)
	}
	return append(out, paintEach(th.Dim, wrap("badsig reads the app's settings with a token of its own; nothing is changed and no user is created.", r.w))...)
}

type gridKey struct {
	key    string
	secret int
}

// gridOf sorts the pairs into rows and columns, in the order of testing.
func gridOf(pairs []facts.Pair) (keys []string, secrets []int, cells map[gridKey]*facts.Pair) {
	cells = map[gridKey]*facts.Pair{}
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

func secretName(s *session, id int) string {
	v := s.value(id)
	if v == nil {
		return "given"
	}
	return facts.Where(v) + "  #" + v.Fingerprint
}

// cell is one response from Stream.
func cell(th *theme.Theme, p *facts.Pair) string {
	switch {
	case p == nil:
		return th.Dim.Paint(theme.Skip + " not checked")
	case p.Answer.Status == 0:
		return th.Warn.Paint(theme.Unknown) + " " + clean(p.Answer.Error)
	case p.Answer.Status == 200 && p.Cleaned:
		return th.Warn.Paint(theme.Pass) + " 200 once trimmed"
	case p.Answer.Status == 200:
		return th.GoodBold.Paint(theme.Pass) + th.Bold.Paint(" 200")
	}
	return th.Bad.Paint(theme.Fail + " " + answerText(p.Answer.Status, p.Answer.Code, ""))
}
