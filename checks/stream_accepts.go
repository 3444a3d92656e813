package checks

import (
	"fmt"
	"time"

	"badsig/checks/causes"
	"badsig/checks/probe"
	"badsig/tokens"
)

// ruleStreamAccepts: Stream accepts this user's token.
func ruleStreamAccepts(f *probe.Facts) Result {
	t := tokenInUse(f)
	if t == nil {
		return unsure("there is no token to check")
	}
	var a *probe.StreamAnswer
	if s := f.Stream; s != nil {
		a = s.User
		if t.Source == "given" {
			a = s.Given
		}
	}
	if a == nil || a.Status == 0 {
		if p := t.Prediction; p != nil && truthOf(f).known {
			if p.Status == 200 {
				return passed("not contacted; by its rules, Stream would accept it")
			}
			return Result{Status: Fail, Summary: fmt.Sprintf("not contacted; by its rules, Stream would return %d · %d %s", p.Status, p.Code, p.Message)}
		}
		why := "Stream wasn't contacted"
		if f.Stream != nil && f.Stream.Error != "" {
			why += ": " + streamError(f.Stream.Error)
		}
		return unsure(why)
	}
	r := Result{Evidence: []Evidence{{Label: "Stream's response", Got: answered(a), Source: f.Target.StreamURL}}}
	switch {
	case passedAuth(a) && authDisabled(f):
		r.Status, r.Summary = Warn, "accepted, but auth checks are disabled: Stream accepts any signature"
	case passedAuth(a):
		r.Status, r.Summary = Pass, "200: Stream accepts the token"
	case a.Code == 40:
		return revokedOrExpired(f, t, a, r)
	case a.Code == 41 || a.Code == 42:
		r.Status, r.Summary = Fail, answered(a)
		if len(ruleTokenTimes(f).Causes) == 0 { // by this machine's clock, nothing is in the future
			r.Cause, r.Causes = causes.ClockSkew, append(r.Causes, clocksDiffer(f, t, "ahead of", r.Evidence))
		}
		return r
	case a.Status == 429 || a.Status >= 500 || a.Code == 9:
		r.Status, r.Summary = Unknown, answered(a)
	default:
		r.Status, r.Summary = Fail, answered(a)
	}
	return r
}

// revokedOrExpired tells the meanings of Stream's code 40 apart: by the message,
// and by whether the token's own exp is fine.
func revokedOrExpired(f *probe.Facts, t *probe.Token, a *probe.StreamAnswer, r Result) Result {
	e, _ := tokens.ParseError(a.Message)
	now := f.At
	if !f.Stream.Date.IsZero() {
		now = f.At.Add(-f.Stream.Skew)
	}
	exp, ok := claimTime(t, "exp")
	r.Status, r.Summary = Fail, answered(a)
	if e.Kind != tokens.ErrRevoked && ok && exp.Before(now.Add(time.Second)) {
		return r // token-times names it
	}
	if e.Kind == tokens.ErrExpired && ok {
		r.Cause, r.Causes = causes.TokenExpired, append(r.Causes, clocksDiffer(f, t, "behind", r.Evidence))
		return r
	}
	ev := r.Evidence
	if app := f.Stream.App; app != nil && !app.RevokedBefore.IsZero() {
		ev = append(ev, Evidence{Label: "the app's tokens are revoked if issued before", Got: app.RevokedBefore.UTC().Format(time.RFC3339)})
	}
	if _, hasIAT := t.Claims["iat"]; !hasIAT {
		ev = append(ev, Evidence{Label: "iat", Got: "missing", Want: "present: once a revocation date is set, tokens without iat count as revoked"})
	}
	r.Cause, r.Causes = causes.TokenRevoked, append(r.Causes, cause(causes.TokenRevoked, Proven,
		"Stream says this token was revoked, although it hasn't expired: it rejects tokens issued before a certain date.",
		nil, ev,
		Step{Text: "Generate a new token with a current iat"},
		Step{Text: "Or undo the revocation: set revoke_tokens_issued_before to null"}))
	return r
}
