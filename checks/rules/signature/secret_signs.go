package signature

import (
	"fmt"

	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/rules/parts"
	"badsig/tokens"
)

// Rules of this file:
//   - only a verifying signature, Stream's response or bytes that were read accuse a secret
//   - what Stream accepts is right, no matter what it looks like
//   - the file is judged before the process: a file that is right today and a process that is older is stale;
//     a file that is wrong today is named itself

// judgement is what can be said about the secret that signs.
type judgement struct {
	finding.Result
	tr    facts.Truth
	token *facts.Token
}

// SecretSigns: the token is signed with the app's secret.
func SecretSigns(f *facts.Facts) finding.Result { return JudgeSecret(f).Result }

// JudgeSecret is the heart of badsig: which secret signed the backend's token,
// whether it is the right one, and if not, what happened to it.
func JudgeSecret(f *facts.Facts) judgement {
	j := judgement{tr: facts.TruthOf(f), token: facts.JudgedToken(f)}
	t := j.token
	if t == nil {
		return j.say(finding.Unknown, "no token to check")
	}
	if s := Unsignable(t); s != "" {
		j.BlockedBy = "token-formed"
		return j.say(finding.Skip, s)
	}
	if t.Signer == nil {
		return j.say(finding.Unknown, "couldn't determine who signed it: "+f.Errors[facts.NameSigner])
	}
	if c := varying(f); c != nil {
		j.Causes = []finding.Cause{*c}
		return j.say(finding.Fail, "the backend doesn't always sign with the same secret")
	}
	j.Evidence = append(j.Evidence, finding.Evidence{
		Label: "signed by", Got: OrNone(facts.SignedBy(f, t)),
		Source: triedWords(t),
	})
	h := facts.BestHit(f, t)
	switch {
	case t.Signer.Truncated && facts.BeginsRight(t, j.tr):
		j.BlockedBy = "token-formed"
		return j.say(finding.Skip, "the signature is truncated; what's left matches "+rightName(j.tr))
	case facts.SignedRight(f, t, j.tr):
		return j.say(finding.Pass, "signed with "+rightName(j.tr)+" ("+facts.SignedBy(f, t)+")")
	case facts.StreamTook(f, t):
		return j.say(finding.Pass, "Stream accepts the signature")
	case h == nil:
		return j.nobody(f)
	}
	if w := Wins(f); t.Source == "given" && w != nil && j.tr.Fps[w.Fingerprint] && w.Fingerprint != h.Signed && staleCause(f, j.tr, h, finding.Likely) == nil {
		return j.say(finding.Unknown, "signed by "+facts.SignedBy(f, t)+", and the backend signs with "+facts.Where(w)+", which is right: see token-current")
	}
	c := j.explain(f, h)
	if c == nil {
		return j.unjudged(f, h)
	}
	j.Causes = append(j.Causes, *c)
	if exact := facts.ExactValue(f, h); c.ID == causes.SecretShadowed && exact != nil {
		if w := wrongValue(f, lost(f, exact, j.tr), j.tr); w != nil {
			j.Causes = append(j.Causes, *w)
		}
	}
	if exact := facts.ExactValue(f, h); (c.ID == causes.KeyMismatch || c.ID == causes.SecretOtherApp) && exact != nil && !j.tr.Fps[exact.Fingerprint] {
		if s := misshapen(f, exact); s != nil && s.Certainty == finding.Proven { // no app's secret has such bytes
			j.Causes = append(j.Causes, *s)
		}
	}
	if c.ID != causes.ServerStale && fileIsWrongToo(f, h) {
		if s := staleCause(f, j.tr, h, finding.Likely); s != nil {
			j.Causes = append(j.Causes, *s)
		}
	}
	if facts.AuthDisabled(f) {
		for i := range j.Causes {
			j.Causes[i].Severity = causes.Warning
		}
		return j.say(finding.Warn, c.Summary)
	}
	return j.say(finding.Fail, summaryOf(f, t, c))
}

func (j judgement) say(s finding.Status, summary string) judgement {
	j.Status, j.Summary = s, summary
	return j
}

func OrNone(s string) string { return facts.First(s, "an unknown secret") }

func rightName(tr facts.Truth) string {
	if tr.By == "stream" {
		return "a secret that Stream accepts"
	}
	return "the dashboard's secret"
}

func summaryOf(f *facts.Facts, t *facts.Token, c *finding.Cause) string {
	s := facts.SignedBy(f, t)
	if s == "" {
		return "nothing that was found signs it"
	}
	told := facts.DamagedFrom(f, t, facts.TruthOf(f)) != nil // signedBy says then in what it differs
	if v := facts.ExactValue(f, facts.BestHit(f, t)); !told && v != nil && len(v.Blemishes) > 0 && blemishCause[v.Blemishes[0]] == c.ID {
		s += ", with " + facts.Blemish(v.Blemishes[0])
	}
	return "signed by " + s
}

