package checks

import (
	"cmp"
	"fmt"
	"slices"

	"badsig/checks/causes"
	"badsig/checks/probe"
	"badsig/tokens"
)

// Rules of this file:
//   - only a verifying signature, Stream's answer or bytes that were read accuse a secret
//   - what Stream takes is right, whatever it looks like
//   - the file is judged before the process: a file that is right today and a process that is older is stale;
//     a file that is wrong today is named itself

// judgement is what can be said about the secret that signs.
type judgement struct {
	Result
	tr    truth
	token *probe.Token
}

// ruleSecretSigns: the token is signed with the app's secret.
func ruleSecretSigns(f *probe.Facts) Result { return judgeSecret(f).Result }

// judgeSecret is the heart of badsig: which secret signed the backend's token,
// whether it is the right one, and if not, what happened to it.
func judgeSecret(f *probe.Facts) judgement {
	j := judgement{tr: truthOf(f), token: judgedToken(f)}
	t := j.token
	if t == nil {
		return j.say(Unknown, "no token to check")
	}
	if s := unsignable(t); s != "" {
		j.BlockedBy = "token-formed"
		return j.say(Skip, s)
	}
	if t.Signer == nil {
		return j.say(Unknown, "couldn't determine who signed it: "+f.Errors[probe.NameSigner])
	}
	if c := varying(f); c != nil {
		j.Causes = []Cause{*c}
		return j.say(Fail, "the backend doesn't always sign with the same secret")
	}
	j.Evidence = append(j.Evidence, Evidence{
		Label: "signed by", Got: orNone(signedBy(f, t)),
		Source: triedWords(t),
	})
	h := bestHit(f, t)
	switch {
	case t.Signer.Truncated && beginsRight(t, j.tr):
		j.BlockedBy = "token-formed"
		return j.say(Skip, "the signature is truncated; what's left matches "+rightName(j.tr))
	case signedRight(f, t, j.tr):
		return j.say(Pass, "signed with "+rightName(j.tr)+" ("+signedBy(f, t)+")")
	case streamTook(f, t):
		return j.say(Pass, "Stream accepts the signature")
	case h == nil:
		return j.nobody(f)
	}
	c := j.explain(f, h)
	if c == nil {
		return j.unjudged(f, h)
	}
	j.Causes = append(j.Causes, *c)
	if exact := exactValue(f, h); c.ID == causes.SecretShadowed && exact != nil {
		if w := wrongValue(f, lost(f, exact, j.tr), j.tr); w != nil {
			j.Causes = append(j.Causes, *w)
		}
	}
	if exact := exactValue(f, h); (c.ID == causes.KeyMismatch || c.ID == causes.SecretOtherApp) && exact != nil && !j.tr.fps[exact.Fingerprint] {
		if s := misshapen(f, exact); s != nil && s.Certainty == Proven { // no app's secret has such bytes
			j.Causes = append(j.Causes, *s)
		}
	}
	if c.ID != causes.ServerStale && fileIsWrongToo(f, h) {
		if s := staleCause(f, j.tr, h, Likely); s != nil {
			j.Causes = append(j.Causes, *s)
		}
	}
	if authDisabled(f) {
		for i := range j.Causes {
			j.Causes[i].Severity = causes.Warning
		}
		return j.say(Warn, c.Summary)
	}
	return j.say(Fail, summaryOf(f, t, c))
}

func (j judgement) say(s Status, summary string) judgement {
	j.Status, j.Summary = s, summary
	return j
}

func orNone(s string) string { return cmp.Or(s, "none that was found") }

func rightName(tr truth) string {
	if tr.by == "stream" {
		return "a secret that Stream accepts"
	}
	return "the dashboard's secret"
}

func summaryOf(f *probe.Facts, t *probe.Token, c *Cause) string {
	s := signedBy(f, t)
	if s == "" {
		return "nothing that was found signs it"
	}
	told := damagedFrom(f, t, truthOf(f)) != nil // signedBy says then in what it differs
	if v := exactValue(f, bestHit(f, t)); !told && v != nil && len(v.Blemishes) > 0 && blemishCause[v.Blemishes[0]] == c.ID {
		s += ", with " + blemish(v.Blemishes[0])
	}
	return "signed by " + s
}

