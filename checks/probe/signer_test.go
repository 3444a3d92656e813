package probe

import (
	"context"
	"testing"

	"github.com/golang-jwt/jwt/v5"

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
	secret := string(testSecret)
	cases := []struct {
		name    string
		spots   []spot
		dash    string
		raw     string
		kind    Kind // of the Value that signed; "" for none
		value   string
		damaged bool
	}{
		{"the file's", []spot{serverSecret(secret)}, "", signed(t, secret), KindEnvFile, "STREAM_API_SECRET", false},
		{"wrapped all the same", []spot{serverSecret(secret)}, "", `"Bearer ` + signed(t, secret) + `"`, KindEnvFile, "STREAM_API_SECRET", false},
		{"the file's with a blank more", []spot{serverSecret(secret)}, "", signed(t, secret+" "), KindEnvFile, "STREAM_API_SECRET", true},
		{"the dashboard's", nil, secret, signed(t, secret), KindDashboard, "API secret", false},
		{"one letter off the dashboard's", nil, secret, signed(t, "x"+secret[1:]), KindDashboard, "API secret", true},
		{"the key", []spot{frontKey(testKey), serverSecret(secret)}, "", signed(t, testKey), KindEnvFile, "VITE_STREAM_API_KEY", false},
		{"another secret of the project", []spot{serverSecret(secret), {what: WhatOther, name: "JWT_SECRET", kind: KindEnvFile, role: RoleServer, raw: "shared-session-secret"}}, "", signed(t, "shared-session-secret"), KindEnvFile, "JWT_SECRET", false},
		{"undefined", []spot{serverSecret(secret)}, "", signed(t, "undefined"), KindKnown, "well-known text", false},
		{"nothing", []spot{serverSecret(secret)}, "", signed(t, ""), KindKnown, "well-known text", false},
		{"nobody's", []spot{serverSecret(secret)}, "", signed(t, string(otherSecret)), "", "", false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			target := Target{}
			if c.dash != "" {
				target.Secret = tokens.NewSecret([]byte(c.dash))
			}
			w := streamWorld(t, target, c.spots...)
			for range 3 {
				w.AddToken(Token{Source: "backend"}, c.raw)
			}
			values := len(w.Snapshot().Values)
			if err := probeSigner(context.Background(), w); err != nil {
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
			if c.kind != KindKnown && len(f.Values) != values || len(f.Values) > values+1 {
				t.Errorf("%d values became %d", values, len(f.Values))
			}
		})
	}
}
