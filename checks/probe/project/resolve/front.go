package resolve

import (
	"slices"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/files"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/names"
	"badsig/checks/probe/project/fronts"
	"badsig/checks/probe/project/picture"
	"badsig/checks/probe/project/values"
	"badsig/checks/sanitize"
)

// resolveFront finds the keys that the front end uses today, and the reads
// that give undefined.
func resolveFront(p *picture.Reader, f *facts.Facts, out *facts.Server) {
	// Of several front ends the one that requests the token is meant; the
	// others only where it does not say with which key it goes on.
	asks := func(fr *picture.Front) bool { return fronts.Weight(fr, p) >= 4 }
	p.KeyMods = map[int][]*modules.Module{}
	defer func() { fronts.KeysOfRequest(p, f, out); browserKey(f, out) }()
	defer func() {
		for _, id := range nativeKeys(p, f) {
			usedInFront(p, f, out, id)
		}
	}()
	defer answeredKey(p, f, out)
	for _, first := range []bool{true, false} {
		for _, fr := range p.Fronts {
			if asks(fr) == first {
				frontKeys(p, f, fr, out)
			}
		}
		if len(out.FrontKeys)+len(out.FrontMissing) > 0 {
			return
		}
	}
}

func frontKeys(p *picture.Reader, f *facts.Facts, fr *picture.Front, out *facts.Server) {
	named := false
	for i := range p.Uses {
		u := &p.Uses[i]
		if u.What != facts.WhatKey || u.Server && !affix.HasPrefix(u.How, "<") || !slices.Contains(fr.Mods, u.Mod) || u.Mod.Role == facts.RoleTest || u.Mod.Aside() || fronts.ServerSide(u.Mod, u.Fn, u.Line) {
			continue
		}
		if frontUse(p, f, fr, u, out) {
			named = true
		}
	}
	if !named {
		frontConfig(p, f, fr, out)
	}
}

// frontUse resolves one use of a key; ok is true where the code's key is known
// or known to be missing.
func frontUse(p *picture.Reader, f *facts.Facts, fr *picture.Front, u *picture.Use, out *facts.Server) (ok bool) {
	for i, l := range u.Leaves {
		switch l.Kind {
		case modules.LeafLiteral:
			if i+1 < len(u.Leaves) && u.Leaves[i+1].Op == "?:" && u.Leaves[i+1].Text != l.Text {
				return false // which of them it is, a condition decides
			}
			p.KeyMods[u.Ids[i]] = append(p.KeyMods[u.Ids[i]], u.Mod)
			usedInFront(p, f, out, u.Ids[i])
			return true
		case modules.LeafEnv:
			id, missing, known := frontVariable(p, f, fr, l)
			if id < 0 && (u.Server || onServer(l.Mod, l.Line)) { // a page that the server renders, or one of its functions, hands it on
				if id = inFiles(p, fr, l.Text); id < 0 {
					return false
				}
			}
			switch {
			case id >= 0 && !(f.Values[id].Empty && i+1 < len(u.Leaves) && u.Leaves[i+1].Op == "||"):
				p.KeyMods[id] = append(p.KeyMods[id], u.Mod)
				usedInFront(p, f, out, id)
				return true
			case !known:
				return false
			case missing && !affix.Any(u.Leaves[i+1:], func(l modules.Leaf) bool { return l.Kind != modules.LeafUndefined }):
				r := facts.Read{Name: l.Text, Value: -1, File: l.Mod.Rel, Line: l.Line, Used: true, Absent: filesAbsent(p, f, fr, l), Hands: hands(fr, l)}
				if fr.Built {
					r.In = fr.Files[len(fr.Files)-1]
				}
				out.FrontMissing = appendRead(out.FrontMissing, r)
				return true
			}
		case modules.LeafUndefined:
		default:
			return false
		}
	}
	return false
}

// onServer reports a line that runs on the server alone.
func onServer(m *modules.Module, line int) bool {
	return m != nil && (m.Role == facts.RoleServer || m.Directive("use server") || fronts.ServerSide(m, "", line))
}

func appendRead(list []facts.Read, r facts.Read) []facts.Read {
	if affix.Any(list, func(o facts.Read) bool { return o.Name == r.Name && o.File == r.File && o.Line == r.Line }) {
		return list
	}
	return append(list, r)
}

//go:noinline
func usedInFront(p *picture.Reader, f *facts.Facts, out *facts.Server, id int) {
	if id < 0 {
		return
	}
	v := &f.Values[id]
	v.Loaded, v.Read, v.Wins, v.Public = true, true, true, true
	if !slices.Contains(out.FrontKeys, id) {
		out.FrontKeys = append(out.FrontKeys, id)
	}
}

// inFiles finds a variable in the front end's files regardless of its prefix.
func inFiles(p *picture.Reader, fr *picture.Front, name string) int {
	for _, rel := range fr.Files {
		if e := values.Env(p, rel); e != nil {
			if id, ok := e.Values[name]; ok {
				return id
			}
		}
	}
	return -1
}

