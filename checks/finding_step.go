package checks

// stepIn is a step that starts with its place: "In server/token.js line 7,
// round down". Without a place, it's the text alone.
func stepIn(l *Location, text string) Step { return Step{Text: sentence(inLine(l) + text)} }
