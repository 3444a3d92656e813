package jsread

import "github.com/tdewolff/parse/v2/js"

// TypeScript's types hold no values: they are passed over.

// maxTypeArgs is how many tokens a list of type arguments may have.
const maxTypeArgs = 96

// typeArgs looks over <…> from token i and gives the index after it, 0 if it
// is something else.
func (p *parser) typeArgs(i int) int {
	if p.kind(i) != js.LtToken {
		return 0
	}
	depth := 0
	for n := 0; n < maxTypeArgs && i < p.end; n++ {
		switch tt := p.kind(i); tt {
		case js.LtToken:
			depth++
		case js.GtToken:
			depth--
		case js.GtGtToken:
			depth -= 2
		case js.GtGtGtToken:
			depth -= 3
		case js.OpenBraceToken, js.OpenParenToken, js.OpenBracketToken, js.TemplateStartToken:
			i = p.close(i)
		case js.DotToken, js.CommaToken, js.BitOrToken, js.BitAndToken, js.ArrowToken, js.QuestionToken, js.ColonToken,
			js.StringToken, js.TemplateToken, js.TemplateEndToken, js.EqToken, js.EllipsisToken:
		default:
			if !js.IsIdentifierName(tt) && !js.IsNumeric(tt) {
				return 0
			}
		}
		i++
		if depth <= 0 {
			return i
		}
	}
	return 0
}

// skipType passes over one type.
func (p *parser) skipType() {
	conditions := 0
	for p.i < p.end {
		tt := p.tt(0)
		function := false // a parameter list: => goes on with the result's type
		switch {
		case tt == js.BitOrToken, tt == js.BitAndToken, tt == js.SubToken, tt == js.EllipsisToken,
			tt == js.TypeofToken, tt == js.NewToken, tt == js.ImportToken:
			p.i++
			continue
		case p.typePrefix():
			p.i++
			continue
		case tt == js.LtToken:
			j := p.typeArgs(p.i)
			if j == 0 {
				return
			}
			p.i = j
			continue
		case tt == js.OpenParenToken, tt == js.OpenBraceToken, tt == js.OpenBracketToken:
			function = tt == js.OpenParenToken
			p.i = p.close(p.i) + 1
		case tt == js.TemplateStartToken:
			for p.tt(0) == js.TemplateStartToken || p.tt(0) == js.TemplateMiddleToken {
				p.i = p.close(p.i)
			}
			p.i++
		case tt == js.StringToken, tt == js.TemplateToken, js.IsNumeric(tt), js.IsIdentifierName(tt):
			p.i++
		default:
			return
		}
		p.typePostfix()
		switch tt := p.tt(0); {
		case tt == js.BitOrToken, tt == js.BitAndToken, tt == js.ArrowToken && function:
		case tt == js.ExtendsToken:
			conditions++
		case tt == js.QuestionToken && conditions > 0:
		case tt == js.ColonToken && conditions > 0:
			conditions--
		case p.is(0, "is") && p.sameLine(0):
		default:
			return
		}
		p.i++
	}
}

// typePrefix tells whether a word is here that begins a type of the next.
func (p *parser) typePrefix() bool {
	if !js.IsIdentifier(p.tt(0)) || !p.sameLine(1) {
		return false
	}
	switch p.tt(1) {
	case js.OpenBraceToken, js.OpenParenToken, js.OpenBracketToken:
	default:
		if !js.IsIdentifierName(p.tt(1)) || p.is(1, "is") || p.is(1, "extends") {
			return false
		}
	}
	switch string(p.bytes(p.i)) {
	case "keyof", "readonly", "unique", "infer", "asserts", "abstract":
		return true
	}
	return false
}

func (p *parser) typePostfix() {
	for p.i < p.end {
		switch p.tt(0) {
		case js.DotToken:
			p.i += 2
		case js.LtToken:
			j := p.typeArgs(p.i)
			if j == 0 {
				return
			}
			p.i = j
		case js.OpenBracketToken:
			if !p.sameLine(0) {
				return
			}
			p.i = p.close(p.i) + 1
		default:
			return
		}
	}
}

// typeOnly passes over declarations that exist for the compiler alone.
func (p *parser) typeOnly() bool {
	if !js.IsIdentifier(p.tt(0)) || !p.sameLine(1) {
		return false
	}
	word := string(p.bytes(p.i))
	switch {
	case word == "interface" && js.IsIdentifierName(p.tt(1)):
		for p.i < p.end && p.tt(0) != js.OpenBraceToken {
			if j := p.typeArgs(p.i); j > 0 {
				p.i = j
				continue
			}
			p.i++
		}
		if p.i < p.end {
			p.i = p.close(p.i) + 1
		}
	case word == "type" && js.IsIdentifierName(p.tt(1)) && (p.tt(2) == js.EqToken || p.tt(2) == js.LtToken):
		p.i += 2
		if j := p.typeArgs(p.i); j > 0 {
			p.i = j
		}
		if p.tt(0) == js.EqToken {
			p.i++
			p.skipType()
		}
	case (word == "namespace" || word == "module" || word == "global") && p.sameLine(1) &&
		(js.IsIdentifier(p.tt(1)) || p.tt(1) == js.StringToken) && p.tt(2) == js.OpenBraceToken:
		p.i += 3
	default:
		return false
	}
	return true
}
