package fix

import (
	"strings"

	"badsig/checks/affix"
	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/tokens"
)

// Rules of this file:
//   - a secret is right where its bytes are those that Stream, or the dashboard, has shown to be the app's
//   - where the right one isn't known, the cause must have been seen in the files before, and not be there after
//   - a value that comes from a running shell isn't cured by any file

const (
	signsRight = "after this edit and a restart, the backend signs with the app's secret"
	undoneSaid = "after this edit, the code signs with the variable's own bytes"
)

// gone gives what proves that a cause is gone; ok is false where nothing does.
func (b *bench) gone(c *finding.Cause, after *state) (said string, ok bool) {
	switch {
	case has(after.report, c.ID):
		return "", false
	case b.inCode(c):
		return b.codeRight(c, after)
	case c.ID == causes.SecretExposed || c.ID == causes.SecretInSource:
		return b.hidden(c, after)
	case c.ID == causes.KeyMismatch || c.ID == causes.KeyMissing || c.ID == causes.KeyMalformed || c.ID == causes.KeyUnknown:
		return b.keyRight(c, after)
	case affix.HasPrefix(string(c.ID), "secret-") || c.ID == causes.KeySecretSwapped || c.ID == causes.KeySecretMismatch:
		return b.secretRight(c, after)
	}
	return "", false
}

// secretRight proves that the backend would sign with the app's secret.
func (b *bench) secretRight(c *finding.Cause, after *state) (string, bool) {
	rights := b.view.Rights()
	if apart(b, c, after, rights) {
		return signsRight, true
	}
	v := facts.ValueAt(after.facts, server(after.facts))
	if w := facts.ValueAt(b.report.Facts, server(b.report.Facts)); w != nil {
		given := w.SetFile == "" && (w.Kind == facts.KindProcess || w.Kind == facts.KindAncestor) // the shell's value wins no matter what the files say
		switch set := w.SetFile != "" && len(rights) > 0; {
		case given && affix.Any(rights, b.world.Secret(w.ID).Equal), set && b.setRight(w, b.base, rights):
			return undoneSaid, !changes(after.facts) && undone(b, c, after, rights)
		case given:
			return "", false
		case set:
			return signsRight, b.setRight(w, after, rights)
		}
	}
	switch {
	case len(rights) == 0:
		if c.ID == causes.KeySecretMismatch || c.ID == causes.SecretOtherApp {
			return "", false // a secret of the right form may be any app's
		}
		if has(b.base.report, c.ID) && v != nil && after.facts.Server.SecretKnown && v.Sound() && !facts.OneOf(v.Blemishes, "not-64") {
			return "after this edit, the secret that the backend reads has the form of one", true
		}
		return "", false
	case changes(after.facts):
		return "", false
	case undone(b, c, after, rights):
		return undoneSaid, true
	case !changes(b.base.facts) && b.signsRight(b.base, rights): // what reads right before the edit isn't cured by it; what signed the token may be
		return signsRight, b.madeRight(after, rights) || b.literalGone(c, after) && b.signsRight(after, rights)
	case b.literalGone(c, after) && v != nil && v.Kind == facts.KindEnvFile && v.Loaded && v.Wins && v.Name == after.facts.Server.SecretName && exactly(after, v, rights):
		return signsRight, true
	case (c.ID == causes.SecretFallback || c.ID == causes.SecretMissing) && handed(b, after, rights) && !handed(b, b.base, rights):
		return "after this edit, the variable that the code reads has the app's secret", true
	case v != nil && after.facts.Server.SecretKnown:
		return signsRight, b.signsRight(after, rights)
	case c.ID == causes.SecretFallback || c.ID == causes.SecretMissing:
		if b.nameRight(c, after, rights) {
			return "after this edit, the variable that the code reads has the app's secret", true
		}
	case c.ID == causes.SecretEncoding && changes(b.base.facts):
		return undoneSaid, v != nil && v.Kind == facts.KindEnvFile && v.Loaded && v.Wins && exactly(after, v, rights)
	}
	return signsRight, b.madeRight(after, rights) || b.lineRight(c, after, rights) && !b.lineRight(c, b.base, rights)
}

