package rules

import (
	"strings"
	"testing"
	"time"

	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/internal/factstest"
	"badsig/checks/rules/signature"
)

// What Stream says of a product, a region, a limit or its own state accuses no one.
func TestStreamsWordsThatAccuseNoOne(t *testing.T) {
	for _, a := range []facts.StreamAnswer{
		{Status: 401, Code: 2, Message: `GetApp failed with error: "Chat is not enabled for organization with id 7 and name x"`},
		{Status: 400, Code: 69, Message: "wrong region"},
		{Status: 400, Code: 5, Message: "something is not right"},
		{Status: 400, Code: 5},
		{Status: 429, Code: 9, Message: "Too many requests"},
		{Status: 503, Code: 43, Message: "signature is not valid"},
	} {
		f := factstest.Sound()
		f.Stream = &facts.Stream{Asked: true, Reachable: true, User: &a, UserKey: "abcdefgh1234"}
		r := Honest(f, signature.StreamAccepts(f))
		if r.Status != finding.Unknown || len(r.Causes) > 0 {
			t.Errorf("%d %d %q: %s %v", a.Status, a.Code, a.Message, r.Status, r.Causes)
		}
	}
	f := factstest.Sound()
	f.Stream = &facts.Stream{Asked: true, Reachable: true, User: &facts.StreamAnswer{Status: 401, Code: 43, Message: `JWTAuth error: signature is not valid`}}
	if r := signature.StreamAccepts(f); r.Status != finding.Fail {
		t.Errorf("Stream's rejection of a signature: %s", r.Status)
	}
}

// An app of another region accuses no secret, and the base URL that the project sets is named with its line.
func TestAnotherRegion(t *testing.T) {
	answer := facts.StreamAnswer{Status: 400, Code: 69, Message: "wrong region"}
	for _, c := range []struct {
		bases []facts.StreamBase
		says  string
	}{
		{nil, "the project sets no other base URL"},
		{[]facts.StreamBase{{Name: "STREAM_BASE_URL", URL: "https://chat-dublin.stream-io-api.com", Asked: true, Place: facts.Place{File: "server/.env", Line: 4}}}, "than https://chat-dublin.stream-io-api.com, which the project sets (STREAM_BASE_URL, server/.env:4)"},
	} {
		f := factstest.Sound()
		f.Target.StreamBases = c.bases
		f.Stream = &facts.Stream{Asked: true, Reachable: true, User: &answer, UserKey: "abcdefgh1234", Grid: []facts.Pair{{Key: "abcdefgh1234", Secret: -1, Answer: answer}}}
		for _, r := range []finding.Result{Honest(f, signature.StreamAccepts(f)), Honest(f, signature.PairMatches(f))} {
			if r.Status != finding.Unknown || len(r.Causes) > 0 || !strings.Contains(r.Summary, c.says) {
				t.Errorf("%s %v %q, want %q", r.Status, r.Causes, r.Summary, c.says)
			}
		}
	}
	f := factstest.Sound()
	f.Target.StreamBases = []facts.StreamBase{{Name: "STREAM_BASE_URL", URL: "https://proxy.example.org", Foreign: true, Place: facts.Place{File: ".env", Line: 2}}}
	for _, s := range []facts.Stream{{Asked: true, Reachable: true}, {Asked: true, Error: "no-such-host"}, {Error: "offline"}} {
		f.Stream = &s
		r := signature.PairMatches(f)
		if len(r.Evidence) == 0 || !strings.Contains(r.Evidence[0].Got, "https://proxy.example.org, not contacted") || r.Evidence[0].Source != "STREAM_BASE_URL, .env:2" {
			t.Errorf("a host that isn't Stream's: %+v", r.Evidence)
		}
	}
	f.Target.StreamBases = []facts.StreamBase{{Name: "setBaseURL", URL: "http://localhost:3030", Asked: true, Place: facts.Place{File: "chat.js", Line: 7}}}
	f.Stream = &facts.Stream{Asked: true, Error: "refused"}
	if r := signature.PairMatches(f); !strings.Contains(r.Summary, "at http://localhost:3030, which the project sets (setBaseURL, chat.js:7)") {
		t.Errorf("an unreachable base URL of the project's: %q", r.Summary)
	}
}

// A key that Stream doesn't know may be known at the host that the project sets, which isn't contacted.
func TestAKeyOfAnotherHost(t *testing.T) {
	unknown := facts.StreamAnswer{Status: 401, Code: 2, Message: "api_key not valid"}
	for _, foreign := range []bool{true, false} {
		f := factstest.Sound()
		f.Target.StreamURL = facts.DefaultStreamURL
		if foreign {
			f.Target.StreamBases = []facts.StreamBase{{Name: "STREAM_BASE_URL", URL: "https://proxy.example.org", Foreign: true, Place: facts.Place{File: ".env", Line: 2}}}
		}
		f.Target.Key = "abcdefgh1234"
		f.Values = append(f.Values, facts.Value{ID: len(f.Values), What: facts.WhatKey, Kind: facts.KindDashboard, Key: f.Target.Key, Pair: -1})
		f.Stream = &facts.Stream{Asked: true, Reachable: true, User: &unknown, UserKey: f.Target.Key, Grid: []facts.Pair{{Key: f.Target.Key, KeyFrom: -1, Secret: -1, Answer: unknown}}}
		want := map[bool]finding.Status{true: finding.Unknown, false: finding.Fail}[foreign]
		for _, r := range []finding.Result{signature.StreamAccepts(f), signature.PairMatches(f)} {
			if r.Status != want || foreign && !strings.Contains(r.Summary, "https://proxy.example.org (STREAM_BASE_URL, .env:2), which wasn't contacted") {
				t.Errorf("foreign %v: %s %q", foreign, r.Status, r.Summary)
			}
		}
		accused := false
		for _, c := range signature.KeyAgrees(f).Causes {
			accused = accused || c.ID == causes.KeyUnknown
		}
		if accused == foreign {
			t.Errorf("foreign %v: key-unknown %v", foreign, accused)
		}
	}
}

// An SDK that rounds iat up is named with its version and the command that updates it.
func TestAnSDKThatRoundsIAT(t *testing.T) {
	for _, exact := range []bool{true, false} {
		f := factstest.Sound()
		sdk := &facts.SDK{Name: "@stream-io/node-sdk", Version: "0.2.3", Exact: exact, Update: "npm install @stream-io/node-sdk@latest", Place: facts.Place{File: "package.json", Line: 7}}
		f.Project.Entries = nil
		f.Project.Sites = []facts.Site{{Callee: "generateUserToken", Server: -1, Runs: facts.IsRead, Rounds: sdk, Place: facts.Place{File: "server.mjs", Line: 9}}}
		f.Stream = nil
		says := map[bool]string{true: "the project has 0.2.3", false: "likely has such a version, as package.json requests 0.2.3"}[exact]
		for i := range f.Tokens {
			f.Tokens[i].ReceivedAt = f.At.Truncate(time.Second).Add(600 * time.Millisecond)
			f.Tokens[i].Claims["iat"] = float64(f.At.Truncate(time.Second).Unix() + 1)
		}
		r := signature.TokenTimes(f)
		if len(r.Causes) == 0 {
			t.Fatalf("no cause: %+v", r)
		}
		c := r.Causes[0]
		if c.ID != causes.IATFuture || !strings.Contains(c.Summary, says) || c.Fix[0].Command != sdk.Update || c.Location == nil || c.Location.File != "package.json" {
			t.Errorf("%v %+v", exact, c)
		}
	}
}
