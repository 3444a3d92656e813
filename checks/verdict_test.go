package checks

import (
	"strings"
	"testing"

	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/internal/factstest"
	"badsig/tokens"
)

// Without Stream, nothing but the dashboard's whole pair proves a token.
func TestTheDashboardsPairProves(t *testing.T) {
	const key, fp = "abcdefgh2345", "0a1b2c3d"
	for _, c := range []struct {
		name   string
		key    string // given as the dashboard's
		secret string // its fingerprint; "" for none given
		want   string
	}{
		{"the pair", key, fp, Accepted},
		{"the secret alone: the key may be another app's", "", fp, Unproven},
		{"the key alone", key, "", Unproven},
		{"another app's key", "zyxwvuts9876", fp, Rejected},
		{"another secret", key, "99999999", Rejected},
		{"nothing", "", "", Unproven},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := factstest.Sound()
			add := func(v facts.Value) int {
				v.ID, v.Pair, v.Clean = len(f.Values), -1, v.Fingerprint
				f.Values = append(f.Values, v)
				return v.ID
			}
			read := add(facts.Value{What: facts.WhatSecret, Name: "STREAM_API_SECRET", Kind: facts.KindEnvFile, Role: facts.RoleServer, File: "server/.env", Line: 2, Fingerprint: fp, Length: 64, Loaded: true, Read: true, Wins: true})
			front := add(facts.Value{What: facts.WhatKey, Key: key, Kind: facts.KindLiteral, Role: facts.RoleFront, File: "stream/src/config.js", Line: 1, Fingerprint: "11111111", Length: 12})
			f.Server.Secret, f.Server.SecretKnown, f.Server.FrontKeys = read, true, []int{front}
			f.Target.Key = c.key
			if c.key != "" {
				add(facts.Value{What: facts.WhatKey, Key: c.key, Kind: facts.KindDashboard, Name: "API key", Fingerprint: "fp-" + c.key, Length: 12})
			}
			if c.secret != "" {
				f.Target.HasSecret = true
				f.Target.DashboardSecret = add(facts.Value{What: facts.WhatSecret, Name: "API secret", Kind: facts.KindDashboard, Fingerprint: c.secret, Length: 64})
			}
			f.Stream = &facts.Stream{Error: "offline"}
			f.Tokens[0].Signer = &tokens.Signer{Hits: []tokens.Hit{{Candidate: read, Signed: fp, Length: 64}}, Candidates: len(f.Values), Damages: 80, Tried: 720}
			r := Judge(f)
			if r.Verdict != c.want {
				t.Errorf("%s, want %s: %s", r.Verdict, c.want, r.Headline())
			}
		})
	}
}

// The dashboard's secret without its key: that the backend's is the one beside the front end's own key says nothing of another app.
func TestOneKeyIsNotTwoApps(t *testing.T) {
	f := factstest.Sound()
	add := func(v facts.Value) int {
		v.ID, v.Clean = len(f.Values), v.Fingerprint
		f.Values = append(f.Values, v)
		return v.ID
	}
	front := add(facts.Value{What: facts.WhatKey, Key: "abcdefgh2345", Kind: facts.KindEnvFile, Role: facts.RoleServer, File: "server/.env", Line: 1, Fingerprint: "11111111", Length: 12, Pair: 1})
	read := add(facts.Value{What: facts.WhatSecret, Name: "STREAM_API_SECRET", Kind: facts.KindEnvFile, Role: facts.RoleServer, File: "server/.env", Line: 2, Fingerprint: "0a1b2c3d", Length: 64, Loaded: true, Read: true, Wins: true, Pair: front})
	f.Values[front].Pair = read
	f.Server.Secret, f.Server.SecretKnown, f.Server.FrontKeys = read, true, []int{front}
	f.Target.HasSecret = true
	f.Target.DashboardSecret = add(facts.Value{What: facts.WhatSecret, Name: "API secret", Kind: facts.KindDashboard, Fingerprint: "99999999", Length: 64, Pair: -1})
	f.Stream = &facts.Stream{Error: "offline"}
	f.Tokens[0].Signer = &tokens.Signer{Hits: []tokens.Hit{{Candidate: read, Signed: "0a1b2c3d", Length: 64}}, Candidates: len(f.Values), Damages: 80, Tried: 720}
	r := Judge(f)
	if r.Verdict != Rejected || r.Causes[0].ID == causes.SecretOtherApp {
		t.Fatalf("%s: %+v", r.Verdict, r.Causes)
	}
	for _, s := range r.Causes[0].Fix {
		if strings.Contains(s.Text, "abcdefgh2345") {
			t.Errorf("a key is to be set to what it is: %s", s.Text)
		}
	}
}
