package signature

import (
	"fmt"

	"badsig/checks/affix"
	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/rules/parts"
	"badsig/checks/sanitize"
	"badsig/tokens"
)

// PairMatches: key and secret belong together, according to Stream.
func PairMatches(f *facts.Facts) finding.Result {
	s := f.Stream
	if s == nil || !s.Asked {
		r := finding.Unsure(whyNotAsked(f))
		r.Evidence = foreignBases(f)
		return r
	}
	if !s.Reachable {
		r := finding.Unsure("couldn't reach Stream: " + streamError(s.Error) + responded(s) + askedAt(f))
		r.Evidence = foreignBases(f)
		r.Causes = []finding.Cause{finding.New(causes.StreamUnreachable, finding.Proven, "Couldn't reach Stream's API, so checks that need Stream were skipped.", nil,
			[]finding.Evidence{{Label: "GET " + f.Target.StreamURL, Got: streamError(s.Error) + responded(s)}},
			finding.Step{Text: "Check the network and run badsig again"},
			finding.Step{Text: "Or give the dashboard's key and secret, and check without Stream", Command: "badsig check --offline --api-key KEY --secret-file FILE"})}
		return r
	}
	key := facts.ClientKey(f)
	r := finding.Unsure(pairsTested(s))
	r.Evidence = foreignBases(f)
	var refusedPair *facts.Pair
	used := key
	if used == "" && !affix.Any(s.Grid, func(p facts.Pair) bool { return p.Key != s.UserKey }) {
		used = s.UserKey // the only key of the project
	}
	for i := range s.Grid {
		p := &s.Grid[i]
		r.Evidence = append(r.Evidence, finding.Evidence{Label: p.Key, Got: Answered(&p.Answer), Source: pairSecret(f, p)})
		switch {
		case p.Answer.Code == 99:
			return failed(r, suspended(f, p))
		case p.Answer.Status == 200 && s.App != nil && s.App.Suspended:
			return failed(r, suspended(f, p))
		case facts.SignatureRefused(&p.Answer) && refusedPair == nil && p.Key == used && inUse(f, p):
			refusedPair = p
		}
	}
	if facts.AuthDisabled(f) {
		c := finding.New(causes.AuthChecksDisabled, finding.Proven,
			"Auth checks are disabled for this app: Stream accepts any signature, so an accepted token proves nothing.",
			nil, []finding.Evidence{{Label: "token with a tampered signature", Got: "accepted", Want: "rejected"}},
			finding.Step{Text: "Turn off \"Disable Auth Checks\" in the dashboard before anyone else uses the app"})
		r.Status, r.Summary, r.Causes = finding.Warn, c.Summary, []finding.Cause{c}
		return r
	}
	if refusedPair != nil {
		if id, summary := explained(f); id != "" { // why it doesn't match is told there
			r.Status, r.Summary, r.Cause = finding.Fail, "Stream rejects "+refusedPair.Key+" with "+pairSecret(f, refusedPair)+": "+summary, id
			return r
		}
		return failed(r, pairMismatch(f, refusedPair))
	}
	for i := range s.Grid {
		p := &s.Grid[i]
		if p.Answer.Status == 200 && (key == "" || p.Key == key) {
			r.Status, r.Summary = finding.Pass, "Stream accepts "+p.Key+" with "+pairSecret(f, p)
			if s.App != nil && s.App.Name != "" {
				r.Summary += " (app " + sanitize.Visible(s.App.Name) + ")"
			}
			return r
		}
	}
	for i := range s.Grid {
		if a := &s.Grid[i].Answer; a.Code == codeWrongRegion && a.Status >= 400 {
			r.Summary = aside(f, a)
			return r
		}
	}
	if a := keyAnswer(f, key); a != nil && meaning(a) == tokens.ErrKey {
		r.Status, r.Summary = finding.Fail, "Stream doesn't recognize the key "+key
		if elsewhere(f) != nil {
			r.Status, r.Summary = finding.Unknown, Answered(a)+". "+otherHost(f)
		}
	}
	return r
}

// pairsTested says that no pair that was tested decides anything.
func pairsTested(s *facts.Stream) string {
	n := len(s.Grid)
	if s.Cut {
		return finding.Plural(n, "key/secret pair") + " tested before badsig's own time limit ended: run it again with --timeout 60s"
	}
	if n == 0 {
		return "no key/secret pair could be tested"
	}
	return finding.Plural(n, "key/secret pair") + " tested, and none of them settles it"
}

// whyNotAsked says why no pair was tested with Stream.
func whyNotAsked(f *facts.Facts) string {
	s := f.Stream
	switch {
	case f.Target.Offline:
		if f.Target.HasSecret && f.Target.Key == "" {
			return "Stream wasn't contacted (--offline), and the dashboard's key is missing (--api-key)"
		}
		return "Stream wasn't contacted (--offline)"
	case s != nil && s.Error != "":
		return "Stream wasn't contacted: " + streamError(s.Error)
	case facts.ClientKey(f) == "":
		return "Stream wasn't contacted: badsig found no API key to test (pass --api-key)"
	}
	return "Stream wasn't contacted: badsig found no API secret to test with " + facts.ClientKey(f)
}

