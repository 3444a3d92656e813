package facts

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"badsig/checks/affix"
	"badsig/checks/loopback"
	"badsig/tokens"
)

// Fetch is the front end's own request of the endpoint; nil where none was found.
func (f *Facts) Fetch() *Fetch {
	u, err := url.Parse(f.Target.URL)
	if err != nil {
		return nil
	}
	return FetchOf(u, f.Project)
}

// Entry is the entry that the target's URL leads to; nil where none was read,
// or where several servers have one and none is known to get the request.
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

// SiteOf is the signing call that an entry leads to; nil where none was read.
func (p *Project) SiteOf(e *Entry) *Site {
	if e.Site < 0 || e.Site >= len(p.Sites) {
		return nil
	}
	return &p.Sites[e.Site]
}

// Site is the signing call that the entry leads to; nil where that is not known.
func (f *Facts) Site() *Site {
	if e := f.Entry(); e != nil {
		if s := f.Project.SiteOf(e); s != nil {
			return s
		}
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

// mayBeAsked reports whether a server, by its index, may be the one that gets the request.
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
		if affix.HasPrefix(part, "*") || affix.HasPrefix(part, "[...") || affix.HasPrefix(part, "[[...") {
			return true
		}
		if i >= len(b) {
			return affix.HasSuffix(part, "?") && i == len(a)-1
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
	case f.MainMethod(f.Fetch()) == "GET" || !signUpPath(PathOf(f.Target.URL)):
		return nil
	case e != nil && e.Known.Sure() && (f.Target.Data || !f.wantsMore(e)):
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

// wantsMore reports whether an entry reads fields that badsig has no value for: without a password, a sign-up fails, and
// what it does until then isn't known.
func (f *Facts) wantsMore(e *Entry) bool {
	fields := e.Fields
	if x := f.Fetch(); x != nil {
		fields = append(slices.Clone(fields), x.Body...)
	}
	return affix.Any(fields, func(n string) bool { return OneOf(secretFields, strings.ToLower(LastName(n))) })
}

// secretFields are what no one but the person who signs up knows.
var secretFields = []string{"password", "pass", "passwd", "pwd", "pin", "otp", "code", "secret"}

// signUpPath reports whether a path is called as those are that make an account.
func signUpPath(path string) bool {
	low := strings.NewReplacer("-", "", "_", "").Replace(strings.ToLower(path))
	for _, w := range []string{"signup", "register", "registration", "createaccount", "createuser"} {
		if affix.Contains(low, w) {
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

// SignedOut reports whether a response of any status says in a header that
// no one is signed in, as Clerk's do. Express's own 404 comes after every guard:
// there, and where a server says it in its own words, the header is that of a middleware which lets everybody pass.
func (a *Answer) SignedOut() bool {
	return !(a.Status == 404 && (affix.Contains(a.Begin, "Cannot "+a.Method+" /") || affix.Contains(strings.ToLower(a.Begin), "route not found"))) && affix.HasPrefix(strings.ToLower(a.Header["X-Clerk-Auth-Status"]), "signed-out")
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

	Method string            // of the token request; "" means find it
	Data   []byte            // its body, as the front end sends it; nil means find it
	Fixed  map[string]string // values that the front end always sends
	Flags  []string          // the flags that were passed, to be typed again; nothing secret

	Static bool // judge files, pair and given token alone: the backend is not requested

	Token   string        // the token the browser really uses; "" for none
	Browser tokens.APIKey // the key that the browser really sends to Stream, as Stream's error quotes it; "" for none

	APIKey tokens.APIKey // the pair shown by the dashboard; "" for none
	Secret tokens.Secret

	Offline   bool          // never leave this machine
	StreamURL string        // Stream's API; "" means DefaultStreamURL
	Timeout   time.Duration // of one probe; 0 means DefaultTimeout

	Now func() time.Time // nil means time.Now
}
