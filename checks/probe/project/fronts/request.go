package fronts

import (
	"net/url"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/loopback"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/modules/taken"
	"badsig/checks/probe/names"
	"badsig/checks/probe/project/picture"
)

// Rules of this file:
//   - a request is the call that names its path: a wrapper around fetch is followed to its callers
//   - what a client was made with (its base URL, credentials, headers) belongs to each of its requests

// MaxFetches bounds the requests that are kept.
const MaxFetches = 50

// request is a call that sends a server a request, as it is written.
type request struct {
	target  modules.View // the URL
	options modules.View // the further argument of fetch
	data    modules.View // the body, where it is an argument of its own
	method  string       // where the call's name says it
	client  client
	plain   bool // the browser's own fetch
	inner   bool // the framework's own server makes it, for a page: getServerSideProps, a loader
	assumed bool // what the method is called on is not known
	call    *jsread.Call
	m       *modules.Module
}

// fetchesOf lists a module's requests that look like requesting a token.
func fetchesOf(p *picture.Reader, f *picture.Front, m *modules.Module) {
	if m.Aside() {
		return
	}
	word, quotes := strips(m)
	p.Facts.Strips, p.Facts.Unquotes = p.Facts.Strips || word, p.Facts.Unquotes || quotes
	p.Facts.Converts = p.Facts.Converts || converts(m)
	for i := range m.Calls {
		c := &m.Calls[i]
		if r, ok := requestOf(p, f, m, c); ok {
			r.inner = ServerSide(m, c.Func, c.Line)
			requested(p, f, r, modules.CallAt{Mod: m, Call: c}, 3)
		}
	}
	builtRequests(p, f, m)
}

// within is a request as it is made in one call of the function around it.
func (r request) within(b *modules.Bound) request {
	r.target.B, r.options.B, r.data.B = b, b, b
	return r
}

// requested files a request, once for each caller where its URL depends on what they hand over.
func requested(p *picture.Reader, f *picture.Front, r request, at modules.CallAt, depth int) {
	if len(p.Facts.Fetches) >= MaxFetches || p.Over() {
		return
	}
	a := addressOf(p, f, r.target, 12)
	if a.missing != nil && depth > 0 {
		callers := modules.RequestersOf(p.Graph, a.missing.m, a.missing.q.Func)
		for _, c := range callers {
			c.B.Up = r.target.B
			requested(p, f, r.within(c.B), c.CallAt, depth-1)
		}
		if len(callers) > 0 {
			return
		}
	}
	if a.open != nil {
		a = *a.open
		a.whole = true
	}
	if a.text == "" || loopback.StreamHost(a.text) {
		return
	}
	m, c := at.Mod, at.Call
	x := facts.Fetch{Method: r.method, File: m.Rel, Line: c.Line, Native: native(f), Web: web(f), Path: a.path, Address: a.host, Unset: a.unset, Known: facts.IsRead}
	if base := r.client.base; !absoluteURL.MatchString(a.text) && (base.text != "" || base.unset != "" || base.assumed) {
		if base.text != "" {
			x.URL, x.Address = JoinURL(base.text, a.text), base.host
			a.base = afterHost(base.text)
		} else {
			x.URL = a.text
		}
		x.Unset, a.assumed = modules.FirstOf(x.Unset, base.unset), a.assumed || base.assumed
	} else {
		x.URL = a.text
	}
	if r.inner {
		if u, err := url.Parse(x.URL); err != nil || !loopback.LocalHost(u.Hostname()) || u.Host == "" {
			return
		}
		x.Native = true // no browser checks for permission
	}
	if x.Loose = a.loose || r.client.base.loose && affix.Contains(x.URL, "://"); a.assumed || r.assumed || !a.whole || x.Loose {
		x.Known, x.Loose = facts.IsAssumed, x.Loose && !a.assumed && !r.assumed && a.whole
	}
	x.Base = a.base
	x.Takes, x.Trims = taken.Field(m, c.Line)
	if m != r.m && x.Takes == "" {
		x.Takes, x.Trims = taken.Field(r.m, r.call.Line)
	}
	if x.Takes == "" {
		x.Takes = facts.First(takenOfResult(p, r.m, r.call.Func), takenOfQuery(m, c.Line))
	}
	x.TakesPath = takenPath(p, r, x.Takes)
	x.JSON = (taken.ReadsJSON(m, *c) || m != r.m && taken.ReadsJSON(r.m, *r.call)) && (x.Takes != "" || r.plain)
	if line, whole := taken.ReadsText(r.m, r.call.Line); line > 0 && r.plain && !x.JSON {
		x.TextAt, x.TextWhole = facts.Place{File: r.m.Rel, Line: line}, whole
	}
	objectTaken(p, f, r, &x)
	optionsOf(p, f, r, &x)
	if !x.Native && inBrowser(p, f, r.m, x.Credentials) {
		p.Facts.Pages = append(p.Facts.Pages, facts.Place{File: x.File, Line: x.Line})
	}
	bodyOf(p, r.data, &x)
	x.Query = append(x.Query, a.names...)
	idsOfURL(p, r.target, &x, 4)
	if !affix.HasPrefix(x.URL, "/") && !affix.HasPrefix(x.URL, "http") {
		if affix.Contains(x.URL, "://") {
			return
		}
		x.URL = "/" + x.URL
	}
	for _, text := range append([]string{x.URL}, othersOf(&x, r, a)...) {
		file(p, f, x, text, at, r)
	}
}

