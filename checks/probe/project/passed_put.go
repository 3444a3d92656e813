package project

import (
	"slices"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
)

// Rules of this file, about what several functions of a page put into one place:
//   - where one of them puts what Stream's client can't use, the others may be right; in one function, a condition may choose

// result is the one thing that is wrong with what the client gets.
func (w *passage) result(v modules.View) (out carried, wrong bool) {
	var right []carried
	all := w.eval(v)
	for _, x := range all {
		if x.kind == carriedFunc {
			all, w.provided = nil, true
			for _, y := range w.gives(x) {
				y.prom = false // a provider may be async
				all = append(all, y)
			}
			break
		}
	}
	for _, x := range all {
		if x.kind == carriedNone {
			continue
		}
		if x.prom && x.How == "" {
			x = x.lost(w)
		}
		whole := x
		if x.How == "" {
			whole = w.whole(x)
		}
		switch {
		case whole.kind == carriedOther || whole.kind == carriedObject && whole.How == "json":
			return carried{}, false
		case whole.How == "":
			right = append(right, whole)
		case !wrong:
			out, wrong = whole, true
		}
	}
	for i := range right {
		x := &right[i]
		switch {
		case wrong && x.apart(&out): // another function puts what is right
		case wrong || x.kind != carriedDoc || i > 0 && out.path != x.path:
			return carried{}, false
		default: // the field may be one that the response doesn't have
			x.from = append(slices.Clip(out.from), x.from...)
			out = *x
		}
	}
	return out, wrong
}

// putBy notes the function that puts values where others may put theirs.
func putBy(all []carried, m *modules.Module, c *jsread.Call) []carried {
	for i := range all {
		all[i].put = m.Rel + ":" + c.Func + "|" + all[i].put
	}
	return all
}

// apart reports two values that different functions put into one place.
func (x *carried) apart(y *carried) bool {
	return !affix.HasPrefix(x.put, y.put) && !affix.HasPrefix(y.put, x.put)
}

// ofServer is what the server's part of a page of Next hands to it as a property; nil for other components.
func (w *passage) ofServer(m *modules.Module, fn *jsread.Function, member string) (out []carried) {
	d := m.Exports["default"]
	if rest, is := affix.CutPrefix(member+".", "loaderData."); is && m.Pkg.Framework == "remix" && d.Text == fn.Name {
		return w.members(w.loader(m, "loader", true), affix.TrimSuffix(rest, "."), modules.View{M: m, At: fn.Own})
	}
	if m.Pkg.Framework != "next" || member == "" || d.Text != fn.Name {
		return nil
	}
	for _, name := range []string{"getServerSideProps", "getStaticProps"} {
		f, ok := w.FunctionIn(modules.View{M: m, E: jsread.Expr{Kind: jsread.Ident, Text: name}}, 4)
		if !ok || len(f.Fn.Returns) == 0 {
			continue
		}
		for _, r := range f.Fn.Returns {
			if r.Kind == jsread.Object && !facts.OneOf(r.Keys(), "props") { // redirect, notFound
				continue
			}
			v := modules.View{M: f.Mod, At: f.Fn.Own, E: r.Expr}
			out = append(out, w.members(w.eval(v), affix.TrimSuffix("props."+member, "."), v)...)
		}
	}
	return out
}
