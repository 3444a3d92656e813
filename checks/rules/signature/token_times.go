package signature

import (
	"fmt"
	"time"

	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/rules/parts"
	"badsig/tokens"
)

// Rules of this file:
//   - Stream's clock counts, if it's known; a wrong clock on this machine blames no one
//   - on the same machine, a token can't be issued in the future: even half a second ahead is rounding
//   - on another machine, one second is tolerated; no iat, no exp and an iat in the past are fine

// TokenTimes finds what is wrong with iat, nbf and exp.
func TokenTimes(f *facts.Facts) finding.Result {
	t := facts.TokenInUse(f)
	switch {
	case t == nil:
		return NoToken(f)
	case t.Claims == nil:
		return finding.Unsure("the token's claims can't be read")
	}
	w := watchOf(f, t)
	all := unitCauses(f, oddest(f, t))
	for _, name := range []string{"iat", "nbf"} {
		if name == "iat" && facts.HasFlaw(t, tokens.FlawIATMillis) {
			continue
		}
		if c := futureCause(f, w, name); c != nil {
			all = append(all, *c)
		}
	}
	expired := expiredCause(f, w)
	if expired != nil {
		all = append(all, *expired)
	}
	if c := shortCause(f, w); c != nil && expired == nil {
		all = append(all, *c)
	}
	if len(all) == 0 {
		return finding.Passed(timesLine(t, w.now), timesEvidence(t, w)...)
	}
	r := finding.Found(all[0].Evidence[0].Line(), append(timesEvidence(t, w), all[0].Evidence...), all...)
	if all[0].Severity == causes.Warning && all[0].ID == causes.ClockSkew {
		r.Status = finding.Unknown
	}
	return r
}

// oddest is the backend's response in which a claim has the wrong type, where t
// has none: a fraction of a second is a whole number once in a thousand times.
func oddest(f *facts.Facts, t *facts.Token) *facts.Token {
	if t.Source == "given" {
		return t
	}
	for _, other := range append([]*facts.Token{t}, facts.BackendTokens(f)...) {
		if facts.HasFlaw(other, tokens.FlawClaimType) {
			return other
		}
	}
	return t
}

// unitCauses judges what the numbers alone show.
func unitCauses(f *facts.Facts, t *facts.Token) []finding.Cause {
	var all []finding.Cause
	add := func(id causes.ID, fl tokens.Flaw, why, fix string) {
		ev := []finding.Evidence{{Label: fl.Part(), Got: fl.Got, Want: fl.Want, Source: TokenSource(t)}}
		loc := parts.TimeAt(f, timeOf(id, fl))
		c := finding.New(id, finding.Proven, why, loc, ev, parts.StepIn(loc, fix), parts.RestartStep(f))
		if id == causes.ClaimType {
			c = c.Titled(fl.Detail)
		}
		all = append(all, c)
	}
	for _, fl := range t.Flaws {
		switch fl.Kind {
		case tokens.FlawClaimType:
			if fl.Claim != "exp" && fl.Claim != "iat" && fl.Claim != "nbf" {
				add(causes.ClaimType, fl, "Stream expects the claim "+fl.Claim+" to be a single string, but "+fl.Detail+".", "make "+fl.Claim+" a string, or leave it out")
				all[len(all)-1].Certainty = finding.Likely // no public report shows Stream's response
				continue
			}
			add(causes.ClaimType, fl, "Stream expects whole seconds, but "+fl.Detail+". It rejects the token with code 5 (\"cannot unmarshal …\").",
				"use whole seconds: Math.floor(Date.now() / 1000)")
		case tokens.FlawIATMillis:
			add(causes.IATMilliseconds, fl, "iat must be in seconds; this one is in milliseconds, thousands of years in the future. Stream rejects it: \"token used before issue at (iat)\".",
				"use seconds, iat: Math.floor(Date.now() / 1000), or leave out iat")
		case tokens.FlawEXPRelative:
			add(causes.EXPRelative, fl, "exp must be a timestamp in seconds since 1970; this one is a duration, so the token expired decades ago.",
				"add the current time: Math.floor(Date.now() / 1000) + 3600")
		case tokens.FlawEXPMillis:
			if !facts.HasFlaw(t, tokens.FlawIATMillis) { // otherwise one fix fixes both
				add(causes.EXPMilliseconds, fl, "exp must be in seconds; this one is in milliseconds. Stream accepts the token for tens of thousands of years.",
					"use seconds: Math.floor(Date.now() / 1000) + 3600")
			}
		}
	}
	return all
}

// timeOf is the claim that a finding about units or types is of.
func timeOf(id causes.ID, fl tokens.Flaw) string {
	switch id {
	case causes.IATMilliseconds:
		return "iat"
	case causes.EXPRelative, causes.EXPMilliseconds:
		return "exp"
	}
	return fl.Claim
}