// productOf names the product whose client a module makes, where it is one alone.
func productOf(p *picture.Reader, m *modules.Module) string {
	found := ""
	for _, i := range m.Imports {
		name := ""
		switch {
		case affix.HasPrefix(i.From, "@stream-io/video"):
			name = "video"
		case affix.HasPrefix(i.From, "stream-chat"):
			name = "chat"
		case i.From == "getstream", affix.Contains(i.From, "activity-feed"), affix.HasPrefix(i.From, "@stream-io/feeds"):
			name = "feeds"
		}
		if name != "" && found != "" && name != found {
			return ""
		}
		found = modules.FirstOf(name, found)
	}
	return found
}

// sendOn finds the dev server's proxy that carries a request.
func sendOn(p *picture.Reader, f *picture.Front, x *facts.Fetch) {
	if !affix.HasPrefix(x.URL, "/") {
		return
	}
	to, rule, ok := carriedBy(f, x.URL)
	if !ok {
		return
	}
	x.Proxied, x.To = true, to
	if to != "" {
		x.Address = rule.At
		if u, err := url.Parse(to); err == nil && !affix.HasSuffix(x.URL, affix.TrimSuffix(u.Path, "/")) {
			x.Path = rule.At // the rule writes a part of the path
		}
	}
}

// requestOf tells what a call of fetch, of axios or of their like requests; ok is
// false for every other call.
func requestOf(p *picture.Reader, f *picture.Front, m *modules.Module, c *jsread.Call) (r request, ok bool) {
	arg := func(i int) modules.View { return argument(m, c, i) }
	r = request{method: "GET", call: c, m: m}
	object, name := modules.Receiver(c.Callee)
	if len(c.Args) == 0 {
		return r, false
	}
	switch name {
	case "fetch", "$fetch", "ofetch", "useFetch", "useLazyFetch", "ky", "authFetch":
		if name == "fetch" && object != "" && object != "window" && object != "globalThis" && object != "self" {
			return r, false
		}
		if t, _ := modules.FunctionOf(p.Graph, m, c.Scope, c.Callee); t != nil {
			return r, false // the project's own: its callers are looked at from inside
		}
		r.target, r.options, r.plain = arg(0), arg(1), name == "fetch"
		if name != "fetch" {
			r.client = clientOf(p, f, m, c.Scope, name)
		}
	case "axios", "request", "axiosInstance", "api", "http", "client", "instance":
		o := modules.Settle(p.Graph, arg(0))
		if o.E.Kind != jsread.Object && (name != "axios" || o.E.Kind != jsread.Literal && o.E.Kind != jsread.Template && o.E.Kind != jsread.Either) {
			return r, false
		}
		if name == "request" && object == "" || name != "request" && object != "" {
			return r, false
		}
		if name == "request" {
			r.client = clientOf(p, f, m, c.Scope, object)
		} else {
			r.client = clientOf(p, f, m, c.Scope, name)
		}
		if name != "axios" && !r.client.found {
			return r, false
		}
		if o.E.Kind != jsread.Object {
			r.target, r.options = o, arg(1)
			break
		}
		r.options = o
		for i, k := range o.E.Keys() {
			if k == "url" {
				r.target = o.Of(&o.E.Parts[i])
			}
		}
	case "post", "get", "put", "patch":
		if object == "" || affix.ContainsAny(object, "()") || affix.Any(c.Args, func(a jsread.Expr) bool { return a.Kind == jsread.Func }) {
			return r, false
		}
		r.method, r.target = strings.ToUpper(name), arg(0)
		if name == "get" {
			r.options = arg(1)
		} else {
			r.data, r.options = arg(1), arg(2)
			if d := modules.Settle(p.Graph, r.data); d.E.Kind == jsread.Object && (facts.OneOf(d.E.Keys(), "json") || facts.OneOf(d.E.Keys(), "searchParams")) {
				r.options, r.data = r.data, modules.View{M: m} // ky and got accept options where axios accepts the body
			}
		}
		r.client = clientOf(p, f, m, c.Scope, object)
		low := affix.TrimPrefix(strings.ToLower(facts.LastName(object)), "_")
		if !r.client.found && !httpNames[low] && !InjectsHTTP(m, object) {
			if notClients[low] {
				return r, false
			}
			if t, fn := modules.FunctionOf(p.Graph, m, c.Scope, c.Callee); t != nil && makesRequest(p, t, fn) {
				return r, false
			}
			r.assumed = true
		}
	case "invoke": // a function of Supabase's
		owner, is := strings.CutSuffix(object, ".functions")
		fn := modules.Settle(p.Graph, arg(0))
		if !is || fn.E.Kind != jsread.Literal {
			return r, false
		}
		r.method, r.options, r.client = "POST", arg(1), clientOf(p, f, m, c.Scope, owner)
		fn.E.Text = "/functions/v1/" + affix.TrimPrefix(fn.E.Text, "/")
		r.target, r.client.auth, r.client.session = fn, true, "Supabase"
		r.client.headers = append(r.client.headers, "*")
		if r.client.base.text == "" && r.client.base.unset == "" {
			r.client.base.assumed = true
		}
	case "load", "submit": // Remix's fetcher
		if !affix.Contains(strings.ToLower(object), "fetcher") {
			return r, false
		}
		if r.target = arg(0); name == "submit" {
			r.data, r.options = arg(0), arg(1)
			list, _ := modules.FieldsOf(p.Graph, r.options, 4)
			r.target = modules.View{M: m}
			for _, e := range list {
				if e.Key == "action" {
					r.target = e.V
				}
			}
		}
		r.plain = true
	case "useSWR", "useSWRImmutable", "useSWRMutation":
		if len(c.Args) > 1 && c.Args[1].Kind == jsread.Ident {
			if t, fn := modules.FunctionOf(p.Graph, m, c.Scope, c.Args[1].Text); t != nil && makesRequest(p, t, fn) {
				return r, false
			}
		}
		if len(c.Args) > 1 && c.Args[1].Kind == jsread.Func && requestsInside(p, m, c.Args[1]) {
			return r, false // what it calls is looked at from inside
		}
		key, first := modules.KeyOf(m, c.Args[0]), arg(0)
		r.target, r.plain, r.assumed = first.Of(&key), true, true
		if k := modules.Settle(p.Graph, r.target); k.E.Kind == jsread.Array && len(k.E.Parts) > 0 {
			r.target = k.Of(&k.E.Parts[0])
		}
	default:
		return r, false
	}
	return r, true
}

// httpNames are libraries: what another name means has a base of its own, which isn't known where the client isn't found.
var httpNames = names.Words("axios", "ky", "https", "got", "superagent")
