package inspect

import (
	"cmp"
	"time"

	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/sanitize"
	"badsig/tokens"
)

// userToken begins the sentence that names a token's user.
const userToken = "A user token for "

// sayClaims tells who the token is for and from when to when.
func (f *Finding) sayClaims(t tokens.Token, now time.Time) {
	if t.Header == nil && t.Claims == nil {
		return
	}
	if id, ok := t.UserID(); ok && id != "" {
		f.add(userToken + sanitize.Shown(id))
	}
	if t.Claims["resource"] != nil || t.Claims["action"] != nil {
		f.add(feedsToken(t.Claims))
	}
	switch iat, ok := t.Claims.Time("iat"); {
	case ok && t.Has(tokens.FlawIATMillis):
	case ok && iat.After(now):
		f.addTimes("Issued ", iat, ": ", iat, now, " ahead of this machine's clock")
	case ok:
		f.addTimes("Issued ", iat, ", ", now, iat, " ago")
	}
	switch exp, ok := t.Claims.Time("exp"); {
	case ok && t.Has(tokens.FlawEXPMillis, tokens.FlawEXPRelative): // its date would mislead
	case ok && now.After(exp):
		f.addTimes("Expired ", exp, ", ", now, exp, " ago")
	case ok:
		f.addTimes("Expires ", exp, ", in ", exp, now, "")
	case t.Claims != nil && t.Claims["exp"] == nil:
		f.addOwn("Never expires (no exp)")
	}
}

// limitedFeeds recognizes a token of Stream Feeds v2 that allows less than everything:
// clients of Feeds v2 get such tokens.
func limitedFeeds(c tokens.Claims) bool {
	resource, action := c["resource"], c["action"]
	return resource != nil && action != nil && (resource != "*" || action != "*")
}

// feedsToken says what a token of Stream Feeds v2 allows.
func feedsToken(c tokens.Claims) string {
	text := func(name string) string {
		if s, ok := c[name].(string); ok && s != "" && len(s) < 200 {
			return sanitize.Shown(s)
		}
		return "not named"
	}
	s := "A Stream Feeds v2 token: resource " + text("resource") + ", action " + text("action") + ", feed " + text("feed_id")
	switch {
	case c["action"] == "read":
		s += " (read-only)"
	case c["resource"] == "*" && c["action"] == "*":
		s += " (every right: a server token)"
	}
	return s
}

// addTimes says a moment and how long it is from an earlier one to a later one.
func (f *Finding) addTimes(what string, moment time.Time, then string, late, early time.Time, end string) {
	var room [128]byte
	b := appendClock(append(room[:0], what...), moment)
	b = appendSpan(append(b, then...), late, early)
	f.addOwn(string(append(b, end...)))
}

// appendClock appends a moment as "2006-01-02 15:04:05 UTC" has it.
func appendClock(b []byte, t time.Time) []byte {
	t = t.UTC()
	year, month, day := t.Date()
	if year < 1000 || year > 9999 {
		return t.AppendFormat(b, "2006-01-02 15:04:05 UTC")
	}
	hour, minute, second := t.Clock()
	two := func(n int) { b = append(b, byte('0'+n/10), byte('0'+n%10)) }
	two(year / 100)
	two(year % 100)
	for _, part := range [...]struct {
		mark byte
		n    int
	}{{'-', int(month)}, {'-', day}, {' ', hour}, {':', minute}, {':', second}} {
		b = append(b, part.mark)
		two(part.n)
	}
	return append(b, " UTC"...)
}

// appendSpan appends the time from an earlier moment to a later one in its two largest
// units; time.Duration ends at 292 years.
func appendSpan(b []byte, late, early time.Time) []byte {
	d := late.Sub(early).Round(time.Second)
	if years := (late.Unix() - early.Unix()) / (365 * 24 * 60 * 60); years >= 290 {
		return append(b, "more than 290 years"...)
	}
	return facts.AppendSpan(b, d)
}

// flawCause names the first thing that is wrong with the token, as the text
// and the clock show it, errors before warnings; severe tells an error.
func flawCause(t tokens.Token, now time.Time) (id causes.ID, severe bool) {
	warning := causes.ID("")
	for _, f := range t.Flaws {
		id := causes.OfFlaw(f.Kind)
		if f.Kind == tokens.FlawServer && limitedFeeds(t.Claims) {
			continue // made for clients
		}
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