// madeRight reports whether the edit made the line that the backend read right: what was right before isn't cured by it.
func (b *bench) madeRight(after *state, rights []tokens.Secret) bool {
	return b.readFrom(after, rights) && !b.readFrom(b.base, rights)
}

// nameRight reports whether the variable that the code reads, which was set nowhere
// before, is set to the app's secret by a file that the backend was read to load.
func (b *bench) nameRight(c *finding.Cause, after *state, rights []tokens.Secret) bool {
	v := facts.ValueAt(after.facts, server(after.facts))
	if c.Certainty != finding.Proven || v == nil || v.Kind != facts.KindEnvFile || !v.Loaded || !v.Wins || v.Name != after.facts.Server.SecretName {
		return false
	}
	if w := facts.ValueAt(b.report.Facts, server(b.report.Facts)); w != nil && w.Kind != facts.KindFallback && w.Kind != facts.KindLiteral && w.Name == v.Name && !w.Empty {
		return false // it was set before
	}
	return exactly(after, v, rights)
}

// handed reports whether a file, whose other variables the process was started with, sets the one that the code reads.
func handed(b *bench, after *state, rights []tokens.Secret) bool {
	name := ""
	if after.facts.Server != nil {
		name = after.facts.Server.SecretName
	}
	return affix.Any(b.report.Facts.Values, func(o facts.Value) bool {
		return o.Kind == facts.KindProcess && o.SetFile != "" && affix.Any(after.facts.Values, func(v facts.Value) bool {
			return v.File == o.SetFile && v.Name == name && v.Kind == facts.KindEnvFile && !v.Comment && exactly(after, &v, rights)
		})
	})
}

// literalGone reports whether the literal that signed the token, on the line that
// the finding proved, is in no code any more.
func (b *bench) literalGone(c *finding.Cause, after *state) bool {
	h := facts.BestHit(b.report.Facts, facts.JudgedToken(b.report.Facts))
	if h == nil || !b.proven(c) {
		return false
	}
	was := facts.ExactValue(b.report.Facts, h)
	return was != nil && was.Kind == facts.KindLiteral && was.File == c.Location.File && was.Line == c.Location.Line &&
		!affix.Any(after.facts.Values, func(v facts.Value) bool {
			return v.Fingerprint == was.Fingerprint && !v.Comment && v.Kind != facts.KindProcess
		})
}

// hidden proves that a secret isn't any more where it was found, and that the backend
// reads the same one as before.
func (b *bench) hidden(c *finding.Cause, after *state) (string, bool) {
	was, is := facts.ValueAt(b.base.facts, server(b.base.facts)), facts.ValueAt(after.facts, server(after.facts))
	if was == nil && is != nil && is.Kind == facts.KindEnvFile && is.Loaded && is.Wins && c.Location != nil { // code that can't be followed further than to the literal
		for i := range b.base.facts.Values {
			if v := &b.base.facts.Values[i]; v.Kind == facts.KindLiteral && v.File == c.Location.File && v.Line == c.Location.Line {
				was = v
			}
		}
	} else if c.ID == causes.SecretExposed && was == nil && is == nil && has(b.base.report, c.ID) && b.proven(c) {
		return "after this edit, the secret isn't there any more", !b.world.HoldsSecret(string(after.layer[c.Location.File]))
	} else if !has(b.base.report, c.ID) || was == nil || is == nil || !after.facts.Server.SecretKnown {
		return "", false
	}
	if was == nil || changes(after.facts) != changes(b.base.facts) || was.SetFile != "" && !fromFile(after, was.Name, b.base.world.Secret(was.ID).Equal) {
		return "", false
	}
	return "after this edit, the secret isn't there any more, and the backend reads the same one as before", b.base.world.Secret(was.ID).Equal(after.world.Secret(is.ID))
}

