package modules

import (
	"slices"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/probe/jsread"
)

// Rules of this file:
//   - what the language itself makes of values is known without running anything: strings that are joined, a list's
//     element, a Map's entry; where one part is not known, nothing is

// joinedList is [a, b].join('/') as the text that it is.
func joinedList(g *Graph, v View, depth int) (View, bool) {
	sep := jsread.Expr{Kind: jsread.Literal, Text: ",", Line: v.E.Line}
	if len(v.E.Parts) > 1 {
		sep = v.E.Parts[1]
	}
	list, _ := g.settle(v.Of(&v.E.Parts[0]), depth)
	if list.E.Kind != jsread.Array || sep.Kind != jsread.Literal {
		return v, false
	}
	var parts []jsread.Expr
	for i, x := range list.E.Parts {
		if x.Text == "..." {
			return v, false
		}
		if i > 0 && sep.Text != "" {
			parts = append(parts, sep)
		}
		parts = append(parts, x)
	}
	return list.Of(&jsread.Expr{Kind: jsread.Template, Parts: parts, Line: v.E.Line}), len(parts) > 0
}

// isText tells what is text, or becomes it.
func isText(e jsread.Expr) bool {
	switch e.Kind {
	case jsread.Literal, jsread.Template, jsread.Env:
		return true
	}
	return false
}

// built is what calls of the language itself give: Object.assign, a Map's get, a string's concat.
func built(g *Graph, v View, depth int) (View, bool) {
	e := v.E
	on, name := Receiver(e.Text)
	switch {
	case e.Text == "Object.assign" && len(e.Parts) > 0:
		return v.Of(&jsread.Expr{Kind: jsread.Object, Rest: &jsread.Rest{Keys: make([]string, len(e.Parts))}, Parts: e.Parts, Line: e.Line}), true
	case (name == "get" || name == "getOrThrow") && len(e.Parts) > 0 && e.Parts[0].Kind != jsread.Literal && (on == "Deno.env" || affix.Contains(strings.ToLower(on), "config")): // Deno.env.get(NAMES.SECRET)
		of, _ := g.settle(v.Of(&e.Parts[0]), depth)
		return v.variable(of.E.Text), of.E.Kind == jsread.Literal && isUpperName(of.E.Text)
	case name == "concat" && len(e.Parts) > 0 && (on != "" || e.On() != nil):
		of, _ := g.settle(v.receiver(on), depth)
		if !isText(of.E) || of.M != v.M {
			return v, false
		}
		return v.Of(&jsread.Expr{Kind: jsread.Template, Parts: append([]jsread.Expr{of.E}, e.Parts...), Line: e.Line}), true
	case name == "get" && len(e.Parts) == 1 && e.Parts[0].Kind == jsread.Literal && (on != "" || e.On() != nil):
		of, _ := g.settle(v.receiver(on), depth)
		if of.E.Kind != jsread.CallExpr || of.E.Text != "new Map" || len(of.E.Parts) != 1 {
			return v, false
		}
		for _, row := range slices.Backward(of.E.Parts[0].Parts) {
			if row.Kind == jsread.Array && len(row.Parts) == 2 && row.Parts[0].Kind == jsread.Literal && row.Parts[0].Text == e.Parts[0].Text {
				return of.Of(&row.Parts[1]), true
			}
		}
	}
	return v, false
}

// receiver is what a call's method is called on.
func (v View) receiver(on string) View {
	if v.E.On() != nil {
		return v.Of(v.E.On())
	}
	return v.name(on, v.E.Line)
}

// element is the member of an object, or of a list, that another value names.
func element(g *Graph, v View, depth int) (View, bool) {
	base, index := v.Of(&v.E.Parts[0]), v.E.Parts[1]
	ls := g.follow(v.Of(&index), depth)
	name := ""
	for i, l := range ls {
		switch {
		case l.Kind == LeafLiteral && l.Transform == "" && (len(ls) == 1 || i > 0 && ls[0].Kind == LeafEnv && plainVariableName(ls[0].Text)): // all[process.env.NODE_ENV || 'development']
			name = l.Text
		case l.Kind == LeafEnv && len(ls) == 1 && plainVariableName(l.Text):
			name = "development"
		}
	}
	if name == "" || affix.Contains(name, ".") {
		return v, false
	}
	return g.member(base, name, v.E.Line, depth)
}
