package ui

import (
	"context"
	"flag"
	"io"
	"log"
	"os"
	"strings"
	"testing"
	"time"

	"badsig/checks"
	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/probe/vault"
	"badsig/checks/rules/parts"
	"badsig/tokens"
)

var update = flag.Bool("update", false, "write the golden frames anew")

func TestMain(m *testing.M) {
	log.SetOutput(io.Discard) // as the command line does, until --debug-log is read
	time.Local = time.UTC
	if mode := os.Getenv(helperEnv); mode != "" {
		os.Exit(helper(mode))
	}
	flag.Parse()
	_ = flag.Set("test.parallel", "6") // what is parallel here waits for other processes
	os.Exit(m.Run())
}

// noon is the fixed clock of the frames.
var noon = time.Date(2026, 11, 22, 12, 4, 31, 0, time.UTC)

const (
	appKey    = "jx3vwq8mqzp3"
	appSecret = "m4x8inventedinventedinventedinventedinventedinventedinvented9pa2"
)

// scenes are made-up diagnoses, as the engine's events would bring them.
type scene struct {
	target facts.Target
	facts  *facts.Facts
	world  *vault.World
	report *checks.Report
}

func mustMint(secret, user string, at time.Time) string {
	raw, err := tokens.Mint(tokens.NewSecret([]byte(secret)), user, at, tokens.MintOptions{})
	if err != nil {
		panic(err)
	}
	return raw
}

// plan is the checks of the made-up runs: frames shall not change because the
// registry grows. TestStepsExist keeps the checklist to the real ids.
var plan = []struct {
	id    finding.ID
	title string
}{
	{"server-listens", "backend is listening on port 3001"},
	{"server-is-ours", "port 3001 belongs to this project"},
	{"server-fresh", "backend restarted since last edit"},
	{"endpoint-answers", "token endpoint responds"},
	{"endpoint-json", "response is JSON with a token"},
	{"endpoint-cors", "CORS lets the browser read it"},
	{"endpoint-cache", "token response isn't cached"},
	{"token-formed", "token is a well-formed JWT"},
	{"token-user", "token is for the requested user"},
	{"token-times", "token times (iat, exp) are valid"},
	{"secret-signs", "token is signed with app's secret"},
	{"secret-read", "project has the right API secret"},
	{"key-agrees", "same API key everywhere"},
	{"secret-hidden", "API secret isn't exposed"},
	{"pair-matches", "Stream: API key and secret match"},
	{"stream-accepts", "Stream accepts the user's token"},
	{"token-current", "browser's token is up to date"},
}

// base is a healthy project in which the backend signs with the right secret.
func base(t testing.TB, secret string) *scene {
	sc := &scene{target: facts.Target{Dir: ".", UserID: "test123", UserName: "Test User"}}
	w := vault.New(sc.target)
	key := w.AddValue(facts.Value{What: facts.WhatKey, Name: "STREAM_API_KEY", Kind: facts.KindEnvFile, Role: facts.RoleServer, File: "server/.env", Line: 1, Loaded: true, Read: true, Wins: true, Pair: 1}, []byte(appKey))
	sec := w.AddSecret(facts.Value{What: facts.WhatSecret, Name: "STREAM_API_SECRET", Kind: facts.KindEnvFile, Role: facts.RoleServer, File: "server/.env", Line: 2, Loaded: true, Read: true, Wins: true, Pair: 0}, tokens.NewSecret([]byte(secret)))
	front := w.AddValue(facts.Value{What: facts.WhatKey, Name: "STREAM_API_KEY", Kind: facts.KindLiteral, Role: facts.RoleFront, File: "stream/src/config/streamConfig.js", Line: 2, Loaded: true, Read: true, Wins: true, Pair: -1}, []byte(appKey))
	raw := mustMint(secret, "test123", noon.Add(-2*time.Second))
	tok := tokens.Parse(raw)
	signer := &tokens.Signer{Hits: []tokens.Hit{{Candidate: sec, Length: len(secret)}}, Candidates: 3, Damages: 40, Tried: 120}
	w.AddToken(facts.Token{Source: "backend", Field: "token", Header: tok.Header, Claims: tok.Claims, Shown: tok.Redacted(), Segments: 3, SigLen: 32, Signer: signer, ReceivedAt: noon.Add(-2 * time.Second)}, raw)
	w.Update(func(f *facts.Facts) {
		f.At = noon.Add(-2 * time.Second)
		f.Target.URL, f.Target.URLSource = facts.DefaultURL, "default"
		f.Target.Origin, f.Target.OriginSource = "http://localhost:5173", "stream/vite.config.js:4"
		f.Project = &facts.Project{Files: 12}
		f.Process = &facts.Listeners{Port: 3001, Known: true, Listeners: []facts.Listener{{Family: "dual", Port: 3001, PID: 4711, Name: "node", Start: noon.Add(-3 * time.Minute)}}}
		f.Server = &facts.Server{PID: 4711, Dir: "server", Command: "cd server && npm run dev", Secret: sec, SecretKnown: true, Key: key, KeyKnown: true, FrontKeys: []int{front}}
		f.Backend = &facts.Backend{Posts: []facts.Answer{{Method: "POST", Status: 200, JSON: true, Tokens: []int{0}}}}
		f.Stream = &facts.Stream{Asked: true, Reachable: true, Requests: 3,
			Grid:    []facts.Pair{{Key: appKey, Secret: sec, Answer: facts.StreamAnswer{Status: 200}}},
			App:     &facts.App{ID: 1234, Name: "Invented App"},
			Control: &facts.StreamAnswer{Status: 401, Code: 43, Message: "JWTAuth error: signature is not valid"},
			User:    &facts.StreamAnswer{Status: 200}, UserKey: appKey}
	})
	sc.world = w
	sc.report = &checks.Report{Version: 1, Verdict: checks.Accepted, Stream: &checks.ReportStream{Status: 200, Source: "asked"},
		Token: &parts.ReportToken{Source: "backend", SignedBy: "server/.env:2"}}
	for _, c := range plan {
		sc.report.Checks = append(sc.report.Checks, finding.Result{ID: c.id, Title: c.title, Status: finding.Pass, Summary: "all is well", TookMs: 2.4})
	}
	sc.refresh()
	return sc
}

