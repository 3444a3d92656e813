package parts

import "badsig/checks/finding"

// StepIn is a step that starts with its place: "In server/token.js line 7,
// round down". Without a place, it's the text alone.
func StepIn(l *finding.Location, text string) finding.Step {
	return finding.Step{Text: Sentence(InLine(l) + text)}
}
