package checks

import (
	"reflect"
	"strings"
	"testing"

	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/internal/factstest"
	"badsig/checks/rules"
)

// Every cause says what it rests on; one that doesn't isn't an error.
func TestEveryCauseSaysWhatItRestsOn(t *testing.T) {
	for _, p := range causes.Pages() {
		if len(p.Rests) == 0 {
			t.Errorf("%s rests on nothing", p.ID)
		}
		for _, word := range p.Rests {
			if rules.Grounds[word] == nil {
				t.Errorf("%s rests on %q, which isn't known", p.ID, word)
			}
		}
	}
	r := rules.Honest(factstest.Sound(), finding.Found("seen", nil, finding.Cause{ID: "no-such-cause", Severity: causes.Error}))
	if r.Status != finding.Unknown || len(r.Causes) > 0 {
		t.Errorf("a cause that rests on nothing: %s %v", r.Status, r.Causes)
	}
}

// One assumed link makes unknown of an error, and the result names it with what supplies it.
func TestOneAssumedLinkIsNoError(t *testing.T) {
	missing := finding.Link{What: "the color of the door", Known: facts.IsAssumed, Next: []finding.Step{{Text: "say it with --color", Command: "badsig check --color red"}}}
	for _, known := range []facts.Known{facts.IsGiven, facts.IsSeen, facts.IsRead} {
		c := finding.New(causes.TokenDev, finding.Proven, "x", nil, nil).On(finding.Link{Known: known})
		if r := rules.Honest(factstest.Sound(), finding.Found("seen", nil, c)); r.Status != finding.Fail || len(r.Causes) != 1 {
			t.Errorf("%s: %s %v", known, r.Status, r.Causes)
		}
	}
	c := finding.New(causes.TokenDev, finding.Proven, "x", nil, nil).On(finding.Link{Known: facts.IsSeen}, missing)
	r := rules.Honest(factstest.Sound(), finding.Found("seen", nil, c))
	if r.Status != finding.Unknown || len(r.Causes) > 0 || r.Cause != "" {
		t.Errorf("%s %v", r.Status, r.Causes)
	}
	if !strings.Contains(r.Summary, "badsig doesn't know the color of the door: say it with --color") || len(r.Next) != 1 {
		t.Errorf("%q %v", r.Summary, r.Next)
	}
	if r := rules.Honest(factstest.Sound(), finding.Found("seen", nil, finding.Lesser(c))); r.Status != finding.Warn || len(r.Causes) != 1 {
		t.Errorf("a warning rests on no chain: %s %v", r.Status, r.Causes)
	}
	if got := diagnose([]finding.Result{{Causes: []finding.Cause{finding.New(causes.TokenDev, finding.Proven, "x", nil, nil)}}}); len(got) > 0 {
		t.Errorf("an error that no one has examined is reported: %v", got)
	}
}

// The command that goes on keeps the flags that were passed, and changes one.
func TestCommandsKeepTheGivenFlags(t *testing.T) {
	f := factstest.Sound()
	f.Target.Flags = []string{"--url http://localhost:4000/token", "--header 'Cookie: …'", "--timeout 2s"}
	for want, got := range map[string]string{
		"badsig check --url http://localhost:4000/token --header 'Cookie: …' --timeout 60s":                  rules.Again(f, "timeout", "--timeout 60s"),
		"badsig check --header 'Cookie: …' --timeout 2s --url U":                                             rules.Again(f, "url", "--url U"),
		"badsig check --url http://localhost:4000/token --header 'Cookie: …' --timeout 2s --header 'X-A: …'": rules.Again(f, "header", "--header 'X-A: …'"),
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
			whole, declared := rules.Honest(f, c.Rule(f)), rules.Honest(f, c.Rule(view(f, c.Uses)))
			if !reflect.DeepEqual(whole, declared) {
				t.Errorf("%s reads what it doesn't declare, of %s:\n%+v\n%+v", c.ID, name, whole, declared)
			}
		}
	}
}

