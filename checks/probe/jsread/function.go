package jsread

import (
	"strings"

	"github.com/tdewolff/parse/v2/js"

	"badsig/checks/affix"
)

// Function is one function, method or class of a file, with what decides about
// what it returns and under which condition.
type Function struct {
	Name       string // "" where it has none
	Own        Scope  // the scope of its body
	In         Scope  // the scope that it is written in
	Class      bool   // a class: its methods are the functions that have it as In
	Getter     bool   // get name() { … }: who reads the member runs it
	Async      bool   // it was written with the word; a method's isn't noted
	Line       int
	Params     []Parameter
	Returns    []Exit
	Throws     []Exit
	Decorators []Expr // @Post('token'), of a method or class
	Directive  string // "use server", where its body begins with one
}

// Parameter is one parameter of a function.
type Parameter struct {
	Names      map[string]string // name in the body → the member that it is, "" for the whole: { body: { id } } has id → body.id
	Type       string            // the first name of its type, as written
	Decorators []Expr            // @Body('userId')
}

// Exit is a return or a throw.
type Exit struct {
	Expr
	At int // its place among the file's tokens
}

// If is an if statement: what it tests, and which tokens run where it holds.
type If struct {
	Cond             Expr
	Scope            Scope
	Line             int
	From, To         int // of what runs where it holds
	ElseFrom, ElseTo int // of a block that runs otherwise; 0 for none
}

// Compared is a comparison of a name with a string that is a path.
type Compared struct {
	Name string // of what is compared, as a path
	Text string
	Line int
}

// compare files a comparison with a path.
func compare(p *parser, a, b Expr) {
	if a.Kind == Literal {
		a, b = b, a
	}
	if b.Kind != Literal || len(b.Text) < 2 || b.Text[0] != '/' || len(p.m.Compared) >= maxCalls {
		return
	}
	name := a.Text
	if a.Kind == Wrapped {
		name = affix.TrimPrefix(a.Text, ".")
	}
	p.keeps(entrySize)
	p.m.Compared = append(p.m.Compared, Compared{Name: name, Text: b.Text, Line: b.Line})
}

// FunctionOf gives the function whose body has a scope; nil for the module.
//
//go:noinline
func FunctionOf(m *Module, s Scope) *Function {
	if s <= 0 || int(s) >= len(m.scopes) {
		return nil
	}
	return m.scopes[s].fn
}

// Functions calls visit with every function and class of the file, until it
// gives false.
//
//go:noinline
func Functions(m *Module, visit func(*Function) bool) {
	for i := range m.scopes {
		if f := m.scopes[i].fn; f != nil && !visit(f) {
			return
		}
	}
}

// Outer is the scope around a scope; -1 for the module's.
func Outer(m *Module, s Scope) Scope {
	if s < 0 || int(s) >= len(m.scopes) {
		return -1
	}
	return m.scopes[s].parent
}

// Vars calls visit with what is declared in a scope, in its order.
//
//go:noinline
func Vars(m *Module, s Scope, visit func(name string, e Expr)) {
	if s < 0 || int(s) >= len(m.scopes) {
		return
	}
	for _, n := range m.scopes[s].names {
		visit(n, m.scopes[s].vars[n])
	}
}

// Inside tells whether a scope is another, or is in it.
//
//go:noinline
func Inside(m *Module, s, outer Scope) bool {
	for ; s >= 0 && int(s) < len(m.scopes); s = m.scopes[s].parent {
		if s == outer {
			return true
		}
	}
	return false
}

// ParamAt tells whether a name is a parameter of a function around a place:
// which one, and which member of it.
func ParamAt(m *Module, at Scope, name string) (f *Function, index int, member string, ok bool) {
	for s := at; s >= 0 && int(s) < len(m.scopes); s = m.scopes[s].parent {
		if fn := m.scopes[s].fn; fn != nil {
			for i, p := range fn.Params {
				if member, ok := p.Names[name]; ok {
					return fn, i, member, true
				}
			}
		}
		if _, declared := m.scopes[s].vars[name]; declared {
			return nil, 0, "", false
		}
	}
	return nil, 0, "", false
}