func (sc *scene) refresh() {
	sc.facts = sc.world.Snapshot()
	sc.report.Facts = sc.facts
}

// set changes one check's result.
func (sc *scene) set(id finding.ID, st finding.Status, summary string, cause causes.ID) {
	for i := range sc.report.Checks {
		if r := &sc.report.Checks[i]; r.ID == id {
			r.Status, r.Summary, r.Cause = st, summary, cause
		}
	}
}

func accepted(t testing.TB) *scene { return base(t, appSecret) }

// rejected is the trailing space of the brief.
func rejected(t testing.TB) *scene {
	sc := base(t, appSecret+" ")
	const refusal = `JWTAuth error: signature is not valid. Make sure the token is created using the secret for API key "` + appKey + `"`
	sc.world.Update(func(f *facts.Facts) {
		f.Stream.User = &facts.StreamAnswer{Status: 401, Code: 43, Message: refusal}
		f.Stream.Grid[0].Cleaned = true
		f.Values[1].Blemishes = []string{"trailing-space"}
	})
	sc.report.Verdict = checks.Rejected
	sc.report.Stream = &checks.ReportStream{Status: 401, Code: 43, Message: refusal, Source: "asked"}
	sc.report.Causes = []finding.Cause{
		{ID: "secret-whitespace", Severity: causes.Error, Certainty: finding.Proven, Hop: "backend-stream",
			Title:    "The API secret ends in a space",
			Summary:  "The backend signs with your secret plus a trailing space, so the signature doesn't match. The token verifies with the space and not without it.",
			Location: &finding.Location{File: "server/.env", Line: 2},
			Evidence: []finding.Evidence{{Label: "the token verifies with", Got: "65 characters #5df49c1e", Want: "64 characters #9f3a21cc", Source: "server/.env:2"}},
			Fix: []finding.Step{{Text: "in server/.env line 2, remove the trailing space before the closing quote"},
				{Text: "restart the backend", Command: "cd server && npm run dev"}}},
		{ID: "token-cacheable", Severity: causes.Warning, Certainty: finding.Likely, Hop: "front-backend", Title: "The token response can be cached",
			Summary: "The response has no Cache-Control header.", Evidence: []finding.Evidence{},
			Fix: []finding.Step{{Text: "send Cache-Control: no-store with the response"}}},
	}
	sc.set("secret-signs", finding.Fail, "signed by server/.env:2 plus one trailing space", "secret-whitespace")
	sc.set("secret-read", finding.Fail, "server/.env:2 ends in a space", "secret-whitespace")
	sc.set("stream-accepts", finding.Fail, "401, code 43", "")
	sc.set("endpoint-cache", finding.Warn, "no Cache-Control", "token-cacheable")
	sc.refresh()
	return sc
}

