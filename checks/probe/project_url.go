package probe

import (
	"net/url"
	"strings"

	"badsig/checks/probe/jsread"
	"badsig/checks/probe/pattern"
)

// baseOf gives the baseURL of an axios instance.
func (p *project) baseOf(f *front, m *module, c jsread.Call, object string) string {
	if object == "" || object == "axios" {
		for _, fd := range m.Fields {
			if fd.Object == "axios.defaults" && fd.Name == "baseURL" {
				s, _ := p.textOf(f, m, fd.Scope, fd.Expr, 8)
				return s
			}
		}
		return ""
	}
	mod, e, ok := p.valueOf(m, c.Scope, object, 6)
	if !ok || e.Kind != jsread.CallExpr || len(e.Parts) == 0 || e.Parts[0].Kind != jsread.Object {
		return ""
	}
	for i, k := range e.Parts[0].Keys {
		if k == "baseURL" || k == "prefixUrl" {
			s, _ := p.textOf(f, mod, 0, e.Parts[0].Parts[i], 8)
			return s
		}
	}
	return ""
}

// valueOf follows a name, through imports too, to what it holds.
func (p *project) valueOf(m *module, at jsread.Scope, name string, depth int) (*module, jsread.Expr, bool) {
	if depth == 0 {
		return nil, jsread.Expr{}, false
	}
	if v, ok := m.Resolve(at, name); ok {
		return m, v, true
	}
	for _, i := range m.Imports {
		exported, ok := i.Names[name]
		if !ok {
			continue
		}
		t := p.module(p.resolve(m, i.From))
		if t == nil {
			break
		}
		e, ok := t.Exports[exported]
		if !ok {
			break
		}
		if e.Kind == jsread.Ident {
			return p.valueOf(t, 0, e.Text, depth-1)
		}
		return t, e, true
	}
	return nil, jsread.Expr{}, false
}

// textOf builds the text of a URL as far as it can be told from its
// beginning; whole is false where something behind it is not known.
func (p *project) textOf(f *front, m *module, at jsread.Scope, e jsread.Expr, depth int) (text string, whole bool) {
	defer p.ask()()
	if depth == 0 || !p.step() {
		return "", false
	}
	switch e.Kind {
	case jsread.Literal, jsread.Number:
		return e.Text, true
	case jsread.Template:
		for _, part := range e.Parts {
			t, ok := p.textOf(f, m, at, part, depth-1)
			if text += t; !ok || len(text) > maxText {
				return text, false
			}
		}
		return text, true
	case jsread.Either:
		for _, part := range e.Parts {
			if t, ok := p.textOf(f, m, at, part, depth-1); ok && t != "" {
				return t, true
			}
		}
		return "", false
	case jsread.Wrapped:
		if len(e.Parts) > 0 && (e.Text == "as" || e.Text == "!" || e.Text == "String" || e.Text == "toString") {
			return p.textOf(f, m, at, e.Parts[0], depth-1)
		}
	case jsread.CallExpr:
		if e.Text == "new URL" && len(e.Parts) == 2 {
			b, ok := p.textOf(f, m, at, e.Parts[1], depth-1)
			t, ok2 := p.textOf(f, m, at, e.Parts[0], depth-1)
			if u, err := url.Parse(b); err == nil && ok {
				if r, err := u.Parse(t); err == nil {
					return r.String(), ok2
				}
			}
		}
		if (e.Text == "new URL" || e.Text == "new Request") && len(e.Parts) == 1 {
			return p.textOf(f, m, at, e.Parts[0], depth-1)
		}
	case jsread.Env, jsread.Ident:
		if e.Kind == jsread.Ident && depth < 12 && isUserName(lastName(e.Text)) {
			return p.w.Target.UserID, true
		}
		for _, l := range p.eval(m, at, e) {
			switch l.kind {
			case leafLiteral:
				if l.transform == "" {
					return l.text, true
				}
			case leafEnv:
				if gets, known := f.browserGets(l.text, l.meta); known && !gets {
					continue
				}
				if v, src, _ := p.frontFile(f, l.text); src != nil && v != "" {
					return v, true
				}
			}
		}
		if e.Kind == jsread.Ident {
			if mod, v, ok := p.valueOf(m, at, e.Text, 6); ok && v.Kind != jsread.Ident {
				return p.textOf(f, mod, 0, v, depth-1)
			}
		}
	}
	return "", false
}

var absoluteURL = pattern.New(`^https?://`)

func joinURL(base, p string) string {
	if base == "" || absoluteURL.MatchString(p) {
		return p
	}
	return strings.TrimSuffix(base, "/") + "/" + strings.TrimPrefix(p, "/")
}

// isLoopbackURL tells an absolute http URL of this machine.
func isLoopbackURL(s string) bool {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" {
		return false
	}
	return LocalHost(u.Hostname())
}
