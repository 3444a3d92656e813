package servers

import (
	"path"

	"badsig/checks/affix"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/project/picture"
)

// routeTable reads app/routes.ts of React Router 7, which says which file
// serves which path: file (without its ending, as the table names it from
// app/) → paths. nil where there is no table, or where it is made in a way
// that is not followed (flatRoutes(), a function of the project's own).
func routeTable(p *picture.Reader, k *modules.Package) map[string][]string {
	var m *modules.Module
	for _, ext := range []string{".ts", ".js", ".mts", ".mjs"} {
		if m == nil {
			m = p.Module(path.Join(k.Dir, "app/routes"+ext))
		}
	}
	if m == nil {
		return nil
	}
	t := &routeReader{m: m, paths: map[string][]string{}, known: true}
	t.list("", m.Exports["default"], 12)
	if !t.known || len(t.paths) == 0 {
		return nil
	}
	return t.paths
}

type routeReader struct {
	m     *modules.Module
	paths map[string][]string
	known bool
}

func (t *routeReader) list(at string, e jsread.Expr, depth int) {
	switch {
	case depth == 0:
		t.known = false
	case e.Kind == jsread.Array, e.Kind == jsread.Other && e.Text == "...":
		for _, x := range e.Parts {
			t.list(at, x, depth-1)
		}
	case e.Kind == jsread.CallExpr:
		t.call(at, e, depth)
	case e.Kind == jsread.Ident:
		v, ok := t.m.Resolve(0, e.Text)
		if t.known = t.known && ok; ok {
			t.list(at, v, depth-1)
		}
	default:
		t.known = false
	}
}

func (t *routeReader) call(at string, e jsread.Expr, depth int) {
	arg := func(i int) string {
		if i < len(e.Parts) && e.Parts[i].Kind == jsread.Literal {
			return e.Parts[i].Text
		}
		t.known = false
		return ""
	}
	children := func(at string, from int) {
		for _, x := range e.Parts[min(from, len(e.Parts)):] {
			if x.Kind != jsread.Object { // options
				t.list(at, x, depth-1)
			}
		}
	}
	file := func(at, name string) {
		name = affix.TrimPrefix(affix.TrimSuffix(name, affix.Ext(name)), "./")
		t.paths[name] = append(t.paths[name], path.Join("/", at))
	}
	switch e.Text {
	case "route":
		file(path.Join(at, arg(0)), arg(1))
		children(path.Join(at, arg(0)), 2)
	case "index":
		file(at, arg(0))
	case "layout":
		arg(0)
		children(at, 1)
	case "prefix":
		children(path.Join(at, arg(0)), 1)
	default:
		t.known = false
	}
}