// expiredCause judges exp against the clock that counts.
func expiredCause(f *facts.Facts, w watch) *finding.Cause {
	t := w.token
	exp, ok := facts.ClaimTime(t, "exp")
	if !ok || facts.HasFlaw(t, tokens.FlawEXPRelative) {
		return nil
	}
	if iat, dated := facts.ClaimTime(t, "iat"); w.now.Before(exp.Add(time.Second)) && !(dated && !exp.After(iat) && !w.now.Before(exp)) {
		return nil // a token that expires when it is issued can never be used
	}
	given := t.Source == "given"
	ev := []finding.Evidence{
		{Label: "exp", Got: facts.Stamp(exp), Want: "later than " + facts.Stamp(w.now), Source: TokenSource(t)},
		timeOfCheck(w),
	}
	certainty := finding.Proven
	if given && !w.checked && w.now.Sub(exp) < 24*time.Hour {
		certainty = finding.Likely // this machine's clock may be ahead
	}
	why := fmt.Sprintf("The token expired %s before this check, so Stream rejects it: \"token is expired (exp)\" (code 40).", facts.Span(w.now.Sub(exp)))
	loc := parts.ExpAt(f)
	fix := []finding.Step{parts.StepIn(loc, "compute exp for each request: Math.floor(Date.now() / 1000) + 3600"), parts.RestartStep(f)}
	iat, has := facts.ClaimTime(t, "iat")
	switch {
	case given:
		loc = nil
		fix = []finding.Step{{Text: "In the front end, pass a token provider so that the SDK fetches new tokens: connectUser({ id }, () => fetchToken(id))"}}
	case has && w.at.Sub(iat) > time.Minute:
		why += fmt.Sprintf(" The backend issued it at %s and still returns the same one.", parts.Moment(iat, w.at))
		loc = parts.SignAt(f)
		fix[0] = parts.StepIn(loc, "create a token for each request instead of keeping the first one")
	case w.checked && w.at.Before(exp):
		why += fmt.Sprintf(" By this machine's clock it would still be valid: that clock is %s behind Stream's.", facts.Span(w.skew))
		fix = []finding.Step{{Text: "Set this machine's clock: turn on automatic time (NTP)"}}
	}
	return new(finding.New(causes.TokenExpired, certainty, why, loc, ev, fix...))
}

// shortCause warns about a token that expires before it's of use.
func shortCause(f *facts.Facts, w watch) *finding.Cause {
	t := w.token
	fl := facts.FlawOf(t, tokens.FlawEXPTooShort)
	exp, ok := facts.ClaimTime(t, "exp")
	if fl == nil {
		_, dated := facts.ClaimTime(t, "iat")
		left := exp.Sub(w.at)
		if !ok || dated || t.Source == "given" || left <= 0 || left >= time.Minute || facts.HasFlaw(t, tokens.FlawEXPRelative) {
			return nil
		}
		fl = &tokens.Flaw{Claim: "exp", Detail: "a new token expires after " + facts.Span(left), Got: facts.Stamp(exp), Want: "a time an hour from now, for example"}
	}
	loc := parts.ExpAt(f)
	if at := parts.ExpAt(f); t.Source == "given" && at != nil && !saysLife(f, t) {
		return new(finding.New(causes.EXPTooShort, finding.Proven, "The token expires before the chat has opened, or right after: the SDK keeps requesting new tokens.",
			nil, []finding.Evidence{{Label: fl.Part(), Got: facts.First(lifeOf(t), fl.Got), Want: fl.Want, Source: TokenSource(t)}},
			finding.Step{Text: "Get a new token from the backend: " + at.String() + ", where this project decides how long its tokens live, doesn't make one that lives so briefly"}))
	}
	return new(finding.New(causes.EXPTooShort, finding.Proven, "The token expires before the chat has opened, or right after: the SDK keeps requesting new tokens.",
		loc, []finding.Evidence{{Label: fl.Part(), Got: facts.First(lifeOf(t), fl.Got), Want: fl.Want, Source: TokenSource(t)}},
		parts.StepIn(loc, "let it live for an hour: expiresIn: '1h' (jsonwebtoken reads a string of digits as milliseconds, so convert a variable with Number() first)"), parts.RestartStep(f)))
}

// lifeOf is how long a token lives, in the unit in which it's said how long it should.
func lifeOf(t *facts.Token) string {
	iat, has := facts.ClaimTime(t, "iat")
	exp, ok := facts.ClaimTime(t, "exp")
	if !has || !ok || !exp.After(iat) {
		return ""
	}
	return facts.Span(exp.Sub(iat)) + " after iat"
}

func timesLine(t *facts.Token, now time.Time) string {
	iat, hasIAT := facts.ClaimTime(t, "iat")
	exp, hasEXP := facts.ClaimTime(t, "exp")
	s := "no iat"
	if hasIAT {
		s = "issued " + parts.Moment(iat, now)
	}
	if hasEXP {
		return s + ", expires " + parts.Moment(exp, now)
	}
	return s + ", never expires"
}

func timesEvidence(t *facts.Token, w watch) []finding.Evidence {
	var ev []finding.Evidence
	for _, name := range []string{"iat", "nbf", "exp"} {
		if v, ok := facts.ClaimTime(t, name); ok {
			ev = append(ev, finding.Evidence{Label: name, Got: facts.Stamp(v), Source: TokenSource(t)})
		}
	}
	if w.checked {
		ev = append(ev, finding.Evidence{Label: "this machine's clock, compared with Stream's", Got: signed(w.skew), Source: "Stream's Date header"})
	}
	return ev
}

func signed(d time.Duration) string {
	switch {
	case d > time.Second:
		return facts.Span(d) + " ahead"
	case d < -time.Second:
		return facts.Span(d) + " behind"
	}
	return "the same to within a second"
}