// down is a backend that is not started.
func down(t testing.TB) *scene {
	sc := base(t, appSecret)
	w := vault.New(sc.target)
	w.Update(func(f *facts.Facts) {
		f.At = noon
		f.Target.URL, f.Target.URLSource = facts.DefaultURL, "default"
		f.Project = &facts.Project{Files: 12}
		f.Process = &facts.Listeners{Port: 3001, Known: true}
		f.Server = &facts.Server{Secret: -1, Key: -1, Command: "cd server && npm run dev"}
		f.Backend = &facts.Backend{Dials: []facts.Dial{{Address: "127.0.0.1:3001", Error: "refused"}}}
		f.Stream = &facts.Stream{Error: "no-such-host", Asked: true}
	})
	sc.world = w
	sc.report.Verdict, sc.report.Stream, sc.report.Token = checks.Rejected, nil, nil
	sc.report.Causes = []finding.Cause{{ID: "server-down", Severity: causes.Error, Certainty: finding.Proven, Hop: "backend",
		Title: "Nothing is listening on port 3001", Summary: "The front end requests tokens from a port where nothing is listening.",
		Evidence: []finding.Evidence{{Label: "connect to 127.0.0.1:3001", Got: "refused"}},
		Fix:      []finding.Step{{Text: "start the backend", Command: "cd server && npm run dev"}}}}
	for i := range sc.report.Checks {
		r := &sc.report.Checks[i]
		r.Status, r.Summary, r.BlockedBy = finding.Skip, "", "server-listens"
	}
	sc.set("server-listens", finding.Fail, "every address refuses the connection", "server-down")
	sc.set("pair-matches", finding.Unknown, "Stream is unreachable", "")
	sc.refresh()
	return sc
}

// unproven is a project without a problem, while Stream can't be reached.
func unproven(t testing.TB) *scene {
	sc := base(t, appSecret)
	sc.world.Update(func(f *facts.Facts) { f.Stream = &facts.Stream{Asked: true, Error: "no-such-host"} })
	sc.report.Verdict, sc.report.Stream = checks.Unproven, nil
	for _, id := range []finding.ID{"secret-signs", "pair-matches", "stream-accepts"} {
		sc.set(id, finding.Unknown, "Stream could not be reached: no such host", "")
	}
	sc.refresh()
	return sc
}

// hostile puts everything into strings from outside that could break a frame.
func hostile(t testing.TB) *scene {
	sc := rejected(t)
	bad := "漢字テスト 👩‍👩‍👧‍👦 🇩🇪🇯🇵 é́\ttab \x1b[2J\x1b[31m \u202e rtl \u200b zw\nnew " + strings.Repeat("長い", 60)
	c := &sc.report.Causes[0]
	c.Title, c.Summary, c.Location.File = bad, bad, bad
	c.Evidence = append(c.Evidence, finding.Evidence{Label: bad, Got: bad, Want: bad + "x", Source: bad})
	c.Fix = append(c.Fix, finding.Step{Text: bad, Command: bad})
	for i := range sc.report.Checks {
		sc.report.Checks[i].Title, sc.report.Checks[i].Summary = bad, bad
	}
	sc.target.UserID, sc.target.UserName = "漢👩‍👩‍👧‍👦🇩🇪", bad
	sc.world.Update(func(f *facts.Facts) {
		f.Target.URL, f.Target.Origin, f.Target.URLSource = "http://localhost:3001/"+bad, bad, bad
		f.Process.Listeners[0].Name = bad
		f.Values[1].File = bad
		f.Tokens[0].Claims["name"] = bad
	})
	sc.report.Stream.Message = bad
	sc.refresh()
	return sc
}

// events are the run of a scene.
func (sc *scene) events(run int) []checks.Event {
	plan := make([]finding.Result, 0, len(sc.report.Checks))
	evs := []checks.Event{{}}
	for _, r := range sc.report.Checks {
		plan = append(plan, finding.Result{ID: r.ID, Title: r.Title})
		evs = append(evs, checks.Event{Kind: checks.Started, Check: r.ID}, checks.Event{Kind: checks.Finished, Check: r.ID, Result: r})
	}
	evs[0] = checks.Event{Kind: checks.Planned, Plan: plan}
	evs = append(evs, checks.Event{Kind: checks.FactsIn, Facts: sc.facts, World: sc.world},
		checks.Event{Kind: checks.Done, Facts: sc.facts, Report: sc.report, World: sc.world})
	for i := range evs {
		evs[i].Run = run
	}
	return evs
}

// runner is an engine that plays scenes: the first run the first one, and the
// last one again and again.
func runner(scenes ...*scene) Runner {
	n := 0
	return func(_ context.Context, _ facts.Target, o checks.Options) <-chan checks.Event {
		sc := scenes[min(n, len(scenes)-1)]
		n++
		evs := sc.events(o.Run)
		ch := make(chan checks.Event, len(evs))
		for _, ev := range evs {
			ch <- ev
		}
		close(ch)
		return ch
	}
}
