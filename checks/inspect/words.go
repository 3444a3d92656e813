package inspect

import (
	"cmp"
	"strconv"
	"time"

	"badsig/checks/causes"
	"badsig/checks/probe"
	"badsig/tokens"
)

// sayClaims tells who the token is for and from when to when.
func (f *Finding) sayClaims(t tokens.Token, now time.Time) {
	if t.Header == nil && t.Claims == nil {
		return
	}
	if id, ok := t.UserID(); ok && id != "" {
		f.add("a user token for " + probe.Visible(id))
	}
	switch iat, ok := t.Claims.Time("iat"); {
	case ok && iat.After(now):
		f.add("issued " + clock(iat) + ": " + span(iat.Sub(now)) + " ahead of this machine's clock")
	case ok:
		f.add("issued " + clock(iat) + ", " + span(now.Sub(iat)) + " ago")
	}
	switch exp, ok := t.Claims.Time("exp"); {
	case ok && now.After(exp):
		f.add("expired " + clock(exp) + ", " + span(now.Sub(exp)) + " ago")
	case ok:
		f.add("expires " + clock(exp) + ", in " + span(exp.Sub(now)))
	case t.Claims != nil && t.Claims["exp"] == nil:
		f.say("never expires: it has no exp")
	}
}

func clock(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05 UTC") }

// span is a duration in its two largest units.
func span(d time.Duration) string {
	d = d.Round(time.Second)
	const day = 24 * time.Hour
	of := func(n time.Duration, unit string) string { return strconv.FormatInt(int64(n), 10) + unit }
	switch {
	case d < time.Minute:
		return of(d/time.Second, " s")
	case d < time.Hour:
		return of(d/time.Minute, " m ") + of(d%time.Minute/time.Second, " s")
	case d < day:
		return of(d/time.Hour, " h ") + of(d%time.Hour/time.Minute, " m")
	case d < 365*day:
		return of(d/day, " days")
	}
	return of(d/(365*day), " years")
}

// flawCause names the first thing that is wrong with the token, as the text
// and the clock show it, errors before warnings; severe tells an error.
func flawCause(t tokens.Token, now time.Time) (id causes.ID, severe bool) {
	warning := causes.ID("")
	for _, f := range t.Flaws {
		id := causes.OfFlaw(f.Kind)
		if p, known := causes.PageOf(id); known && p.Severity == causes.Warning {
			warning = cmp.Or(warning, id)
		} else if id != "" {
			return id, true
		}
	}
	for _, f := range t.FlawsAt(now, 0) {
		switch f.Kind {
		case tokens.TimeExpired:
			return causes.TokenExpired, true
		case tokens.TimeIATFuture:
			return causes.IATFuture, true
		case tokens.TimeNBFFuture:
			return causes.NBFFuture, true
		}
	}
	return warning, false
}

// errorSays tells what an error of Stream's proves, in a sentence or two.
func errorSays(e *tokens.StreamError) []string {
	switch e.Kind {
	case tokens.ErrSignature:
		return []string{"Stream knows the key and could read the token, but the token is not signed with the secret of that key",
			"at least eight causes look like this: another app's secret, a damaged one, a process that still has the old one, an old token in the browser"}
	case tokens.ErrMalformed:
		return []string{"Stream could not read the token: something stands around it, it is cut, or it is no token at all; the secret is not accused"}
	case tokens.ErrExpired:
		return []string{"the token has expired (or was revoked); the signature was right"}
	case tokens.ErrRevoked:
		return []string{"tokens that were issued before a certain moment were revoked; the signature was right"}
	case tokens.ErrBeforeIssued:
		return []string{"iat lies in Stream's future: the clock of the machine that signed is ahead, or iat was rounded up; the signature was right"}
	case tokens.ErrNotYet:
		return []string{"nbf lies in Stream's future; the signature was right"}
	case tokens.ErrKey:
		return []string{"Stream does not know this key; of the token and the secret that says nothing"}
	case tokens.ErrAuthType:
		return []string{"the request carried no token: it was sent before the user was connected, or without the header stream-auth-type"}
	case tokens.ErrSuspended:
		return []string{"the app is suspended; of the token and the secret that says nothing"}
	case tokens.ErrDisabled:
		return []string{"this product is not enabled for the organisation; of the token and the secret that says nothing"}
	}
	return nil
}

// errorCause is the page about an error that has one cause; the signature's has many.
func errorCause(e *tokens.StreamError) causes.ID {
	switch e.Kind {
	case tokens.ErrExpired:
		return causes.TokenExpired
	case tokens.ErrRevoked:
		return causes.TokenRevoked
	case tokens.ErrBeforeIssued:
		return causes.IATFuture
	case tokens.ErrNotYet:
		return causes.NBFFuture
	case tokens.ErrKey:
		return causes.KeyUnknown
	case tokens.ErrAuthType:
		return causes.TokenMissing
	case tokens.ErrSuspended:
		return causes.AppSuspended
	}
	return ""
}
