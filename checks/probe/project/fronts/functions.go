package fronts

import (
	"slices"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/names"
	"badsig/checks/probe/project/picture"
)

// ServerFunctions reads what pages hand to functions that run on the server, and what they use of the results.
func ServerFunctions(p *picture.Reader) {
	for _, e := range p.Entries {
		pageProps(p, e)
		if e.Kind != facts.EntryAction || e.F.Fn == nil || e.User.Name == "" {
			continue
		}
		index, key := argumentOf(e)
		if index < 0 {
			continue
		}
		for _, c := range callsOf(p, e) {
			if c.Mod == e.F.Mod || len(p.Facts.Handed) >= MaxFetches {
				continue
			}
			x := facts.Fetch{File: c.Mod.Rel, Line: c.Call.Line, Known: facts.IsRead, Action: e.Place, BodyOpen: true}
			if index < len(c.Call.Args) {
				a := modules.View{M: c.Mod, At: c.Call.Scope, E: c.Call.Args[index]}
				for key != "" {
					first, rest, _ := affix.Cut(key, ".")
					o := modules.Settle(p.Graph, a)
					if o.E.Kind == jsread.Object && rest == "" && !facts.OneOf(o.E.Keys(), "") {
						x.Body, x.BodyOpen = o.E.Keys(), false
					}
					if a, key = memberOf(a, first), rest; a.E.Kind == jsread.None {
						break
					}
				}
				sendsID(p, &x, e.User.Name, a)
			}
			ws := c.Mod.Words()
			at, _ := slices.BinarySearchFunc(ws, c.Call.Line, func(w jsread.Word, line int) int { return w.Line - line })
			for ; at < len(ws) && ws[at].Line == c.Call.Line; at++ {
				if fields := takenNear(ws, at); ws[at].Text == facts.LastName(c.Call.Callee) && len(fields) == 1 && names.Bare.MatchString(fields[0]) {
					x.Takes = fields[0]
				}
			}
			p.Facts.Handed = append(p.Facts.Handed, x)
		}
	}
}

// pageProps reads which of a page's props, or of its loader's fields, the page uses as the token.
func pageProps(p *picture.Reader, e *picture.Entry) {
	if e.Kind != facts.EntryLoader || e.F.Fn == nil {
		return
	}
	m, line := e.F.Mod, 0
	var fields []string
	switch e.Path {
	case "getServerSideProps", "getStaticProps":
		if f, ok := p.FunctionIn(modules.View{M: m, E: m.Exports["default"]}, 8); ok && len(f.Fn.Params) > 0 && f.Mod == m {
			line = f.Fn.Line
			for _, member := range f.Fn.Params[0].Names {
				fields = append(fields, member)
			}
		}
	default:
		ws := m.Words()
		for i := range ws {
			if i > 1 && ws[i].Text == "useLoaderData" && ws[i-1].Text == "=" {
				line, fields = ws[i].Line, fieldsBefore(ws, i-2)
			}
		}
	}
	fields = affix.Without(fields, func(n string) bool { return !names.Bare.MatchString(n) })
	if len(fields) == 1 {
		x := facts.Fetch{File: m.Rel, Line: line, Known: facts.IsRead, Action: e.Place, BodyOpen: true, Takes: fields[0]}
		if affix.HasPrefix(e.Path, "get") {
			x.TakesPath = "props." + x.Takes
		}
		p.Facts.Handed = append(p.Facts.Handed, x)
	}
}

// argumentOf is the argument in which an entry has the user's ID, and the path to it there; -1 where that isn't known.
func argumentOf(e *picture.Entry) (index int, key string) {
	if e.F.Fn.Name == "" { // createServerFn().handler(({ data }) => …)
		return 0, "data." + e.User.Name
	}
	for i, x := range e.F.Fn.Params {
		for name, member := range x.Names {
			rest, of := affix.CutPrefix(e.User.Name, name+".")
			switch {
			case member == "" && (name == e.User.Name || of):
				return i, affix.TrimPrefix(rest, name)
			case member != "" && member == e.User.Name:
				return i, member
			}
		}
	}
	return -1, ""
}

// callsOf lists the calls of a server function.
func callsOf(p *picture.Reader, e *picture.Entry) (out []modules.CallAt) {
	if e.F.Fn.Name != "" {
		for _, c := range modules.RequestersOf(p.Graph, e.F.Mod, e.F.Fn.Name) {
			out = append(out, c.CallAt)
		}
		return out
	}
	for _, c := range p.CallsNamed(e.Path) {
		if affix.Any(c.Mod.Imports, func(i jsread.Import) bool {
			return i.Names[e.Path] == e.Path && c.Call.Callee == e.Path && p.Module(p.Resolve(c.Mod, i.From)) == e.F.Mod
		}) {
			out = append(out, c)
		}
	}
	return out
}
