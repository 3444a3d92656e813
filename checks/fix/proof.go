package fix

import (
	"slices"
	"strings"

	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/tokens"
)

// Rules of this file:
//   - a secret is right where its bytes are those that Stream, or the dashboard, has shown to be the app's
//   - where the right one isn't known, the cause must have been seen in the files before, and not be there after
//   - a value that comes from a running shell isn't cured by any file

const signsRight = "after this edit and a restart, the backend signs with the app's secret"

// gone gives what proves that a cause is gone; ok is false where nothing does.
func (b *bench) gone(c *finding.Cause, after *state) (said string, ok bool) {
	switch {
	case has(after.report, c.ID):
		return "", false
	case strings.HasPrefix(string(c.ID), "secret-") || c.ID == causes.KeySecretSwapped || c.ID == causes.KeySecretMismatch:
		return b.secretRight(c, after)
	}
	return "", false
}

// secretRight proves that the backend would sign with the app's secret.
func (b *bench) secretRight(c *finding.Cause, after *state) (string, bool) {
	if w := facts.ValueAt(b.report.Facts, server(b.report.Facts)); w != nil && (w.Kind == facts.KindProcess || w.Kind == facts.KindAncestor) && w.SetFile == "" {
		return "", false // the shell's value wins whatever the files say
	}
	rights := b.rights()
	v := facts.ValueAt(after.facts, server(after.facts))
	switch {
	case len(rights) == 0:
		if has(b.base.report, c.ID) && v != nil && after.facts.Server.SecretKnown && v.Sound() && !slices.Contains(v.Blemishes, "not-64") {
			return "after this edit, the secret that the backend reads has the form of one", true
		}
		return "", false
	case changes(after.facts):
		return "", false
	case v != nil && after.facts.Server.SecretKnown:
		return signsRight, slices.ContainsFunc(rights, after.world.Secret(v.ID).Equal)
	}
	return signsRight, b.readFrom(after, rights)
}

// readFrom proves the same where the code couldn't be followed to the variable:
// the token shows which line the backend read, and that line is right now.
func (b *bench) readFrom(after *state, rights []tokens.Secret) bool {
	f := b.report.Facts
	h := facts.BestHit(f, facts.JudgedToken(f))
	if h == nil {
		return false
	}
	exact := facts.ExactValue(f, h)
	if exact == nil {
		return false
	}
	file, line := exact.File, exact.Line
	if exact.SetFile != "" {
		file, line = exact.SetFile, exact.SetLine
	}
	if file == "" {
		return false
	}
	for i := range f.Values { // nowhere else may it have been read
		o := &f.Values[i]
		if o.ID != exact.ID && o.Fingerprint == exact.Fingerprint && o.File != "" && !o.Comment && (o.File != file || o.Line != line) {
			return false
		}
	}
	for i := range after.facts.Values {
		v := &after.facts.Values[i]
		if v.File == file && v.Line == line && v.Name == exact.Name && !v.Comment && slices.ContainsFunc(rights, after.world.Secret(v.ID).Equal) {
			return true
		}
	}
	return false
}

// rights are the secrets that are known to be the app's.
func (b *bench) rights() []tokens.Secret {
	f := b.report.Facts
	tr := facts.TruthOf(f)
	var out []tokens.Secret
	for i := range f.Values {
		for _, s := range []tokens.Secret{b.world.Secret(i), b.world.Cleaned(i)} {
			if !s.IsZero() && tr.Fps[s.Fingerprint()] && !slices.ContainsFunc(out, s.Equal) {
				out = append(out, s)
			}
		}
	}
	return out
}

func server(f *facts.Facts) int {
	if f.Server == nil {
		return -1
	}
	return f.Server.Secret
}

// changes reports whether the code makes other bytes of the secret before it signs.
func changes(f *facts.Facts) bool {
	code := facts.CodeOf(f)
	if code == nil {
		return false
	}
	return slices.ContainsFunc(code.SecretRead, func(r facts.Read) bool {
		return slices.ContainsFunc(strings.Split(r.Transform, "+"), func(t string) bool {
			return t != "" && t != "template" && t != "trim" && !strings.HasPrefix(t, "through ")
		})
	})
}
