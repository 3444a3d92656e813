package sites

import (
	"math"
	"strconv"
	"strings"
	"time"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
)

// Rules of this file:
//   - a time is worked out only where every part of it is known: a call whose result isn't known has none
//   - new Date() + 60 joins strings, so it isn't a time

// whenOf works out a claim's time from the present one.
func whenOf(g *modules.Graph, v modules.View) *facts.When {
	if w, ok := timeIn(g, v, 12); ok && (w.Per != 0 || !w.Open) {
		return &w
	}
	return nil
}

func timeIn(g *modules.Graph, v modules.View, depth int) (w facts.When, ok bool) {
	if depth == 0 || v.E.Kind == jsread.Ident && facts.OneOf(v.M.Changed, v.E.Text) {
		return w, false
	}
	if v.E.Kind == jsread.Ident {
		v = modules.Settle(g, v)
	}
	part := func(i int) (facts.When, bool) { return timeIn(g, v.Of(&v.E.Parts[i]), depth-1) }
	switch e := v.E; {
	case v.Assumed:
	case e.Kind == jsread.Number:
		n, err := strconv.ParseFloat(e.Text, 64)
		return facts.When{Plus: n, Fraction: n != math.Trunc(n)}, err == nil
	case e.Kind == jsread.CallExpr:
		return calledTime(g, v, depth)
	case e.Kind == jsread.Wrapped && len(e.Parts) > 0:
		if t, ok := setNumber(g, v); ok {
			return t, true
		}
		switch e.Text {
		case "Math.floor", "Math.trunc", "Math.round", "Math.ceil", "parseInt":
			w, ok = part(0)
			w.Fraction = false
			return w, ok
		case "Number", "+", "valueOf", "!", "as", "satisfies":
			return part(0)
		}
	case e.Kind == jsread.Template:
		for i, x := range e.Parts {
			p, known := part(i)
			if x.Kind == jsread.Literal || x.Kind == jsread.CallExpr && x.Text == "new Date" || !known && MentionsName(x, "Date", 6) {
				return w, false
			}
			w = facts.When{Per: w.Per + p.Per, Plus: w.Plus + p.Plus, Fraction: w.Fraction || p.Fraction, Open: w.Open || p.Open || !known}
		}
		return w, len(e.Parts) > 0
	case e.Kind == jsread.Other && len(e.Parts) > 1: // a - b, a * b * c
		w, ok = part(0)
		for i := 1; ok && i < len(e.Parts); i++ {
			next, known := part(i)
			if w, ok = reckoned(e.Text, w, next); !known {
				return w, false
			}
		}
		return w, ok
	case e.Kind == jsread.Other && e.Text == "~" && len(e.Parts) == 1 && e.Parts[0].Text == "~" && len(e.Parts[0].Parts) == 1: // ~~x
		w, ok = timeIn(g, v.Of(&e.Parts[0].Parts[0]), depth-1)
		w.Fraction = false
		return w, ok
	}
	return w, false
}

// setNumber is the number that a variable is set to: Number(process.env.TTL).
func setNumber(g *modules.Graph, v modules.View) (facts.When, bool) {
	if !facts.OneOf([]string{"Number", "+", "parseInt", "Number.parseInt"}, v.E.Text) {
		return facts.When{}, false
	}
	t, ok := g.TextOf(v.Of(&v.E.Parts[0]))
	if !ok || t.Env == "" || !t.Known.Sure() {
		return facts.When{}, false
	}
	n, err := strconv.ParseFloat(strings.TrimSpace(t.Text), 64)
	return facts.When{Plus: n, Fraction: n != math.Trunc(n)}, err == nil
}

// reckoned is what an operator makes of two times.
func reckoned(op string, a, b facts.When) (facts.When, bool) {
	switch {
	case op == "-":
		return facts.When{Per: a.Per - b.Per, Plus: a.Plus - b.Plus, Fraction: a.Fraction || b.Fraction, Open: a.Open || b.Open}, true
	case op == "*" && a.Per*b.Per == 0:
		return facts.When{Per: a.Per*b.Plus + b.Per*a.Plus, Plus: a.Plus * b.Plus, Fraction: a.Fraction || b.Fraction, Open: a.Open || b.Open}, true
	case op == "/" && b.Per == 0 && b.Plus != 0:
		w := facts.When{Per: a.Per / b.Plus, Plus: a.Plus / b.Plus, Open: a.Open}
		w.Fraction = w.Per != 0 || w.Plus != math.Trunc(w.Plus)
		return w, true
	case (op == "|" || op == ">>" || op == ">>>") && b == (facts.When{}):
		a.Fraction = false
		return a, true
	}
	return facts.When{}, false
}

// calledTime is what the calls give that are known to give a time.
func calledTime(g *modules.Graph, v modules.View, depth int) (w facts.When, ok bool) {
	e := v.E
	now := facts.When{Per: 1000}
	object, name := modules.Receiver(e.Text)
	switch {
	case e.Text == "Date.now", e.Text == "new Date" && len(e.Parts) == 0:
		return now, true
	case e.Text == "new Date" && len(e.Parts) == 1 && e.Parts[0].Kind == jsread.Literal: // new Date('2024-01-31')
		for _, form := range []string{time.RFC3339, time.DateOnly} {
			if at, err := time.Parse(form, e.Parts[0].Text); err == nil {
				return facts.When{Plus: float64(at.UnixMilli())}, true
			}
		}
		return w, false
	case e.Text == "new Date" && len(e.Parts) == 1:
		return timeIn(g, v.Of(&e.Parts[0]), depth-1)
	case name == "getTime" || name == "valueOf" || name == "toFixed" && len(e.Parts) == 1 && e.Parts[0].Text == "0":
		if e.On() != nil {
			w, ok = timeIn(g, v.Of(e.On()), depth-1)
		} else {
			w, ok = timeIn(g, v.Of(&jsread.Expr{Kind: jsread.Ident, Text: object, Line: e.Line}), depth-1)
		}
		w.Fraction = w.Fraction && name != "toFixed"
		return w, ok
	case name == "unix" && e.On() != nil && e.On().On() == nil && len(e.On().Parts) == 0 && (affix.HasPrefix(e.On().Text, "dayjs") || affix.HasPrefix(e.On().Text, "moment")):
		return facts.When{Per: 1}, true
	}
	next, ok := g.Once(v)
	if !ok { // a helper of the project's own
		next, ok = g.Returned(v, depth-1)
	}
	if !ok || next.E.Kind == jsread.CallExpr && next.E.Text == e.Text {
		return w, false
	}
	return timeIn(g, next, depth-1)
}
