package signature

import (
	"fmt"
	"net/http"
	"slices"
	"time"

	"badsig/checks/affix"
	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/loopback"
	"badsig/checks/rules/parts"
)

// Rules of this file:
//   - a Date header has whole seconds, and Node reuses one for up to a second: what depends on one needs a second and a half
//   - the backend's own Date header tells a clock that is fast from code that adds to it

// dateGrain is how far a clock read from a Date header may be off.
const dateGrain = 1500 * time.Millisecond

// watch is the time at which a token is judged.
type watch struct {
	token   *facts.Token
	at      time.Time     // this machine's clock when the token came
	now     time.Time     // the same moment by the clock that counts
	skew    time.Duration // this machine's clock minus Stream's, where checked
	checked bool          // Stream's clock is known
	by      string
	local   bool // the backend runs on this machine
}

func watchOf(f *facts.Facts, t *facts.Token) watch {
	host, _ := loopback.HostPort(f.Target.URL)
	w := watch{token: t, at: t.ReceivedAt, by: "this machine's clock", local: t.Source != "given" && loopback.LocalHost(host)}
	if w.at.IsZero() {
		w.at = f.At
	}
	w.now = w.at
	if s := f.Stream; s != nil && s.Reachable && !s.Date.IsZero() {
		w.checked, w.skew, w.by = true, s.Skew, "Stream's clock"
		w.now = w.at.Add(-s.Skew)
	}
	return w
}

// ahead returns how far a claim is in the future; 0 unless that is certain.
func (w watch) ahead(claim time.Time) time.Duration {
	byHere, byNow := claim.Sub(w.at), claim.Sub(w.now)
	switch {
	case w.checked && byNow > dateGrain:
		return byNow
	case w.checked && (!w.local || w.skew.Abs() > dateGrain):
		return 0
	case w.local && byHere > 0:
		return byHere
	case !w.local && byHere > time.Second:
		return byHere
	}
	return 0
}

// futureCause judges iat or nbf. Of the backend's responses to the same request,
// the worst counts: rounding shows only in half of every second.
func futureCause(f *facts.Facts, w watch, name string) *finding.Cause {
	list := []*facts.Token{w.token}
	if w.token.Source != "given" {
		list = append(list, facts.BackendTokens(f)...)
	}
	var by time.Duration
	var claim time.Time
	for _, t := range list {
		if v, ok := facts.ClaimTime(t, name); ok {
			x := watchOf(f, t)
			if d := x.ahead(v); d > by {
				by, claim, w = d, v, x
			}
		}
	}
	if by == 0 {
		return nil
	}
	ev := []finding.Evidence{
		{Label: name, Got: facts.Stamp(claim), Want: facts.Stamp(w.now) + " or earlier", Source: TokenSource(w.token)},
		timeOfCheck(w),
	}
	if c := skewCause(f, w, claim, by, ev); c != nil {
		return c
	}
	return aheadCause(f, w, name, by, ev)
}

// timeOfCheck is the moment that a token's times were compared with, and whose clock it is by.
func timeOfCheck(w watch) finding.Evidence {
	return finding.Evidence{Label: "time of this check", Got: facts.Stamp(w.now), Source: w.by}
}

// aheadCause blames the code: it writes a later time into the token than its machine's clock shows.
func aheadCause(f *facts.Facts, w watch, name string, by time.Duration, ev []finding.Evidence) *finding.Cause {
	certainty := finding.Proven
	if !w.local && !w.checked {
		certainty = finding.Likely
	}
	loc := parts.TimeAt(f, name)
	if w.token.Source == "given" {
		loc, certainty = nil, finding.Likely // its issuer's clock is not known
	}
	id, why := causes.IATFuture, fmt.Sprintf("iat is %s in the future, and Stream tolerates none: \"token used before issue at (iat)\" (code 42).", facts.Span(by))
	fix := []finding.Step{parts.StepIn(loc, "leave out iat, or set it in the past: Math.floor(Date.now() / 1000) - 60")}
	if name == "nbf" {
		id, why = causes.NBFFuture, fmt.Sprintf("nbf is %s in the future, so Stream doesn't accept the token yet (code 41).", facts.Span(by))
		fix = []finding.Step{parts.StepIn(loc, "leave out nbf")}
	} else if by < time.Second {
		why += " It is rounded up: for half of every second the token is rejected, and for the other half it works."
		fix[0] = parts.StepIn(loc, "round down with Math.floor instead of Math.round or Math.ceil, or leave out iat")
		if sdk := roundingSDK(f); sdk != nil && name == "iat" && w.token.Source != "given" {
			has, version := "the project has "+sdk.Version, sdk.Version
			if !sdk.Exact {
				has, version = "the project likely has such a version, as package.json requests "+sdk.Version, version+" in package.json"
			}
			why = fmt.Sprintf("iat is %s in the future, and Stream tolerates none (code 42). %s before 0.2.4 rounds it up, "+
				"so for half of every second the token is rejected; %s.", facts.Span(by), sdk.Name, has)
			ev = append(ev, finding.Evidence{Label: sdk.Name, Got: version, Want: "0.2.4 or later", Source: facts.At(sdk.File, sdk.Line)})
			fix = []finding.Step{{Text: "Update " + sdk.Name, Command: sdk.Update}}
			if sdk.File != "" {
				loc = finding.LocAt(sdk.File, sdk.Line)
			}
		}
	}
	return new(finding.New(id, certainty, why, loc, ev, append(fix, parts.RestartStep(f))...).Titled(name + " is " + facts.Span(by) + " in the future"))
}

