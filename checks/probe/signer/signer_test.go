package signer

import (
	"context"
	"testing"

	"github.com/golang-jwt/jwt/v5"

	"badsig/checks/facts"
	"badsig/checks/internal/worldtest"
	"badsig/tokens"
)

func signed(t *testing.T, secret string) string {
	t.Helper()
	s, err := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{"user_id": "jane"}).SignedString([]byte(secret))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestWhoSigned(t *testing.T) {
	secret := string(worldtest.TestSecret)
	cases := []struct {
		name    string
		spots   []worldtest.Spot
		dash    string
		raw     string
		kind    facts.Kind // of the Value that signed; "" for none
		value   string
		damaged bool
	}{
		{"the file's", []worldtest.Spot{worldtest.ServerSecret(secret)}, "", signed(t, secret), facts.KindEnvFile, "STREAM_API_SECRET", false},
		{"wrapped all the same", []worldtest.Spot{worldtest.ServerSecret(secret)}, "", `"Bearer ` + signed(t, secret) + `"`, facts.KindEnvFile, "STREAM_API_SECRET", false},
		{"the file's with a space more", []worldtest.Spot{worldtest.ServerSecret(secret)}, "", signed(t, secret+" "), facts.KindEnvFile, "STREAM_API_SECRET", true},
		{"the dashboard's", nil, secret, signed(t, secret), facts.KindDashboard, "API secret", false},
		{"one letter off the dashboard's", nil, secret, signed(t, "x"+secret[1:]), facts.KindDashboard, "API secret", true},
		{"the key", []worldtest.Spot{worldtest.FrontKey(worldtest.TestKey), worldtest.ServerSecret(secret)}, "", signed(t, worldtest.TestKey), facts.KindEnvFile, "VITE_STREAM_API_KEY", false},
		{"another secret of the project", []worldtest.Spot{worldtest.ServerSecret(secret), {What: facts.WhatOther, Name: "JWT_SECRET", Kind: facts.KindEnvFile, Role: facts.RoleServer, Raw: "shared-session-secret"}}, "", signed(t, "shared-session-secret"), facts.KindEnvFile, "JWT_SECRET", false},
		{"undefined", []worldtest.Spot{worldtest.ServerSecret(secret)}, "", signed(t, "undefined"), facts.KindKnown, "well-known text", false},
		{"nothing", []worldtest.Spot{worldtest.ServerSecret(secret)}, "", signed(t, ""), facts.KindKnown, "well-known text", false},
		{"nobody's", []worldtest.Spot{worldtest.ServerSecret(secret)}, "", signed(t, string(worldtest.OtherSecret)), "", "", false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			target := facts.Target{}
			if c.dash != "" {
				target.Secret = tokens.NewSecret([]byte(c.dash))
			}
			w := worldtest.New(t, target, c.spots...)
			for range 3 {
				w.AddToken(facts.Token{Source: "backend"}, c.raw)
			}
			values := len(w.Snapshot().Values)
			if err := Probe(context.Background(), w); err != nil {
				t.Fatal(err)
			}
			f := w.Snapshot()
			for _, tok := range f.Tokens {
				s := tok.Signer
				if s == nil || s.Candidates == 0 {
					t.Fatal("nothing was tried")
				}
				if c.kind == "" {
					if len(s.Hits) > 0 {
						t.Errorf("accuses %+v", s.Hits)
					}
					continue
				}
				if len(s.Hits) == 0 {
					t.Fatalf("not found among %d", s.Candidates)
				}
				v := f.Values[s.Hits[0].Candidate]
				if v.Kind != c.kind || v.Name != c.value || (len(s.Hits[0].Damages) > 0) != c.damaged {
					t.Errorf("signed by %s %s %v", v.Kind, v.Name, s.Hits[0].Damages)
				}
			}
			if c.kind != facts.KindKnown && len(f.Values) != values || len(f.Values) > values+1 {
				t.Errorf("%d values became %d", values, len(f.Values))
			}
		})
	}
}
