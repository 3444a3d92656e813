package project

import (
	"slices"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/project/fronts"
	"badsig/checks/probe/project/picture"
	"badsig/checks/probe/project/sites"
	"badsig/checks/sanitize"
)

// Rules of this file, about a page that connects as a user whom the response names:
//   - every way of the ID must begin at a field of a response, through states, storages, properties and functions
//   - of two members of one variable, an email or a name is never the ID beside it; two names for an ID may be one ID

// findTold notes the fields of responses as which pages connect, and what they are beside the ID that is signed.
func findTold(p *picture.Reader, connections []connection) {
	for _, k := range connections {
		m, c, user := k.m, k.c, k.user
		if user.Kind == jsread.None {
			continue
		}
		if p.Over() || len(p.Facts.Told) >= 20 {
			break
		}
		done := p.Ask()
		w := &passage{Reader: p}
		v := modules.View{M: m, At: c.Scope, E: user}
		whole := w.eval(v)
		all := w.members(whole, "id", v)
		done()
		for _, x := range whole {
			if i := slices.Index(x.fn.E.Keys(), "id"); i >= 0 && x.kind == carriedObject && user.Kind != jsread.Object {
				p.Facts.IDs = append(p.Facts.IDs, fronts.UserForm(p, x.fn.Of(&x.fn.E.Parts[i])))
			}
		}
		var out []facts.AsTold
		for _, x := range all {
			if x.kind == carriedNone {
				continue
			}
			if x.How == "prefix" || x.How == "suffix" {
				x.took = x.Place
			} else {
				x.As = x.How
			}
			if x.kind != carriedDoc || x.path == "" || x.As == "" && x.How != "" || x.prom || x.took.Line == 0 {
				out = nil
				break
			}
			out = append(out, facts.AsTold{Field: sanitize.Visible(x.path), As: sanitize.Visible(x.As), From: x.from, Callee: facts.LastName(c.Callee), Client: facts.Place{File: m.Rel, Line: c.Line}, Place: x.took})
		}
		p.Facts.Told = append(p.Facts.Told, out...)
	}
	for _, e := range p.Entries {
		for i := range p.Facts.Entries {
			if f := &p.Facts.Entries[i]; f.Place == e.Place && f.Kind == e.Kind && f.Method == e.Method && f.Path == e.Path && f.Site == e.Site && f.Tells == nil {
				for _, t := range p.Facts.Told {
					tells(f, e, t.Field)
				}
			}
		}
	}
}

// tells notes what a field of a response is beside the ID that is signed, where that is known.
func tells(f *facts.Entry, e *picture.Entry, field string) {
	root, path := sites.Named(e.Signed, 8)
	if root == "" {
		return
	}
	for _, t := range e.Tells {
		rest, ok := affix.CutPrefix(field+".", t.Field+".")
		if !ok {
			continue
		}
		r, at := sites.Named(t.V, 8)
		at = strings.Trim(at+"."+strings.Trim(rest, "."), ".")
		is, signs := lastOf(t.V, at), lastOf(e.Signed, path)
		told := facts.Told{Field: field, Same: r == root && at == path, Naming: facts.Naming(signs) && (!facts.Naming(is) || affix.HasPrefix(signs, "email")), Signs: sanitize.Visible(signs)}
		if !slices.Contains(f.Tells, told) && (told.Same || r != "" && (told.Naming && facts.EndsInID(is) || facts.EndsInID(signs) && facts.Naming(is) || facts.Naming(signs) && facts.Naming(is) && affix.HasPrefix(signs, "email") != affix.HasPrefix(is, "email"))) {
			f.Tells = append(f.Tells, told)
		}
	}
}

// lastOf is the last name of a path, or the variable's.
func lastOf(v modules.View, path string) string {
	for e := v.E; path == ""; e = e.Parts[0] {
		if e.Kind != jsread.Wrapped || len(e.Parts) == 0 {
			path = e.Text
			break
		}
	}
	return facts.LastName(path)
}