// skewCause blames a clock: for the machine that issued the token, the claim is
// now. nil if it isn't, or if that clock isn't known.
func skewCause(f *facts.Facts, w watch, claim time.Time, by time.Duration, ev []finding.Evidence) *finding.Cause {
	if w.token.Source == "given" || by < time.Second {
		return nil
	}
	date, known := backendDate(f, w.token)
	if !known {
		if !w.local || !w.checked || claim.After(w.at) {
			return nil
		}
		date = w.at // one machine, one clock
	}
	off := date.Sub(w.now)
	if claim.Sub(date) > dateGrain || off < time.Second {
		return nil
	}
	if known {
		ev = append(ev, finding.Evidence{Label: "the backend's own clock", Got: facts.Stamp(date), Want: facts.Stamp(w.now), Source: "its Date header"})
	}
	why := fmt.Sprintf("The clock of the machine that issues the token is %s ahead of %s, so the token is \"used before issue\" (code 42).", facts.Span(off), w.by)
	fix := []finding.Step{
		{Text: "Set the backend's clock: turn on automatic time (NTP). WSL and Docker Desktop drift after sleep; wsl --shutdown or a restart fixes that"},
		{Text: "Or make tokens independent of the clock: leave out iat, or set it 60 s in the past" + codeAt(f)}}
	certainty := finding.Likely
	if w.checked {
		certainty = finding.Proven
		if w.local && w.skew > dateGrain && date.Sub(w.at).Abs() <= dateGrain {
			why += " It's this machine's clock, which the backend uses, too."
		}
	}
	c := finding.New(causes.ClockSkew, certainty, why, nil, ev, fix...)
	if !w.local && !w.checked {
		c = finding.Lesser(c) // two clocks disagree, and nothing tells which one is right
	}
	return &c
}

// backendDate is the backend's clock when it sent this token.
func backendDate(f *facts.Facts, t *facts.Token) (time.Time, bool) {
	if f.Backend == nil {
		return time.Time{}, false
	}
	for i := range f.Backend.Posts {
		a := &f.Backend.Posts[i]
		if facts.AnswerToken(f, a) == t {
			d, err := http.ParseTime(a.Header["Date"])
			return d, err == nil
		}
	}
	return time.Time{}, false
}

// clocksDiffer is what remains if Stream rejects a time that is valid by this
// machine's clock: one of the two clocks is wrong, and Stream's counts. The Date
// header shows it best; without one, or with a proxy's, Stream's own words are
// the evidence.
func clocksDiffer(f *facts.Facts, t *facts.Token, how string, ev []finding.Evidence) finding.Cause {
	w := watchOf(f, t)
	ev = append(slices.Clone(ev), finding.Evidence{Label: "now, by this machine's clock", Got: facts.Stamp(w.at)})
	for _, name := range []string{"iat", "nbf", "exp"} {
		if v, ok := facts.ClaimTime(t, name); ok {
			ev = append(ev, finding.Evidence{Label: name, Got: facts.Stamp(v), Source: TokenSource(t)})
		}
	}
	whose, certainty := "the clock of the machine that issues the token", finding.Likely
	if w.local {
		whose, certainty = "this machine's clock, which the backend uses, too,", finding.Proven
	}
	id := causes.ClockSkew
	if how == "behind" {
		id = causes.TokenExpired
	}
	return finding.New(id, certainty, fmt.Sprintf("Stream's clock disagrees with the token: %s is %s Stream's.", whose, how), nil, ev,
		finding.Step{Text: "Set the clock: turn on automatic time (NTP). WSL and Docker Desktop drift after sleep; wsl --shutdown or a restart fixes that"},
		finding.Step{Text: "Or make tokens independent of the clock: leave out iat and nbf, or set them 60 s in the past, and let tokens live for an hour or more" + codeAt(f)})
}

// roundingSDK is the Stream SDK that makes the token and rounds iat up,
// where the code gives no iat of its own.
func roundingSDK(f *facts.Facts) *facts.SDK {
	s := f.Site()
	if s == nil || s.Rounds == nil || affix.Any(s.Claims, func(c facts.Claim) bool { return c.Name == "iat" }) {
		return nil
	}
	return s.Rounds
}
