package resolve

import (
	"slices"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/project/picture"
	"badsig/checks/sanitize"
)

// signUse is how the signing call of the target's endpoint gets its secret:
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

// newer lists the program's sources that were changed after the process started. A framework's development server, and
// what reloads modules in place, has them all the same.
func (r *running) newer(out *facts.Server) {
	const most = 20
	if r.l == nil || !r.l.Inside || out.Start.IsZero() || r.s.Frame != "" || r.s.Entry == nil || !runsEntry(r.p, r.l, r.s.Entry.Rel) ||
		affix.Any(r.l.Command, func(a string) bool { return affix.Contains(a, "hot") || affix.Contains(a, "vite-node") }) {
		return
	}
	for _, m := range r.s.Mods {
		if m.Modified.After(out.Start) && len(out.Newer) < most {
			out.Newer = append(out.Newer, facts.Newer{File: sanitize.Visible(m.Rel), Changed: m.Modified})
		}
	}
}
