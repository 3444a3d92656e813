package ui

import (
	"time"

	"badsig/checks/affix"
	"badsig/tokens"
	"badsig/ui/theme"
)

// header says what is looked at, and that it is watched. Where there is little
// room, what matters least goes first.
func (a screen) header() string {
	s, th := a.s, a.s.th
	type part struct {
		text string
		need int // the narrowest terminal that shows it
	}
	parts := []part{{th.Tag.Paint(" badsig "), 0}}
	if s.demo != nil {
		parts = append(parts, part{th.Bold.Paint("demo"), 50})
	}
	if s.child != nil {
		parts = append(parts, part{s.child.badge(th, s.now), 64})
	}
	if s.facts != nil {
		if _, keys := s.keysInUse(); len(keys) == 1 {
			parts = append(parts, part{th.Dim.Paint("key ") + clean(tokens.APIKey(keys[0]).Masked()), 90})
		}
		url := shortURL(s.facts.Target.URL)
		if a.w < 110 {
			url = portOf(s.facts.Target.URL)
		}
		if url != "" {
			parts = append(parts, part{clean(url), 0})
		}
		parts = append(parts, part{a.streamNote(), 76})
		if age := s.now.Sub(s.asked); a.w < 76 && age > oldAfter && s.stream != nil && s.stream.Asked {
			parts = append(parts, part{th.Bold.Paint("checked " + rough(age) + " ago"), 0})
		}
	}
	watch := s.watch
	if s.running {
		watch = "checking"
	}
	if watch != "" && a.w >= 56 {
		watch += " " + theme.Open + " "
	} else {
		watch = ""
	}
	right := th.Dim.Paint(watch + s.now.Local().Format("15:04:05") + " ")
	left := parts[0].text
	for _, p := range parts[1:] {
		if next := left + "   " + p.text; a.w >= p.need && width(next)+width(right) < a.w {
			left = next
		}
	}
	return spread(left, right, a.w)
}

// oldAfter is when a response from Stream looks old.
const oldAfter = 5 * time.Minute

// streamNote is how Stream's response was obtained.
func (a screen) streamNote() string {
	s, th := a.s, a.s.th
	switch st := s.stream; {
	case s.facts.Target.Offline:
		return th.Dim.Paint("Stream: offline")
	case st == nil || !st.Asked:
		return th.Dim.Paint("Stream: not checked")
	case !st.Reachable:
		return th.Bold.Paint("Stream: unreachable")
	}
	switch age := s.now.Sub(s.asked); {
	case age > oldAfter:
		return th.Bold.Paint("Stream: checked " + rough(age) + " ago")
	case age < time.Second:
		return th.Dim.Paint("Stream: checked just now")
	default:
		return th.Dim.Paint("Stream: checked " + rough(age) + " ago")
	}
}

// footer is the last confirmation, else the keys that act now.
func (a screen) footer() string {
	th := a.s.th
	if a.toast.until.After(a.s.now) {
		return a.toast.view(th)
	}
	item := func(h [2]string) string { return "  " + th.AccentBold.Paint(h[0]) + " " + th.Dim.Paint(h[1]) }
	hints, always := a.hints()
	end := ""
	for _, h := range always {
		end += item(h)
	}
	line := ""
	for _, h := range hints {
		if width(line)+width(item(h))+width(end) <= a.w {
			line += item(h)
		}
	}
	return cut(affix.TrimPrefix(line+end, " "), a.w)
}
