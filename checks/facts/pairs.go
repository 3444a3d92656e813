package facts

import (
	"badsig/checks/affix"
	"maps"
	"path"
	"slices"
)

// Rules of this file, about a program that signs for two apps, or with two secrets:
//   - each pair of key and secret that its code reads is a pair of its own, and each is judged
//   - a front end's key that belongs to one of them isn't compared with another
//   - a name is looked up in the files that the program loads, in their order, as the first pair's is

// SitePair is what another signing site of the same program signs with.
type SitePair struct {
	Secret, Key         int // Values; -1 for none
	SecretName, KeyName string
	Place               // where the secret is read
	Site                int
}

// OtherPairs lists the pairs that a program's further signing sites read. A
// site counts where it is known to run, where a request or call leads to it,
// and where the way to its secret was read to its end.
func OtherPairs(f *Facts) []SitePair {
	s, p := f.Server, f.Project
	if s == nil || p == nil || s.Code < 0 || s.SecretName == "" && s.Secret < 0 {
		return nil
	}
	var out []SitePair
	for i := range p.Sites {
		site := &p.Sites[i]
		if !site.Runs.Sure() || site.Server != s.Code || !entered(p, i) {
			continue
		}
		pair := SitePair{Site: i, Secret: -1, Key: -1}
		secret, ok := lastLink(site.Secret)
		if !ok {
			continue
		}
		pair.Place = secret.Place
		pair.Secret, pair.SecretName = linked(f, secret, WhatSecret)
		if key, ok := lastLink(site.Key); ok {
			pair.Key, pair.KeyName = linked(f, key, WhatKey)
		}
		if pair.SecretName == "" && pair.Secret < 0 || pair.SecretName == s.SecretName && pair.Secret == s.Secret ||
			pair.Secret >= 0 && s.Secret >= 0 && pair.SecretName == s.SecretName {
			continue
		}
		if !affix.Any(out, func(o SitePair) bool { return o.SecretName == pair.SecretName && o.Secret == pair.Secret }) {
			out = append(out, pair)
		}
	}
	return out
}

// entered reports whether something from outside leads to a site.
func entered(p *Project, site int) bool {
	return affix.Any(p.Entries, func(e Entry) bool { return e.Site == site && e.Known.Sure() && e.Kind != EntryScript })
}

// lastLink is where a way ends that has one end.
func lastLink(links []Link) (Link, bool) {
	ends := 0
	var last Link
	for _, l := range links {
		if !l.Known.Sure() {
			return Link{}, false
		}
		if l.Env || l.Value >= 0 {
			ends++
			last = l
		}
	}
	return last, ends == 1
}

// linked is the value that a link ends at: a literal, or a variable as the program gets it.
func linked(f *Facts, l Link, what string) (id int, name string) {
	if !l.Env {
		if v := ValueAt(f, l.Value); v != nil {
			return l.Value, v.Name
		}
		return -1, ""
	}
	for i := range f.Values {
		if v := &f.Values[i]; v.Name == l.Name && v.Kind == KindProcess && f.Server.PID != 0 && v.PID == f.Server.PID {
			return i, l.Name
		}
	}
	for _, file := range f.Server.Loaded {
		found := -1
		for i := range f.Values {
			v := &f.Values[i]
			if v.File == file && v.Name == l.Name && v.Kind == KindEnvFile && !v.Comment && v.Loaded && (what == WhatSecret) == (v.What != WhatKey) {
				found = i
			}
		}
		if found >= 0 {
			return found, l.Name
		}
	}
	return -1, l.Name
}

// ForPair gives the facts as they are for another pair of the program, without
// any token: what was requested of an endpoint belongs to the first.
func ForPair(f *Facts, p SitePair) *Facts {
	v, s := *f, *f.Server
	v.Tokens, v.Backend = nil, nil
	v.Target.Given = false
	s.Secret, s.SecretName, s.Key, s.KeyName = p.Secret, p.SecretName, p.Key, p.KeyName
	s.SecretUnset = p.Secret < 0 && f.Server.SecretKnown && f.Server.Secret >= 0 && !setElsewhere(f, p.SecretName)
	s.SecretEnds, s.KeyEnds = false, false
	s.FrontKeys = nil
	if key := ValueAt(f, p.Key); key != nil {
		for _, id := range f.Server.FrontKeys {
			if k := ValueAt(f, id); k != nil && k.Key == key.Key {
				s.FrontKeys = append(s.FrontKeys, id)
			}
		}
	}
	v.Server, v.Project = &s, projectOf(f.Project, p)
	return &v
}

// projectOf puts the site that a pair is of in the first place.
func projectOf(p *Project, pair SitePair) *Project {
	q := *p
	q.Sites = append([]Site{p.Sites[pair.Site]}, append(slices.Clone(p.Sites[:pair.Site]), p.Sites[pair.Site+1:]...)...)
	q.Servers = slices.Clone(p.Servers)
	if i := p.Sites[pair.Site].Server; i >= 0 && i < len(q.Servers) {
		read := Read{Name: pair.SecretName, Value: -1, File: pair.File, Line: pair.Line}
		for _, r := range q.Servers[i].SecretRead {
			if r.File == read.File && r.Line == read.Line { // with what the code does to it: trim()
				read = r
			}
		}
		q.Servers[i].SecretRead = []Read{read}
	}
	return &q
}

// setElsewhere reports whether something besides a file that is loaded may set a variable.
func setElsewhere(f *Facts, name string) bool {
	for i := range f.Values {
		if v := &f.Values[i]; v.Name == name && !v.Comment && (v.Kind == KindConfig || v.Kind == KindProcess || v.Kind == KindAncestor) {
			return true
		}
	}
	return name == ""
}

// otherKeys are the keys of the program's further pairs, and of the pairs that
// other programs of the project sign with, which aren't the first's.
func otherKeys(f *Facts) map[string]bool {
	own := ValueAt(f, f.Server.Key)
	if own == nil || len(f.Server.FrontKeys) < 2 {
		return nil // the front end has one key: it's for the pair that is judged
	}
	out := map[string]bool{}
	for _, p := range OtherPairs(f) {
		if v := ValueAt(f, p.Key); v != nil {
			out[v.Key] = true
		}
	}
	others := map[string]bool{own.Key: false}
	for i := range f.Values {
		if v := &f.Values[i]; v.What == WhatKey && !v.Comment && !v.Loaded && v.Key != own.Key && otherProgram(f, ValueAt(f, v.Pair)) {
			others[v.Key] = true
		}
	}
	if affix.Any(f.Server.FrontKeys, func(id int) bool { v := ValueAt(f, id); return v != nil && !others[v.Key] }) {
		maps.Copy(out, others) // else all its keys are of the other app: then one of them is wrong
	}
	delete(out, own.Key)
	delete(out, "")
	return out
}

// otherProgram reports whether a secret is what another program of the project
// than the one that was requested signs with: a site of it reads that name, and
// the file is in its folder.
func otherProgram(f *Facts, secret *Value) bool {
	p := f.Project
	if secret == nil || p == nil || secret.Role == RoleExample {
		return false
	}
	return affix.Any(p.Entries, func(e Entry) bool {
		s := p.SiteOf(&e)
		if s == nil || !e.Known.Sure() {
			return false
		}
		if s.Server == f.Server.Code || s.Server < 0 || s.Server >= len(p.Servers) || !s.Runs.Sure() || path.Dir(secret.File) != path.Clean(p.Servers[s.Server].Dir) {
			return false
		}
		link, ok := lastLink(s.Secret)
		return ok && (link.Name == secret.Name || ValueAt(f, link.Value) == secret)
	})
}
