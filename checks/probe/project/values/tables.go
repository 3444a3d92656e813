package values

import (
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/project/picture"
)

// TextAt is the text that a value is known to have; "" for none.
func TextAt(p *picture.Reader, v modules.View) string {
	if t, ok := p.TextOf(v); ok && t.Known.Sure() {
		return t.Text
	}
	return ""
}

// TextIn is a string, or the text that an object has under a name.
func TextIn(p *picture.Reader, v modules.View, key string) string {
	if v.E.Kind == jsread.None {
		return ""
	}
	if o := modules.Settle(p.Graph, v); o.E.Kind == jsread.Object {
		v = o.Of(&jsread.Expr{Kind: jsread.Wrapped, Text: "." + key, Parts: []jsread.Expr{o.E}, Line: o.E.Line})
	}
	return TextAt(p, v)
}
