package modules

import (
	"path"
	"strings"

	"badsig/checks/facts"
	"badsig/checks/probe/files"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/pattern"
)

// PathsOf evaluates an expression of paths.
func PathsOf(g *Graph, m *Module, at jsread.Scope, e jsread.Expr) (paths []LoadPath, unknown bool) {
	defer g.Ask()()
	if e.Kind == jsread.Ident {
		if v, ok := Lookup(g, m, at, e.Text, 8); ok {
			m, at, e = v.M, v.At, v.E
		}
	}
	if e.Kind == jsread.Array {
		for _, part := range e.Parts {
			ps, u := PathsOf(g, m, at, part)
			if u {
				return nil, true
			}
			paths = append(paths, ps...)
		}
		return paths, false
	}
	lp, ok := pathOf(g, m, at, e, 8)
	if !ok {
		return nil, true
	}
	return []LoadPath{lp}, false
}

func pathOf(g *Graph, m *Module, at jsread.Scope, e jsread.Expr, depth int) (LoadPath, bool) {
	if depth == 0 || !g.Step() {
		return LoadPath{}, false
	}
	here := LoadPath{Rel: files.DirOf(m.Rel)}
	switch e.Kind {
	case jsread.Literal:
		if path.IsAbs(e.Text) {
			return LoadPath{}, false
		}
		return LoadPath{Rel: e.Text, CWD: true}, true
	case jsread.Ident:
		switch e.Text {
		case "__dirname", "import.meta.dirname", "import.meta.dir":
			return here, true
		case "import.meta.url", "__filename", "import.meta.filename":
			return LoadPath{Rel: m.Rel}, true
		}
		if v, ok := Lookup(g, m, at, e.Text, depth); ok && v.E.Kind != jsread.Ident {
			return pathOf(g, v.M, v.At, v.E, depth-1)
		}
	case jsread.Wrapped:
		if len(e.Parts) > 0 && (e.Text == "as" || e.Text == "!" || e.Text == "String") {
			return pathOf(g, m, at, e.Parts[0], depth-1)
		}
	case jsread.Env:
		if plainVariableName(e.Text) {
			return LoadPath{Rel: "${" + e.Text + ":-undefined}", CWD: true}, true
		}
	case jsread.Either:
		if len(e.Parts) == 2 && e.Parts[0].Kind == jsread.Env && e.Parts[1].Kind == jsread.Literal && plainVariableName(e.Parts[0].Text) && e.Text != "?:" && e.Text != "&&" {
			return LoadPath{Rel: "${" + e.Parts[0].Text + ":-" + e.Parts[1].Text + "}", CWD: true}, true
		}
	case jsread.Template:
		out, started := LoadPath{}, false
		text := ""
		for _, part := range e.Parts {
			if part.Kind == jsread.Literal {
				if text += part.Text; len(text) > MaxText {
					return LoadPath{}, false
				}
				continue
			}
			q, ok := pathOf(g, m, at, part, depth-1)
			if ok && strings.HasPrefix(q.Rel, "${") { // .env.${NODE_ENV}
				text += q.Rel
				continue
			}
			if !ok || started || text != "" {
				return LoadPath{}, false
			}
			out, started = q, true
		}
		if !started {
			return LoadPath{Rel: text, CWD: true}, true
		}
		out.Rel = path.Join(out.Rel, text)
		return out, true
	case jsread.CallExpr:
		switch name := facts.LastName(e.Text); name {
		case "cwd":
			return LoadPath{Rel: ".", CWD: true}, true
		case "join", "resolve", "normalize":
			out, rest := LoadPath{Rel: ".", CWD: true}, e.Parts
			for i, part := range rest {
				q, ok := pathOf(g, m, at, part, depth-1)
				if !ok {
					return LoadPath{}, false
				}
				if i == 0 || !q.CWD {
					out = q
					continue
				}
				if out.Rel = path.Join(out.Rel, q.Rel); len(out.Rel) > MaxText {
					return LoadPath{}, false
				}
			}
			return out, true
		case "dirname":
			if len(e.Parts) == 1 {
				q, ok := pathOf(g, m, at, e.Parts[0], depth-1)
				q.Rel = path.Dir(q.Rel)
				return q, ok
			}
		case "fileURLToPath", "pathToFileURL", "toString":
			if len(e.Parts) >= 1 {
				return pathOf(g, m, at, e.Parts[0], depth-1)
			}
		case "new URL":
			if len(e.Parts) == 2 && e.Parts[0].Kind == jsread.Literal {
				base, ok := pathOf(g, m, at, e.Parts[1], depth-1)
				return LoadPath{Rel: path.Join(path.Dir(base.Rel), e.Parts[0].Text), CWD: base.CWD}, ok
			}
		}
	}
	return LoadPath{}, false
}

// plainVariableName tells variables that choose between files.
func plainVariableName(name string) bool {
	return name == "NODE_ENV" || name == "APP_ENV" || name == "ENV" || name == "ENVIRONMENT" || name == "STAGE" || name == "MODE"
}

var VariableInPath = pattern.New(`\$\{(\w+):-([^}]*)\}`)
