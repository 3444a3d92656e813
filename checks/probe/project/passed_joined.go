package project

import (
	"badsig/checks/affix"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
)

// joined is a template, or a sum of strings, around one value.
func (w *passage) joined(v modules.View) []carried {
	at := -1
	around, before := "", true
	for i, part := range v.E.Parts {
		if part.Kind != jsread.Literal {
			if t, ok := w.TextOf(v.Of(&part)); ok && t.Known.Sure() {
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
	out := w.eval(v.Of(&v.E.Parts[at]))
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
