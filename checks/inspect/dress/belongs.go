package dress

import (
	"strings"

	"badsig/checks/affix"
	"badsig/checks/inspect/plain"
)

// Rules of this file:
//   - words that others write too are Stream's only where its code, its shape or its SDK is beside them

// shellBefore reports whether a place is inside what an SDK prints an error in.
func (p *Printed) shellBefore(at int) (sdk string, ok bool) {
	head := plain.SqueezeWord(p.Text[max(0, at-400):min(len(p.Text), at+12)])
	for _, s := range shells {
		if affix.Contains(head, s.word) {
			return s.sdk, true
		}
	}
	return "", false
}

// operationNear gives the place of "X failed with error" near a place, X an
// operation's name.
func (p *Printed) operationNear(at int) (plain.Spot, bool) {
	from := max(0, at-near)
	for range 8 {
		s, ok := p.Q.FindIn("failedwitherror:", from, at+near)
		if !ok {
			return s, false
		}
		if op := p.operationBefore(s.To); op != "" && op[0] >= 'A' && op[0] <= 'Z' {
			s.From = strings.LastIndex(p.Text[:s.From], op)
			return s, true
		}
		from = s.To
	}
	return plain.Spot{}, false
}

// printedBy names the SDK whose shape is anywhere in the text.
func (p *Printed) printedBy() string {
	for _, s := range shells {
		if p.Q.Has(s.word) {
			return s.sdk
		}
	}
	for _, w := range saysCode {
		if w.sdk != "" && p.Q.Has(w.word) {
			return w.sdk
		}
	}
	return ""
}

// belongs reports whether a sentence that others write too is Stream's here.
func (p *Printed) belongs(s said, codes []codeAt) bool {
	inShell := p.printedBy() != ""
	if _, ok := p.shellBefore(s.To); ok {
		return true
	}
	for _, c := range codes {
		if c.trust >= 2 && distance(c.at, s.Spot) < near {
			return true
		}
	}
	if p.evidence.other {
		return false
	}
	if op := p.operationBefore(s.From); op != "" && op[0] >= 'A' && op[0] <= 'Z' {
		return true // Connect failed with error: …
	}
	if inShell || p.evidence.stream {
		return true
	}
	for _, c := range codes { // its code is next to it
		if distance(c.at, s.Spot) < near && fits(c.n, s.kind) && c.n > 3 {
			return true
		}
	}
	return false
}

// bare recognizes a string that is the sentence and nothing else.
func (p *Printed) bare(s said) bool {
	if p.evidence.other || len(p.Text) > 200 {
		return false
	}
	rest := plain.Lower(p.Text[:s.From] + " " + p.Text[s.To:])
	for _, w := range strings.FieldsFunc(rest, func(r rune) bool { return !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9') }) {
		switch w {
		case "error", "uncaught", "in", "promise", "connect", "failed", "with", "exp", "iat", "nbf", "401", "403", "jwtauth", "exception", "stream", "message", "the", "code":
		default:
			return false
		}
	}
	return true
}