// keyRight proves that the front end uses the app's key.
func (b *bench) keyRight(c *finding.Cause, after *state) (string, bool) {
	front := facts.FrontKey(after.facts)
	if v := facts.ValueAt(after.facts, server(after.facts)); v != nil && front != nil && v.Sound() && facts.Refused(after.facts, front.Key, v.ID) {
		return "", false // the pair is torn apart
	}
	absent := c.ID == causes.KeyMissing && b.proven(c) && unset(b.base.facts) > 0 && unset(after.facts) == 0 // no .env at all isn't judged by the files alone
	if !has(b.base.report, c.ID) && !absent || front == nil || status(after.report, "key-agrees") == finding.Fail || len(facts.FrontKeys(after.facts)) == 0 {
		return "", false
	}
	known := b.report.Facts.Target.Key == front.Key
	if s := b.report.Facts.Stream; s != nil {
		for _, p := range s.Grid {
			known = known || p.Key == front.Key && p.Answer.Status == 200
		}
	}
	return "after this edit, the front end uses the app's key", known
}

// unset counts the variables that the front end reads and nothing sets.
func unset(f *facts.Facts) int {
	if f.Server == nil {
		return 0
	}
	return len(f.Server.FrontMissing)
}

// signsRight reports whether the backend would read the app's secret and sign with it as it is.
func (b *bench) signsRight(s *state, rights []tokens.Secret) bool {
	v := facts.ValueAt(s.facts, server(s.facts))
	return v != nil && s.facts.Server.SecretKnown && !changes(s.facts) && affix.Any(rights, s.world.Secret(v.ID).Equal)
}

// setRight reports whether the file that sets the process's variable sets it right
// now, or no more, and another file does.
func (b *bench) setRight(was *facts.Value, after *state, rights []tokens.Secret) bool {
	there := false
	for i := range after.facts.Values {
		v := &after.facts.Values[i]
		if v.File != was.SetFile || v.Name != was.Name || v.Comment || v.Kind == facts.KindProcess {
			continue
		}
		if affix.Any(b.report.Facts.Values, func(o facts.Value) bool {
			return o.File == v.File && o.Name == v.Name && o.Line != was.SetLine && o.Fingerprint == v.Fingerprint && !o.Comment
		}) && v.Fingerprint != was.Fingerprint {
			continue // of another environment, as env_production of PM2
		}
		if v.Line == was.SetLine {
			return exactly(after, v, rights)
		}
		there = true
	}
	return !there && (b.signsRight(after, rights) || fromFile(after, was.Name, func(x tokens.Secret) bool { return affix.Any(rights, x.Equal) }))
}

// fromFile reports whether the files that the backend loads set a variable, and each as it should be: what a process
// that wasn't given it would read.
func fromFile(s *state, name string, right func(tokens.Secret) bool) bool {
	found := false
	for i := range s.facts.Values {
		if v := &s.facts.Values[i]; v.Kind == facts.KindEnvFile && v.Loaded && v.Name == name && !v.Comment {
			if found = right(s.world.Secret(v.ID)); !found {
				return false
			}
		}
	}
	return found
}

// exactly reports whether a line has the app's secret and nothing else, however its loader reads it.
func exactly(s *state, v *facts.Value, rights []tokens.Secret) bool {
	right := func(x tokens.Secret) bool { return affix.Any(rights, x.Equal) }
	return right(s.world.Secret(v.ID)) && !affix.Any(s.world.Written(v.ID), func(x tokens.Secret) bool { return !right(x) })
}

// lineRight proves it by the line that the finding itself proved: nothing but the
// app's secret is on it now, so that no loader can make anything else of it.
func (b *bench) lineRight(c *finding.Cause, after *state, rights []tokens.Secret) bool {
	if c.Location == nil || c.Certainty != finding.Proven {
		return false
	}
	for i := range after.facts.Values {
		v := &after.facts.Values[i]
		if v.File == c.Location.File && v.Line == c.Location.Line && v.Kind == facts.KindEnvFile && !v.Comment && exactly(after, v, rights) {
			return true
		}
	}
	return false
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
		if v.File == file && v.Line == line && v.Name == exact.Name && !v.Comment && affix.Any(rights, after.world.Secret(v.ID).Equal) {
			return true
		}
	}
	return false
}

//go:noinline
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
	return affix.Any(code.SecretRead, func(r facts.Read) bool {
		return affix.Any(strings.Split(r.Transform, "+"), func(t string) bool {
			return t != "" && t != "template" && t != "trim" && !affix.HasPrefix(t, "through ")
		})
	})
}
