package facts

import "testing"

// asking is a project with one server, one entry and one front end that sends the user's ID.
func asking(change func(*Facts)) *Facts {
	f := &Facts{
		Target: TargetFacts{URL: "http://localhost:4000/api/token", URLSource: "web/chat.js:3", UserID: DefaultUserID, Origin: "http://localhost:5173", OriginSource: "web/package.json:1"},
		Project: &Project{
			Servers: []ServerCode{{File: "server/index.js", Ports: []Port{{Port: 4000}}, Routes: []Route{{Method: "POST", Path: "/api/token"}}}},
			Sites:   []Site{{Callee: "createToken", Runs: IsRead, User: User{From: "body", Name: "userId", Known: IsRead}}},
			Entries: []Entry{{Kind: EntryHTTP, Method: "POST", Path: "/api/token", Fields: []string{"userId"}, Known: IsRead}},
			Fetches: []Fetch{{URL: "http://localhost:4000/api/token", Method: "POST", File: "web/chat.js", Line: 3, Known: IsRead, Body: []string{"userId"}, Type: "json"}},
		},
	}
	if change != nil {
		change(f)
	}
	return f
}

// How well each part of the request is known: what badsig made up is assumed.
func TestHowWellTheRequestIsKnown(t *testing.T) {
	noFront := func(f *Facts) { f.Project.Fetches = nil }
	unread := func(f *Facts) { f.Project.Sites, f.Project.Entries, f.Project.Servers = nil, nil, nil }
	for _, c := range []struct {
		name   string
		change func(*Facts)
		part   func(TargetKnown) Known
		want   Known
	}{
		{"the front end's URL", nil, url0, IsRead},
		{"--url", func(f *Facts) { f.Target.URLSource = "flag" }, url0, IsGiven},
		{"no one's URL", func(f *Facts) { f.Target.URLSource = "default" }, url0, IsAssumed},
		{"a guessed origin", func(f *Facts) { f.Target.OriginSource = "guess" }, origin0, IsAssumed},
		{"test123", nil, user0, IsAssumed},
		{"--user-id", func(f *Facts) { f.Target.Known.User = IsGiven }, user0, IsGiven},

		{"the front end's method", nil, method0, IsRead},
		{"the handler's method, without a front end", noFront, method0, IsRead},
		{"no method anywhere", func(f *Facts) { noFront(f); unread(f) }, method0, IsAssumed},
		{"--method", func(f *Facts) { noFront(f); unread(f); f.Target.Method = "PUT" }, method0, IsGiven},

		{"another origin without credentials sends none", nil, session0, IsRead},
		{"cookies are sent, and nothing reads them", func(f *Facts) { f.Project.Fetches[0].Credentials = true }, session0, IsRead},
		{"cookies are sent to a guard", func(f *Facts) {
			f.Project.Fetches[0].Credentials, f.Project.Entries[0].Session = true, "jwt"
		}, session0, IsAssumed},
		{"a page of the same origin sends its cookies unasked", func(f *Facts) {
			f.Project.Fetches[0].URL, f.Project.Entries[0].Session = "/api/token", "clerk"
		}, session0, IsAssumed},
		{"a header of the front end's own", func(f *Facts) {
			f.Project.Fetches[0].Headers, f.Project.Entries[0].Session = []string{"x-api-key"}, "x-api-key"
		}, session0, IsAssumed},
		{"a guard, and no front end", func(f *Facts) { noFront(f); f.Project.Entries[0].Session = "Authorization" }, session0, IsAssumed},
		{"--header", func(f *Facts) { noFront(f); f.Target.Headers = true }, session0, IsGiven},

		{"the front end's fields", nil, body0, IsRead},
		{"the handler's fields, without a front end", noFront, body0, IsRead},
		{"a password that badsig doesn't have", func(f *Facts) {
			f.Project.Fetches[0].Body = []string{"email", "password"}
			f.Project.Entries[0].Fields = []string{"email", "password"}
		}, body0, IsAssumed},
		{"fields that the front end's source doesn't show, and the handler's does", func(f *Facts) { f.Project.Fetches[0].Body, f.Project.Fetches[0].BodyOpen = nil, true }, body0, IsRead},
		{"fields that no one's source shows", func(f *Facts) { f.Project.Fetches[0].BodyOpen = true; unread(f) }, body0, IsAssumed},
		{"--data", func(f *Facts) { noFront(f); unread(f); f.Target.Data = true }, body0, IsGiven},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := c.part(asking(c.change).Request()); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}

func url0(k TargetKnown) Known { return k.URL }

func method0(k TargetKnown) Known { return k.Method }

func user0(k TargetKnown) Known { return k.User }

func origin0(k TargetKnown) Known { return k.Origin }

func session0(k TargetKnown) Known { return k.Session }

func body0(k TargetKnown) Known { return k.Body }

func TestPathFits(t *testing.T) {
	for route, paths := range map[string]map[string]bool{
		"/token":           {"/token": true, "/token/": true, "/token/x": false, "/": false},
		"/token/:id":       {"/token/a": true, "/token": false, "/token/a/b": false},
		"/token/:id?":      {"/token/a": true, "/token": true},
		"/u/{id}/token":    {"/u/7/token": true, "/u/7/tokens": false},
		"/api/[id]":        {"/api/7": true},
		"/api/[...rest]":   {"/api/a/b": true},
		"/files/*":         {"/files/a/b": true},
		"/u/<int:id>/chat": {"/u/3/chat": true},
	} {
		for path, want := range paths {
			if got := PathFits(route, path); got != want {
				t.Errorf("%s, %s: %v", route, path, got)
			}
		}
	}
}

// Of two servers with the same route none is chosen, unless it is known which gets the request.
func TestTheEntryOfTheServerThatWasRequested(t *testing.T) {
	f := asking(func(f *Facts) {
		f.Project.Servers = append(f.Project.Servers, ServerCode{File: "b/index.js", Ports: []Port{{Port: 4000}}})
		e := f.Project.Entries[0]
		e.Server, e.File = 1, "b/index.js"
		f.Project.Entries = append(f.Project.Entries, e)
	})
	if e := f.Entry(); e != nil {
		t.Errorf("an entry is taken: %+v", e)
	}
	if c := f.ServerCode(); c != nil {
		t.Errorf("a server is taken: %s", c.File)
	}
	f.Server = &Server{Code: 1}
	if e := f.Entry(); e == nil || e.File != "b/index.js" {
		t.Errorf("%+v", e)
	}
}

// Routes that write are requested only by name.
func TestRoutesThatWriteAreRequestedByNameAlone(t *testing.T) {
	f := asking(func(f *Facts) { f.Project.Entries[0].Writes = []Place{{File: "server/index.js", Line: 12}} })
	if f.Writes() == nil || !f.Once() {
		t.Error("it would be requested unasked")
	}
	f.Target.URLSource = "flag"
	if f.Writes() != nil || !f.Once() {
		t.Error("named by --url it is requested, once")
	}

	signUp := asking(func(f *Facts) {
		f.Target.URL, f.Project.Entries[0].Path, f.Project.Entries[0].Fields = "http://localhost:4000/auth/signup", "/auth/signup", []string{"nick", "password"}
		f.Project.Fetches[0].URL = f.Target.URL
	})
	if signUp.Writes() == nil {
		t.Error("a sign-up that wants a password would be requested without one")
	}
	if signUp.Target.Data = true; signUp.Writes() != nil {
		t.Error("with --data it may be requested")
	}
	signUp.Target.Data, signUp.Project.Entries[0].Fields = false, []string{"userId"}
	if signUp.Writes() != nil {
		t.Error("a route that only has a sign-up's name, and wants what badsig has, may be requested")
	}

	unread := asking(func(f *Facts) {
		f.Target.URL, f.Project.Entries, f.Project.Sites = "http://localhost:4000/api/auth/sign-up", nil, nil
		f.Project.Fetches[0].URL = f.Target.URL
	})
	if unread.Writes() == nil {
		t.Error("a sign-up whose handler couldn't be read would be requested unasked")
	}
}
