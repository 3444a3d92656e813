package checks

import (
	"strings"
	"testing"
	"time"

	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/internal/factstest"
)

// A response that was seen settles the request that got it, and no other one of the front end's.
func TestAResponseSettlesItsOwnRequestAlone(t *testing.T) {
	for _, c := range []struct {
		name, method string
		path         string // of the front end's second request
		want         causes.ID
	}{
		{"the same path", "POST", "/api/stream/token", ""},
		{"another method", "PUT", "/api/stream/token", causes.EndpointMethod},
		{"a path without a route", "POST", "/api/streams/token", causes.EndpointNotFound},
		{"a path of another kind of token", "POST", "/api/stream/refresh-token", ""},
	} {
		f := factstest.Sound()
		p := f.Project
		p.Entries = []facts.Entry{{Kind: facts.EntryHTTP, Method: "POST", Path: "/api/stream/token", Site: -1, Server: 0, Known: facts.IsRead, Place: facts.Place{File: "server/server.js", Line: 12}}}
		p.Fetches[0].Known = facts.IsRead
		p.Fetches = append(p.Fetches, facts.Fetch{URL: "http://localhost:3001" + c.path, Method: c.method, File: "stream/src/call.js", Line: 9, Type: "json", Body: []string{"userId"}, Known: facts.IsRead})
		var got causes.ID
		line := 0
		for _, x := range Judge(f).Causes {
			if got == "" {
				got, line = x.ID, x.Location.Line
			}
		}
		if got != c.want || got != "" && line != 9 {
			t.Errorf("%s: %q on line %d, want %q", c.name, got, line, c.want)
		}
	}
}

// A response of a guard says nothing of the fields after it.
func TestAGuardHidesNoFieldOfTheSource(t *testing.T) {
	f := factstest.Sound()
	f.Project.Entries = []facts.Entry{{Kind: facts.EntryHTTP, Method: "POST", Path: "/api/stream/token", Site: -1, Server: 0, Known: facts.IsRead, GivesAll: true, Answer: []string{"token"},
		Gives: []facts.Gift{{Field: "token", Place: facts.Place{File: "server/server.js", Line: 14}}}, Place: facts.Place{File: "server/server.js", Line: 12}}}
	f.Project.Fetches[0].Known, f.Project.Fetches[0].Takes = facts.IsRead, "streamToken"
	for i := range f.Backend.Posts {
		a := &f.Backend.Posts[i]
		a.Status, a.Tokens, a.Fields = 401, nil, nil
	}
	f.Tokens = nil
	r := Judge(f)
	if len(r.Causes) != 2 || r.Causes[0].ID != causes.EndpointAuth || r.Causes[1].ID != causes.TokenMissing || r.Causes[1].Location.Line != 14 {
		t.Errorf("%+v", r.Causes)
	}
}

// A route that the source has and the backend doesn't was written after the backend started; an older file says
// nothing of that, and a server that compiles its routes has all of them from the start, but may respond with 404 meanwhile.
func TestARouteNewerThanTheBackend(t *testing.T) {
	for name, c := range map[string]struct {
		change func(f *facts.Facts, r *facts.Route)
		want   causes.ID
	}{
		"newer":        {func(f *facts.Facts, r *facts.Route) { r.Modified = f.Server.Start.Add(time.Minute) }, causes.ServerStale},
		"older":        {func(f *facts.Facts, r *facts.Route) { r.Modified = f.Server.Start.Add(-time.Minute) }, causes.EndpointNotFound},
		"unknown":      {func(f *facts.Facts, r *facts.Route) {}, causes.EndpointNotFound},
		"another path": {func(f *facts.Facts, r *facts.Route) { r.Path, r.Modified = "/chat", f.Server.Start.Add(time.Minute) }, causes.EndpointNotFound},
		"compiled when used": {func(f *facts.Facts, r *facts.Route) {
			f.Project.Servers[0].Loader, r.Modified = "next", f.Server.Start.Add(time.Minute)
		}, ""},
	} {
		f := factstest.Sound()
		f.Server.Start = f.At.Add(-time.Hour)
		f.Project.Fetches[0].Known = facts.IsRead
		f.Project.Servers[0].Routes = []facts.Route{{Method: "POST", Path: "/api/stream/token", File: "server/server.js", Line: 12}}
		c.change(f, &f.Project.Servers[0].Routes[0])
		for i := range f.Backend.Posts {
			a := &f.Backend.Posts[i]
			a.Status, a.Tokens, a.Fields, a.JSON, a.HTML, a.Begin = 404, nil, nil, false, true, "Cannot POST /api/stream/token"
		}
		f.Backend.Get, f.Backend.Variants, f.Tokens = nil, nil, nil
		if r := Judge(f); rootID(r) != c.want {
			t.Errorf("%s: %+v, want %q", name, r.Causes, c.want)
		}
	}
}

// The option of cors({ … }) that keeps the page out is the line to edit, wherever the call begins.
func TestTheOptionThatKeepsThePageOut(t *testing.T) {
	for name, c := range map[string]struct {
		origin, cookies string
		line            int
		says            string
	}{
		"another origin": {"http://localhost:3000", "true", 8, "origin: '"},
		"no cookies":     {"", "", 9, "credentials: true"},
		"any origin":     {"*", "true", 8, "origin: '"},
	} {
		f := factstest.Sound()
		s := &f.Project.Servers[0]
		s.CORS, s.CORSFile, s.CORSLine, s.CORSOrigin, s.CORSCookies = true, s.File, 7, 8, 9
		f.Project.Fetches[0].Known, f.Project.Fetches[0].Credentials = facts.IsRead, true
		f.Target.OriginSource = "vite.config.js"
		set := func(a *facts.Answer) {
			a.Header["Access-Control-Allow-Origin"], a.Header["Access-Control-Allow-Credentials"] = c.origin, c.cookies
			if c.origin == "" {
				a.Header["Access-Control-Allow-Origin"] = f.Target.Origin
			}
		}
		for i := range f.Backend.Posts {
			set(&f.Backend.Posts[i])
		}
		if f.Backend.Preflight != nil {
			set(f.Backend.Preflight)
		}
		r := Judge(f)
		if rootID(r) != causes.CORSBlocked || r.Causes[0].Location.Line != c.line || !strings.Contains(r.Causes[0].Fix[0].Text, c.says) {
			t.Errorf("%s: %+v", name, r.Causes)
		}
	}
}

// Clerk marks each response to a visitor without a session; only a guard's own says that the endpoint requires one.
func TestSignedOutBesideA404(t *testing.T) {
	for begin, want := range map[string]bool{
		"": true, "<pre>Not Found</pre>": true, "<pre>Cannot GET /chat/token</pre>": false, `{"error":"Route not found","path":"/chat/token"}`: false,
	} {
		a := facts.Answer{Status: 404, Method: "GET", Begin: begin, Header: map[string]string{"X-Clerk-Auth-Status": "signed-out"}}
		if a.SignedOut() != want {
			t.Errorf("%q: %v, want %v", begin, !want, want)
		}
	}
}
