package servers

import (
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
)

// FunctionPath is the path of a Supabase function by its folder.
func FunctionPath(rel string) string {
	if _, rest, ok := affix.Cut("/"+rel, "/supabase/functions/"); ok {
		name, _, _ := affix.Cut(rest, "/")
		return "/functions/v1/" + name
	}
	return ""
}

// ComparedIn reads the path and the method that a condition compares the
// request with; not tells that they are what it must not be.
func ComparedIn(e jsread.Expr, depth int) (path, method string, not bool) {
	if depth == 0 {
		return "", "", false
	}
	merge := func(x jsread.Expr) {
		a, b, n := ComparedIn(x, depth-1)
		if a != "" {
			path = a
		}
		if b != "" {
			method = b
		}
		not = not || n
	}
	switch {
	case e.Kind == jsread.Either:
		if e.On() != nil {
			merge(*e.On())
		}
		for _, x := range e.Parts {
			merge(x)
		}
	case e.Kind == jsread.CallExpr && (facts.LastName(e.Text) == "startsWith" || facts.LastName(e.Text) == "endsWith") && len(e.Parts) > 0 && e.Parts[0].Kind == jsread.Literal:
		if on, _ := modules.Receiver(e.Text); isPathName(on) {
			path = e.Parts[0].Text
		}
	case e.Kind == jsread.Other && e.Text == "!" && len(e.Parts) == 1:
		merge(e.Parts[0])
		not = !not
	case e.Kind == jsread.Other && len(e.Parts) == 2:
		a, b := e.Parts[0], e.Parts[1]
		if a.Kind == jsread.Literal {
			a, b = b, a
		}
		if b.Kind != jsread.Literal {
			return "", "", false
		}
		name := a.Text
		if a.Kind == jsread.Wrapped && affix.HasPrefix(a.Text, ".") {
			name = affix.TrimPrefix(a.Text, ".")
		}
		switch e.Text {
		case "===", "==":
		case "!==", "!=":
			not = true
		default:
			return "", "", false
		}
		switch {
		case affix.HasPrefix(b.Text, "/") && isPathName(name):
			path = b.Text
		case facts.OneOf([]string{"method", "httpMethod"}, facts.LastName(name)):
			method = strings.ToUpper(b.Text)
		default:
			not = false
		}
	}
	return path, method, not
}

func isPathName(name string) bool {
	switch strings.ToLower(facts.LastName(name)) {
	case "url", "pathname", "path", "originalurl":
		return true
	}
	return false
}
