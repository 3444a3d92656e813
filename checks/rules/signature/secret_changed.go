package signature

import (
	"cmp"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/rules/parts"
)

// Rules of this file, about a secret of which the code makes other bytes before it signs, where no token can tell:
//   - a right secret that is surely changed is a wrong one
//   - where the bytes on disk are not the app's secret, the change may be what makes them right: nothing is known then

// codeChanges are the changes that no Stream secret survives: 64 small letters and digits.
var codeChanges = map[string]struct {
	id   causes.ID
	does string
}{
	"base64-decode": {causes.SecretEncoding, "base64-decodes"},
	"hex-decode":    {causes.SecretEncoding, "hex-decodes"},
	"base64-encode": {causes.SecretEncoding, "base64-encodes"},
	"hex-encode":    {causes.SecretEncoding, "hex-encodes"},
	"upper":         {causes.SecretCase, "uppercases"},
	"stringify":     {causes.SecretQuoted, "puts quotes around"},
	"concat":        {causes.SecretPadded, "adds characters to"},
}

// harmlessSteps are those on the way to a change that leave the secret what it is: config.get('STREAM_SECRET').
var harmlessSteps = strings.NewReplacer("+template", "", "+through getOrThrow", "", "+through get", "")

// Changed is the change that the code makes of the secret that it reads; nil for none that matters.
func Changed(f *facts.Facts, w *facts.Value) *facts.Read {
	t := changedByCode(f)
	if t == nil || t.Transform == "lower" && w != nil && !facts.OneOf(w.Blemishes, "upper-case") {
		return nil
	}
	return t
}

// changedSecret judges a secret that the code changes; ok is false where it doesn't.
func changedSecret(f *facts.Facts, w *facts.Value, tr facts.Truth, ev []finding.Evidence) (finding.Result, bool) {
	t := Changed(f, w)
	if t == nil {
		return finding.Result{}, false
	}
	at := finding.LocAt(cmp.Or(t.ChangedFile, t.File), cmp.Or(t.ChangedLine, t.Line))
	how := affix.TrimPrefix(harmlessSteps.Replace("+"+t.Transform), "+")
	change, sure := codeChanges[how]
	if !sure || !tr.Fps[w.Fingerprint] || !f.Server.SecretKnown || facts.AuthDisabled(f) || reads(f) != 1 {
		return finding.Unsure("couldn't determine what the backend signs with: the code changes the secret from "+facts.Where(w)+" before it signs ("+at.String()+")", ev...), true
	}
	c := finding.New(change.id, finding.Proven,
		"The code "+change.does+" the API secret before it signs. Stream verifies with the secret exactly as the dashboard shows it.", at,
		append(ev, finding.Evidence{Label: "what the code does with it", Got: how, Want: "the secret unchanged", Source: at.String()}),
		finding.Step{Text: parts.Sentence(parts.InLine(at) + "sign with " + facts.First(t.Name, "the secret") + " unchanged")}, parts.RestartStep(f))
	return finding.Found(c.Summary, c.Evidence, c), true
}

// DecodedToNothing is for an endpoint that says it has no secret, though the code has one and reads it as hex: of a
// text that isn't hex, Node makes an empty buffer. nil where that isn't so.
func DecodedToNothing(f *facts.Facts, ev []finding.Evidence) *finding.Cause {
	w := Wins(f)
	t := Changed(f, w)
	if t == nil || w == nil || w.Empty || !affix.Contains(t.Transform, "hex-decode") {
		return nil
	}
	at := finding.LocAt(cmp.Or(t.ChangedFile, t.File), cmp.Or(t.ChangedLine, t.Line))
	return new(finding.New(causes.SecretEncoding, finding.Proven,
		"The code hex-decodes the secret in "+facts.Where(w)+", which isn't hex: nothing is left to sign with. Stream verifies with the secret exactly as the dashboard shows it.", at,
		append(ev, finding.Evidence{Label: "what the code does with it", Got: "hex-decode", Want: "the secret unchanged", Source: at.String()}),
		finding.Step{Text: parts.Sentence(parts.InLine(at) + "sign with " + facts.First(t.Name, "the secret") + " unchanged")}, parts.RestartStep(f)))
}

// reads counts the variables and literals that the signing call may take its secret from.
func reads(f *facts.Facts) int {
	if c := facts.CodeOf(f); c != nil {
		return len(c.SecretRead)
	}
	return 0
}

// unreadArgument is where the signing call is handed something of which the source doesn't tell what it
// is: a hash of a secret, say. "" where it does.
func unreadArgument(f *facts.Facts) string {
	s := f.Site()
	if s == nil || s.Language != "js" || f.Server.SecretKnown || len(s.Secret) == 0 {
		return ""
	}
	for _, l := range s.Secret {
		if l.Known.Sure() {
			return ""
		}
	}
	return facts.At(s.Made.File, s.Made.Line)
}