// frontVariable resolves a variable in the browser's code.
func frontVariable(p *picture.Reader, f *facts.Facts, fr *picture.Front, l modules.Leaf) (id int, missing, known bool) {
	gets, sure := fronts.BrowserGets(fr, l.Text, l.Meta)
	if l.Mod != nil && l.Mod.Tool() { // read when the app is built, and handed on
		gets, sure = true, fr.Pkg.Framework == "expo" && !fr.Odd
	}
	if sure && !gets {
		return -1, true, true
	}
	// What the dev server's script sets wins over the files.
	if fr.Start != nil {
		for i, v := range f.Values {
			if v.Kind == facts.KindConfig && v.Name == l.Text && v.File == fr.Start.Pkg.FileName() && v.Line == fr.Start.Line {
				return i, false, true
			}
		}
	}
	for _, rel := range fr.Files {
		if facts.OneOf(p.Tree.Unread, sanitize.Visible(rel)) {
			return -1, false, false // it is there, and what it sets was not seen
		}
		if e := values.Env(p, rel); e != nil {
			if id, ok := e.Values[l.Text]; ok {
				return id, false, true
			}
			if _, ok := e.Get(l.Text); ok {
				return -1, false, false
			}
		}
	}
	if !sure {
		// A tool that is not known: any file of the folder may be it.
		for _, e := range p.Envs {
			if files.DirOf(e.Rel) == fr.Pkg.Dir && (affix.Base(e.Rel) == ".env" || affix.Base(e.Rel) == ".env.local") {
				if id, ok := e.Values[l.Text]; ok {
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

// filesAbsent reports whether a variable that the browser would get is missing
// because a checkout has no .env files: with --static, that accuses no one.
func filesAbsent(p *picture.Reader, f *facts.Facts, fr *picture.Front, l modules.Leaf) bool {
	gets, _ := fronts.BrowserGets(fr, l.Text, l.Meta)
	return f.Target.Static && (gets || l.Mod.Tool()) && !affix.Any(fr.Files, func(rel string) bool { return values.Env(p, rel) != nil })
}

// hands are the prefixes of the variables that the browser gets; nil where others reach it, too.
func hands(fr *picture.Front, l modules.Leaf) []string {
	if _, sure := fronts.BrowserGets(fr, l.Text, l.Meta); !sure || fr.Built || l.Mod.Tool() {
		return nil
	}
	return fr.Prefix
}

// frontConfig is for a front end whose client could not be followed: the keys
// of its configuration modules, and the variables it reads. Where these are
// different keys, which of them it uses cannot be told, and none is.
func frontConfig(p *picture.Reader, f *facts.Facts, fr *picture.Front, out *facts.Server) {
	var ids []int
	distinct := map[string]bool{}
	use := func(id int) {
		ids = append(ids, id)
		distinct[f.Values[id].Clean] = true
	}
	defer func() {
		for _, id := range ids {
			if len(distinct) == 1 {
				usedInFront(p, f, out, id)
			}
		}
	}()
	for _, id := range fr.Given {
		use(id)
	}
	for _, m := range fr.Mods {
		if m.Aside() || m.Role != facts.RoleFront && m.Role != facts.RoleShared {
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
			if c.What != facts.WhatKey || c.Bare && !m.Streamish() || fronts.ServerSide(m, "", r.Line) {
				continue
			}
			if m.Role == facts.RoleShared && c.Prefix == "" {
				continue // the server reads it too
			}
			l := modules.Leaf{Kind: modules.LeafEnv, Text: r.Text, Meta: r.Meta, Mod: m, Line: r.Line}
			id, missing, known := frontVariable(p, f, fr, l)
			switch {
			case id >= 0:
				use(id)
			case missing && known && !hasFallback(f, m, r.Line, use) && !oneOfSeveral(p, fr, r.Text):
				out.FrontMissing = appendRead(out.FrontMissing, facts.Read{Name: r.Text, Value: -1, File: m.Rel, Line: r.Line, Absent: filesAbsent(p, f, fr, l), Hands: hands(fr, l)})
			}
		}
	}
}

// oneOfSeveral tells a variable that a client's key is only one alternative
// of: the response's apiKey, say, comes before it.
func oneOfSeveral(p *picture.Reader, fr *picture.Front, name string) bool {
	return affix.Any(p.Uses, func(u picture.Use) bool {
		if u.What != facts.WhatKey || !slices.Contains(fr.Mods, u.Mod) {
			return false
		}
		named, unknown := false, false
		for _, l := range u.Leaves {
			named = named || l.Kind == modules.LeafEnv && l.Text == name
			unknown = unknown || l.Kind == modules.LeafUnknown
		}
		return named && unknown
	})
}

// hasFallback tells whether a literal is after a read on the same line.
func hasFallback(f *facts.Facts, m *modules.Module, line int, use func(int)) bool {
	for i, v := range f.Values {
		if v.File == m.Rel && v.Line == line && v.Kind == facts.KindFallback && v.What == facts.WhatKey {
			use(i)
			return true
		}
	}
	return false
}
