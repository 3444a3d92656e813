package ui

import (
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"badsig/checks/affix"
	"badsig/ui/theme"
)

// tokenPane shows one token: its three segments, what it says, for how long,
// who signed it and what Stream responds to it.
type tokenPane struct{ scroll int }

// key switches between the tokens.
func (p *tokenPane) key(s *session, msg tea.KeyMsg) {
	if step := map[string]int{"left": -1, "right": 1, " ": 1}[msg.String()]; step != 0 {
		p.turn(s, step)
	}
}

// turn shows the next token.
func (p *tokenPane) turn(s *session, step int) {
	have := s.sources()
	if len(have) == 0 {
		return
	}
	now := s.pick()
	for i, src := range have {
		if src == now {
			s.source = have[(i+step+len(have))%len(have)]
			return
		}
	}
	s.source = have[0]
}

// title names the tokens there are, the shown one in brackets.
func (p *tokenPane) title(s *session) string {
	have := s.sources()
	if len(have) < 2 {
		if v, ok := s.tokenOf(fromAny); ok {
			return s.th.Dim.Paint(map[source]string{
				fromBackend: "from the backend", fromMinted: "signed by badsig", fromBrowser: "from the browser"}[v.source])
		}
		return ""
	}
	var names []string
	now := s.pick()
	for _, src := range have {
		if src == now {
			names = append(names, s.th.AccentBold.Paint("["+sourceNames[src]+"]"))
		} else {
			names = append(names, s.th.Dim.Paint(sourceNames[src]))
		}
	}
	return strings.Join(names, " ")
}

func (p *tokenPane) view(s *session, w int) []string {
	th := s.th
	v, ok := s.tokenOf(fromAny)
	if !ok {
		switch {
		case s.report == nil:
			return []string{th.Dim.Paint("requesting a token from the backend…")}
		case s.source == fromAny:
			return append(wrap("no token: the backend returned none, and badsig knows no secret to sign one with", w), "",
				th.Dim.Paint("paste one from the browser with "+s.key("paste")))
		}
		return []string{th.Dim.Paint("no such token")}
	}
	other, two := s.other(v.source)
	out := []string{segments(th, v.tok.Segments, w)}
	out = append(out, p.facts(s, v, other, two, w)...)
	if life := timeline(s, v, w); life != "" {
		out = append(out, life)
	}
	out = append(out, p.verdicts(s, v, w)...)
	for _, name := range extra(v.tok.Claims) {
		out = append(out, cut(th.Dim.Paint(pad(clean(name), 11))+clean(text(v.tok.Claims[name])), w))
	}
	return out
}

// other is the token to mark differences against: the backend's, or for the
// backend's own the browser's.
func (s *session) other(src source) (tokenView, bool) {
	if src == fromBackend {
		return s.tokenOf(fromBrowser)
	}
	return s.tokenOf(fromBackend)
}

// segments draws the token in jwt.io's three colors. Of the signature only
// the beginning is shown: a screen is easily shared.
func segments(th *theme.Theme, segs []string, w int) string {
	shown := make([]string, 0, 3)
	for i, seg := range segs {
		if i == 2 {
			seg = cut(clean(seg), 8)
		}
		shown = append(shown, clean(seg))
	}
	if len(shown) == 3 { // the signature stays in sight: the payload gives way
		room := w - width(shown[0]) - width(shown[2]) - 2
		if room < 8 {
			shown[0] = cut(shown[0], 8)
			room = w - width(shown[0]) - width(shown[2]) - 2
		}
		shown[1] = cut(shown[1], min(room, width(shown[1])-1)) // never a token that could be copied off the screen
	}
	for i := range shown {
		shown[i] = th.Segment[min(i, 2)].Paint(shown[i])
	}
	return cut(strings.Join(shown, th.Dim.Paint(".")), w)
}

