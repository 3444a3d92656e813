package fronts

import (
	"slices"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/project/picture"
)

// maxWrappers bounds the modules that are read only because a path is handed to them.
const maxWrappers = 60

// openWrappers reads the modules to whose functions a front end hands a URL's
// path, and what those import: a wrapper around fetch says nothing about
// tokens, so that the walk passed it over.
func openWrappers(p *picture.Reader, f *picture.Front) {
	type opened struct {
		m     *modules.Module
		depth int
	}
	var queue []opened
	have := map[*modules.Module]bool{}
	for _, m := range f.Mods {
		have[m] = true
	}
	open := func(from *modules.Module, spec string, depth int) {
		t := p.Module(p.Resolve(from, spec))
		if t == nil || have[t] || len(queue) >= maxWrappers || t.Role == facts.RoleServer || t.Tool() || t.Aside() || affix.Ext(t.Rel) == ".json" {
			return
		}
		have[t] = true
		queue = append(queue, opened{t, depth})
	}
	for _, m := range slices.Clone(f.Mods) {
		for _, c := range m.Calls {
			if !affix.Any(c.Args, pathLike) {
				continue
			}
			head, _, _ := affix.Cut(c.Callee, ".")
			for _, i := range m.Imports {
				if _, ok := i.Names[head]; ok {
					open(m, i.From, 3)
				}
			}
		}
	}
	for _, m := range slices.Clone(f.Mods) { // useTokenMutation, getChatToken: what gives the token requests it
		if !m.Streamish() {
			continue
		}
		for _, i := range m.Imports {
			for name := range i.Names {
				if affix.Contains(strings.ToLower(name), "token") {
					open(m, i.From, 3)
				}
			}
		}
	}
	for n := 0; n < len(queue); n++ {
		q := queue[n]
		f.Mods = append(f.Mods, q.m)
		for _, i := range q.m.Imports {
			if q.depth > 1 && i.From != "" && (i.From[0] == '.' || affix.HasPrefix(i.From, "@/") || affix.HasPrefix(i.From, "~/")) {
				open(q.m, i.From, q.depth-1)
			}
		}
	}
}

// pathLike tells an argument that begins like a URL or its path.
func pathLike(e jsread.Expr) bool {
	if e.Kind == jsread.Template && len(e.Parts) > 0 {
		return pathLike(e.Parts[0])
	}
	return e.Kind == jsread.Literal && (affix.HasPrefix(e.Text, "/") || affix.HasPrefix(e.Text, "http"))
}
