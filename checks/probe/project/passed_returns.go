package project

import (
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
)

// Rules of this file, about what the functions on a token's way give:
//   - every return counts; a function without one gives undefined, unless it hands its result to a function it was given

// gives is what a function that is a value gives.
func (w *passage) gives(x carried) []carried {
	if x.inner != nil {
		return []carried{*x.inner}
	}
	return w.returns(x.fn, nil)
}

// returns is what a function gives; of a callback of then, a promise.
func (w *passage) returns(v modules.View, then *modules.View) []carried {
	f := jsread.FunctionOf(&v.M.Module, v.E.Fn)
	switch {
	case f == nil || len(f.Returns) == 0 && then != nil:
		return []carried{{}}
	case len(f.Returns) == 0:
		return []carried{w.forgotten(v, f)}
	}
	w.depth++
	defer func() { w.depth-- }()
	var out []carried
	for _, r := range f.Returns {
		for _, x := range w.eval(modules.View{M: v.M, At: f.Own, E: r.Expr}) {
			if x.prom && (f.Async || then != nil) {
				x.prom = false // a promise of a promise is one
			}
			if y := w.whole(x); (y.How == "document" || y.How == "response" && then == nil) && y.Line == 0 && x.How == "" && x.kind != carriedObject && (affix.Contains(strings.ToLower(f.Name), "token") || w.depth < 4) {
				x.Place, x.Of = facts.Place{File: v.M.Rel, Line: max(r.Line, v.E.Line)}, map[bool]string{true: r.Text}[r.Kind == jsread.Ident]
			}
			if then != nil {
				if x.kind == carriedReply && x.How == "" && x.took.Line == 0 {
					x.took = facts.Place{File: v.M.Rel, Line: max(r.Line, v.E.Line)}
				}
				x.prom, x.at = true, *then
			} else if x.How == "" && f.Name != "" && x.Out.Line == 0 && (x.kind == carriedObject || x.kind == carriedReply || x.kind == carriedClient) {
				x.Out = facts.Place{File: v.M.Rel, Line: max(r.Line, r.Expr.Line)}
			}
			out = append(out, x)
		}
	}
	return out
}

// forgotten is what a function gives that makes a token, or requests one, and returns nothing: undefined. One that hands
// its result to a function that it was given does without.
func (w *passage) forgotten(v modules.View, f *jsread.Function) carried {
	at, handsOn := 0, false
	modules.VisitCalls(v.M, func(c *jsread.Call) {
		if !jsread.Inside(&v.M.Module, c.Scope, f.Own) {
			return
		}
		_, _, _, param := jsread.ParamAt(&v.M.Module, c.Scope, c.Callee)
		handsOn = handsOn || param
		if name := facts.LastName(c.Callee); asksFor[name] || name == "fetch" || name == "json" || w.signs(v.M, c.Callee, c.Line) {
			at = max(at, c.Line)
		}
	})
	if at == 0 || handsOn || v.M.Full {
		return carried{}
	}
	return carried{kind: carriedToken, Passed: facts.Passed{How: "forgotten", Place: facts.Place{File: v.M.Rel, Line: at}}}
}

// viewOf is a function as a value.
func viewOf(f *modules.FnRef) modules.View {
	return modules.View{M: f.Mod, At: f.Fn.In, E: jsread.Expr{Kind: jsread.Func, Text: f.Fn.Name, Fn: f.Fn.Own, Line: f.Fn.Line}}
}
