package fronts

import (
	"bytes"
	"path"
	"slices"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/files"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/project/picture"
)

// importIndex says who imports a module.
type importIndex struct {
	of  map[string][]*modules.Module
	cut bool // not everything was looked at
}

// importers finds who imports modules, who imports those, and so on.
func importers(p *picture.Reader, of []*modules.Module) *importIndex {
	x := &importIndex{of: map[string][]*modules.Module{}}
	known := map[*modules.Module]bool{}
	note := func(m *modules.Module) {
		if known[m] || m.Aside() {
			return
		}
		known[m] = true
		link := func(spec string) {
			if t := p.Resolve(m, spec); t != "" && t != m.Rel && !slices.Contains(x.of[t], m) {
				x.of[t] = append(x.of[t], m)
			}
		}
		for _, i := range m.Imports {
			link(i.From)
		}
		for _, c := range m.Calls { // new Worker(new URL('./x', import.meta.url)), route('x', './pages/x.tsx')
			for _, a := range c.Args {
				if a.Kind == jsread.Literal && (affix.HasPrefix(a.Text, ".") || affix.HasPrefix(a.Text, "@/")) {
					link(a.Text)
				}
			}
		}
	}
	for _, m := range p.SortedMods() {
		note(m)
	}
	opened, searched := 0, map[string]bool{}
	level := of
	for range maxUpwards {
		var words [][]byte
		for _, m := range level {
			if searched[m.Rel] {
				continue
			}
			searched[m.Rel] = true
			if begins, _ := startsFront(m.Pkg, m.Rel); begins {
				continue
			}
			w := []byte(importWord(m))
			if !affix.Any(words, func(o []byte) bool { return bytes.Equal(o, w) }) {
				words = append(words, w)
			}
			if k := m.Pkg; k.Name != "" && affix.HasPrefix(affix.Base(m.Rel), "index.") {
				words = append(words, []byte(k.Name))
			}
		}
		if len(words) == 0 {
			return x
		}
		for _, rel := range mentioning(p, words) {
			if opened++; opened > maxOpened || p.Over() {
				x.cut = true
				return x
			}
			if m := p.Module(rel); m != nil {
				note(m)
			} else {
				x.cut = true
			}
		}
		var next []*modules.Module
		for _, m := range level {
			for _, y := range x.of[m.Rel] {
				if !searched[y.Rel] {
					next = append(next, y)
				}
			}
		}
		if level = next; len(level) == 0 {
			return x
		}
	}
	x.cut = len(level) > 0
	return x
}

// importWord is the word that an import of a module ends in.
func importWord(m *modules.Module) string {
	stem := affix.Base(m.Rel)
	stem = affix.TrimSuffix(stem, affix.Ext(stem))
	if stem == "index" {
		if d := files.DirOf(m.Rel); d != "" {
			return affix.Base(d)
		}
	}
	return stem
}

// mentioning lists the modules that were not read yet and have one of the
// words at the end of what may be an import.
func mentioning(p *picture.Reader, words [][]byte) []string {
	var out []string
	for dir, names := range p.Tree.Code {
		for _, n := range names {
			rel := path.Join(dir, n)
			if _, read := p.Mods[rel]; read || affix.Ext(n) == ".json" || p.PkgOf(rel).RoleOf(rel) != facts.RoleUnknown {
				continue
			}
			src, _, err := p.Tree.ReadBounded(rel, &p.Buf, files.MaxSourceSize)
			if err != nil {
				continue
			}
			if affix.Any(words, func(w []byte) bool { return endsImport(src, w) }) {
				out = append(out, rel)
			}
		}
	}
	slices.Sort(out)
	return out
}

// endsImport tells whether a word is between a slash, a quote or the sign of an alias, and a quote or its file's ending.
func endsImport(src, word []byte) bool {
	for {
		i := bytes.Index(src, word)
		if i < 0 {
			return false
		}
		end := i + len(word)
		if i > 0 && end < len(src) && bytes.IndexByte([]byte("/'\"`@#~$"), src[i-1]) >= 0 && bytes.IndexByte([]byte("'\"`./"), src[end]) >= 0 {
			return true
		}
		src = src[end:]
	}
}
