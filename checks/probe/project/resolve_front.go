package project

import (
	"path"
	"slices"
	"strings"

	"badsig/checks/facts"
	"badsig/checks/probe/files"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/names"
	"badsig/checks/sanitize"
)

// resolveFront finds the keys that the front end uses today, and the reads
// that give undefined.
func (p *Reader) resolveFront(f *facts.Facts, out *facts.Server) {
	// Of several front ends the one that asks for the token is meant; the
	// others only where it does not say with which key it goes on.
	asks := func(fr *front) bool { return fr.weight(p) >= 4 }
	p.keyMods = map[int][]*modules.Module{}
	defer func() { p.keysOfRequest(f, out) }()
	defer func() {
		for _, id := range p.nativeKeys(f) {
			p.usedInFront(f, out, id)
		}
	}()
	for _, first := range []bool{true, false} {
		for _, fr := range p.fronts {
			if asks(fr) == first {
				p.frontKeys(f, fr, out)
			}
		}
		if len(out.FrontKeys)+len(out.FrontMissing) > 0 {
			return
		}
	}
}

func (p *Reader) frontKeys(f *facts.Facts, fr *front, out *facts.Server) {
	named := false
	for i := range p.uses {
		u := &p.uses[i]
		if u.what != facts.WhatKey || u.server && !strings.HasPrefix(u.how, "<") || !slices.Contains(fr.mods, u.mod) || u.mod.Role == facts.RoleTest || files.RoleOfPath(u.mod.Rel) != facts.RoleUnknown || serverSide(u.mod, u.fn, u.line) {
			continue
		}
		if p.frontUse(f, fr, u, out) {
			named = true
		}
	}
	if !named {
		p.frontConfig(f, fr, out)
	}
}

// frontUse resolves one use of a key; ok is true where the code's key is known
// or known to be missing.
func (p *Reader) frontUse(f *facts.Facts, fr *front, u *use, out *facts.Server) (ok bool) {
	for i, l := range u.leaves {
		switch l.Kind {
		case modules.LeafLiteral:
			if i+1 < len(u.leaves) && u.leaves[i+1].Op == "?:" && u.leaves[i+1].Text != l.Text {
				return false // which of them it is, a condition decides
			}
			p.keyMods[u.ids[i]] = append(p.keyMods[u.ids[i]], u.mod)
			p.usedInFront(f, out, u.ids[i])
			return true
		case modules.LeafEnv:
			id, missing, known := p.frontVariable(f, fr, l)
			if u.server && id < 0 { // a page that the server renders hands it on
				if id = p.inFiles(fr, l.Text); id < 0 {
					return false
				}
			}
			switch {
			case id >= 0 && !(f.Values[id].Empty && i+1 < len(u.leaves) && u.leaves[i+1].Op == "||"):
				p.keyMods[id] = append(p.keyMods[id], u.mod)
				p.usedInFront(f, out, id)
				return true
			case !known:
				return false
			case missing && i == len(u.leaves)-1:
				out.FrontMissing = appendRead(out.FrontMissing, facts.Read{Name: l.Text, Value: -1, File: l.Mod.Rel, Line: l.Line, Used: true})
				return true
			}
		case modules.LeafUndefined:
		default:
			return false
		}
	}
	return false
}

func appendRead(list []facts.Read, r facts.Read) []facts.Read {
	if slices.ContainsFunc(list, func(o facts.Read) bool { return o.Name == r.Name && o.File == r.File && o.Line == r.Line }) {
		return list
	}
	return append(list, r)
}

func (p *Reader) usedInFront(f *facts.Facts, out *facts.Server, id int) {
	if id < 0 {
		return
	}
	v := &f.Values[id]
	v.Loaded, v.Read, v.Wins, v.Public = true, true, true, true
	if !slices.Contains(out.FrontKeys, id) {
		out.FrontKeys = append(out.FrontKeys, id)
	}
}

// inFiles finds a variable in the front end's files whatever its prefix.
func (p *Reader) inFiles(fr *front, name string) int {
	for _, rel := range fr.files {
		if e := p.env(rel); e != nil {
			if id, ok := e.values[name]; ok {
				return id
			}
		}
	}
	return -1
}

