package checks

import (
	"testing"

	"badsig/checks/probe"
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
			f := sound()
			add := func(v probe.Value) int {
				v.ID, v.Pair, v.Clean = len(f.Values), -1, v.Fingerprint
				f.Values = append(f.Values, v)
				return v.ID
			}
			read := add(probe.Value{What: probe.WhatSecret, Name: "STREAM_API_SECRET", Kind: probe.KindEnvFile, Role: probe.RoleServer, File: "server/.env", Line: 2, Fingerprint: fp, Length: 64, Loaded: true, Read: true, Wins: true})
			front := add(probe.Value{What: probe.WhatKey, Key: key, Kind: probe.KindLiteral, Role: probe.RoleFront, File: "stream/src/config.js", Line: 1, Fingerprint: "11111111", Length: 12})
			f.Server.Secret, f.Server.SecretKnown, f.Server.FrontKeys = read, true, []int{front}
			f.Target.Key = c.key
			if c.key != "" {
				add(probe.Value{What: probe.WhatKey, Key: c.key, Kind: probe.KindDashboard, Name: "API key", Fingerprint: "fp-" + c.key, Length: 12})
			}
			if c.secret != "" {
				f.Target.HasSecret = true
				f.Target.DashboardSecret = add(probe.Value{What: probe.WhatSecret, Name: "API secret", Kind: probe.KindDashboard, Fingerprint: c.secret, Length: 64})
			}
			f.Stream = &probe.Stream{Error: "offline"}
			f.Tokens[0].Signer = &tokens.Signer{Hits: []tokens.Hit{{Candidate: read, Signed: fp, Length: 64}}, Candidates: len(f.Values), Damages: 80, Tried: 720}
			r := Judge(f)
			if r.Verdict != c.want {
				t.Errorf("%s, want %s: %s", r.Verdict, c.want, r.Headline())
			}
		})
	}
}
