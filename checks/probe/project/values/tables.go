package values

import "badsig/checks/probe/jsread"

// TextIn is a literal, or the literal that an object has under a name.
func TextIn(e jsread.Expr, key string) string {
	if e.Kind == jsread.Literal {
		return e.Text
	}
	for i, k := range e.Keys {
		if k == key && e.Parts[i].Kind == jsread.Literal {
			return e.Parts[i].Text
		}
	}
	return ""
}
