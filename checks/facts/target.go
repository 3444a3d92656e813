package facts

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"badsig/checks/loopback"
	"badsig/tokens"
)

// Rules of this file:
//   - how well each part of the request is known is told in one place, for the probe that makes it and for the rules that judge it
//   - badsig's own defaults (test123, port 3001, an Origin, a request without a session) are assumed, whatever came of them
//   - where several servers could have been asked and none is known to have been, there is no server, no entry and no site

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
	if x == nil || x.Auth || x.Credentials || x.Proxied || strings.HasPrefix(x.URL, "/") || sameSite(to, origin) {
		return false
	}
	for _, h := range x.Headers {
		if h != "content-type" && h != "accept" {
			return false
		}
	}
	return true
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
		if allFillable(sent) {
			return IsRead
		}
	case entry != nil:
		sent = entry.Fields
	}
	switch {
	case entry == nil || !entry.Known.Sure():
		return IsAssumed
	case !allFillable(entry.Fields):
		return IsAssumed
	case fetch != nil && !fetch.BodyOpen && !covers(sent, entry.Fields):
		return IsAssumed
	}
	return IsRead // the handler reads these fields and no other
}

func allFillable(names []string) bool {
	for _, n := range names {
		if !Fillable(n, names) {
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

// Fetch is the front end's own request of the endpoint; nil where none was found.
func (f *Facts) Fetch() *Fetch {
	u, err := url.Parse(f.Target.URL)
	if err != nil {
		return nil
	}
	return FetchOf(u, f.Project)
}

// Entry is the entry that the target's URL leads to; nil where none was read,
// or where several servers have one and none is known to have been asked.
func (f *Facts) Entry() *Entry {
	if f.Project == nil {
		return nil
	}
	path, method := PathOf(f.Target.URL), f.requestMethod()
	var best *Entry
	for i := range f.Project.Entries {
		e := &f.Project.Entries[i]
		if e.Path == "" || !PathFits(e.Path, path) || !f.mayBeAsked(e.Server) {
			continue
		}
		fits := method == "" || e.Method == "" || e.Method == "ANY" || e.Method == method
		switch {
		case best == nil:
			best = e
		case best.Server != e.Server:
			return nil // two servers have it
		case fits && best.Method != method:
			best = e
		}
	}
	return best
}

// requestMethod is the method of the main request; "" where nothing states it.
func (f *Facts) requestMethod() string {
	if f.Target.Method != "" {
		return f.Target.Method
	}
	if x := f.Fetch(); x != nil && x.Method != "" {
		return strings.ToUpper(x.Method)
	}
	return ""
}

// Site is the signing call that the entry leads to; nil where that is not known.
func (f *Facts) Site() *Site {
	if e := f.Entry(); e != nil && e.Site >= 0 && e.Site < len(f.Project.Sites) {
		return &f.Project.Sites[e.Site]
	}
	if f.Project == nil {
		return nil
	}
	var only *Site
	for i := range f.Project.Sites {
		s := &f.Project.Sites[i]
		if !s.Runs.Sure() || !f.mayBeAsked(s.Server) {
			continue
		}
		if only != nil {
			return nil
		}
		only = s
	}
	return only
}

// mayBeAsked reports whether a server, by its index, may be the one that was asked.
func (f *Facts) mayBeAsked(server int) bool {
	if server < 0 || f.Server == nil || f.Server.Code < 0 {
		return true
	}
	return server == f.Server.Code
}

// ServerCode is the source of the server that the target's URL leads to: the
// one that the runtime was resolved to, else the only one, else the only one
// that names the URL's port. nil where several are left.
func (f *Facts) ServerCode() *ServerCode {
	if f.Project == nil {
		return nil
	}
	all := f.Project.Servers
	if f.Server != nil && f.Server.Code >= 0 && f.Server.Code < len(all) {
		return &all[f.Server.Code]
	}
	if len(all) == 1 {
		return &all[0]
	}
	_, port := loopback.HostPort(f.Target.URL)
	var only *ServerCode
	for i := range all {
		for _, p := range all[i].Ports {
			if p.Port != port {
				continue
			}
			if only != nil && only != &all[i] {
				return nil
			}
			only = &all[i]
		}
	}
	return only
}

func PathOf(raw string) string {
	u, err := url.Parse(raw)
	if err != nil || u.Path == "" {
		return "/"
	}
	return u.Path
}

// PathFits reports whether a route's path, parameters included (:id, {id},
// [id], <id>, *), is that of a URL.
func PathFits(route, path string) bool {
	a := strings.Split(strings.Trim(route, "/"), "/")
	b := strings.Split(strings.Trim(path, "/"), "/")
	for i, part := range a {
		if strings.HasPrefix(part, "*") || strings.HasPrefix(part, "[...") || strings.HasPrefix(part, "[[...") {
			return true
		}
		if i >= len(b) {
			return strings.HasSuffix(part, "?") && i == len(a)-1
		}
		param := part != "" && strings.ContainsRune(":{[<$", rune(part[0]))
		if part != b[i] && !(param && b[i] != "") {
			return false
		}
	}
	return len(a) == len(b)
}

// Writes reports where the entry changes something when it is requested: such
// a route is requested only where the user named it. nil where it may be
// requested. Of a handler that couldn't be read, the path has to tell.
func (f *Facts) Writes() *Place {
	if f.Target.URLSource == "flag" {
		return nil
	}
	e := f.Entry()
	switch {
	case e != nil && len(e.Writes) > 0:
		return &e.Writes[0]
	case e != nil && e.Known.Sure() || f.MainMethod(f.Fetch()) == "GET" || !signUpPath(PathOf(f.Target.URL)):
		return nil
	case e != nil:
		return &e.Place
	}
	if c := f.ServerCode(); c != nil {
		for _, r := range c.Routes {
			if PathFits(r.Path, PathOf(f.Target.URL)) {
				return &Place{File: r.File, Line: r.Line}
			}
		}
	}
	if x := f.Fetch(); x != nil {
		return &Place{File: x.File, Line: x.Line}
	}
	return &Place{}
}

// signUpPath reports whether a path is called as those are that make an account.
func signUpPath(path string) bool {
	low := strings.NewReplacer("-", "", "_", "").Replace(strings.ToLower(path))
	for _, w := range []string{"signup", "register", "registration", "createaccount", "createuser"} {
		if strings.Contains(low, w) {
			return true
		}
	}
	return false
}

// Once reports whether one request has to do: the handler calls Stream, a
// database or something that changes before it responds.
func (f *Facts) Once() bool {
	e := f.Entry()
	return e != nil && (len(e.Calls) > 0 || len(e.Writes) > 0)
}

// SignedOut reports whether an answer of any status says in a header that
// nobody is signed in, as Clerk's do.
func (a *Answer) SignedOut() bool {
	return strings.HasPrefix(strings.ToLower(a.Header["X-Clerk-Auth-Status"]), "signed-out")
}

// Defaults of the flags, as the contract has them.
const (
	DefaultURL       = "http://localhost:3001/api/stream/token"
	DefaultStreamURL = "https://chat.stream-io-api.com"
	DefaultUserID    = "test123"
	DefaultUserName  = "Test User"
	DefaultTimeout   = 5 * time.Second
)

// Target is what a run is about. The zero values of its fields mean "find it
// in the project, or take the default".
type Target struct {
	Dir      string // the project's folder
	URL      string // token endpoint; "" means find it
	UserID   string
	UserName string
	Header   http.Header // further headers for the endpoint
	Origin   string      // the front end's origin; "" means find it

	Method string   // of the token request; "" means find it
	Data   []byte   // its body, as the front end sends it; nil means find it
	Flags  []string // the flags that were given, to be typed again; nothing secret

	Static bool // judge files, pair and given token alone: the backend is not requested

	Token string // the token the browser really uses; "" for none

	APIKey tokens.APIKey // the pair shown by the dashboard; "" for none
	Secret tokens.Secret

	Offline   bool          // never leave this machine
	StreamURL string        // Stream's API; "" means DefaultStreamURL
	Timeout   time.Duration // of one probe; 0 means DefaultTimeout

	Now func() time.Time // nil means time.Now
}
