package values

import (
	"slices"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
)

// SubtleSign tells a call of the Web Crypto API that signs with HMAC.
func SubtleSign(c jsread.Call) bool {
	if !affix.HasSuffix(c.Callee, "subtle.sign") || len(c.Args) < 3 {
		return false
	}
	a := c.Args[0]
	if i := slices.Index(a.Keys(), "name"); i >= 0 {
		a = a.Parts[i]
	}
	return a.Kind == jsread.Literal && strings.EqualFold(a.Text, "HMAC")
}

// ImportedKey is what the key of such a call is made of: crypto.subtle.importKey('raw', x, …).
func ImportedKey(m *modules.Module, c jsread.Call) (jsread.Expr, bool) {
	return importedKey(m, c.Scope, c.Args[1])
}

func importedKey(m *modules.Module, at jsread.Scope, k jsread.Expr) (jsread.Expr, bool) {
	if k.Kind == jsread.Ident {
		if v, ok := m.Resolve(at, k.Text); ok {
			k = v
		}
	}
	if k.Kind != jsread.CallExpr || facts.LastName(k.Text) != "importKey" || len(k.Parts) < 2 {
		return jsread.Expr{}, false
	}
	return k.Parts[1], true
}
