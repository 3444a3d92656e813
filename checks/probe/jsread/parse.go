package jsread

import (
	"sort"

	"github.com/tdewolff/parse/v2/js"
)

// Rules of the parser's files:
//   - a token is consumed once: nothing is tried and undone except for type arguments, which are looked over
//     for a bounded number of tokens; brackets are passed over by their recorded match
//   - every loop moves on, no matter what is there

const (
	maxDepth = 150   // of nested expressions and functions
	maxCalls = 20000 // kept of one file; fields and reads likewise
	maxPath  = 200   // bytes of a member path or callee
)

type parser struct {
	src  []byte
	toks []token
	ts   bool
	m    Module

	i, end  int // the next token; the end of the stretch being read
	depth   int
	scope   Scope
	fn      string // the function around
	own     string // the innermost function's own name; "" for one without
	around  string // the variable whose value is being read
	hint    string // name for the function or class that comes next
	obj     string // path of the variable that the object that comes next is assigned to
	subject Expr   // of the last switch
	before  []Expr // decorators of the function or class that comes next
	middle  bool   // between ? and : of this bracket level
	names   map[string]nameFacts
	kept    int             // bytes that what was kept needs
	aliases map[string]bool // names that mean the environment somewhere
}

// tt is the kind of the token n further on; ErrorToken at the end.
//
//go:noinline
func (p *parser) tt(n int) js.TokenType { return p.kind(p.i + n) }

func (p *parser) kind(i int) js.TokenType {
	if i < 0 || i >= p.end {
		return js.ErrorToken
	}
	return p.toks[i].tt
}

func (p *parser) bytes(i int) []byte { return p.src[p.toks[i].pos:p.toks[i].end] }

func (p *parser) text(i int) string { return string(p.bytes(i)) }

func (p *parser) is(n int, word string) bool {
	return p.i+n < p.end && string(p.bytes(p.i+n)) == word
}

// sameLine tells whether no newline is before the token n further on.
func (p *parser) sameLine(n int) bool { return p.i+n < p.end && !p.toks[p.i+n].nl }

//go:noinline
func (p *parser) line() int {
	if p.i < len(p.toks) {
		return int(p.toks[p.i].line)
	}
	if n := len(p.toks); n > 0 {
		return int(p.toks[n-1].line)
	}
	return 1
}

// close is the index of the bracket that closes token i, at most the stretch's end.
func (p *parser) close(i int) int { return min(max(int(p.toks[i].match), i), p.end) }

// within reads the stretch between the bracket at p.i and its partner, then is after it.
func (p *parser) within(read func()) {
	end, mid, c := p.end, p.middle, p.close(p.i)
	p.i++
	p.end, p.middle = c, false
	if p.enter() {
		read()
		p.statements() // what read did not understand may hold calls all the same
		p.depth--
	}
	p.end, p.middle = end, mid
	p.i = min(c+1, end)
}

func (p *parser) enter() bool {
	if p.depth >= maxDepth || p.m.Full {
		p.m.Strict = false
		return false
	}
	p.depth++
	return true
}

// each calls read for every comma-separated item of a stretch.
//
//go:noinline
func (p *parser) each(read func()) {
	for p.i < p.end && !p.m.Full {
		if p.tt(0) == js.CommaToken {
			p.i++
			continue
		}
		at := p.i
		read()
		if p.i == at {
			p.i++
		}
	}
}

func (p *parser) program() {
	p.i, p.end = 0, len(p.toks)
	p.aliases, p.names = map[string]bool{}, map[string]nameFacts{}
	p.m.scopes[0].vars = p.m.Consts
	p.statements()
	sort.SliceStable(p.m.Calls, func(i, j int) bool { return p.m.Calls[i].Line < p.m.Calls[j].Line })
	sort.SliceStable(p.m.Fields, func(i, j int) bool { return p.m.Fields[i].Line < p.m.Fields[j].Line })
	for i, f := range p.m.Assigned {
		if f.Object == "this" {
			if p.m.own == nil {
				p.m.own = map[string]int32{}
			}
			if _, several := p.m.own[f.Name]; several {
				i = -1
			}
			p.m.own[f.Name] = int32(i)
		}
	}
}

func (p *parser) statements() {
	for p.i < p.end && !p.m.Full {
		at := p.i
		p.statement()
		if p.i <= at {
			p.i = at + 1
		}
	}
}

