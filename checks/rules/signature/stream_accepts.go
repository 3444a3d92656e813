package signature

import (
	"fmt"
	"time"

	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/tokens"
)

// StreamAccepts: Stream accepts this user's token.
func StreamAccepts(f *facts.Facts) finding.Result {
	t := facts.TokenInUse(f)
	if t == nil {
		return finding.Unsure("there is no token to check")
	}
	var a *facts.StreamAnswer
	if s := f.Stream; s != nil {
		a = s.User
		if t.Source == "given" {
			a = s.Given
		}
	}
	if a == nil || a.Status == 0 {
		if p := t.Prediction; p != nil && facts.TruthOf(f).Known {
			if p.Status == 200 {
				return finding.Passed("not contacted; by its rules, Stream would accept it")
			}
			return finding.Result{Status: finding.Fail, Summary: fmt.Sprintf("not contacted; by its rules, Stream would return %d · %d %s", p.Status, p.Code, p.Message)}
		}
		why := "Stream wasn't contacted"
		if f.Stream != nil && f.Stream.Error != "" {
			why += ": " + streamError(f.Stream.Error)
		}
		return finding.Unsure(why)
	}
	r := finding.Result{Evidence: []finding.Evidence{{Label: "Stream's response", Got: Answered(a), Source: f.Target.StreamURL}}}
	switch {
	case facts.PassedAuth(a) && facts.AuthDisabled(f):
		r.Status, r.Summary = finding.Warn, "accepted, but auth checks are disabled: Stream accepts any signature"
	case facts.PassedAuth(a):
		r.Status, r.Summary = finding.Pass, "200: Stream accepts the token"
	case a.Code == 40:
		return revokedOrExpired(f, t, a, r)
	case a.Code == 41 || a.Code == 42:
		r.Status, r.Summary = finding.Fail, Answered(a)
		if len(TokenTimes(f).Causes) == 0 { // by this machine's clock, nothing is in the future
			r.Cause, r.Causes = causes.ClockSkew, append(r.Causes, clocksDiffer(f, t, "ahead of", r.Evidence))
		}
		return r
	case meaning(a) == tokens.ErrKey && elsewhere(f) != nil:
		r.Status, r.Summary = finding.Unknown, Answered(a)+". "+otherHost(f)
	case !accuses(a):
		r.Status, r.Summary = finding.Unknown, aside(f, a)
	default:
		r.Status, r.Summary = finding.Fail, Answered(a)
	}
	return r
}

// revokedOrExpired tells the meanings of Stream's code 40 apart: by the message,
// and by whether the token's own exp is fine.
func revokedOrExpired(f *facts.Facts, t *facts.Token, a *facts.StreamAnswer, r finding.Result) finding.Result {
	e, _ := tokens.ParseError(a.Message)
	now := f.At
	if !f.Stream.Date.IsZero() {
		now = f.At.Add(-f.Stream.Skew)
	}
	exp, ok := facts.ClaimTime(t, "exp")
	r.Status, r.Summary = finding.Fail, Answered(a)
	if e.Kind != tokens.ErrRevoked && ok && exp.Before(now.Add(time.Second)) {
		return r // token-times names it
	}
	if e.Kind == tokens.ErrExpired && ok {
		r.Cause, r.Causes = causes.TokenExpired, append(r.Causes, clocksDiffer(f, t, "behind", r.Evidence))
		return r
	}
	ev := r.Evidence
	if app := f.Stream.App; app != nil && !app.RevokedBefore.IsZero() {
		ev = append(ev, finding.Evidence{Label: "the app's tokens are revoked if issued before", Got: app.RevokedBefore.UTC().Format(time.RFC3339)})
	}
	if _, hasIAT := t.Claims["iat"]; !hasIAT {
		ev = append(ev, finding.Evidence{Label: "iat", Got: "missing", Want: "present: once a revocation date is set, tokens without iat count as revoked"})
	}
	r.Cause, r.Causes = causes.TokenRevoked, append(r.Causes, finding.New(causes.TokenRevoked, finding.Proven,
		"Stream says this token was revoked, although it hasn't expired: it rejects tokens issued before a certain date.",
		nil, ev,
		finding.Step{Text: "Generate a new token with a current iat"},
		finding.Step{Text: "Or undo the revocation: set revoke_tokens_issued_before to null"}))
	return r
}
