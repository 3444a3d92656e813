package project

import (
	"slices"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
)

// Rules of this file, about Redux and its libraries:
//   - a reducer's action is what its creator was given, or what its thunk gave, in all places that dispatch it
//   - an endpoint of RTK Query gives the response's document, unless it changes that

// dispatched is what dispatch and unwrap give.
func (w *passage) dispatched(v modules.View, name string) []carried {
	var all []carried
	if name == "unwrap" {
		all = w.eval(receiverOf(v.M, v.At, v.E.Text, v.E.On(), v.E.Line))
	} else {
		all = w.eval(v.Of(&v.E.Parts[0]))
	}
	for i := range all {
		x := &all[i]
		switch {
		case x.kind == carriedOther || x.kind == carriedNone || x.How != "":
		case name == "unwrap" && x.kind == carriedAction:
			*x = *x.inner
		case name == "unwrap":
			*x = carried{}
		default:
			inner := *x
			inner.prom = false
			*x = carried{kind: carriedAction, inner: &inner, from: x.from}
		}
		x.prom, x.at = true, v
	}
	return all
}

// yielded is what call(fn, …) gives, a function of redux-saga's.
func (w *passage) yielded(v modules.View) []carried {
	fn := v.E.Parts[0]
	if fn.Kind == jsread.Array && len(fn.Parts) == 2 {
		fn = fn.Parts[1]
	}
	if fn.Kind != jsread.Ident {
		return []carried{{}}
	}
	all := w.eval(v.Of(&jsread.Expr{Kind: jsread.CallExpr, Text: fn.Text, Parts: v.E.Parts[1:], Line: v.E.Line}))
	for i := range all {
		all[i].prom = false
	}
	return all
}

// selected is what a selector takes of Redux's state.
func (w *passage) selected(v modules.View) []carried {
	path, ok := picks(v)
	if !ok {
		f, is := w.FunctionIn(v.Of(&v.E.Parts[0]), 6)
		if !is || len(f.Fn.Returns) != 1 || f.Fn.Returns[0].Kind != jsread.Ident {
			return []carried{{}}
		}
		_, path, _ = affix.Cut(f.Fn.Returns[0].Text, ".")
	}
	if !affix.Contains(path, ".") {
		return []carried{{kind: carriedSlice}}
	}
	return w.sliced(facts.LastName(path))
}

// sliced is what reducers put into the state under a name.
func (w *passage) sliced(name string) []carried {
	var out []carried
	w.pages(func(m *modules.Module) {
		if !m.Mentions("createSlice") {
			return
		}
		for _, f := range m.Assigned {
			if f.Name == name && f.Object == "state" {
				out = append(out, w.eval(modules.View{M: m, At: f.Scope, E: f.Expr})...)
			}
		}
	})
	if out == nil {
		return []carried{{}}
	}
	return out
}

// action is the action that a reducer gets: what its creator was given, or what a thunk gave; nil where that isn't known.
func (w *passage) action(m *modules.Module, fn *jsread.Function) []carried {
	var out []carried
	made := false
	add := func(all []carried) {
		for _, x := range all {
			inner := x
			inner.prom = false
			out = append(out, carried{kind: carriedAction, inner: &inner, from: x.from})
		}
	}
	if !m.Mentions("createSlice") {
		return nil
	}
	modules.VisitCalls(m, func(c *jsread.Call) {
		if thunk, ok := strings.CutSuffix(argText(c, 0), ".fulfilled"); ok && facts.LastName(c.Callee) == "addCase" && len(c.Args) == 2 && c.Args[1].Fn == fn.Own && c.Args[1].Kind == jsread.Func {
			made = true
			add(w.eval(modules.View{M: m, At: c.Scope, E: jsread.Expr{Kind: jsread.CallExpr, Text: thunk, Line: c.Line}}))
		}
	})
	if !made && fn.Name != "" {
		w.pages(func(p *modules.Module) {
			modules.VisitCalls(p, func(c *jsread.Call) {
				if facts.LastName(c.Callee) == fn.Name && len(c.Args) == 1 && (p == m || modules.Imports(w.Graph, p, m)) {
					add(w.eval(modules.View{M: p, At: c.Scope, E: c.Args[0]}))
				}
			})
		})
	}
	return affix.Without(out, func(x carried) bool { return x.inner.kind == carriedNone })
}

func argText(c *jsread.Call, i int) string {
	if i < len(c.Args) {
		return c.Args[i].Text
	}
	return ""
}

// endpoint is what a hook of RTK Query's gives, or a part of that; nil for other hooks.
func (w *passage) endpoint(v modules.View, part string) []carried {
	hook, _ := affix.CutPrefix(facts.LastName(v.E.Text), "use")
	hook, lazy := affix.CutPrefix(hook, "Lazy")
	name, query := strings.CutSuffix(hook, "Query")
	if !query {
		name, lazy = strings.CutSuffix(hook, "Mutation")
	}
	if name == "" || !query && !lazy || lazy == (part == "") {
		return nil // a query is taken as it is, all else by its parts
	}
	name = strings.ToLower(name[:1]) + name[1:]
	var doc *carried
	w.pages(func(m *modules.Module) {
		if !m.Mentions("createApi") && !m.Mentions("injectEndpoints") {
			return
		}
		jsread.Functions(&m.Module, func(f *jsread.Function) bool {
			for _, r := range f.Returns {
				i := slices.Index(r.Keys(), name)
				if i < 0 || r.Kind != jsread.Object || r.Parts[i].Kind != jsread.CallExpr || len(r.Parts[i].Parts) != 1 {
					continue
				}
				o := r.Parts[i].Parts[0]
				k := slices.Index(o.Keys(), "query")
				if k < 0 || facts.OneOf(o.Keys(), "transformResponse") || o.Parts[k].Kind != jsread.Func {
					continue
				}
				for _, ret := range m.Returns {
					if ret.Func == "query" && ret.Scope == o.Parts[k].Fn {
						doc = &carried{kind: carriedDoc, from: []facts.Place{{File: m.Rel, Line: ret.Line}, v.Place()}}
					}
				}
			}
			return true
		})
	})
	switch {
	case doc == nil:
		return nil
	case part == "0": // trigger
		return []carried{{kind: carriedFunc, inner: &carried{kind: carriedAction, inner: doc, from: doc.from}}}
	}
	return []carried{{kind: carriedQuery, inner: doc, from: doc.from}}
}
