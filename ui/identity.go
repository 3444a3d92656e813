package ui

import (
	"slices"
	"sort"
	"strings"

	"github.com/charmbracelet/bubbletea"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/loopback"
	"badsig/tokens"
	"badsig/ui/theme"
)

// identity is the pane of who connects, with what: userId and userName edited in
// place, the key, the secret, the endpoint, each with where it was found.
type identity struct {
	fields [2]field // userId, userName
	at     int      // the field that letters go to
	scroll int
	sure   string    // a value that looks like a secret, and isn't
	kept   [2]string // the fields when the checks ran with them last
}

func newIdentity(userID, userName string) identity {
	return identity{fields: [2]field{newField(userID, false), newField(userName, false)}, kept: [2]string{userID, userName}}
}

// key handles a key while the pane has the focus; changed says that the
// identity is another one now.
func (p *identity) key(msg tea.KeyMsg) (changed bool) {
	switch msg.String() {
	case "up":
		p.at = 0
	case "enter":
		if v := p.fields[p.at].value(); v != p.sure && string(hidden([]rune(v))) != v {
			p.sure = v
			return true
		}
		p.at = min(p.at+1, len(p.fields)-1)
	case "down":
		p.at = min(p.at+1, len(p.fields)-1)
	default:
		return p.fields[p.at].key(msg, true)
	}
	return false
}

// held keeps a value back that may be a secret: it isn't used before enter is
// pressed, and a whole secret goes where it belongs.
func (p *identity) held(a *app) (cmd tea.Cmd, held bool) {
	f := &p.fields[p.at]
	value := f.value()
	if value == p.sure || string(hidden([]rune(value))) == value {
		return nil, false
	}
	a.edits++ // what was typed so far isn't anyone's ID
	a.s.target.UserID, a.s.target.UserName = p.kept[0], p.kept[1]
	a.s.mint()
	secret := []rune(affix.TrimPrefix(value, p.kept[p.at])) // it may have come after what was there
	if cmd, moved := (pastes{a}).movedSecret(tea.KeyMsg{Paste: true, Runes: secret}); moved {
		p.leave()
		return cmd, true
	}
	a.say(note, "this looks like a secret, so it isn't shown or used; enter uses it as the user's all the same")
	return fade(toastFor), true
}

// leave discards a value that was held.
func (p *identity) leave() {
	for i := range p.fields {
		if v := p.fields[i].value(); v != p.sure && string(hidden([]rune(v))) != v {
			p.fields[i].set(p.kept[i])
		}
	}
}

// tab goes to the next field; false says that the pane has no further one.
func (p *identity) tab(forward bool) bool {
	next := p.at + 1
	if !forward {
		next = p.at - 1
	}
	if next < 0 || next >= len(p.fields) {
		return false
	}
	p.at = next
	return true
}

func (p *identity) view(s *session, w int, focused bool) []string {
	th := s.th
	lead := func(name string) string { return th.Dim.Paint(pad(name, 10)) }
	room := w - 10
	var out []string
	for i, name := range []string{"userId", "userName"} {
		out = append(out, lead(name)+p.fields[i].view(th, room, focused && p.at == i))
	}
	if s.facts == nil {
		return append(out, lead("API key")+th.Dim.Paint("looking…"), lead("Secret")+th.Dim.Paint("looking…"))
	}
	items := []item{keyItem(s), secretItem(s), endpointItem(s, room)}
	if s.facts.Target.Origin != "" {
		items = append(items, originItem(s, room))
	}
	for _, it := range items {
		for i, text := range it.lines {
			if i > 0 {
				it.name = ""
			}
			out = append(out, lead(it.name)+cut(text, room))
		}
	}
	return out
}

// item is a name with what it is, and under that where it was found.
type item struct {
	name  string
	lines []string
}

// keysInUse are the keys that front end, backend and dashboard really use.
func (s *session) keysInUse() (ids []int, distinct []string) {
	add := func(id int) {
		if v := s.value(id); v != nil && v.Key != "" && !slices.Contains(ids, id) {
			ids = append(ids, id)
			if !slices.Contains(distinct, v.Key) {
				distinct = append(distinct, v.Key)
			}
		}
	}
	if sv := s.facts.Server; sv != nil {
		for _, id := range sv.FrontKeys {
			add(id)
		}
		add(sv.Key)
	}
	for _, v := range s.facts.Values {
		if v.What == facts.WhatKey && (v.Kind == facts.KindDashboard || v.Kind == facts.KindAnswer) {
			add(v.ID)
		}
	}
	return ids, distinct
}

