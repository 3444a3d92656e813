package sites

import (
	"math"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/names"
	"badsig/checks/sanitize"
)

// claimOf is a claim with the line that a person edits.
func claimOf(g *modules.Graph, name string, v modules.View) facts.Claim {
	c := facts.Claim{Name: name}
	if times[name] {
		c.When = whenOf(g, v)
		v = timePlace(g, name, v, c.When)
		if t, ok := g.TextOf(v); ok && t.Env != "" && t.Known.Sure() && v.E.Kind != jsread.Template { // expiresIn: process.env.TTL
			c.Text, c.Place = sanitize.Cut(sanitize.Visible(t.Text), 40), t.Place
			if c.When == nil {
				c.Unit = "duration"
			}
			if c.When == nil && strings.Trim(c.Text, "0123456789") == "" { // a number is right there, and not read as one
				c.Place = v.Place()
			}
			return c
		}
		c.Unit = unitOf(v.E, c.When)
	}
	c.Text, c.Place = shortText(v.E, 4), v.Place()
	return c
}

// times are the claims and options that hold a time.
var times = names.Words("exp", "iat", "nbf", "expiresIn", "validity_in_seconds", "notBefore")

// timePlace is where a time is to be edited: where a local name gets it, else the part of a
// sum that is wrong. A module's HOUR in exp: HOUR, and the present time in exp: now, are right as they are.
func timePlace(g *modules.Graph, name string, v modules.View, when *facts.When) modules.View {
	for range 8 {
		next, ok := behindTime(g, name, v, when)
		if !ok {
			break
		}
		v = next
	}
	return v
}

// behindTime is one step on the way to the place.
func behindTime(g *modules.Graph, name string, v modules.View, when *facts.When) (modules.View, bool) {
	point := name == "exp" || name == "iat" || name == "nbf"
	if v.E.Kind == jsread.Ident {
		if facts.OneOf(v.M.Changed, v.E.Text) {
			return v, false
		}
		e, at, ok := jsread.Held(&v.M.Module, v.At, v.E.Text)
		next := v.Of(&e)
		if !ok || e.Line == 0 || e.Param() != nil || e.Kind == jsread.Either {
			if next, ok = g.Once(v); !ok || next.E.Line == 0 || next.E.Param() != nil || next.E.Kind == jsread.Either || next.E.Kind == jsread.Env {
				return v, false
			}
			at = 0
		}
		w := whenOf(g, next)
		switch {
		case point && at == 0 && w != nil && w.Per == 0 && when != nil && when.Per == 0:
			return v, false
		case point && w != nil && *w == facts.When{Per: 1}:
			return v, false
		}
		return next, next.E.Kind != jsread.None
	}
	if when == nil || when.Per == 0 {
		return v, false
	}
	for i, x := range v.E.Parts {
		w := whenOf(g, v.Of(&x))
		if w == nil || x.Kind != jsread.Ident && x.Kind != jsread.Template && x.Kind != jsread.Wrapped {
			continue
		}
		short := name == "exp" && when.Per == 1 && when.Plus < 60 && w.Per == 0 && w.Plus < 60 && v.E.Kind == jsread.Template && i > 0
		set := false
		if x.Kind == jsread.Wrapped && len(x.Parts) > 0 {
			_, set = setNumber(g, v.Of(&x))
		}
		if (w.Per == 1000 && when.Per == 1000 || short) && (x.Kind == jsread.Ident || set) {
			return v.Of(&x), true
		}
	}
	return v, false
}

// joseTime is a time that jose's builder is handed: it makes whole seconds of a Date.
func joseTime(g *modules.Graph, name string, v modules.View) facts.Claim {
	c := claimOf(g, name, v)
	if e := modules.Settle(g, v).E; c.When != nil && e.Kind == jsread.CallExpr && e.Text == "new Date" {
		c.When = &facts.When{Per: c.When.Per / 1000, Plus: math.Floor(c.When.Plus / 1000), Open: c.When.Open}
		c.Unit = "seconds"
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
		if affix.HasPrefix(e.Text, ".") {
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
	case jsread.Object:
		return "{…}"
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
	case e.Kind == jsread.CallExpr && e.Text == "new Date":
		return "date"
	case (e.Kind == jsread.CallExpr || e.Kind == jsread.Wrapped) && facts.OneOf(textual, facts.LastName(e.Text)):
		return "text"
	case w != nil && w.Per == 1000:
		return "milliseconds"
	case w != nil && w.Per == 1:
		return "seconds"
	}
	return ""
}

// textual are the calls that make a string of a time.
var textual = []string{"toISOString", "String", "toString", "toUTCString", "toJSON"}

func MentionsName(e jsread.Expr, name string, depth int) bool {
	if depth == 0 {
		return false
	}
	if (e.Kind == jsread.Ident || e.Kind == jsread.CallExpr) && (e.Text == name || e.Text == "new "+name || affix.HasPrefix(e.Text, name+".") || affix.HasPrefix(e.Text, "new "+name+"(")) {
		return true
	}
	for _, x := range e.Parts {
		if MentionsName(x, name, depth-1) {
			return true
		}
	}
	return e.On() != nil && MentionsName(*e.On(), name, depth-1)
}