// explained is the cause that another check found for the secret that Stream
// rejects, and its summary; "" where the pair's mismatch itself is all there is.
func explained(f *facts.Facts) (causes.ID, string) {
	found := JudgeSecret(f).Causes
	if len(found) == 0 {
		found = SecretRead(f).Causes
	}
	if len(found) == 0 && f.Server != nil {
		if c := disagreement(f, facts.FrontKeys(f), backKey(f)); c != nil {
			found = []finding.Cause{*c}
		}
	}
	if len(found) == 0 || found[0].ID == causes.KeySecretMismatch || found[0].ID == causes.SecretUnknown || found[0].Severity != causes.Error {
		return "", ""
	}
	return found[0].ID, found[0].Title
}

// streamError says why Stream gave no response that counts.
func streamError(kind string) string {
	if s, ok := streamErrors[kind]; ok {
		return s
	}
	return "the connection failed"
}

// streamErrors are the words for the kinds of probe's errors.
var streamErrors = map[string]string{
	"not-stream":      "the response isn't Stream's, but a proxy's, a network login page's or another service's",
	"unavailable":     "temporarily unavailable",
	"rate-limited":    "rate limited (429)",
	"timeout":         "no complete response in time",
	"reset":           "the connection was closed before the response was complete",
	"refused":         "connection refused",
	"unreachable":     "no route to host",
	"no-such-host":    "host name not found; is this machine online?",
	"tls":             "untrusted TLS certificate; no token sent",
	"https-to-http":   "the port speaks plain HTTP, not TLS",
	"http-to-https":   "the port speaks TLS, not plain HTTP",
	"not-http":        "the response isn't HTTP",
	"too-large":       "the response's headers are too large",
	"refused-address": "tokens may not be sent to that address; see --stream-url",
	"not-sendable":    "there's no token that may be sent",
	"offline":         "--offline",
}

func Answered(a *facts.StreamAnswer) string {
	if a.Status == 0 {
		return "no response: " + streamError(a.Error)
	}
	if a.Status == 200 {
		return "200"
	}
	return fmt.Sprintf("%d · %d %s", a.Status, a.Code, briefMessage(a))
}

// briefMessage is Stream's message without the advice after a rejected
// signature, which names no more than the key that the label has.
func briefMessage(a *facts.StreamAnswer) string {
	const says = "JWTAuth error: signature is not valid"
	if facts.SignatureRefused(a) && affix.Contains(a.Message, says) {
		return says
	}
	return a.Message
}

func pairSecret(f *facts.Facts, p *facts.Pair) string {
	v := facts.ValueAt(f, p.Secret)
	if v == nil {
		return "a secret"
	}
	s := facts.Where(v)
	if p.Cleaned {
		s += " (" + without(v) + ")"
	}
	return s
}

// inUse tells whether a pair is one that the developer relies on: the
// dashboard's, or the client's key with what the server signs with.
func inUse(f *facts.Facts, p *facts.Pair) bool {
	v := facts.ValueAt(f, p.Secret)
	if v == nil || p.Cleaned {
		return false
	}
	if v.Kind == facts.KindDashboard {
		return p.Key == f.Target.Key
	}
	if t := facts.JudgedToken(f); t != nil && t.Source == "backend" && Unsignable(t) == "" {
		if facts.StreamTook(f, t) {
			return false // what really signs counts, no matter what the files say
		}
		if h := facts.BestHit(f, t); h != nil {
			return h.Signed == v.Fingerprint
		}
	}
	w := Wins(f)
	return w != nil && w.Fingerprint == v.Fingerprint
}

func pairMismatch(f *facts.Facts, p *facts.Pair) finding.Cause {
	v := facts.ValueAt(f, p.Secret)
	c := finding.New(causes.KeySecretMismatch, finding.Proven,
		"Stream rejects key "+p.Key+" with the secret in "+facts.Where(v)+": they aren't a pair.",
		parts.Locate(v), []finding.Evidence{streamRow(f, p), {Label: "secret in use", Got: facts.Shown(v), Source: facts.Where(v)}},
		finding.Step{Text: parts.In(v) + "set " + orName(v) + " to the secret that the dashboard shows next to " + p.Key + " (your app › App Access Keys)"},
		parts.RestartStep(f))
	if v.File != "" {
		c.Fix = append(c.Fix[:1:1], finding.Step{Text: "Or, if another app is meant, change key and secret together, on both sides"}, parts.RestartStep(f))
	}
	if v.Kind == facts.KindDashboard {
		c.Fix = []finding.Step{{Text: "Copy key and secret again, both from one row of the dashboard: the pair you provided doesn't match"}}
	}
	return c
}

func suspended(f *facts.Facts, p *facts.Pair) finding.Cause {
	return finding.New(causes.AppSuspended, finding.Proven,
		"Stream has suspended this app, so it accepts no token for it.",
		nil, []finding.Evidence{{Label: "Stream, key " + p.Key, Got: Answered(&p.Answer), Source: f.Target.StreamURL}},
		finding.Step{Text: "Check the dashboard's notice for the app (billing, trial), or contact Stream support"})
}