// frontVariable resolves a variable in the browser's code.
func (p *Reader) frontVariable(f *facts.Facts, fr *front, l modules.Leaf) (id int, missing, known bool) {
	gets, sure := fr.browserGets(l.Text, l.Meta)
	if l.Mod != nil && l.Mod.Tool() { // read when the app is built, and handed on
		sure = false
	}
	if sure && !gets {
		return -1, true, true
	}
	// What the dev server's script sets wins over the files.
	if fr.start != nil {
		for i, v := range f.Values {
			if v.Kind == facts.KindConfig && v.Name == l.Text && v.File == fr.start.pkg.FileName() && v.Line == fr.start.line {
				return i, false, true
			}
		}
	}
	for _, rel := range fr.files {
		if slices.Contains(p.Tree.Unread, sanitize.Visible(rel)) {
			return -1, false, false // it is there, and what it sets was not seen
		}
		if e := p.env(rel); e != nil {
			if id, ok := e.values[l.Text]; ok {
				return id, false, true
			}
			if _, ok := e.Get(l.Text); ok {
				return -1, false, false
			}
		}
	}
	if !sure {
		// A tool that is not known: any file of the folder may be it.
		for _, e := range p.envs {
			if files.DirOf(e.rel) == fr.pkg.Dir && (path.Base(e.rel) == ".env" || path.Base(e.rel) == ".env.local") {
				if id, ok := e.values[l.Text]; ok {
					return id, false, true
				}
			}
		}
		return -1, false, false
	}
	for _, v := range f.Values { // compose, CI, a shell: set outside the files
		if v.Name == l.Text && (v.Kind == facts.KindConfig || v.Kind == facts.KindProcess || v.Kind == facts.KindAncestor) {
			return -1, false, false
		}
	}
	return -1, true, true
}

// frontConfig is for a front end whose client could not be followed: the keys
// of its configuration modules, and the variables it reads. Where these are
// different keys, which of them it uses cannot be told, and none is.
func (p *Reader) frontConfig(f *facts.Facts, fr *front, out *facts.Server) {
	var ids []int
	distinct := map[string]bool{}
	use := func(id int) {
		ids = append(ids, id)
		distinct[f.Values[id].Clean] = true
	}
	defer func() {
		for _, id := range ids {
			if len(distinct) == 1 {
				p.usedInFront(f, out, id)
			}
		}
	}()
	for _, id := range fr.given {
		use(id)
	}
	for _, m := range fr.mods {
		if files.RoleOfPath(m.Rel) != facts.RoleUnknown || m.Role != facts.RoleFront && m.Role != facts.RoleShared {
			continue
		}
		for i := range f.Values {
			v := &f.Values[i]
			if v.File == m.Rel && v.What == facts.WhatKey && v.Kind == facts.KindLiteral && !v.Comment && (v.Role == facts.RoleFront || v.Role == facts.RoleShared) {
				use(i)
			}
		}
		for _, r := range m.Reads {
			c := names.Classify(r.Text)
			if c.What != facts.WhatKey || c.Bare && !m.Streamish() || serverSide(m, "", r.Line) {
				continue
			}
			if m.Role == facts.RoleShared && c.Prefix == "" {
				continue // the server reads it too
			}
			l := modules.Leaf{Kind: modules.LeafEnv, Text: r.Text, Meta: r.Meta, Mod: m, Line: r.Line}
			id, missing, known := p.frontVariable(f, fr, l)
			switch {
			case id >= 0:
				use(id)
			case missing && known && !hasFallback(f, m, r.Line, use) && !p.oneOfSeveral(fr, r.Text):
				out.FrontMissing = appendRead(out.FrontMissing, facts.Read{Name: r.Text, Value: -1, File: m.Rel, Line: r.Line})
			}
		}
	}
}

// oneOfSeveral tells a variable that a client's key is only one alternative
// of: the response's apiKey, say, comes before it.
func (p *Reader) oneOfSeveral(fr *front, name string) bool {
	return slices.ContainsFunc(p.uses, func(u use) bool {
		if u.what != facts.WhatKey || !slices.Contains(fr.mods, u.mod) {
			return false
		}
		named, unknown := false, false
		for _, l := range u.leaves {
			named = named || l.Kind == modules.LeafEnv && l.Text == name
			unknown = unknown || l.Kind == modules.LeafUnknown
		}
		return named && unknown
	})
}

// hasFallback tells whether a literal stands behind a read on the same line.
func hasFallback(f *facts.Facts, m *modules.Module, line int, use func(int)) bool {
	for i, v := range f.Values {
		if v.File == m.Rel && v.Line == line && v.Kind == facts.KindFallback && v.What == facts.WhatKey {
			use(i)
			return true
		}
	}
	return false
}