// facts are alg, user_id, iat and exp in two columns where there is room.
func (p *tokenPane) facts(s *session, v, other tokenView, two bool, w int) []string {
	th := s.th
	name := func(n string) string { return th.Dim.Paint(pad(n, 8)) }
	mark := func(claim, shown string) string {
		if two && text(v.tok.Claims[claim]) != text(other.tok.Claims[claim]) {
			return th.Mark.Paint(shown)
		}
		return th.Bold.Paint(shown)
	}
	alg := clean(v.tok.Alg())
	algStyle := th.Bold
	if alg != "HS256" {
		algStyle = th.BadBold
		if alg == "" {
			alg = "none"
		}
	}
	user, note := s.userNote(v)
	iat, iatAway, _ := when(v.tok.Claims, "iat", s.now)
	exp, expAway, ok := when(v.tok.Claims, "exp", s.now)
	expStyle := th.Dim
	if ok && affix.HasSuffix(expAway, "ago") {
		expStyle = th.BadBold
	}
	if !ok && exp == "–" {
		expAway = "never expires"
	}
	a := name("alg") + algStyle.Paint(alg)
	b := name("user_id") + mark("user_id", user) + "  " + note
	c := name("iat") + mark("iat", iat) + "  " + th.Dim.Paint(iatAway)
	d := name("exp") + mark("exp", exp) + "  " + expStyle.Paint(expAway)
	if w < 60 {
		return []string{cut(b, w), cut(a, w), cut(c, w), cut(d, w)}
	}
	half := max(32, w*2/5)
	left := func(text string) string { return pad(cut(text, half-2), half) }
	return []string{cut(left(a)+b, w), cut(left(c)+d, w)}
}

// userNote is the user_id and whether it is the one that was requested.
func (s *session) userNote(v tokenView) (user, note string) {
	th := s.th
	id, ok := v.tok.UserID()
	switch {
	case !ok && v.tok.Claims["user_id"] == nil:
		return "–", th.Bad.Paint(theme.Fail + " no user_id")
	case !ok:
		return clean(text(v.tok.Claims["user_id"])), th.Bad.Paint(theme.Fail + " isn't a string")
	case id == s.userID():
		return clean(id), th.Good.Paint(theme.Pass) + th.Dim.Paint(" as requested")
	case v.source == fromBackend && s.pending:
		return clean(id), th.Dim.Paint("requesting again…")
	}
	return clean(id), th.Bad.Paint(theme.Fail + " requested: " + clean(s.userID()))
}

// verdicts are who signed the token and what Stream says to it.
func (p *tokenPane) verdicts(s *session, v tokenView, w int) []string {
	th := s.th
	name := func(n string) string { return th.Dim.Paint(pad(n, 11)) }
	signed := th.Dim.Paint("unknown secret")
	switch {
	case v.signed != "":
		signed = clean(v.signed)
	case v.source == fromBackend && v.fact != nil && v.fact.Signer == nil, v.source == fromBrowser && v.fact == nil:
		signed = th.Dim.Paint("looking…")
	case v.fact != nil && v.fact.Signer != nil:
		signed = th.Bad.Paint("none of "+plural(v.fact.Signer.Candidates, "known secret", "known secrets")) +
			th.Dim.Paint(", nor "+itoa(v.fact.Signer.Damages)+" typical corruptions of each")
	}
	out := []string{cut(name("signed by")+signed, w)}
	if v.answer != nil {
		st, by := th.Bad, "predicted"
		if v.answer.Status == 200 {
			st = th.Bold
		}
		if v.asked {
			by = "checked"
		}
		out = append(out, cut(name("Stream")+st.Paint(answerText(v.answer.Status, v.answer.Code, v.answer.Message))+th.Dim.Paint("  "+by), w))
	}
	return out
}

// timeline is the token's life from iat to exp with the present in it.
func timeline(s *session, v tokenView, w int) string {
	th := s.th
	iat, hasIat := v.tok.Claims.Time("iat")
	exp, hasExp := v.tok.Claims.Time("exp")
	left, right := th.Dim.Paint("iat "), th.Dim.Paint(" exp")
	room := w - 8
	if room < 6 {
		return ""
	}
	switch {
	case !hasExp:
		return "" // the line above says so
	case !hasIat:
		left = th.Dim.Paint("    ")
		iat = s.now
		if exp.Before(iat) {
			iat = exp
		}
	}
	total := exp.Sub(iat)
	at := 0
	if total > 0 {
		at = int(float64(room-1) * float64(s.now.Sub(iat)) / float64(total))
	} else {
		at = room
	}
	style := th.Good
	switch {
	case at >= room:
		style, at = th.Bad, room-1
	case at < 0:
		style, at = th.Bad, 0
	case exp.Sub(s.now) < total/10:
		style = th.Warn
	}
	return left + style.Paint(strings.Repeat(theme.Heavy, at)+theme.Knob) + th.Dim.Paint(strings.Repeat(theme.Line, room-1-at)) + right
}