func keyItem(s *session) item {
	th := s.th
	ids, keys := s.keysInUse()
	switch len(keys) {
	case 0:
		return item{"API key", []string{th.Dim.Paint("none found")}}
	case 1:
		text := th.Bold.Paint(clean(tokens.APIKey(keys[0]).Masked())) + "  " + th.Dim.Paint(plural(len(ids), "place", "places"))
		if len(ids) > 1 {
			text += " " + th.Good.Paint(theme.Pass) + " same"
		}
		return item{"API key", []string{text, th.Dim.Paint(clean(placesOf(s, ids)))}}
	}
	text := th.Warn.Paint(theme.Warn) + " " + th.Bold.Paint(itoa(len(keys))+" different")
	out := item{"API key", []string{text}}
	for _, id := range ids {
		v := s.value(id)
		out.lines = append(out.lines, th.Bold.Paint(clean(tokens.APIKey(v.Key).Masked()))+" "+th.Dim.Paint(clean(facts.Where(v))))
	}
	return out
}

func placesOf(s *session, ids []int) string {
	var places []string
	for _, id := range ids {
		place := facts.Where(s.value(id))
		if s.value(id).Kind == facts.KindDashboard {
			place = "dashboard"
		}
		places = append(places, place)
	}
	sort.SliceStable(places, func(i, j int) bool { return len(places[i]) < len(places[j]) }) // what fits comes first
	return strings.Join(places, ", ")
}

func secretItem(s *session) item {
	th := s.th
	var v *facts.Value
	if sv := s.facts.Server; sv != nil {
		v = s.value(sv.Secret)
	}
	if v == nil {
		if s.facts.Target.HasSecret {
			return item{"Secret", []string{s.target.Secret.String(), th.Dim.Paint("the dashboard's")}}
		}
		return item{"Secret", []string{th.Dim.Paint("none found")}}
	}
	text := itoa(v.Length) + " chars " + th.Dim.Paint("#"+v.Fingerprint)
	switch {
	case v.Empty:
		text = th.Bad.Paint(theme.Fail + " empty")
	case v.VsDashboard != nil && v.VsDashboard.Equal:
		text += " " + th.Good.Paint(theme.Pass) + " same"
	case v.VsDashboard != nil:
		text += " " + th.Bad.Paint(theme.Fail+" differs")
	}
	where := th.Dim.Paint(clean(facts.Where(v)))
	if len(v.Blemishes) > 0 {
		where += " " + th.Warn.Paint(theme.Warn+" "+clean(affix.ReplaceAll(v.Blemishes[0], "-", " ")))
	}
	return item{"Secret", []string{text, where}}
}

func endpointItem(s *session, room int) item {
	t := s.facts.Target
	return item{"endpoint", sourced(s, shortURL(t.URL), sourceWord(s, t.URLSource, "--url", t.URL), room)}
}

// originItem is the page that the browser requests from.
func originItem(s *session, room int) item {
	t := s.facts.Target
	return item{"origin", sourced(s, shortURL(t.Origin), sourceWord(s, t.OriginSource, "--origin", ""), room)}
}

// sourceWord says where a URL comes from; what is a file and a line stays as it is.
func sourceWord(s *session, source, flag, url string) string {
	switch {
	case source == "guess":
		return "guessed"
	case source != "flag":
		return source
	case url != "" && url == s.pastedURL:
		return "pasted"
	case s.demo != nil:
		return "demo"
	}
	return "from " + flag
}

// sourced is a value with where it comes from after it, or below it where
// there is no room.
func sourced(s *session, value, source string, room int) []string {
	const least = 12 // cells in which a place can still be recognized
	value, source = cutMiddle(clean(value), room), clean(source)
	left := room - width(value) - 2
	switch {
	case source == "":
		return []string{value}
	case width(source) <= left || left >= least:
		return []string{value + "  " + s.th.Dim.Paint(cutMiddle(source, left))}
	}
	return []string{value, s.th.Dim.Paint(cutMiddle(source, room))}
}

// shortURL leaves http:// away.
//
//go:noinline
func shortURL(raw string) string {
	return affix.TrimSuffix(affix.TrimPrefix(raw, "http://"), "/")
}

// portOf gives ":3001" of a URL, its scheme's port where it names none; "" for
// what isn't a URL.
func portOf(raw string) string {
	if _, port := loopback.HostPort(raw); port > 0 {
		return ":" + itoa(port)
	}
	return ""
}