// judgedToken is the token whose signer is the backend's: its own, else the given one.
func judgedToken(f *probe.Facts) *probe.Token {
	if t := firstToken(f, "backend"); t != nil {
		return t
	}
	return givenToken(f)
}

// unsignable says why a token has no HMAC signature to judge, "" if it has one.
func unsignable(t *probe.Token) string {
	for _, fl := range t.Flaws {
		switch fl.Kind {
		case tokens.FlawDev:
			return "a development token isn't signed"
		case tokens.FlawForeign:
			return "it is another issuer's token: " + fl.Detail
		case tokens.FlawEmpty, tokens.FlawSegments:
			return "there is no signature"
		case tokens.FlawAlgorithm:
			if alg, _ := t.Header["alg"].(string); !slices.Contains([]string{"HS384", "HS512"}, alg) {
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
func (j judgement) unjudged(f *probe.Facts, h *tokens.Hit) judgement {
	if authDisabled(f) {
		return j.say(Unknown, "signed by "+signedBy(f, j.token)+"; the app accepts any signature, so nothing is proven")
	}
	return j.say(Unknown, "signed by "+signedBy(f, j.token)+"; couldn't determine whether that's the app's secret")
}

// nobody judges a token that none of the secrets signed.
func (j judgement) nobody(f *probe.Facts) judgement {
	t := j.token
	tried := "no match among " + triedWords(t) + unreadFiles(f)
	j.Evidence = []Evidence{{Label: "signatures computed", Got: fmt.Sprint(t.Signer.Tried), Source: tried}}
	if t.Source == "given" {
		return j.say(Unknown, tried)
	}
	if c, _, _ := unsetSecret(f); c != nil {
		j.Causes = append(j.Causes, *c)
		return j.say(Fail, tried)
	}
	if c := randomSecret(f); c != nil {
		j.Causes = append(j.Causes, *c)
		return j.say(Fail, tried)
	}
	rejected := f.Stream != nil && signatureRefused(f.Stream.User)
	if c := staleCause(f, j.tr, nil, Likely); c != nil && (rejected || j.tr.known || wins(f) != nil) {
		if w := wrongFile(f, j.tr); w != nil {
			j.Causes = append(j.Causes, *w)
		}
		j.Causes = append(j.Causes, *c)
		return j.say(Fail, tried+"; the process started before the last change of "+c.Location.File)
	}
	if c := foreignProcess(f, tried); c != nil {
		j.Causes = append(j.Causes, *c)
		return j.say(Fail, tried)
	}
	if !rejected && !j.tr.known {
		return j.say(Unknown, tried)
	}
	certainty := Likely
	if rejected || j.tr.known {
		certainty = Proven
	}
	where := "in the project"
	if unreadFiles(f) != "" {
		where = "in any file that it could read"
	}
	j.Causes = append(j.Causes, cause(causes.SecretUnknown, certainty,
		"The backend signs with a secret badsig couldn't find "+where+": "+tried+".",
		signingPlace(f), j.Evidence,
		Step{Text: "Find out where the signing code gets its secret" + codePlace(f)},
		Step{Text: "Set it to the dashboard's API secret (Dashboard › your app › App Access Keys)"},
		restartStep(f)))
	return j.say(Fail, tried)
}

// triedWords says what was tried on a token.
func triedWords(t *probe.Token) string {
	return fmt.Sprintf("%d secrets and %d typical corruptions of each", t.Signer.Candidates, t.Signer.Damages)
}

// unreadFiles says which of the project's .env files and folders could not be
// read, as the end of a sentence; "" where all could.
func unreadFiles(f *probe.Facts) string {
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

// wins is the value that the server would sign with if it were started now.
func wins(f *probe.Facts) *probe.Value {
	if f.Server == nil {
		return nil
	}
	return valueAt(f, f.Server.Secret)
}

// fileIsWrongToo tells whether, beside what signs now, the present files are
// wrong in a way that a restart would bring to light.
func fileIsWrongToo(f *probe.Facts, h *tokens.Hit) bool {
	w := wins(f)
	return w != nil && w.Fingerprint != h.Signed
}
