package project

import (
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/names"
)

// Rules of this file, about what a page keeps and takes out again:
//   - what nothing puts there is undefined, where every place that puts something is read, and one puts the token under another name

// stored is what the page put into a storage or cookie; nil where it puts nothing there.
func (w *passage) stored(v modules.View) []carried {
	key, ok := w.TextOf(v.Of(&v.E.Parts[0]))
	if !ok {
		return nil
	}
	var out []carried
	others, open := map[string]bool{}, false // the keys under which a token is put
	object, _ := modules.Receiver(v.E.Text)
	later := affix.HasSuffix(strings.ToLower(object), "asyncstorage") || affix.HasSuffix(v.E.Text, "Async")
	for _, m := range w.ReadOrder {
		for _, list := range [][]jsread.Call{m.Calls, m.Others} {
			for i := range list {
				c := &list[i]
				of, name := modules.Receiver(c.Callee)
				if !stores[name] && name != "cookie" || len(c.Args) < 2 {
					continue
				}
				k, ok := w.TextOf(modules.View{M: m, At: c.Scope, E: c.Args[0]})
				same := kindOfStorage(of) == kindOfStorage(object)
				open = open || !ok && same || name == "cookie"
				if !ok || k.Text != key.Text {
					if ok && same && m.Role != facts.RoleServer && names.Bare.MatchString(k.Text) {
						others[k.Text] = true
					}
					continue
				}
				if m.Role == facts.RoleServer {
					return []carried{{}}
				}
				if !same {
					continue
				}
				put := w.eval(modules.View{M: m, At: c.Scope, E: c.Args[1]})
				putUnder(put, k.Text, facts.Place{File: m.Rel, Line: max(c.Line, c.Args[1].Line)})
				out = append(out, putBy(put, m, c)...)
			}
		}
	}
	if len(out) == 0 && len(others) == 1 && !open && !w.setElsewhere(key.Text) {
		for other := range others {
			return []carried{{kind: carriedToken, Passed: facts.Passed{How: "unset", As: key.Text, Of: other, Place: v.Place()}}}
		}
	}
	for i := range out {
		out[i].prom, out[i].at = later, v
	}
	return out
}

// putUnder notes the line that puts a whole document where a name says that the token is kept.
func putUnder(all []carried, name string, at facts.Place) {
	for i := range all {
		if x := &all[i]; x.kind == carriedDoc && x.path == "" && x.Line == 0 && !x.prom && affix.HasSuffix(strings.ToLower(name), "token") {
			x.Place, x.took = at, at
		}
	}
}

// kindOfStorage is the storage that a name means.
func kindOfStorage(object string) string {
	low := strings.ToLower(facts.LastName(object))
	for _, k := range []string{"cookie", "session", "local", "async", "secure"} {
		if affix.Contains(low, k) {
			return k
		}
	}
	return low
}

// setElsewhere reports code that may put something under a key in another way: localStorage.token = x, document.cookie = ….
func (w *passage) setElsewhere(key string) bool {
	found := false
	for _, m := range w.ReadOrder {
		for _, f := range m.Assigned {
			found = found || f.Name == key || f.Name == "[]" && kindOfStorage(f.Object) != f.Object || f.Name == "cookie"
		}
		found = found || m.Role != facts.RoleServer && (m.Mentions("persist") || m.Mentions("persistReducer") || m.Mentions("clear"+key))
	}
	return found || len(w.Others) > 0
}

// absent is a member that none of the objects has which a value may be, where one other member of them is the token.
func (w *passage) absent(all, next []carried, name string, v modules.View) (x carried, ok bool) {
	n := 0
	for i := range next {
		if next[i].kind != carriedNone || next[i].How != "" {
			return x, false
		}
	}
	other := ""
	for i := range all {
		o := &all[i]
		if o.kind == carriedNone {
			continue
		}
		if o.kind != carriedObject || o.How != "" || o.prom {
			return x, false
		}
		n++
		for i, k := range o.fn.E.Keys() {
			if k == name {
				return x, false // it has no value yet
			}
			if k == "" || !names.Bare.MatchString(k) {
				continue
			}
			for _, y := range w.eval(o.fn.Of(&o.fn.E.Parts[i])) {
				if y.kind == carriedToken || y.kind == carriedDoc && y.path != "" && names.Bare.MatchString(facts.LastName(y.path)) {
					if other != "" && other != k {
						return x, false
					}
					other = k
				}
			}
		}
	}
	if n > 0 && other == "" {
		return unserved(all, name)
	}
	if n == 0 || w.setElsewhere(name) {
		return x, false
	}
	return carried{kind: carriedToken, Passed: facts.Passed{How: "unset", As: name, Of: other, Place: v.Place()}}, true
}

// succeeded is what onSuccess of a query or a mutation gets: what its function gives.
func (w *passage) succeeded(m *modules.Module, fn *jsread.Function) (out []carried) {
	modules.VisitCalls(m, func(c *jsread.Call) {
		for n, a := range c.Args {
			for i, k := range a.Keys() {
				if k != "onSuccess" || a.Kind != jsread.Object || a.Parts[i].Fn != fn.Own {
					continue
				}
				v := modules.View{M: m, At: c.Scope, E: c.Expr()}
				all := []carried{{}}
				if n == 0 {
					all = w.query(v, "", c.Callee)
				} else if affix.HasPrefix(facts.LastName(c.Callee), "mutate") { // mutate(id, { onSuccess })
					all = w.eval(v.Of(&jsread.Expr{Kind: jsread.Ident, Text: c.Callee, Line: c.Line}))
				}
				for _, x := range all {
					if x.inner == nil {
						out = append(out, carried{})
						continue
					}
					x = *x.inner
					x.Place = facts.Place{} // it's here that the field is to be taken
					out = append(out, x)
				}
			}
		}
	})
	return out
}
