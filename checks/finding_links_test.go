package checks

import (
	"reflect"
	"strings"
	"testing"

	"badsig/checks/causes"
	"badsig/checks/probe"
)

// Every cause says what it rests on; one that doesn't is no error.
func TestEveryCauseSaysWhatItRestsOn(t *testing.T) {
	for _, p := range causes.Pages() {
		id := p.ID
		if len(rests[id]) == 0 {
			t.Errorf("%s rests on nothing", id)
		}
	}
	for id := range rests {
		if _, ok := causes.PageOf(id); !ok {
			t.Errorf("%s is in no catalogue", id)
		}
	}
	r := honest(sound(), found("seen", nil, Cause{ID: "no-such-cause", Severity: Error}))
	if r.Status != Unknown || len(r.Causes) > 0 {
		t.Errorf("a cause that rests on nothing: %s %v", r.Status, r.Causes)
	}
}

// One assumed link makes unknown of an error, and the result names it with what supplies it.
func TestOneAssumedLinkIsNoError(t *testing.T) {
	missing := Link{What: "the color of the door", Known: probe.IsAssumed, Next: []Step{{Text: "say it with --color", Command: "badsig check --color red"}}}
	for _, known := range []probe.Known{probe.IsGiven, probe.IsSeen, probe.IsRead} {
		c := cause(causes.TokenDev, Proven, "x", nil, nil).on(Link{Known: known})
		if r := honest(sound(), found("seen", nil, c)); r.Status != Fail || len(r.Causes) != 1 {
			t.Errorf("%s: %s %v", known, r.Status, r.Causes)
		}
	}
	c := cause(causes.TokenDev, Proven, "x", nil, nil).on(Link{Known: probe.IsSeen}, missing)
	r := honest(sound(), found("seen", nil, c))
	if r.Status != Unknown || len(r.Causes) > 0 || r.Cause != "" {
		t.Errorf("%s %v", r.Status, r.Causes)
	}
	if !strings.Contains(r.Summary, "badsig doesn't know the color of the door: say it with --color") || len(r.Next) != 1 {
		t.Errorf("%q %v", r.Summary, r.Next)
	}
	if r := honest(sound(), found("seen", nil, lesser(c))); r.Status != Warn || len(r.Causes) != 1 {
		t.Errorf("a warning rests on no chain: %s %v", r.Status, r.Causes)
	}
	if got := diagnose([]Result{{Causes: []Cause{cause(causes.TokenDev, Proven, "x", nil, nil)}}}); len(got) > 0 {
		t.Errorf("an error that nobody has examined is reported: %v", got)
	}
}

// The command that goes on keeps the flags that were given, and changes one.
func TestCommandsKeepTheGivenFlags(t *testing.T) {
	f := sound()
	f.Target.Flags = []string{"--url http://localhost:4000/token", "--header 'Cookie: …'", "--timeout 2s"}
	for want, got := range map[string]string{
		"badsig check --url http://localhost:4000/token --header 'Cookie: …' --timeout 60s":                  again(f, "timeout", "--timeout 60s"),
		"badsig check --header 'Cookie: …' --timeout 2s --url U":                                             again(f, "url", "--url U"),
		"badsig check --url http://localhost:4000/token --header 'Cookie: …' --timeout 2s --header 'X-A: …'": again(f, "header", "--header 'X-A: …'"),
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// A rule sees only what its check declares, so a run and a replay agree: with
// everything else taken out of the facts it says the same.
func TestRulesReadWhatTheyDeclare(t *testing.T) {
	for name, f := range factsOfAllKinds() {
		for _, c := range All() {
			whole, declared := honest(f, c.Rule(f)), honest(f, c.Rule(view(f, c.Uses)))
			if !reflect.DeepEqual(whole, declared) {
				t.Errorf("%s reads what it doesn't declare, of %s:\n%+v\n%+v", c.ID, name, whole, declared)
			}
		}
	}
}

// factsOfAllKinds are recorded by hand: each changes one thing of a project at which nothing is wrong.
func factsOfAllKinds() map[string]*probe.Facts {
	out := map[string]*probe.Facts{}
	for name, change := range map[string]func(*probe.Facts){
		"nothing":       func(*probe.Facts) {},
		"server down":   refuse,
		"login":         func(f *probe.Facts) { answer(f, 401, asJSON, `{"error":"no"}`) },
		"page":          func(f *probe.Facts) { answer(f, 200, asHTML, "<!doctype html><html></html>") },
		"crash":         func(f *probe.Facts) { answer(f, 500, asHTML, "<pre>Error: x</pre>") },
		"other user":    func(f *probe.Facts) { give(f, fresh("someone-else")) },
		"no user":       func(f *probe.Facts) { give(f, map[string]any{"userId": "test123"}) },
		"given":         func(f *probe.Facts) { use(f, jws(hs256, fresh("jane"))) },
		"no CORS":       func(f *probe.Facts) { f.Backend.Posts[0].Header, f.Backend.Preflight.Header = nil, nil },
		"kept":          func(f *probe.Facts) { f.Backend.Posts[0].Header["Cache-Control"] = "public, max-age=600" },
		"second server": secondServer,
		"two processes": func(f *probe.Facts) {
			f.Process.Listeners = []probe.Listener{ours(4711, "ipv6", "::1"), strange(99, "ipv4", "127.0.0.1", "node")}
			f.Backend.ByFamily = []probe.Answer{f.Backend.Posts[0], {Method: "POST", URL: probe.DefaultURL, Family: "ipv4", Status: 403}}
		},
	} {
		f := sound()
		change(f)
		out[name] = f
	}
	return out
}

// secondServer puts another server before the one that is asked.
func secondServer(f *probe.Facts) {
	first := f.Project.Servers[0]
	first.Dir, first.File, first.Start = "a-server", "a-server/index.js", "npm run a"
	first.Ports = []probe.Port{{Port: 4561, File: first.File, Line: 3}}
	first.Routes = []probe.Route{{Method: "POST", Path: "/api/stream/token", File: first.File, Line: 9}}
	f.Project.Servers = append([]probe.ServerCode{first}, f.Project.Servers...)
	f.Server.Code = 1
	give(f, map[string]any{"userId": "test123"})
}

// Of several servers the one that was asked is named, and none where that isn't known.
func TestNothingFallsBackToTheFirstServer(t *testing.T) {
	f := sound()
	secondServer(f)
	r := Judge(f)
	if c := r.Root(); c == nil || c.ID != causes.UserIDMissing || c.Location == nil || c.Location.File != "server/server.js" {
		t.Errorf("%+v", r.Root())
	}
	f.Server = nil
	f.Project.Servers[1].Ports = nil
	f.Project.Servers[0].Ports = nil
	if c := serverCode(f); c != nil {
		t.Errorf("two servers, none known to have been asked, and %s is taken", c.File)
	}
}
