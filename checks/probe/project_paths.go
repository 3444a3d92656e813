package probe

import (
	"path"
	"strings"

	"badsig/checks/probe/jsread"
	"badsig/checks/probe/pattern"
)

// pathsOf evaluates an expression of paths.
func (g *graph) pathsOf(m *module, at jsread.Scope, e jsread.Expr) (paths []loadPath, unknown bool) {
	defer g.ask()()
	if e.Kind == jsread.Ident {
		if v, ok := m.Resolve(at, e.Text); ok {
			e = v
		}
	}
	if e.Kind == jsread.Array {
		for _, part := range e.Parts {
			ps, u := g.pathsOf(m, at, part)
			if u {
				return nil, true
			}
			paths = append(paths, ps...)
		}
		return paths, false
	}
	lp, ok := g.pathOf(m, at, e, 8)
	if !ok {
		return nil, true
	}
	return []loadPath{lp}, false
}

func (g *graph) pathOf(m *module, at jsread.Scope, e jsread.Expr, depth int) (loadPath, bool) {
	if depth == 0 || !g.step() {
		return loadPath{}, false
	}
	here := loadPath{rel: dirOf(m.rel)}
	switch e.Kind {
	case jsread.Literal:
		if path.IsAbs(e.Text) {
			return loadPath{}, false
		}
		return loadPath{rel: e.Text, cwd: true}, true
	case jsread.Ident:
		switch e.Text {
		case "__dirname", "import.meta.dirname", "import.meta.dir":
			return here, true
		case "import.meta.url", "__filename", "import.meta.filename":
			return loadPath{rel: m.rel}, true
		}
		if v, ok := m.Resolve(at, e.Text); ok && v.Kind != jsread.Ident {
			return g.pathOf(m, at, v, depth-1)
		}
	case jsread.Wrapped:
		if len(e.Parts) > 0 && (e.Text == "as" || e.Text == "!" || e.Text == "String") {
			return g.pathOf(m, at, e.Parts[0], depth-1)
		}
	case jsread.Env:
		if plainVariableName(e.Text) {
			return loadPath{rel: "${" + e.Text + ":-undefined}", cwd: true}, true
		}
	case jsread.Either:
		if len(e.Parts) == 2 && e.Parts[0].Kind == jsread.Env && e.Parts[1].Kind == jsread.Literal && plainVariableName(e.Parts[0].Text) && e.Text != "?:" && e.Text != "&&" {
			return loadPath{rel: "${" + e.Parts[0].Text + ":-" + e.Parts[1].Text + "}", cwd: true}, true
		}
	case jsread.Template:
		out, started := loadPath{}, false
		text := ""
		for _, part := range e.Parts {
			if part.Kind == jsread.Literal {
				if text += part.Text; len(text) > maxText {
					return loadPath{}, false
				}
				continue
			}
			q, ok := g.pathOf(m, at, part, depth-1)
			if ok && strings.HasPrefix(q.rel, "${") { // .env.${NODE_ENV}
				text += q.rel
				continue
			}
			if !ok || started || text != "" {
				return loadPath{}, false
			}
			out, started = q, true
		}
		if !started {
			return loadPath{rel: text, cwd: true}, true
		}
		out.rel = path.Join(out.rel, text)
		return out, true
	case jsread.CallExpr:
		switch name := lastName(e.Text); name {
		case "cwd":
			return loadPath{rel: ".", cwd: true}, true
		case "join", "resolve", "normalize":
			out, rest := loadPath{rel: ".", cwd: true}, e.Parts
			for i, part := range rest {
				q, ok := g.pathOf(m, at, part, depth-1)
				if !ok {
					return loadPath{}, false
				}
				if i == 0 || !q.cwd {
					out = q
					continue
				}
				if out.rel = path.Join(out.rel, q.rel); len(out.rel) > maxText {
					return loadPath{}, false
				}
			}
			return out, true
		case "dirname":
			if len(e.Parts) == 1 {
				q, ok := g.pathOf(m, at, e.Parts[0], depth-1)
				q.rel = path.Dir(q.rel)
				return q, ok
			}
		case "fileURLToPath", "pathToFileURL", "toString":
			if len(e.Parts) >= 1 {
				return g.pathOf(m, at, e.Parts[0], depth-1)
			}
		case "new URL":
			if len(e.Parts) == 2 && e.Parts[0].Kind == jsread.Literal {
				base, ok := g.pathOf(m, at, e.Parts[1], depth-1)
				return loadPath{rel: path.Join(path.Dir(base.rel), e.Parts[0].Text), cwd: base.cwd}, ok
			}
		}
	}
	return loadPath{}, false
}

// plainVariableName tells variables that choose between files.
func plainVariableName(name string) bool {
	return name == "NODE_ENV" || name == "APP_ENV" || name == "ENV" || name == "ENVIRONMENT" || name == "STAGE" || name == "MODE"
}

var variableInPath = pattern.New(`\$\{(\w+):-([^}]*)\}`)

// fillPath puts the values of variables into a path that has some.
func (s *server) fillPath(rel string) string {
	if !strings.Contains(rel, "${") {
		return rel
	}
	return variableInPath.ReplaceAllStringFunc(rel, func(x string) string {
		g := variableInPath.FindStringSubmatch(x)
		if v := s.plainEnv(g[1]); v != "" {
			return v
		}
		return g[2]
	})
}

// The files of the loaders that have a list, the winning one first.
var (
	nextFiles = []string{".env.development.local", ".env.local", ".env.development", ".env"}
	flowFiles = []string{".env.local", ".env", ".env.defaults"}
	viteFiles = []string{".env.development.local", ".env.development", ".env.local", ".env"}
)
