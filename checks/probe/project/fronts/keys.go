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

// KeysOfRequest keeps, of several keys of a front end (chat and video, two apps),
// the one whose client gets its token by the request that the target's URL is of.
// Where the source doesn't join the two, all of them stay.
func KeysOfRequest(p *picture.Reader, f *facts.Facts, out *facts.Server) {
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
	m := p.Mods[fetch.File]
	if m == nil {
		return
	}
	for _, near := range []func(*modules.Module) bool{
		func(k *modules.Module) bool { return k == m },
		func(k *modules.Module) bool { return importsModule(p, k, m) || importsModule(p, m, k) },
		func(k *modules.Module) bool { return importedTogether(p, k, m) },
	} {
		var keep []int
		kept := map[string]bool{}
		for _, id := range out.FrontKeys {
			if affix.Any(p.KeyMods[id], near) {
				keep = append(keep, id)
				kept[f.Values[id].Clean] = true
			}
		}
		if len(kept) == 1 {
			for _, id := range out.FrontKeys {
				if !slices.Contains(keep, id) && affix.Any(p.KeyMods[id], func(k *modules.Module) bool { return sameSigner(f, k.Rel) }) {
					keep = append(keep, id)
				}
			}
			out.FrontKeys = keep
			return
		}
	}
}

// sameSigner reports a request of a module whose tokens are signed with the secret
// that signs those of the target: its key has to be the same app's.
func sameSigner(f *facts.Facts, rel string) bool {
	asked := f.Entry()
	if asked == nil || len(f.Project.Sites[asked.Site].Secret) == 0 {
		return false
	}
	secret := func(e *facts.Entry) string { return f.Project.Sites[e.Site].Secret[0].Name }
	for _, x := range f.Project.Fetches {
		if x.File != rel {
			continue
		}
		for i := range f.Project.Entries {
			e := &f.Project.Entries[i]
			if e.Server == asked.Server && (facts.PathFits(e.Path, facts.PathOf(x.URL)) || !x.Known.Sure() && beginsWith(e.Path, facts.PathOf(x.URL))) && len(f.Project.Sites[e.Site].Secret) > 0 && secret(e) == secret(asked) {
				return true
			}
		}
	}
	return false
}

// beginsWith reports a route that begins with what is known of a path, which is cut where its next part isn't.
func beginsWith(route, cut string) bool {
	parts, n := strings.Split(route, "/"), strings.Count(cut, "/")
	return n > 1 && n < len(parts) && facts.PathFits(strings.Join(parts[:n], "/"), cut)
}

// importsModule reports whether one module imports the other.
//
//go:noinline
func importsModule(p *picture.Reader, a, b *modules.Module) bool {
	return affix.Any(a.Imports, func(i jsread.Import) bool { return p.Resolve(a, i.From) == b.Rel })
}

// importedTogether reports a third module that imports both.
func importedTogether(p *picture.Reader, a, b *modules.Module) bool {
	return affix.Any(p.SortedMods(), func(m *modules.Module) bool {
		return m != a && m != b && importsModule(p, m, a) && importsModule(p, m, b)
	})
}
