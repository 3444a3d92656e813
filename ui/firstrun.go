package ui

import "badsig/checks/causes"

// Rules of this file: what a newcomer is told is what helps at this moment, and no more than one line of it.

// beginKeys are the keys that a person needs who sees the console for the
// first time, in the present state.
func beginKeys(s *session) [][2]string {
	root := s.root()
	pair := [2]string{s.key("dashboard"), "compare with the dashboard"}
	var out [][2]string
	switch {
	case s.report == nil:
		return nil
	case root != nil && root.ID == causes.ServerDown && s.child == nil:
		out = [][2]string{{"badsig run -- npm run dev", "starts the backend and shows its log"}}
	case root != nil:
		out = [][2]string{{s.key("checklist"), "the checklist"}}
		if s.target.Secret.IsZero() {
			out = append(out, pair)
		}
		out = append(out, [2]string{s.key("paste"), "paste the browser's error"})
	case s.report.Exit() == 0:
		out = [][2]string{{"tab", "try another userId"}, {s.key("copy-token"), "copy the token"}, {s.key("paste"), "paste the browser's error or token"}}
	default:
		out = [][2]string{pair, {s.key("paste"), "paste the browser's error or token"}}
	}
	return append(out, [2]string{s.key("help"), "every key"})
}

// beginLine is them in the wide layout, between the picture and the checks;
// what does not fit is left out, the last one never.
func (a screen) beginLine() string {
	th := a.s.th
	keys, say := beginKeys(a.s), "New here?"
	if a.s.demo != nil {
		keys, say = a.s.demoLine(), "Demo project "+clean(a.s.target.Dir)
	}
	if !a.s.first && a.s.demo == nil || len(keys) == 0 {
		return ""
	}
	item := func(k [2]string) string { return "   " + th.AccentBold.Paint(k[0]) + " " + th.Dim.Paint(k[1]) }
	last := item(keys[len(keys)-1])
	line := " " + th.Dim.Paint(say)
	for _, k := range keys[:len(keys)-1] {
		if width(line)+width(item(k))+width(last) <= a.w {
			line += item(k)
		}
	}
	return line + last
}
