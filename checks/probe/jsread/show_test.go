package jsread

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// show writes an expression in one line, so that tables can state what is expected.
func show(e Expr) string {
	list := func() string {
		var s []string
		for _, p := range e.Parts {
			s = append(s, show(p))
		}
		return strings.Join(s, ", ")
	}
	switch e.Kind {
	case Literal:
		return fmt.Sprintf("%q", e.Text)
	case Env:
		if e.Meta {
			return "$meta." + e.Text
		}
		return "$" + e.Text
	case Ident, Number:
		return e.Text
	case Either:
		return "either" + e.Text + "(" + list() + ")"
	case Template:
		return "template(" + list() + ")"
	case Wrapped:
		return "wrap[" + e.Text + "](" + list() + ")"
	case Object:
		var s []string
		for i, k := range e.Keys() {
			s = append(s, k+": "+show(e.Parts[i]))
		}
		return "{" + strings.Join(s, ", ") + "}"
	case Array:
		return "[" + list() + "]"
	case Func:
		return "func " + e.Text
	case CallExpr:
		on := ""
		if e.On() != nil {
			on = " on " + show(*e.On())
		}
		return "call " + e.Text + "(" + list() + ")" + on
	}
	if len(e.Parts) > 0 {
		return "other[" + e.Text + "](" + list() + ")"
	}
	return "other[" + e.Text + "]"
}

// lines lists what a module says, a fact a line.
func lines(m Module) []string {
	var out []string
	add := func(f string, a ...any) { out = append(out, fmt.Sprintf(f, a...)) }
	for _, i := range m.Imports {
		var n []string
		for _, k := range slices.Sorted(maps.Keys(i.Names)) {
			n = append(n, k+"="+i.Names[k])
		}
		add("%d import %s {%s}", i.Line, i.From, strings.Join(n, " "))
	}
	for _, k := range slices.Sorted(maps.Keys(m.Consts)) {
		add("%d const %s = %s", m.Consts[k].Line, k, show(m.Consts[k]))
	}
	for _, k := range slices.Sorted(maps.Keys(m.Exports)) {
		add("%d export %s = %s", m.Exports[k].Line, k, show(m.Exports[k]))
	}
	for _, c := range m.Calls {
		s := fmt.Sprintf("%d call ", c.Line)
		if c.New {
			s += "new "
		}
		s += show(Expr{Kind: CallExpr, Text: c.Callee, Parts: c.Args})[len("call "):]
		if c.Func != "" {
			s += " in " + c.Func
		}
		out = append(out, s)
	}
	for _, f := range m.Fields {
		add("%d field %s.%s = %s", f.Line, f.Object, f.Name, show(f.Expr))
	}
	for _, r := range m.Reads {
		add("%d read %s", r.Line, show(r))
	}
	for _, c := range m.Comments {
		add("%d comment %q", c.Line, c.Text)
	}
	if !m.Strict {
		add("0 lost")
	}
	return out
}
