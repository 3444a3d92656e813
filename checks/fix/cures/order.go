package cures

import (
	"strconv"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/fix/edits"
)

// CatchAll is what an app does with every request before it comes to a route that is added below: the block that
// responds, in lines from 0, and the line before which it belongs; ok is false where there is no such block.
func CatchAll(lines []string, app string) (first, end, to int, ok bool) {
	for i := 0; i < len(lines) && app != ""; i++ {
		rest, of := affix.CutPrefix(lines[i], app+".")
		if !of {
			continue
		}
		last := blockEnd(lines, i)
		text := strings.Join(lines[i:last+1], "\n")
		every := affix.Any([]string{"use((", "use(async (", "use(function", "all('*'", `all("*"`, "all('/*", `all("/*`, "all('/{*", "all(/.*/"}, func(b string) bool { return affix.HasPrefix(rest, b) })
		responds := affix.Contains(text, ".send(") || affix.Contains(text, ".sendFile(") || affix.Contains(text, ".render(")
		switch {
		case !ok && every && responds && !affix.Contains(text, "next"):
			first, end, ok = i, last+1, true
		case ok && !affix.HasPrefix(rest, "listen("):
			to = last + 1
		}
		i = last
	}
	return first, end, to, ok && to > end
}

// catchAll proposes to move what responds to every request below the routes.
func catchAll(x *View, code *facts.ServerCode) []Proposal {
	if code == nil || code.Language != "" {
		return nil
	}
	lines := x.lines(code.AppFile)
	first, end, to, ok := CatchAll(lines, code.App)
	if !ok || to >= len(lines) {
		return nil
	}
	put := finding.Edit{File: code.AppFile, Line: to + 1, From: 1, To: 1, Insert: strings.Join(lines[first:end], "\n") + "\n"}
	cut := finding.Edit{File: code.AppFile, Line: first + 1, From: 1, ToLine: end + 1, To: edits.Column(lines[end], 0)}
	return []Proposal{{Edits: []finding.Edit{cut, put}, Text: in(code.AppFile, first+1) + "move what responds to every request below the routes, to line " + strconv.Itoa(to)}}
}
