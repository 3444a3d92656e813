package facts

import (
	"net/url"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/loopback"
)

// Rules of this file:
//   - how well each part of the request is known is told in one place, for the probe that makes it and for the rules that judge it
//   - badsig's own defaults (test123, port 3001, an Origin, a request without a session) are assumed, no matter what came of them
//   - where several servers could get the request and none is known to, there is no server, no entry and no site

// TargetKnown says how well each part of the token request is known to be what
// the front end sends. An empty word is derived from the rest of the facts.
type TargetKnown struct {
	URL     Known `json:"url,omitempty"`
	Method  Known `json:"method,omitempty"`
	User    Known `json:"user,omitempty"`
	Origin  Known `json:"origin,omitempty"`
	Session Known `json:"session,omitempty"` // cookies, Authorization and other headers of its own
	Body    Known `json:"body,omitempty"`    // or the query, where it has none
}

// Request says how well the parts of the token request are known.
func (f *Facts) Request() TargetKnown {
	t, k := &f.Target, f.Target.Known
	if k.URL == "" {
		k.URL = sourceKnown(t.URLSource)
	}
	if k.Origin == "" {
		k.Origin = sourceKnown(t.OriginSource)
	}
	if k.User == "" {
		k.User = IsAssumed
		if t.UserID != DefaultUserID && t.UserID != "" {
			k.User = IsGiven
		}
	}
	fetch, entry := f.Fetch(), f.Entry()
	if k.URL == IsRead && fetch != nil && fetch.Known == IsAssumed && !f.routeIsRead() {
		k.URL = IsAssumed // a part of it was chosen
	}
	if k.Method == "" {
		k.Method = f.methodKnown(fetch, entry)
	}
	if k.Session == "" {
		k.Session = f.sessionKnown(fetch, entry)
	}
	if k.Body == "" {
		k.Body = f.bodyKnown(fetch, entry)
	}
	return k
}

// routeIsRead reports whether a server's own source has the URL's path and port.
func (f *Facts) routeIsRead() bool {
	c := f.ServerCode()
	if c == nil {
		return false
	}
	_, port := loopback.HostPort(f.Target.URL)
	has := false
	for _, p := range c.Ports {
		has = has || p.Port == port
	}
	for _, r := range c.Routes {
		if has && PathFits(r.Path, PathOf(f.Target.URL)) {
			return true
		}
	}
	return false
}

// sourceKnown reads a URL's or an origin's source: flag, default, guess, or file:line.
func sourceKnown(source string) Known {
	switch source {
	case "flag":
		return IsGiven
	case "", "default", "guess":
		return IsAssumed
	}
	return IsRead
}

func (f *Facts) methodKnown(fetch *Fetch, entry *Entry) Known {
	switch {
	case f.Target.Method != "":
		return IsGiven
	case fetch != nil && fetch.Method != "":
		return IsRead
	case entry != nil && entry.Known.Sure() && entry.Method != "" && entry.Method != "ANY":
		return IsRead
	case f.onlyMethod() != "":
		return IsRead
	}
	return IsAssumed
}

// onlyMethod is the method of the route in the server's source, where there is
// one server, one such route and one method; "" otherwise.
func (f *Facts) onlyMethod() string {
	c := f.ServerCode()
	if c == nil {
		return ""
	}
	method := ""
	for _, r := range c.Routes {
		if !PathFits(r.Path, PathOf(f.Target.URL)) {
			continue
		}
		if r.Method == "ANY" || method != "" && method != r.Method {
			return ""
		}
		method = r.Method
	}
	return method
}

// sessionKnown tells whether the session that the front end sends was sent, or
// that there is none to send.
func (f *Facts) sessionKnown(fetch *Fetch, entry *Entry) Known {
	switch {
	case f.Target.Headers:
		return IsGiven
	case fetch.SendsNone(f.Target.URL, f.Target.Origin):
		return IsRead
	case entry != nil && entry.Known.Sure() && entry.Session == "" && len(entry.Guards) == 0:
		return IsRead // nothing on the way to the handler reads one
	}
	return IsAssumed
}

// SendsNone reports whether the front end's request surely carries neither
// cookies nor headers of its own: another origin, and nothing that adds any.
// Browsers send cookies to the page's own origin unasked.
func (x *Fetch) SendsNone(to, origin string) bool {
	if x == nil || x.Auth || x.Credentials || x.Proxied || affix.HasPrefix(x.URL, "/") || sameSite(to, origin) {
		return false
	}
	for _, h := range x.Headers {
		if h != "content-type" && h != "accept" {
			return false
		}
	}
	return true
}

// SessionHeader is the one header in which the request carries who is signed
// in, besides which it has no cookie; "" where it has none, or several.
func (x *Fetch) SessionHeader() string {
	if x == nil || x.Credentials {
		return ""
	}
	found := ""
	for _, h := range x.Headers {
		switch {
		case h == "authorization":
			return h
		case h == "*" || found != "" && affix.HasPrefix(h, "x-"):
			return ""
		case affix.HasPrefix(h, "x-") && h != "x-requested-with":
			found = h
		}
	}
	return found
}

// sameSite reports whether two URLs have one origin.
func sameSite(a, b string) bool {
	x, err := url.Parse(a)
	y, err2 := url.Parse(b)
	return err == nil && err2 == nil && x.Scheme == y.Scheme && strings.EqualFold(x.Hostname(), y.Hostname()) && loopback.URLPort(x) == loopback.URLPort(y)
}

// bodyKnown tells whether all that the front end sends was sent.
func (f *Facts) bodyKnown(fetch *Fetch, entry *Entry) Known {
	if f.Target.Data {
		return IsGiven
	}
	var sent []string // what badsig sends, as the source says
	switch {
	case fetch != nil && !fetch.BodyOpen && len(fetchNames(fetch)) > 0:
		sent = fetchNames(fetch)
		if fetch.fillsAll(sent) {
			return IsRead
		}
	case entry != nil:
		sent = entry.Fields
	}
	switch {
	case entry == nil || !entry.Known.Sure():
		return IsAssumed
	case fetch == nil && len(entry.Fields)+len(entry.Params) == 0 && !entry.User.Known.Sure():
		return IsAssumed // where the handler gets the user from wasn't read
	case !fetch.fillsAll(entry.Fields):
		return IsAssumed
	case fetch != nil && !fetch.BodyOpen && !covers(sent, entry.Fields):
		return IsAssumed
	}
	return IsRead // the handler reads these fields and no other
}

func (x *Fetch) fillsAll(names []string) bool {
	for _, n := range names {
		if !x.Fillable(n, names) {
			return false
		}
	}
	return true
}

func covers(sent, read []string) bool {
	for _, r := range read {
		found := false
		for _, s := range sent {
			found = found || s == r
		}
		if !found {
			return false
		}
	}
	return true
}
