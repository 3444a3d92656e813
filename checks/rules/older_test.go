package rules

import (
	"testing"
	"time"

	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/internal/factstest"
	"badsig/checks/rules/older"
)

// What an older process does is held against a line only where the source, as it is now, has the fault still.
func TestFaultsOfOlderCode(t *testing.T) {
	newer := func(f *facts.Facts) {
		f.Server.Newer = []facts.Newer{{File: "server/server.js", Changed: f.Server.Start.Add(time.Minute)}}
	}
	allows := func(f *facts.Facts) { f.Project.Servers[0].CORSLine = 5 }
	refused := replies(500, factstest.AsJSON, `{"error":"StreamChat error code 43: UpdateUsers failed with error: \"JWTAuth error: signature is not valid\""}`)
	for _, c := range []struct {
		name   string
		change func(*facts.Facts)
		id     causes.ID
		want   causes.ID
	}{
		{"CORS that the source has now", both(newer, allows), causes.CORSBlocked, causes.ServerStale},
		{"CORS that it hasn't", newer, causes.CORSBlocked, causes.CORSBlocked},
		{"another file was changed", both(newer, allows, func(f *facts.Facts) { f.Server.Newer[0].File = "server/other.js" }), causes.CORSBlocked, causes.CORSBlocked},
		{"nothing was changed", allows, causes.CORSBlocked, causes.CORSBlocked},
		{"an error of its own", both(newer, allows), causes.EndpointError, causes.EndpointError},
	} {
		f := factstest.Sound()
		c.change(f)
		was := finding.New(c.id, finding.Proven, "it is so.", finding.LocAt("server/server.js", 5), nil)
		if r := older.Outdated(f, finding.Found("", nil, was), SourceRules); r.Causes[0].ID != c.want {
			t.Errorf("%s: %s, want %s", c.name, r.Causes[0].ID, c.want)
		}
	}
	for status, want := range map[int]causes.ID{0: causes.KeySecretMismatch, 1: causes.ServerStale} {
		f := factstest.Sound()
		refused(f)
		f.Values = []facts.Value{{What: facts.WhatSecret, Name: "STREAM_API_SECRET", Kind: facts.KindEnvFile, Role: facts.RoleServer, File: "server/.env", Line: 2, Fingerprint: "0a", Clean: "0a", Length: 64, Loaded: true, Read: true, Wins: true, Pair: -1}}
		f.Server.Secret, f.Server.SecretKnown, f.Server.Start = 0, true, f.At.Add(-5*time.Minute)
		if status == 1 {
			f.Server.Changed, f.Server.ChangedFile = f.Server.Start.Add(time.Minute), "server/.env"
		}
		if r := EndpointAnswers(f); len(r.Causes) != 1 || r.Causes[0].ID != want {
			t.Errorf("%v, want %s", r.Causes, want)
		}
	}
}
