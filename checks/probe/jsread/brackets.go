package jsread

import "github.com/tdewolff/parse/v2/js"

// Every opening bracket learns where it ends, also in a string that is broken:
// the parser passes over what it does not understand by these matches.

// closeTo closes the innermost bracket of a kind; brackets left open inside
// it end here too. One that closes nothing is stray.
func (s *scanner) closeTo(k openKind, tt js.TokenType, pos, end int) {
	i := len(s.stack) - 1
	for ; i >= 0; i-- {
		o := s.stack[i].kind
		if o == k {
			break
		}
		// Only brackets within one level of braces are skipped over.
		if o != oParen && o != oBracket {
			i = -1
			break
		}
	}
	at := s.emit(tt, pos, end)
	if i < 0 {
		s.lost = true
		return
	}
	s.popTo(i, at)
}

// popTo closes stack[i] and what is open inside it at a token.
//
//go:noinline
func (s *scanner) popTo(i int, at int32) {
	for j := len(s.stack) - 1; j > i; j-- {
		s.toks[s.stack[j].tok].match = at
		s.lost = true
	}
	s.toks[s.stack[i].tok].match = at
	s.toks[at].match = s.stack[i].tok
	s.toks[at].block = s.stack[i].block
	s.stack = s.stack[:i]
}

func (s *scanner) closeBrace(pos int) {
	i := len(s.stack) - 1
	for i >= 0 && (s.stack[i].kind == oParen || s.stack[i].kind == oBracket) {
		i--
	}
	if i >= 0 && s.stack[i].kind == oHole {
		s.popThrough(i)
		s.template(pos, false)
		return
	}
	s.seek(pos + 1)
	at := s.emit(js.CloseBraceToken, pos, pos+1)
	if i < 0 || s.stack[i].kind != oBrace {
		s.lost = true
		return
	}
	s.popTo(i, at)
}

// popThrough drops what is open inside stack[i]; the next token will close it.
func (s *scanner) popThrough(i int) {
	for j := len(s.stack) - 1; j > i; j-- {
		s.toks[s.stack[j].tok].match = int32(len(s.toks))
		s.lost = true
	}
	s.stack = s.stack[:i+1]
}
