package sites

import (
	"strings"

	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
)

// claimOf is a claim with the line that a person edits: that of a time is where
// the time is worked out, in a constant of its own or not. A module's HOUR in exp: HOUR
// is right as it is, so the line is the claim's.
func claimOf(g *modules.Graph, name string, v modules.View) facts.Claim {
	m, e := v.M, v.E
	time := false
	var when *facts.When
	switch name {
	case "exp", "iat", "nbf", "expiresIn", "validity_in_seconds", "notBefore":
		time = true
		when = whenOf(g, v)
		if _, top := m.Consts[e.Text]; top && when != nil && when.Per == 0 && (name == "exp" || name == "iat" || name == "nbf") {
			break
		}
		if v, ok := m.Resolve(v.At, e.Text); ok && e.Kind == jsread.Ident && v.Line > 0 && v.Param == nil && v.Kind != jsread.Ident && v.Kind != jsread.Either && !facts.OneOf(m.Changed, e.Text) {
			e = v
		}
	}
	c := facts.Claim{Name: name, Text: shortText(e, 4), When: when, Place: facts.Place{File: m.Rel, Line: e.Line}}
	if time {
		c.Unit = unitOf(e, when)
	}
	return c
}

// shortText is an expression's text as far as it holds nothing secret.
func shortText(e jsread.Expr, depth int) string {
	if depth == 0 {
		return "…"
	}
	join := func(sep string) string {
		var parts []string
		for _, x := range e.Parts {
			parts = append(parts, shortText(x, depth-1))
		}
		return strings.Join(parts, sep)
	}
	text := ""
	switch e.Kind {
	case jsread.Literal:
		if len(e.Text) > 40 {
			return "…"
		}
		text = e.Text
	case jsread.Number, jsread.Ident:
		text = e.Text
	case jsread.Env:
		text = "process.env." + e.Text
	case jsread.CallExpr:
		text = e.Text + "(" + join(", ") + ")"
	case jsread.Wrapped:
		text = e.Text + "(" + join(", ") + ")"
		if strings.HasPrefix(e.Text, ".") {
			text = join("") + e.Text
		}
	case jsread.Template:
		text = join(" + ")
	case jsread.Other:
		if text = join(" " + e.Text + " "); len(e.Parts) == 1 {
			text = e.Text + text
		}
	case jsread.Either:
		text = join(" " + e.Text + " ")
	default:
		return "…"
	}
	if len(text) > 80 {
		return "…"
	}
	return text
}

// unitOf tells the unit of a time as it is written.
func unitOf(e jsread.Expr, w *facts.When) string {
	switch {
	case e.Kind == jsread.Literal:
		return "duration"
	case w != nil && w.Per == 1000:
		return "milliseconds"
	case w != nil && w.Per == 1:
		return "seconds"
	}
	return ""
}

func MentionsName(e jsread.Expr, name string, depth int) bool {
	if depth == 0 {
		return false
	}
	if (e.Kind == jsread.Ident || e.Kind == jsread.CallExpr) && (e.Text == name || e.Text == "new "+name || strings.HasPrefix(e.Text, name+".") || strings.HasPrefix(e.Text, "new "+name+"(")) {
		return true
	}
	for _, x := range e.Parts {
		if MentionsName(x, name, depth-1) {
			return true
		}
	}
	return e.On != nil && MentionsName(*e.On, name, depth-1)
}
