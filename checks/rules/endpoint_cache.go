package rules

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"badsig/checks/affix"
	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/rules/parts"
)

// Rules of this file:
//   - only a response that explicitly allows caching counts; ETag, 304 and no header at all are Express's defaults

// EndpointCache finds token-cacheable, a warning.
func EndpointCache(f *facts.Facts) finding.Result {
	a := facts.MainAnswer(f)
	if a == nil || a.Status/100 != 2 {
		return finding.Unsure(parts.WhyNot(f, facts.NameBackend, "there is no response to check"))
	}
	control := a.Header["Cache-Control"]
	ev := []finding.Evidence{{Label: "Cache-Control", Got: facts.First(control, "missing"), Want: "no-store", Source: request(a)}}
	why := keeps(a)
	if why == "" {
		return finding.Passed(facts.First(control, "no header allows caching"), ev...)
	}
	at := parts.MintsAt(f)
	if e := f.Entry(); e != nil && e.Caches.File != "" {
		at = finding.LocAt(e.Caches.File, e.Caches.Line)
	}
	return finding.Found("the token response can be cached: "+why, ev, finding.New(causes.TokenCacheable, finding.Proven,
		"The response allows caching ("+why+"), so a browser or proxy may return an old token after the secret or the user changed.",
		at, ev, parts.StepIn(at, "send Cache-Control: no-store with the token: res.set('Cache-Control', 'no-store')"), parts.RestartStep(f)))
}

// keeps says what allows a cache to reuse the response without contacting the
// server (RFC 9111); "" for nothing.
func keeps(a *facts.Answer) string {
	age, shared, named := -1, -1, ""
	for part := range strings.SplitSeq(strings.ToLower(a.Header["Cache-Control"]), ",") {
		name, value, _ := affix.Cut(strings.TrimSpace(part), "=")
		n, err := strconv.Atoi(strings.Trim(value, `" `))
		switch strings.TrimSpace(name) {
		case "no-store", "no-cache":
			return ""
		case "max-age":
			if err == nil {
				age = n
			}
		case "s-maxage":
			if err == nil {
				shared = n
			}
		case "public", "immutable":
			named = strings.TrimSpace(name)
		}
	}
	switch {
	case age > 0:
		return fmt.Sprintf("max-age=%d", age)
	case shared > 0:
		return fmt.Sprintf("s-maxage=%d", shared)
	case age == 0 || shared == 0:
		return ""
	}
	if expires, err := http.ParseTime(a.Header["Expires"]); err == nil {
		now := a.ReceivedAt
		if d, err := http.ParseTime(a.Header["Date"]); err == nil {
			now = d
		}
		if !now.IsZero() && expires.Sub(now) > time.Second {
			return "Expires " + a.Header["Expires"]
		}
	}
	return named
}