// DeclaredIn is the scope that declares a name as it is seen at a place.
func DeclaredIn(m *Module, at Scope, name string) Scope {
	for s := at; s > 0 && int(s) < len(m.scopes); s = m.scopes[s].parent {
		if _, ok := m.scopes[s].vars[name]; ok {
			return s
		}
	}
	return 0
}

// maxExits bounds the returns and throws that are kept of one function.
const maxExits = 200

// exit files a return or throw of the function around.
func exit(p *parser, throws bool, e Expr) {
	f := p.m.scopes[p.scope].fn
	p.keeps(exprSize)
	switch {
	case f == nil || f.Class || len(f.Returns)+len(f.Throws) >= maxExits:
	case throws:
		f.Throws = append(f.Throws, Exit{e, p.i})
	default:
		f.Returns = append(f.Returns, Exit{e, p.i})
	}
}

// conditional files an if statement whose condition was just read, and reads
// what runs where it holds if that isn't a block.
func conditional(p *parser, cond Expr, line int) {
	if len(p.m.Ifs) >= maxCalls || !p.keeps(entrySize) {
		return
	}
	n := len(p.m.Ifs)
	p.m.Ifs = append(p.m.Ifs, If{Cond: cond, Scope: p.scope, Line: line, From: p.i})
	switch {
	case p.tt(0) == js.OpenBraceToken:
		p.m.Ifs[n].To = p.close(p.i)
	case p.enter():
		p.statement()
		p.depth--
		for p.tt(0) == js.SemicolonToken {
			p.i++
		}
		p.m.Ifs[n].To = p.i
	}
	end := p.m.Ifs[n].To
	if p.kind(end) == js.CloseBraceToken {
		end++
	}
	if p.kind(end) == js.ElseToken && p.kind(end+1) == js.OpenBraceToken {
		p.m.Ifs[n].ElseFrom, p.m.Ifs[n].ElseTo = end+1, p.close(end+1)
	}
}

// choose files a ? b : c as the if statement that it is.
//
//go:noinline
func choose(p *parser, c If) {
	if len(p.m.Ifs) < maxCalls && p.keeps(entrySize) {
		p.m.Ifs = append(p.m.Ifs, c)
	}
}

// typeName is the first name of a type that begins at token i.
func typeName(p *parser, i int) string {
	if !js.IsIdentifierName(p.kind(i)) {
		return ""
	}
	name := p.text(i)
	for p.kind(i+1) == js.DotToken && js.IsIdentifierName(p.kind(i+2)) && len(name) < maxPath {
		i += 2
		name += "." + p.text(i)
	}
	return name
}

// named files a name that a parameter gives to its function's body.
func (f *Function) named(index int, name string, e Expr) {
	if index >= len(f.Params) {
		return
	}
	member := ""
	if e = deref(e); e.Param() != nil {
		member = e.Param().Key
	} else if e.Kind != Other {
		return
	}
	if f.Params[index].Names == nil {
		f.Params[index].Names = map[string]string{}
	}
	f.Params[index].Names[name] = member
}

// anonymous removes the parameter from an expression that belongs to a
// function without a name: no one can tell its callers.
func anonymous(e Expr) Expr {
	switch {
	case e.Kind == Other && e.Param() != nil && e.Param().Func == "":
		return Expr{Kind: Other, Line: e.Line}
	case e.Kind == Either && e.Text == "=" && len(e.Parts) > 0:
		e.Parts = append([]Expr{anonymous(e.Parts[0])}, e.Parts[1:]...)
	}
	return e
}

// keyPath joins the members that patterns take out of one another.
func keyPath(a, b string) string {
	switch {
	case a == "":
		return b
	case len(a)+len(b) >= maxPath:
		return a
	}
	return strings.Join([]string{a, b}, ".")
}
