package sanitize

import (
	"slices"
	"sort"
	"strings"
)

// Link is a place on a line of a screen, in bytes, and where it leads.
type Link struct {
	From, To int
	Target   string
}

// Linked makes places of a drawn line links, which terminals that know them
// (OSC 8) open. A target in which something is secret makes none.
func Linked(t Text, links []Link, known Known) Text {
	links = slices.Clone(links)
	sort.Slice(links, func(i, j int) bool { return links[i].From < links[j].From })
	var b strings.Builder
	at := 0
	for _, l := range links {
		if l.From < at || l.To > len(t.s) || l.To <= l.From || !plainTarget(l.Target) || scrub(l.Target, known) != l.Target {
			continue
		}
		b.WriteString(t.s[at:l.From] + "\x1b]8;;" + l.Target + "\x1b\\" + t.s[l.From:l.To] + "\x1b]8;;\x1b\\")
		at = l.To
	}
	return Text{b.String() + t.s[at:]}
}

// plainTarget reports whether an address can be in a sequence: printable ASCII alone.
func plainTarget(s string) bool {
	return s != "" && strings.IndexFunc(s, func(r rune) bool { return r <= ' ' || r > '~' }) < 0
}
