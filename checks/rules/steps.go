package rules

import "badsig/checks/finding"

// stepIn is a step that starts with its place: "In server/token.js line 7,
// round down". Without a place, it's the text alone.
func stepIn(l *finding.Location, text string) finding.Step {
	return finding.Step{Text: sentence(inLine(l) + text)}
}
