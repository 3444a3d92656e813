package resolve

import (
	"slices"

	"badsig/checks/facts"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/names"
	"badsig/checks/probe/project/picture"
	"badsig/checks/sanitize"
)

// signUse is how the signing call behind the target's endpoint gets its secret:
// a server that has several (chat and video) has several secrets. Where the
// endpoint's call isn't known, it's the server's likeliest.
func (r *running) signUse() *picture.Use {
	if s := r.askedSite(); s != nil && s.Use != nil {
		return s.Use
	}
	return r.s.Sign
}

// keyUse is how that call gets its key.
func (r *running) keyUse() *picture.Use {
	if s := r.askedSite(); s != nil && s.KeyUse != nil {
		return s.KeyUse
	}
	return r.s.Key
}

// askedSite is the signing call that the target's URL leads to, of this server; nil for none.
func (r *running) askedSite() *picture.Site {
	if r.facts == nil || r.facts.Project == nil || r.facts.Entry() == nil {
		return nil
	}
	at := r.facts.Site()
	for _, s := range r.p.Sites {
		if at == &r.facts.Project.Sites[s.Fact] && slices.Contains(r.s.Mods, s.Mod) {
			return s
		}
	}
	return nil
}

// changedCode finds the newest change of the source between the variable and the
// signing call: the module that signs, and those through which the secret reaches it.
func (r *running) changedCode(out *facts.Server) {
	u := r.signUse()
	if u == nil {
		return
	}
	note := func(m *modules.Module, line int) {
		if m != nil && m.Modified.After(out.CodeChanged) {
			out.CodeChanged, out.CodeFile, out.CodeLine = m.Modified, sanitize.Visible(m.Rel), line
		}
	}
	for _, l := range u.Leaves {
		note(l.Mod, l.Line)
		for _, pl := range slices.Concat(l.Top, l.Self) {
			note(pl.Mod, pl.Line)
		}
	}
	note(u.Mod, u.Line)
}

// streamsFirst puts the variables that say Stream before others: Django's
// SECRET_KEY and a JWT_SECRET are read in the same program for other ends.
func streamsFirst(reads []facts.Read) []facts.Read {
	if !slices.ContainsFunc(reads, func(r facts.Read) bool { return saysStream(r.Name) }) {
		return reads
	}
	out := slices.Clone(reads)
	slices.SortStableFunc(out, func(a, b facts.Read) int {
		switch x, y := saysStream(a.Name), saysStream(b.Name); {
		case x && !y:
			return -1
		case y && !x:
			return 1
		}
		return 0
	})
	return out
}

// saysStream reports a name that says Stream, whatever it is of.
func saysStream(name string) bool {
	c := names.Classify(name)
	return c.What != "" && !c.Bare
}
