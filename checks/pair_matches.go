package checks

import (
	"fmt"

	"badsig/checks/causes"
	"badsig/checks/probe"
)

// rulePairMatches: key and secret belong together, according to Stream.
func rulePairMatches(f *probe.Facts) Result {
	s := f.Stream
	if s == nil || !s.Asked {
		why := "Stream was not asked (--offline)"
		if f.Target.HasSecret && f.Target.Key == "" {
			why += ", and the dashboard's key was not given beside its secret (--api-key)"
		}
		if s != nil && s.Error != "" && s.Error != "offline" {
			why = "Stream was not asked: " + streamError(s.Error)
		}
		return unsure(why)
	}
	if !s.Reachable {
		r := unsure("Stream could not be reached: " + streamError(s.Error))
		r.Causes = []Cause{cause(causes.StreamUnreachable, Proven, "Stream's API could not be reached, so nothing that only Stream knows was judged.", nil,
			[]Evidence{{Label: "GET " + f.Target.StreamURL, Got: streamError(s.Error)}},
			Step{Text: "check the network and run it again"},
			Step{Text: "or give the dashboard's pair, and nothing needs to be asked", Command: "badsig check --offline --api-key KEY --secret-file FILE"})}
		return r
	}
	key := clientKey(f)
	r := unsure(fmt.Sprintf("%d pairs asked, none decided", len(s.Grid)))
	var refusedPair *probe.Pair
	for i := range s.Grid {
		p := &s.Grid[i]
		r.Evidence = append(r.Evidence, Evidence{Label: p.Key, Got: answered(&p.Answer), Source: pairSecret(f, p)})
		switch {
		case p.Answer.Code == 99:
			return failed(r, suspended(f, p))
		case p.Answer.Status == 200 && s.App != nil && s.App.Suspended:
			return failed(r, suspended(f, p))
		case signatureRefused(&p.Answer) && refusedPair == nil && p.Key == key && inUse(f, p):
			refusedPair = p
		}
	}
	if authDisabled(f) {
		c := cause(causes.AuthChecksDisabled, Proven,
			"This app has its auth checks switched off: Stream takes any signature, so an accepted token proves nothing.",
			nil, []Evidence{{Label: "a spoilt signature", Got: "accepted", Want: "401"}},
			Step{Text: "switch \"Disable Auth Checks\" off in the dashboard before anyone else uses the app"})
		r.Status, r.Summary, r.Causes = Warn, c.Summary, []Cause{c}
		return r
	}
	if refusedPair != nil {
		return failed(r, pairMismatch(f, refusedPair))
	}
	for i := range s.Grid {
		p := &s.Grid[i]
		if p.Answer.Status == 200 && (key == "" || p.Key == key) {
			r.Status, r.Summary = Pass, "Stream accepts "+p.Key+" with "+pairSecret(f, p)
			if s.App != nil && s.App.Name != "" {
				r.Summary += " (app " + probe.Visible(s.App.Name) + ")"
			}
			return r
		}
	}
	if a := keyAnswer(f, key); a != nil && a.Code == 2 {
		r.Status, r.Summary = Fail, "Stream does not know the key "+key
	}
	return r
}

// streamError says why Stream gave no answer that counts.
func streamError(kind string) string {
	if s, ok := streamErrors[kind]; ok {
		return s
	}
	return "the connection failed"
}

// streamErrors are the words for the kinds of probe's errors.
var streamErrors = map[string]string{
	"not-stream":      "what answers there is not Stream, but a proxy, a login page of this network or another service",
	"unavailable":     "it is out of order just now",
	"rate-limited":    "it asks to be left alone for a while (429)",
	"timeout":         "no whole answer in time",
	"reset":           "the connection was closed before the answer was whole",
	"refused":         "connection refused",
	"unreachable":     "no way leads there from this machine",
	"no-such-host":    "its name is not known here; is this machine online?",
	"tls":             "its certificate is not to be trusted, so a token is not sent",
	"https-to-http":   "the port speaks plain HTTP, not TLS",
	"http-to-https":   "the port speaks TLS, not plain HTTP",
	"not-http":        "what answers there speaks no HTTP",
	"too-large":       "the answer's header has no end",
	"refused-address": "its address is one to which no token may be sent; see --stream-url",
	"not-sendable":    "there is no token that may be sent",
	"offline":         "--offline",
}

func answered(a *probe.StreamAnswer) string {
	if a.Status == 0 {
		return "no answer: " + streamError(a.Error)
	}
	if a.Status == 200 {
		return "200"
	}
	return fmt.Sprintf("%d · %d %s", a.Status, a.Code, a.Message)
}

func pairSecret(f *probe.Facts, p *probe.Pair) string {
	v := valueAt(f, p.Secret)
	if v == nil {
		return "a secret"
	}
	s := place(v)
	if p.Cleaned {
		s += " (without what does not belong to it)"
	}
	return s
}

// inUse tells whether a pair is one that the developer relies on: the
// dashboard's, or the client's key with what the server signs with.
func inUse(f *probe.Facts, p *probe.Pair) bool {
	v := valueAt(f, p.Secret)
	if v == nil || p.Cleaned {
		return false
	}
	if v.Kind == probe.KindDashboard {
		return p.Key == f.Target.Key
	}
	if t := judgedToken(f); t != nil && t.Source == "backend" && unsignable(t) == "" {
		if streamTook(f, t) {
			return false // what really signs counts, whatever the files say
		}
		if h := bestHit(f, t); h != nil {
			return h.Signed == v.Fingerprint
		}
	}
	w := wins(f)
	return w != nil && w.Fingerprint == v.Fingerprint
}

func pairMismatch(f *probe.Facts, p *probe.Pair) Cause {
	v := valueAt(f, p.Secret)
	c := cause(causes.KeySecretMismatch, Proven,
		"Stream says that this secret does not belong to the key "+p.Key+".",
		locate(v), []Evidence{{Label: "Stream says", Got: answered(&p.Answer), Source: f.Target.StreamURL}, {Label: "to the pair", Got: p.Key + " and " + shown(v), Source: place(v)}},
		Step{Text: "copy key and secret again, together, from one row of the dashboard (your app → App Access Keys)" + into(v)},
		restartStep(f))
	if v.Kind == probe.KindDashboard {
		c.Fix = []Step{{Text: "the pair that was given as the dashboard's does not match: copy both again from one app's row"}}
	}
	return c
}

func suspended(f *probe.Facts, p *probe.Pair) Cause {
	return cause(causes.AppSuspended, Proven,
		"Stream has suspended this app; no token of it is accepted, however it is signed.",
		nil, []Evidence{{Label: "Stream says", Got: answered(&p.Answer), Source: f.Target.StreamURL}},
		Step{Text: "look at the dashboard's notice for the app (billing, trial), or ask Stream's support"})
}
