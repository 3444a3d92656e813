package jsread

// Rules of this file:
//   - what is kept of one file needs a few times its own size at most; what comes after that isn't read, and the module says so

// What is kept of one file may need maxKept bytes. A program of a megabyte needs about as many.
const maxKept = 4 << 20

// What a kept thing needs, roughly, in bytes.
const (
	exprSize  = 100
	entrySize = 200  // of a list: a call, a field, a return
	scopeSize = 700  // a function's
	varsSize  = 1200 // the first name of a scope
)

// keeps counts what is kept; false says that there is no room for it.
func (p *parser) keeps(size int, exprs ...Expr) bool {
	p.kept += size
	for i := range exprs {
		p.kept += exprSize * nodes(&exprs[i], 1000)
	}
	if p.kept > maxKept {
		p.m.Full, p.m.Strict = true, false
	}
	return !p.m.Full
}

// more counts one more part of an expression that has many: those of one with few
// are counted where it is kept.
//
//go:noinline
func (p *parser) more(parts []Expr) bool {
	return len(parts) < 200 || p.keeps(4*exprSize) // what it outgrows is garbage for a while
}

// nodes counts the expressions of a tree, up to a number.
func nodes(e *Expr, most int) int {
	n := 1
	for i := range e.Parts {
		if n >= most {
			return n
		}
		n += nodes(&e.Parts[i], most-n)
	}
	if e.On() != nil && n < most {
		n += nodes(e.On(), most-n)
	}
	return n
}