// Unsignable says why a token has no HMAC signature to judge, "" if it has one.
func Unsignable(t *facts.Token) string {
	for _, fl := range t.Flaws {
		switch fl.Kind {
		case tokens.FlawDev:
			return "a development token isn't signed"
		case tokens.FlawForeign:
			return "it is another issuer's token: " + fl.Detail
		case tokens.FlawEmpty, tokens.FlawSegments:
			return "there is no signature"
		case tokens.FlawAlgorithm:
			if alg, _ := t.Header["alg"].(string); !facts.OneOf([]string{"HS384", "HS512"}, alg) {
				return "it is not signed by HMAC"
			}
		}
	}
	if t.Signer == nil && t.SigLen == 0 {
		return "there is no signature that could be read"
	}
	if t.Signer != nil && len(t.Signer.Hits) == 0 {
		for _, fl := range t.Flaws {
			switch fl.Kind {
			case tokens.FlawTruncated, tokens.FlawEncoding, tokens.FlawGarbled, tokens.FlawHeader, tokens.FlawPayload:
				return "the token itself is malformed or another issuer's: " + fl.Detail
			}
		}
	}
	return ""
}

// unjudged is a token whose signer was found, and nothing says that it is wrong.
func (j judgement) unjudged(f *facts.Facts, h *tokens.Hit) judgement {
	if facts.AuthDisabled(f) {
		return j.say(finding.Unknown, "signed by "+facts.SignedBy(f, j.token)+"; the app accepts any signature, so nothing is proven")
	}
	return j.say(finding.Unknown, "signed by "+facts.SignedBy(f, j.token)+"; couldn't determine whether that's the app's secret")
}

// no one judges a token that none of the secrets signed.
func (j judgement) nobody(f *facts.Facts) judgement {
	t := j.token
	tried := "no match among " + triedWords(t) + unreadFiles(f)
	j.Evidence = []finding.Evidence{{Label: "secrets tried", Got: triedWords(t) + ": none signs the token", Want: "one that does", Source: fmt.Sprintf("%d signatures computed", t.Signer.Tried)}}
	if t.Source == "given" {
		return j.say(finding.Unknown, tried)
	}
	if c, _, _ := unsetSecret(f); c != nil {
		j.Causes = append(j.Causes, *c)
		return j.say(finding.Fail, tried)
	}
	if c := randomSecret(f); c != nil {
		j.Causes = append(j.Causes, *c)
		return j.say(finding.Fail, tried)
	}
	rejected := f.Stream != nil && facts.SignatureRefused(f.Stream.User)
	if c := staleCause(f, j.tr, nil, finding.Likely); c != nil && (rejected || j.tr.Known || Wins(f) != nil) {
		if w := wrongFile(f, j.tr); w != nil {
			j.Causes = append(j.Causes, *w)
		}
		j.Causes = append(j.Causes, *c)
		return j.say(finding.Fail, tried+"; the process started before the last change of "+c.Location.File)
	}
	if c := foreignProcess(f, tried); c != nil {
		j.Causes = append(j.Causes, *c)
		return j.say(finding.Fail, tried)
	}
	if !rejected && !j.tr.Known {
		return j.say(finding.Unknown, tried)
	}
	if t.Signer.Cut {
		return j.say(finding.Unknown, tried+"; badsig's own time limit ended the search for typos of two characters: run it again with --timeout 60s")
	}
	certainty := finding.Likely
	if rejected || j.tr.Known {
		certainty = finding.Proven
	}
	where := "in the project"
	if unreadFiles(f) != "" {
		where = "in any file that it could read"
	}
	j.Causes = append(j.Causes, finding.New(causes.SecretUnknown, certainty,
		"The backend signs with a secret badsig couldn't find "+where+": "+tried+".",
		parts.SecretAt(f), j.Evidence,
		finding.Step{Text: "Find out where the signing code gets its secret" + codePlace(f)},
		finding.Step{Text: "Set it to the dashboard's API secret (Dashboard › your app › App Access Keys)"},
		parts.RestartStep(f)))
	return j.say(finding.Fail, tried)
}

// triedWords says what was tried on a token.
func triedWords(t *facts.Token) string {
	return fmt.Sprintf("%d secrets and %d typical corruptions of each", t.Signer.Candidates, t.Signer.Damages)
}

// unreadFiles says which of the project's .env files and folders could not be
// read, as the end of a sentence; "" where all could.
func unreadFiles(f *facts.Facts) string {
	if f.Project == nil || len(f.Project.Unread) == 0 {
		return ""
	}
	n := len(f.Project.Unread)
	s := "; " + f.Project.Unread[0]
	if n > 1 {
		s += fmt.Sprintf(" and %d more", n-1)
	}
	return s + " couldn't be read"
}

// Wins is the value that the server would sign with if it were started now.
//
//go:noinline
func Wins(f *facts.Facts) *facts.Value {
	if f.Server == nil {
		return nil
	}
	return facts.ValueAt(f, f.Server.Secret)
}

// fileIsWrongToo tells whether, beside what signs now, the present files are
// wrong in a way that a restart would bring to light.
func fileIsWrongToo(f *facts.Facts, h *tokens.Hit) bool {
	w := Wins(f)
	return w != nil && w.Fingerprint != h.Signed
}
