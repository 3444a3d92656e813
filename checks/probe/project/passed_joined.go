package project

import (
	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/names"
)

// joined is a template, or a sum of strings, around one value.
func (w *passage) joined(v modules.View) []carried {
	at := -1
	around, before := "", true
	for i, part := range v.E.Parts {
		if part.Kind != jsread.Literal {
			if t, ok := w.TextOf(v.Of(part)); ok && t.Known.Sure() {
				part = jsread.Expr{Kind: jsread.Literal, Text: t.Text}
			}
		}
		switch {
		case part.Kind != jsread.Literal && at < 0:
			at = i
		case part.Kind != jsread.Literal:
			return []carried{{}}
		case around == "":
			around, before = part.Text, at < 0
		}
	}
	if at < 0 {
		return []carried{{}}
	}
	out := w.eval(v.Of(v.E.Parts[at]))
	for i := range out {
		x := &out[i]
		switch whole := w.whole(*x); {
		case x.kind == carriedNone:
		case x.kind == carriedOther || x.How != "":
			*x = carried{}
		case x.prom || whole.How != "" && x.kind != carriedText:
			*x = carried{} // "[object Promise]" is told where the promise is used otherwise
		case around != "":
			x.How, x.As, x.Place = map[bool]string{true: "prefix", false: "suffix"}[before], around, v.Place()
			if len(around) > 20 || affix.ContainsAny(around, "=?&{/") || x.Line == 0 {
				*x = carried{}
			}
		}
	}
	return out
}

// makesToken are calls that a function makes for the sake of what they give.
var makesToken = names.Words("fetch", "json", "post", "get", "request", "axios", "createToken", "createUserToken", "generateUserToken", "sign")

// forgotten is what a function gives that makes a token, or requests one, and returns nothing: undefined. One that hands
// its result to a function that it was given does without.
func (w *passage) forgotten(v modules.View, f *jsread.Function) carried {
	at := 0
	for _, list := range [][]jsread.Call{v.M.Calls, v.M.Others} {
		for i := range list {
			c := &list[i]
			if !jsread.Inside(&v.M.Module, c.Scope, f.Own) {
				continue
			}
			if _, _, _, param := jsread.ParamAt(&v.M.Module, c.Scope, c.Callee); param {
				return carried{}
			}
			if makesToken[facts.LastName(c.Callee)] {
				at = max(at, c.Line)
			}
		}
	}
	if at == 0 || v.M.Full {
		return carried{}
	}
	return carried{kind: carriedToken, Passed: facts.Passed{How: "forgotten", Place: facts.Place{File: v.M.Rel, Line: at}}}
}
