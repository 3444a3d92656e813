package probe

import (
	"path"
	"slices"
	"strings"
)

// resolveFront finds the keys that the front end uses today, and the reads
// that give undefined.
func (p *project) resolveFront(f *Facts, out *Server) {
	// Of several front ends the one that asks for the token is meant; the
	// others only where it does not say with which key it goes on.
	asks := func(fr *front) bool { return fr.weight(p) >= 4 }
	p.keyMods = map[int][]*module{}
	defer func() { p.keysOfRequest(f, out) }()
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

func (p *project) frontKeys(f *Facts, fr *front, out *Server) {
	named := false
	for i := range p.uses {
		u := &p.uses[i]
		if u.what != WhatKey || u.server && !strings.HasPrefix(u.how, "<") || !slices.Contains(fr.mods, u.mod) || u.mod.role == RoleTest || roleOfPath(u.mod.rel) != RoleUnknown || serverSide(u.mod, u.fn, u.line) {
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
func (p *project) frontUse(f *Facts, fr *front, u *use, out *Server) (ok bool) {
	for i, l := range u.leaves {
		switch l.kind {
		case leafLiteral:
			if i+1 < len(u.leaves) && u.leaves[i+1].op == "?:" && u.leaves[i+1].text != l.text {
				return false // which of them it is, a condition decides
			}
			p.keyMods[u.ids[i]] = append(p.keyMods[u.ids[i]], u.mod)
			p.usedInFront(f, out, u.ids[i])
			return true
		case leafEnv:
			id, missing, known := p.frontVariable(f, fr, l)
			if u.server && id < 0 { // a page that the server renders hands it on
				if id = p.inFiles(fr, l.text); id < 0 {
					return false
				}
			}
			switch {
			case id >= 0 && !(f.Values[id].Empty && i+1 < len(u.leaves) && u.leaves[i+1].op == "||"):
				p.keyMods[id] = append(p.keyMods[id], u.mod)
				p.usedInFront(f, out, id)
				return true
			case !known:
				return false
			case missing && i == len(u.leaves)-1:
				out.FrontMissing = appendRead(out.FrontMissing, Read{Name: l.text, Value: -1, File: l.mod.rel, Line: l.line, Used: true})
				return true
			}
		case leafUndefined:
		default:
			return false
		}
	}
	return false
}

func appendRead(list []Read, r Read) []Read {
	if slices.ContainsFunc(list, func(o Read) bool { return o.Name == r.Name && o.File == r.File && o.Line == r.Line }) {
		return list
	}
	return append(list, r)
}

func (p *project) usedInFront(f *Facts, out *Server, id int) {
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
func (p *project) inFiles(fr *front, name string) int {
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
func (p *project) frontVariable(f *Facts, fr *front, l leaf) (id int, missing, known bool) {
	gets, sure := fr.browserGets(l.text, l.meta)
	if sure && !gets {
		return -1, true, true
	}
	// What the dev server's script sets wins over the files.
	if fr.start != nil {
		for i, v := range f.Values {
			if v.Kind == KindConfig && v.Name == l.text && v.File == fr.start.pkg.fileName() && v.Line == fr.start.line {
				return i, false, true
			}
		}
	}
	for _, rel := range fr.files {
		if slices.Contains(p.tree.unread, Visible(rel)) {
			return -1, false, false // it is there, and what it sets was not seen
		}
		if e := p.env(rel); e != nil {
			if id, ok := e.values[l.text]; ok {
				return id, false, true
			}
			if _, ok := e.Get(l.text); ok {
				return -1, false, false
			}
		}
	}
	if !sure {
		// A tool that is not known: any file of the folder may be it.
		for _, e := range p.envs {
			if dirOf(e.rel) == fr.pkg.dir && (path.Base(e.rel) == ".env" || path.Base(e.rel) == ".env.local") {
				if id, ok := e.values[l.text]; ok {
					return id, false, true
				}
			}
		}
		return -1, false, false
	}
	for _, v := range f.Values { // compose, CI, a shell: set outside the files
		if v.Name == l.text && (v.Kind == KindConfig || v.Kind == KindProcess || v.Kind == KindAncestor) {
			return -1, false, false
		}
	}
	return -1, true, true
}

// frontConfig is for a front end whose client could not be followed: the keys
// of its configuration modules, and the variables it reads. Where these are
// different keys, which of them it uses cannot be told, and none is.
func (p *project) frontConfig(f *Facts, fr *front, out *Server) {
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
		if roleOfPath(m.rel) != RoleUnknown || m.role != RoleFront && m.role != RoleShared {
			continue
		}
		for i := range f.Values {
			v := &f.Values[i]
			if v.File == m.rel && v.What == WhatKey && v.Kind == KindLiteral && !v.Comment && (v.Role == RoleFront || v.Role == RoleShared) {
				use(i)
			}
		}
		for _, r := range m.Reads {
			c := classifyName(r.Text)
			if c.What != WhatKey || c.Bare && !m.streamish() || serverSide(m, "", r.Line) {
				continue
			}
			if m.role == RoleShared && c.Prefix == "" {
				continue // the server reads it too
			}
			l := leaf{kind: leafEnv, text: r.Text, meta: r.Meta, mod: m, line: r.Line}
			id, missing, known := p.frontVariable(f, fr, l)
			switch {
			case id >= 0:
				use(id)
			case missing && known && !hasFallback(f, m, r.Line, use):
				out.FrontMissing = appendRead(out.FrontMissing, Read{Name: r.Text, Value: -1, File: m.rel, Line: r.Line})
			}
		}
	}
}

// hasFallback tells whether a literal stands behind a read on the same line.
func hasFallback(f *Facts, m *module, line int, use func(int)) bool {
	for i, v := range f.Values {
		if v.File == m.rel && v.Line == line && v.Kind == KindFallback && v.What == WhatKey {
			use(i)
			return true
		}
	}
	return false
}
