package probe

import (
	"slices"

	"badsig/checks/probe/jsread"
)

// keysOfRequest keeps, of several keys of a front end (chat and video, two apps),
// the one whose client gets its token by the request that the target's URL is of.
// Where the source doesn't join the two, all of them stay.
func (p *project) keysOfRequest(f *Facts, out *Server) {
	distinct := map[string]bool{}
	for _, id := range out.FrontKeys {
		distinct[f.Values[id].Clean] = true
	}
	if len(distinct) < 2 || f.Project == nil {
		return
	}
	fetch := f.Fetch()
	if fetch == nil {
		return
	}
	m := p.mods[fetch.File]
	if m == nil {
		return
	}
	for _, near := range []func(*module) bool{
		func(k *module) bool { return k == m },
		func(k *module) bool { return p.importsModule(k, m) || p.importsModule(m, k) },
		func(k *module) bool { return p.importedTogether(k, m) },
	} {
		var keep []int
		kept := map[string]bool{}
		for _, id := range out.FrontKeys {
			if slices.ContainsFunc(p.keyMods[id], near) {
				keep = append(keep, id)
				kept[f.Values[id].Clean] = true
			}
		}
		if len(kept) == 1 {
			out.FrontKeys = keep
			return
		}
	}
}

// importsModule reports whether one module imports the other.
func (p *project) importsModule(a, b *module) bool {
	return slices.ContainsFunc(a.Imports, func(i jsread.Import) bool { return p.resolve(a, i.From) == b.rel })
}

// importedTogether reports a third module that imports both.
func (p *project) importedTogether(a, b *module) bool {
	return slices.ContainsFunc(p.sortedMods(), func(m *module) bool { return m != a && m != b && p.importsModule(m, a) && p.importsModule(m, b) })
}