// statement reads one statement, or the part of one that is before its
// block: blocks are not nested here, their braces are passed over.
func (p *parser) statement() {
	switch tt := p.tt(0); tt {
	case js.ImportToken:
		if next := p.tt(1); next != js.OpenParenToken && next != js.DotToken {
			importDecl(p)
			return
		}
	case js.ExportToken:
		exportDecl(p)
		return
	case js.ConstToken, js.VarToken:
		declaration(p, nil)
		return
	case js.LetToken:
		if n := p.tt(1); js.IsIdentifierName(n) || n == js.OpenBraceToken || n == js.OpenBracketToken {
			declaration(p, nil)
			return
		}
	case js.FunctionToken, js.ClassToken, js.EnumToken, tokAt:
		p.declared()
		return
	case js.IfToken, js.WhileToken, js.SwitchToken, js.WithToken, js.CatchToken:
		p.i++
		if p.tt(0) == js.OpenParenToken {
			if tt == js.CatchToken {
				p.i = p.close(p.i) + 1
			} else {
				var cond Expr
				line := p.line()
				p.within(func() { cond = expr(p) })
				switch tt {
				case js.IfToken:
					conditional(p, cond, line)
				case js.SwitchToken:
					p.subject = cond
				}
			}
		}
		return
	case js.ForToken:
		p.i++
		if p.tt(0) == js.AwaitToken {
			p.i++
		}
		if p.tt(0) == js.OpenParenToken {
			p.within(p.statements)
		}
		return
	case js.ReturnToken, js.ThrowToken, js.CaseToken:
		line := p.line()
		p.i++
		if p.sameLine(0) {
			e := expr(p) // a { here is an object, not a block
			if tt == js.ReturnToken {
				returned(p, e, line)
			}
			if tt == js.CaseToken {
				compare(p, p.subject, e)
			} else {
				exit(p, tt == js.ThrowToken, e)
			}
		}
		return
	case js.OpenBraceToken, js.CloseBraceToken, js.SemicolonToken, js.CloseParenToken, js.CloseBracketToken,
		js.ElseToken, js.DoToken, js.TryToken, js.FinallyToken, js.DefaultToken, js.ColonToken, js.BreakToken, js.ContinueToken, js.DebuggerToken, js.CommaToken:
		p.i++
		return
	}
	if p.declared() || p.typeOnly() {
		return
	}
	expr(p)
}

// declared reads a function, class or enum declaration, with what may be before it.
func (p *parser) declared() bool {
	at := p.i
	p.before = decorators(p)
	defer func() {
		if p.tt(0) != js.ExportToken { // @Controller() export class
			p.before = nil
		}
	}()
	for (p.is(0, "declare") || p.is(0, "abstract")) && p.sameLine(1) && js.IsIdentifierName(p.tt(1)) {
		p.i++
	}
	switch {
	case p.tt(0) == js.FunctionToken, p.tt(0) == js.AsyncToken && p.tt(1) == js.FunctionToken && p.sameLine(1):
		f := function(p)
		declare(p, f.Text, f)
	case p.tt(0) == js.ClassToken:
		c := class(p)
		declare(p, c.Text, c)
	case p.tt(0) == js.EnumToken, p.tt(0) == js.ConstToken && p.tt(1) == js.EnumToken:
		p.enum()
	case p.tt(0) == js.ConstToken, p.tt(0) == js.VarToken, p.tt(0) == js.LetToken && p.i > at:
		declaration(p, nil)
	default:
		return p.i > at
	}
	return true
}

// enum reads a TypeScript enum as the object that it becomes.
func (p *parser) enum() {
	if p.tt(0) == js.ConstToken {
		p.i++
	}
	line := p.line()
	p.i++
	if !js.IsIdentifierName(p.tt(0)) || p.tt(1) != js.OpenBraceToken {
		return
	}
	name := p.text(p.i)
	e := Expr{Kind: Object, Line: line, Rest: &Rest{}}
	p.i++
	p.within(func() {
		p.each(func() {
			key, ok := key(p)
			if !ok {
				return
			}
			v := Expr{Kind: Other, Line: p.line()}
			if p.tt(0) == js.EqToken {
				p.i++
				v = assign(p)
			}
			if p.more(e.Parts) {
				e.Rest.Keys, e.Parts = append(e.Rest.Keys, key), append(e.Parts, v)
			}
		})
	})
	declare(p, name, e)
}