// factsOfAllKinds are recorded by hand: each changes one thing of a project at which nothing is wrong.
func factsOfAllKinds() map[string]*facts.Facts {
	out := map[string]*facts.Facts{}
	for name, change := range map[string]func(*facts.Facts){
		"nothing":       func(*facts.Facts) {},
		"server down":   factstest.Refuse,
		"login":         func(f *facts.Facts) { factstest.Answer(f, 401, factstest.AsJSON, `{"error":"no"}`) },
		"page":          func(f *facts.Facts) { factstest.Answer(f, 200, factstest.AsHTML, "<!doctype html><html></html>") },
		"crash":         func(f *facts.Facts) { factstest.Answer(f, 500, factstest.AsHTML, "<pre>Error: x</pre>") },
		"other user":    func(f *facts.Facts) { factstest.Give(f, factstest.Fresh("someone-else")) },
		"no user":       func(f *facts.Facts) { factstest.Give(f, map[string]any{"userId": "test123"}) },
		"given":         func(f *facts.Facts) { factstest.Use(f, factstest.Jws(factstest.Hs256, factstest.Fresh("jane"))) },
		"no CORS":       func(f *facts.Facts) { f.Backend.Posts[0].Header, f.Backend.Preflight.Header = nil, nil },
		"kept":          func(f *facts.Facts) { f.Backend.Posts[0].Header["Cache-Control"] = "public, max-age=600" },
		"second server": secondServer,
		"two processes": func(f *facts.Facts) {
			f.Process.Listeners = []facts.Listener{factstest.Ours(4711, "ipv6", "::1"), factstest.Strange(99, "ipv4", "127.0.0.1", "node")}
			f.Backend.ByFamily = []facts.Answer{f.Backend.Posts[0], {Method: "POST", URL: facts.DefaultURL, Family: "ipv4", Status: 403}}
		},
	} {
		f := factstest.Sound()
		change(f)
		out[name] = f
	}
	return out
}

// secondServer puts another server before the one that gets the request.
func secondServer(f *facts.Facts) {
	first := f.Project.Servers[0]
	first.Dir, first.File, first.Start = "a-server", "a-server/index.js", "npm run a"
	first.Ports = []facts.Port{{Port: 4561, File: first.File, Line: 3}}
	first.Routes = []facts.Route{{Method: "POST", Path: "/api/stream/token", File: first.File, Line: 9}}
	f.Project.Servers = append([]facts.ServerCode{first}, f.Project.Servers...)
	f.Server.Code = 1
	factstest.Give(f, map[string]any{"userId": "test123"})
}

// Of several servers the one that got the request is named, and none where that isn't known.
func TestNothingFallsBackToTheFirstServer(t *testing.T) {
	f := factstest.Sound()
	secondServer(f)
	r := Judge(f)
	if c := r.Root(); c == nil || c.ID != causes.UserIDMissing || c.Location == nil || c.Location.File != "server/server.js" {
		t.Errorf("%+v", r.Root())
	}
	f.Server = nil
	f.Project.Servers[1].Ports = nil
	f.Project.Servers[0].Ports = nil
	if c := facts.CodeOf(f); c != nil {
		t.Errorf("two servers, none known to have been asked, and %s is taken", c.File)
	}
}

// Of an endpoint that no file and no flag names nothing is found, no matter what responds there.
func TestNothingIsFoundOfAnEndpointThatNoOneNamed(t *testing.T) {
	for name, change := range factsOfAllKinds() {
		if name == "no user" || name == "second server" || name == "given" || name == "other user" {
			continue // a token that was seen is judged
		}
		change.Target.URLSource, change.Project = "default", &facts.Project{}
		change.Server.Code = -1
		if r := Judge(change); len(r.Causes) > 0 {
			t.Errorf("%s: %+v", name, r.Causes[0])
		}
	}
}
