package fronts

import (
	"net/url"
	"path"

	"badsig/checks/facts"
	"badsig/checks/loopback"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/project/picture"
	"badsig/checks/probe/project/servers"
	"badsig/checks/probe/project/values"
)

// calledAddress is a URL that a call gives: new URL, a builder of the
// project's own, Platform.select.
func calledAddress(p *picture.Reader, f *picture.Front, v modules.View, depth int) (address, bool) {
	e := v.E
	part := func(i int) address { return addressOf(p, f, v.Of(&e.Parts[i]), depth-1) }
	switch name := facts.LastName(e.Text); {
	case (e.Text == "new URL" || name == "resolve") && len(e.Parts) == 2:
		base, rest := part(1), part(0)
		if u, err := url.Parse(base.text); err == nil && base.text != "" {
			if r, err := u.Parse(rest.text); err == nil {
				whole, text := base.whole && rest.whole, r.String()
				base.add(rest)
				base.text, base.whole = text, whole
				return base, true
			}
		}
		return rest, true
	case (e.Text == "new URL" || e.Text == "new Request" || name == "cleanDoubleSlashes" || name == "normalizeUrl") && len(e.Parts) >= 1:
		return part(0), true
	case (name == "joinURL" || name == "urljoin" || name == "urlJoin" || name == "joinUrl") && len(e.Parts) > 1:
		a := part(0)
		for i := range e.Parts[1:] {
			x := part(i + 1)
			text := JoinURL(a.text, x.text)
			a.add(x)
			a.text, a.whole = text, a.whole && x.whole
		}
		return a, true
	case e.Text == "new URLSearchParams" && len(e.Parts) == 1 && !v.M.Holds(". append (") && !v.M.Holds(". set ("):
		list, open := modules.FieldsOf(p.Graph, v.Of(&e.Parts[0]), 4)
		a := address{whole: !open, assumed: open}
		for _, x := range list {
			a.names = append(a.names, x.Key)
		}
		return a, true
	case name == "withQuery" && len(e.Parts) > 1:
		a := part(0)
		list, _ := modules.FieldsOf(p.Graph, v.Of(&e.Parts[1]), 4)
		for _, x := range list {
			a.names = append(a.names, x.Key)
		}
		return a, true
	case e.Text == "Platform.select" && len(e.Parts) == 1 && e.Parts[0].Kind == jsread.Object && len(e.Parts[0].Parts) > 0:
		choice := jsread.Expr{Kind: jsread.Either, Text: "?:", Parts: e.Parts[0].Parts, Line: e.Line}
		return chosenAddress(p, f, v.Of(&choice), depth), true
	}
	t, fn := modules.FunctionOf(p.Graph, v.M, v.At, e.Text)
	if t == nil {
		if looseURL(facts.LastName(e.Text)) {
			if a, ok := partly(p, f, v, depth); ok {
				return a, true
			}
		}
		if ls := modules.Eval(p.Graph, v.M, v.At, e); len(ls) > 0 && ls[0].Kind != modules.LeafUnknown {
			return leafAddress(p, f, ls), true
		}
		return address{}, false
	}
	inner := v.Calls(t, fn)
	var out *address
	for _, r := range modules.ReturnsOf(t, fn) {
		a := addressOf(p, f, modules.View{M: t, At: r.Scope, E: r.Expr, B: inner}, depth-1)
		if a.text == "" && !a.whole {
			continue
		}
		switch {
		case out == nil:
			out = &a
		case out.text != a.text:
			if !loopback.IsURL(out.text) && loopback.IsURL(a.text) {
				out = &a
			}
			out.assumed = true
		}
	}
	if out == nil || out.assumed || !out.whole {
		if a, ok := computed(p, f, v, t, fn, depth); ok {
			return a, true
		}
		if a, ok := partly(p, f, v, depth); ok {
			return a, true
		}
	}
	if out == nil {
		return address{}, false
	}
	return *out, true
}

// envAddress is a variable's text, with the line that sets it.
func envAddress(p *picture.Reader, f *picture.Front, v modules.View) address {
	if v.E.Text == "BASE_URL" && v.E.Meta { // Vite's own: the folder that it serves
		return address{whole: true, text: "/"}
	}
	text, at, ok := frontText(p, f, v.E.Text, v.E.Meta)
	if !ok {
		return address{assumed: true, unset: v.E.Text}
	}
	return address{text: text, whole: true, host: at, path: at}
}

// frontText is the value of a variable in the front end's code, and the line that sets it.
func frontText(p *picture.Reader, f *picture.Front, name string, meta bool) (string, facts.Place, bool) {
	if gets, known := BrowserGets(f, name, meta); known && !gets {
		return "", facts.Place{}, false
	}
	if f.Start != nil {
		for _, a := range f.Start.Env {
			if a.Name == name {
				return a.Value, facts.Place{File: f.Start.Pkg.FileName(), Line: f.Start.Line}, true
			}
		}
	}
	if v, src, line := frontFile(p, f, name); src != nil && v != "" {
		return v, facts.Place{File: src.Rel, Line: line}, true
	}
	if f.Free {
		for _, rel := range []string{".env.local", ".env.development", ".env"} {
			if e := values.Env(p, path.Join(f.Pkg.Dir, rel)); e != nil {
				if v, ok := e.Get(name); ok && len(v) > 0 {
					return string(v), facts.Place{File: e.Rel, Line: servers.LineOf(e, name)}, true
				}
			}
		}
	}
	return "", facts.Place{}, false
}
