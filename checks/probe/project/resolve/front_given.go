package resolve

import (
	"slices"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/project/picture"
	"badsig/checks/probe/project/values"
)

// browserKey: the key that the browser was seen to send counts, no matter what the files say; where
// one of the front end's values is that key, it's where the browser has it from.
func browserKey(f *facts.Facts, out *facts.Server) {
	if f.Target.BrowserKey == "" {
		return
	}
	all := out.FrontKeys
	out.FrontMissing, out.FrontKeys = nil, nil
	for _, id := range all {
		if f.Values[id].Key == f.Target.BrowserKey {
			out.FrontKeys = append(out.FrontKeys, id)
		}
	}
	if len(out.FrontKeys) == 0 {
		i := slices.IndexFunc(f.Values, func(v facts.Value) bool { return v.Kind == facts.KindBrowser })
		f.Values[i].Loaded, f.Values[i].Read, f.Values[i].Wins = true, true, true
		out.FrontKeys = []int{i}
	}
}

// answeredKey is for a front end that makes its client with a key that isn't in its source, where each
// endpoint that gives tokens gives one key beside them.
func answeredKey(p *picture.Reader, f *facts.Facts, out *facts.Server) {
	if len(out.FrontKeys)+len(out.FrontMissing) > 0 || !affix.Any(p.Uses, func(u picture.Use) bool {
		return u.What == facts.WhatKey && u.Mod.Role == facts.RoleFront && !affix.Any(u.Leaves, func(l modules.Leaf) bool { return l.Kind != modules.LeafUnknown })
	}) {
		return
	}
	found := -1
	for _, e := range p.Entries {
		if e.Key.M == nil {
			continue
		}
		ls := modules.Eval(p.Graph, e.Key.M, e.Key.At, e.Key.E)
		id := -1
		for i := range f.Values {
			v := &f.Values[i]
			if len(ls) != 1 {
				return
			}
			switch l := ls[0]; {
			case v.Comment || v.What != facts.WhatKey:
			case l.Kind == modules.LeafLiteral && l.Mod != nil && v.File == l.Mod.Rel && v.Key == l.Text,
				l.Kind == modules.LeafEnv && v.Name == l.Text && facts.OneOf(out.Loaded, v.File):
				id = i
			}
		}
		if id < 0 || found >= 0 && found != id {
			return
		}
		found = id
	}
	usedInFront(p, f, out, found)
}

// ownSigner is for a front end that signs its tokens itself: it has the secret as it has its other variables.
func ownSigner(p *picture.Reader, f *facts.Facts, out *facts.Server) {
	for i := range p.Uses {
		u := &p.Uses[i]
		fr := p.FrontOf(u.Mod.Rel)
		if u.What != facts.WhatSecret || u.Mod.Role == facts.RoleTest || fr == nil || out.SecretName != "" || len(u.Leaves) != 1 || u.Leaves[0].Kind != modules.LeafEnv || u.Leaves[0].Transform != "" {
			continue
		}
		l := u.Leaves[0]
		id, missing, known := frontVariable(p, f, fr, l)
		if !known || missing && filesAbsent(p, f, fr, l) {
			continue
		}
		out.Secret, out.SecretName, out.SecretKnown, out.SecretUnset = id, l.Text, !missing, missing
		if id >= 0 {
			f.Values[id].Public = true
		}
		for _, rel := range fr.Files {
			if values.Env(p, rel) != nil {
				out.Loaded = append(out.Loaded, rel)
			}
		}
		if len(out.FrontKeys) > 0 {
			out.Key, out.KeyKnown = out.FrontKeys[0], true
		}
		for i := range f.Project.Sites {
			if s := &f.Project.Sites[i]; s.File == u.Mod.Rel && s.Server < 0 {
				s.Runs = facts.IsRead
			}
		}
	}
}
