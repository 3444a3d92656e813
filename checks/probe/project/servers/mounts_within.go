package servers

import (
	"path"
	"slices"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/names"
	"badsig/checks/probe/project/picture"
	"badsig/checks/probe/project/values"
)

// Rules of this file:
//   - what is written inside a function that a router receives belongs below the prefix beside it:
//     group('/api', (app) => …), register((app) => …, { prefix: '/api' })
//   - a chain of routes has the name of the constant that holds it

// grouping are the calls that give a function a router below a prefix.
var grouping = names.Words("group", "register", "namespace", "scope", "route")

// within is the prefix of the functions around a place.
func within(p *picture.Reader, m *modules.Module, at jsread.Scope) string {
	prefix := ""
	for s := at; s > 0; s = jsread.Outer(&m.Module, s) {
		f := jsread.FunctionOf(&m.Module, s)
		if f == nil || f.Own != s {
			continue
		}
		for i := range m.Calls {
			c := &m.Calls[i]
			if !grouping[facts.LastName(c.Callee)] || !affix.Any(c.Args, func(a jsread.Expr) bool { return a.Kind == jsread.Func && a.Fn == s }) {
				continue
			}
			prefixes, _ := mount(p, m, *c)
			prefix = path.Join(chainPrefix(p, modules.View{M: m, At: c.Scope}, c.On), prefixes[0], prefix)
			break
		}
	}
	return prefix
}

// holder is the constant that holds the chain in which a call is; "" for none.
func holder(m *modules.Module, c *jsread.Call) string {
	if c.On == nil {
		return ""
	}
	for name, e := range m.Consts {
		for n := 0; n < 64 && e.Kind == jsread.CallExpr; n++ {
			if e.Text == c.Callee && e.Line == c.Line {
				return name
			}
			if e.On() == nil {
				break
			}
			e = *e.On()
		}
	}
	return ""
}

// below are the prefixes of a router and those of the module that exports it: where the router has one of its own, and
// the module is mounted elsewhere, its own comes behind the module's.
func below(p *picture.Reader, m *modules.Module, name string, pre map[string][]string) (byName, byModule []string) {
	byName, byModule = pre[name], pre[""]
	own := path.Join("/", ownPrefix(p, m, name))
	if own == "/" || len(byModule) == 0 || !slices.Equal(byName, []string{own}) {
		return byName, byModule
	}
	byName = nil
	for _, x := range byModule {
		byName = append(byName, path.Join("/", x, own))
	}
	return byName, nil
}

// ownPrefix is that of new Router({ prefix }), new Hono().basePath().
func ownPrefix(p *picture.Reader, m *modules.Module, name string) string {
	e := m.Consts[name]
	for n := 0; e.Kind == jsread.CallExpr && n < 64; n++ {
		v := modules.View{M: m}
		if facts.LastName(e.Text) == "basePath" && len(e.Parts) == 1 {
			return values.TextAt(p, v.Of(&e.Parts[0]))
		}
		for _, a := range e.Parts {
			if facts.OneOf(a.Keys(), "prefix") {
				return values.TextIn(p, v.Of(&a), "prefix")
			}
		}
		if e.On() == nil {
			break
		}
		e = *e.On()
	}
	return ""
}
