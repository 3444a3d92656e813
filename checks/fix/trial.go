package fix

import (
	"context"
	"log"
	"strings"

	"badsig/checks"
	"badsig/checks/affix"
	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/fix/cures"
	"badsig/checks/fix/edits"
	"badsig/checks/probe"
	"badsig/checks/probe/files"
	"badsig/checks/probe/vault"
	"badsig/tokens"
)

// Rules of this file:
//   - the project is read again with the edits over it and judged by its files and by what Stream said before
//   - what was right before is right after: every check that passed passes, and no cause is there that wasn't
//   - a file that could be parsed can still be parsed
//   - no secret is written into code, no matter what git makes of it
//   - that the cause is gone needs a proof of its own; silence is none

// maxTried bounds how many proposals are tried for one cause.
const maxTried = 16

// bench is where proposals are tried.
type bench struct {
	report *checks.Report
	world  *vault.World
	view   *cures.View
	base   *state // of the files as they are
	held   string // a file that git tracks, into which a tried edit would have put a secret
}

// state is the project as it would be after a restart.
type state struct {
	world  *vault.World
	facts  *facts.Facts
	report *checks.Report
	layer  files.Layer
}

// line is a line of a file as it is in this state, without spaces around it.
func (b *bench) line(s *state, file string, n int) string {
	data, there := s.layer[file]
	if !there {
		return strings.TrimSpace(b.view.Line(file, n))
	}
	t, err := edits.Decode(data)
	if err != nil {
		return ""
	}
	return strings.TrimSpace(t.Line(n))
}

func (b *bench) read(ctx context.Context, layer files.Layer) (*state, error) {
	w, err := probe.Reread(ctx, b.world, layer)
	if err != nil {
		return nil, err
	}
	f := w.Snapshot()
	return &state{w, f, checks.Judge(f), layer}, nil
}

// cure finds the first proposal that cures a cause, and what proves it.
func (b *bench) cure(ctx context.Context, c *finding.Cause) (cures.Proposal, string, bool) {
	all := b.view.Of(c)
	for _, p := range all[:min(len(all), maxTried)] {
		p.Edits = append(p.Edits, cures.Imports(b.view, p.Edits)...)
		if said, ok := b.try(ctx, c, p); ok {
			return p, said, true
		}
	}
	return cures.Proposal{}, "", false
}

// try makes a proposal's edits in memory and judges what is left.
func (b *bench) try(ctx context.Context, c *finding.Cause, p cures.Proposal) (string, bool) {
	changes, err := edits.Apply(p.Edits, b.view.Read, dashboard(b.world, b.report))
	if err != nil || len(changes) == 0 || affix.Any(p.Edits, intoSource) {
		log.Printf("%s: an edit can't be made: %s (%v)", c.ID, b.world.Scrub(p.Text), err)
		return "", false
	}
	layer, held := files.Layer{}, ""
	tracked := files.ReadGit(b.world.Target.Dir)
	for _, ch := range changes {
		if ch.Secret && tracked != nil && tracked(ch.File) {
			held = ch.File
		}
		if made(ch.File) || !b.stillParsed(ch, c.ID) || string(ch.Before) == string(ch.After) {
			log.Printf("%s: an edit was dropped, the file isn't one to edit, or can't be parsed after it: %s", c.ID, b.world.Scrub(p.Text))
			return "", false
		}
		layer[ch.File] = ch.After
	}
	if b.base == nil {
		if b.base, err = b.read(ctx, nil); err != nil {
			return "", false
		}
	}
	after, err := b.read(ctx, layer)
	if err != nil || b.worse(c, after, held != "") || strays(b, changes, after) {
		log.Printf("%s: an edit was dropped, something else is wrong after it: %s (%v)", c.ID, b.world.Scrub(p.Text), err)
		return "", false
	}
	said, ok := b.gone(c, after)
	if !ok {
		log.Printf("%s: an edit was dropped, nothing proves that the cause is gone: %s", c.ID, b.world.Scrub(p.Text))
	} else if held != "" {
		b.held = held
		log.Printf("%s: an edit was dropped, git tracks %s: %s", c.ID, held, b.world.Scrub(p.Text))
		return "", false
	}
	return said, ok
}

// intoSource tells an edit that would write a secret into code which doesn't have it.
func intoSource(e finding.Edit) bool {
	return edits.Source(e.File) && (e.InsertSecret != "" || e.InsertFrom != nil && e.InsertFrom.File != e.File)
}

