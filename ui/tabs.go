package ui

import "strings"

// tabs are the panes of the narrow layout with their numbers.
func (a screen) tabs(y int) string {
	th := a.s.th
	names := []struct {
		p           pane
		long, short string
	}{{paneWrong, "0 Fix", "0 Fix"}, {paneIdentity, "1 Identity", "1 Id"}, {paneToken, "2 Token", "2 Token"},
		{paneChecks, "3 Checks", "3 Checks"}, {paneGuide, "4 Checklist", "4 List"}, {paneLog, "5 Log", "5 Log"}}
	for _, long := range []bool{true, false} {
		var parts []string
		var areas []area
		x := 0
		for _, n := range names {
			if n.p == paneLog && a.s.child == nil {
				continue
			}
			name := n.short
			if long {
				name = n.long
			}
			areas = append(areas, area{n.p, x, y, width(name) + 2, 1})
			x += width(name) + 2
			if n.p == a.at {
				parts = append(parts, th.Tag.Paint(" "+name+" "))
			} else {
				parts = append(parts, th.Dim.Paint(" "+name+" "))
			}
		}
		line := strings.Join(parts, "")
		if width(line) <= a.w || !long {
			a.areas = append(a.areas, areas...)
			return line
		}
	}
	return ""
}
