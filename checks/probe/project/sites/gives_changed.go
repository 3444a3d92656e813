package sites

import (
	"slices"
	"strconv"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/names"
)

// changed is what is done to the token, and where; how is "" where nothing is.
type changed struct {
	how, as string
	facts.Place
}

// change tells what an expression makes of the token; ok is false where a step of it isn't understood.
func (g *giving) change(m *modules.Module, at jsread.Scope, x jsread.Expr, depth int) (c changed, ok bool) {
	if depth == 0 {
		return c, false
	}
	here := facts.Place{File: m.Rel, Line: x.Line}
	inner := func(e jsread.Expr, how, as string) (changed, bool) {
		c, ok := g.change(m, at, e, depth-1)
		if ok && c.how == "" && how != "" {
			c = changed{how, as, here}
			if here.Line == 0 {
				c.Line = e.Line
			}
			ok = c.Line > 0
		}
		return c, ok
	}
	switch x.Kind {
	case jsread.Ident:
		if facts.OneOf(m.Changed, x.Text) {
			return c, false
		}
		if h := g.parameter(m, at, x.Text); h != nil {
			return h.changed, h.ok
		}
		v, found := m.Resolve(at, x.Text)
		if !found || v.Kind == jsread.Ident && v.Text == x.Text {
			return c, false
		}
		return g.change(m, at, v, depth-1)
	case jsread.Template:
		return g.joined(m, at, x, depth)
	case jsread.Object:
		held := -1
		for i, part := range x.Parts {
			if g.holds(m, at, part, depth-1) {
				if held >= 0 {
					return c, false
				}
				held = i
			}
		}
		if held >= 0 {
			return g.change(m, at, x.Parts[held], depth-1)
		}
	case jsread.Wrapped, jsread.CallExpr:
		if x.Kind == jsread.CallExpr && g.isSite(m, x) {
			return c, true
		}
		if f := g.carrier(x); f != nil && x.Kind == jsread.CallExpr {
			return g.returned(f, depth)
		}
		if f := g.handed(m, at, x, depth); f != nil {
			return g.returned(f, depth)
		}
		of, rest := x.On(), x.Parts
		if of == nil {
			if len(x.Parts) == 0 {
				return c, false
			}
			of, rest = &x.Parts[0], x.Parts[1:]
		}
		switch name := facts.LastName(x.Text); {
		case cuts[name] && shown(rest):
			return c, false
		case cuts[name] && len(rest) > 0 && !(len(rest) == 1 && rest[0].Text == "0"):
			return inner(*of, "slice", name)
		case x.Text == "JSON.stringify" && of.Kind == jsread.Object:
			return c, false
		case x.Text == "JSON.stringify":
			return inner(*of, "json", "JSON.stringify")
		case harmless[name], x.Kind == jsread.Wrapped && x.Text[:1] == ".":
			return inner(*of, "", "")
		}
	}
	return c, false
}

// shown reports whether a cut keeps so little that a person is to look at it: the header of a JWT alone is longer.
func shown(cut []jsread.Expr) bool {
	if len(cut) == 1 {
		return affix.HasPrefix(cut[0].Text, "-")
	}
	if len(cut) != 2 {
		return false
	}
	n, err := strconv.Atoi(cut[1].Text)
	return err == nil && 0 < n && n <= 36
}

// joined is a template or a sum of strings with the token in it.
func (g *giving) joined(m *modules.Module, at jsread.Scope, x jsread.Expr, depth int) (changed, bool) {
	token := -1
	parts := slices.Clone(x.Parts)
	for i, part := range parts {
		held := g.holds(m, at, part, depth-1) // first: jwt.sign(claims, secret) has a text, too, as far as texts are concerned
		if t, ok := g.p.TextOf(modules.View{M: m, At: at, E: part}); ok && !held && t.Known.Sure() {
			part.Kind, part.Text = jsread.Literal, t.Text
			parts[i] = part
		}
		switch {
		case held && token < 0:
			token = i
		case part.Kind != jsread.Literal || affix.Contains(part.Text, "://") || affix.ContainsAny(part.Text, "=?&{"):
			return changed{}, false
		}
	}
	if token < 0 {
		return changed{}, false
	}
	c, ok := g.change(m, at, x.Parts[token], depth-1)
	if !ok || c.how != "" {
		return c, ok
	}
	for i, part := range parts {
		if i != token && part.Text != "" {
			line := max(x.Line, part.Line)
			return changed{map[bool]string{true: "prefix", false: "suffix"}[i < token], part.Text, facts.Place{File: m.Rel, Line: line}}, line > 0 && len(part.Text) <= 20
		}
	}
	return c, true
}

// promised is the line of a call that gives the token as a promise, which nothing awaits; 0 for none.
func (g *giving) promised(m *modules.Module, at jsread.Scope, x jsread.Expr, depth int) int {
	line := x.Line
	for on := x.On(); on != nil; on = on.On() {
		line = min(line, max(1, on.Line))
	}
	if depth == 0 || awaits(m, line, x.Line) {
		return 0
	}
	switch x.Kind {
	case jsread.Ident:
		if v, ok := m.Resolve(at, x.Text); ok && v.Kind == jsread.CallExpr {
			return g.promised(m, at, v, depth-1)
		}
	case jsread.CallExpr:
		if g.isSite(m, x) && g.s.How == "new SignJWT().sign" {
			return x.Line
		}
		f := g.carrier(x)
		if f == nil {
			return 0
		}
		ws := f.Mod.Words()
		for i := range ws {
			if ws[i].Line == f.Fn.Line && ws[i].Text == f.Fn.Name && (i > 0 && ws[i-1].Text == "async" || jsread.Follows(ws, i-2, "async function") || jsread.Follows(ws, i+1, "= async") || jsread.Follows(ws, i+1, ": async")) {
				return x.Line
			}
		}
		if affix.Any(f.Fn.Returns, func(r jsread.Exit) bool { return g.promised(f.Mod, f.Fn.Own, r.Expr, depth-1) > 0 }) {
			return x.Line
		}
	}
	return 0
}

// awaits reports lines of code that wait for a promise, or that can't be told.
func awaits(m *modules.Module, from, to int) bool {
	ws := m.Words()
	return len(ws) == 0 || affix.Any(ws, func(w jsread.Word) bool {
		return w.Line >= from && w.Line <= to && (w.Text == "await" || w.Text == "then")
	})
}

// returned is what a function between the site and the entry makes of the token.
func (g *giving) returned(f *modules.FnRef, depth int) (changed, bool) {
	var c changed
	n := 0
	for _, ret := range f.Fn.Returns {
		if !g.holds(f.Mod, f.Fn.Own, ret.Expr, depth-1) {
			continue
		}
		next, ok := g.change(f.Mod, f.Fn.Own, ret.Expr, depth-1)
		if !ok || n > 0 && next != c {
			return c, false
		}
		if next.how != "" && next.Line == 0 {
			next.Line = ret.Line
		}
		c, n = next, n+1
	}
	return c, n > 0
}

var (
	cuts     = names.Words("slice", "substring", "substr")
	harmless = names.Words("toString", "valueOf", "String", "!", "as", "satisfies", "trim", "resolve")
)