// made tells a file that a tool writes: what is edited there is gone at the next run of it.
func made(file string) bool {
	for _, dir := range []string{"bootstrap/cache/", "node_modules/", "vendor/", "dist/", ".next/", ".nuxt/", ".output/", ".svelte-kit/"} {
		if affix.HasPrefix(file, dir) || affix.Contains(file, "/"+dir) {
			return true
		}
	}
	return false
}

// worse reports whether something is wrong after the edits that wasn't before; where git tracks the file, the secret in it is.
func (b *bench) worse(c *finding.Cause, after *state, tracked bool) bool {
	known := map[causes.ID]bool{causes.SecretInSource: tracked}
	for _, r := range []*checks.Report{b.report, b.base.report} {
		for _, c := range r.Causes {
			known[c.ID] = true
		}
	}
	for _, c := range after.report.Causes {
		if !known[c.ID] {
			return true
		}
	}
	passed := map[finding.ID]bool{}
	for _, r := range after.report.Checks {
		passed[r.ID] = r.Status == finding.Pass
	}
	for _, r := range b.base.report.Checks {
		if r.Status == finding.Pass && !passed[r.ID] && !(tracked && r.ID == "secret-hidden") {
			return true
		}
	}
	if s, k := facts.ValueAt(after.facts, server(after.facts)), serverKey(after.facts); s != nil && k != nil && s.Fingerprint == k.Fingerprint {
		return true // the secret in the key's place
	} else if s != nil && s.Fingerprint == backendKey(after.facts) && backendKey(b.base.facts) != s.Fingerprint {
		return true // the secret in the key's place
	}
	return sites(after.facts) < sites(b.base.facts) || !keyCause(c.ID) && backendKey(b.base.facts) != "" && backendKey(after.facts) != backendKey(b.base.facts)
}

// strays reports whether a variable that the edits don't name has another value
// after them, or one that code still reads has no line any more.
func strays(b *bench, all []edits.Change, after *state) bool {
	edited := func(file string, line int) bool {
		return affix.Any(all, func(c edits.Change) bool {
			return c.File == file && (len(c.Hunks) == 0 || affix.Any(c.Hunks, func(h edits.Hunk) bool { return line >= h.First && line < h.First+len(h.Old) }))
		})
	}
	for i := range b.base.facts.Values {
		v := &b.base.facts.Values[i]
		if v.Kind != facts.KindEnvFile && v.Kind != facts.KindConfig || v.Comment {
			continue
		}
		on := edited(v.File, v.Line)
		same := func(o facts.Value) bool {
			return o.Name == v.Name && o.File == v.File && !o.Comment && (on || o.Fingerprint == v.Fingerprint)
		}
		if !affix.Any(after.facts.Values, same) && (!on || b.view.ReadElsewhere(v.Name, after.layer)) {
			return true
		}
	}
	return false
}

// keyCause tells a cause whose cure may change the backend's key.
func keyCause(id causes.ID) bool { return affix.HasPrefix(string(id), "key-") }

// backendKey is the key that the backend reads; "" for none, and for what no key is.
func backendKey(f *facts.Facts) string {
	if f.Server == nil {
		return ""
	}
	if v := facts.ValueAt(f, f.Server.Key); v != nil && v.Key != "" && tokens.APIKey(v.Key).WellFormed() {
		return v.Fingerprint
	}
	return ""
}

// serverKey is the value that the backend reads as its key, no matter what it is.
func serverKey(f *facts.Facts) *facts.Value {
	if f.Server == nil {
		return nil
	}
	return facts.ValueAt(f, f.Server.Key)
}

// sites counts the signing calls that something runs.
func sites(f *facts.Facts) int {
	n := 0
	if f.Project != nil {
		for i := range f.Project.Sites {
			if f.Project.Sites[i].Runs.Sure() {
				n++
			}
		}
	}
	return n
}

// has reports whether a report names a cause.
//
//go:noinline
func has(r *checks.Report, id causes.ID) bool {
	return affix.Any(r.Causes, func(c finding.Cause) bool { return c.ID == id })
}

// status is a check's result.
func status(r *checks.Report, id finding.ID) finding.Status {
	for _, c := range r.Checks {
		if c.ID == id {
			return c.Status
		}
	}
	return finding.Unknown
}
