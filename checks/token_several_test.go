package checks

import (
	"testing"

	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/internal/factstest"
	"badsig/tokens"
)

// twoTokens makes every response carry a chat token and a video token.
func twoTokens(f *facts.Facts, chat, video any) {
	f.Tokens = nil
	for i := range f.Backend.Posts {
		n := len(f.Tokens)
		for _, x := range []struct {
			field string
			token any
		}{{"chatToken", chat}, {"videoToken", video}} {
			raw, ok := x.token.(string)
			if !ok {
				raw = factstest.Jws(factstest.Hs256, x.token)
			}
			f.Tokens = append(f.Tokens, factstest.Read(raw, "backend", x.field))
		}
		f.Backend.Posts[i].Tokens = []int{n, n + 1}
	}
}

// The worst token of a response decides, and all of them are listed with their products.
func TestTheWorstTokenOfAResponseDecides(t *testing.T) {
	f := factstest.Sound()
	twoTokens(f, factstest.Fresh("test123"), map[string]any{"user_id": "test123", "iat": factstest.Noon.Unix() - 7200, "exp": factstest.Noon.Unix() - 3600})
	r := Judge(f)
	if c := r.Root(); c == nil || c.ID != causes.TokenExpired {
		t.Fatalf("%+v", r.Root())
	}
	if r.Token == nil || r.Token.Field != "videoToken" || r.Token.Product != "video" {
		t.Errorf("the token that decides: %+v", r.Token)
	}
	if len(r.Tokens) != 2 || r.Tokens[0].Product != "chat" {
		t.Errorf("%+v", r.Tokens)
	}

	twoTokens(f, factstest.Fresh("test123"), factstest.Fresh("test123"))
	if r := Judge(f); len(r.Causes) > 0 || len(r.Tokens) != 2 {
		t.Errorf("%+v %+v", r.Root(), r.Tokens)
	}

	// The front end uses one of the two: the other isn't a problem.
	f.Project.Fetches[0].Takes = "chatToken"
	twoTokens(f, factstest.Fresh("test123"), map[string]any{"user_id": "test123", "exp": factstest.Noon.Unix() - 3600})
	if r := Judge(f); len(r.Causes) > 0 {
		t.Errorf("%+v", r.Root())
	}

	// A session's token beside Stream's has nothing to do with Stream.
	f = factstest.Sound()
	f.Tokens = append(f.Tokens, factstest.Read(factstest.Jws(factstest.Hs256, map[string]any{"user_id": "test123", "exp": factstest.Noon.Unix() - 3600}), "backend", "accessToken"))
	f.Backend.Posts[0].Tokens = append(f.Backend.Posts[0].Tokens, len(f.Tokens)-1)
	if r := Judge(f); len(r.Causes) > 0 {
		t.Errorf("%+v", r.Root())
	}
}

// A further token's signer is judged where a client of Stream gets that very field.
func TestSignerOfAFurtherToken(t *testing.T) {
	for _, c := range []struct {
		each []string
		want causes.ID
	}{{[]string{"chatToken", "videoToken"}, causes.KeySecretMismatch}, {nil, ""}} {
		f := factstest.Sound()
		twoTokens(f, factstest.Fresh("test123"), factstest.Fresh("test123"))
		for i, v := range []facts.Value{{Name: "STREAM_API_SECRET", Fingerprint: "good", What: facts.WhatSecret, Loaded: true, Read: true, Wins: true}, {Name: "STREAM_VIDEO_SECRET", Fingerprint: "other", What: facts.WhatOther}} {
			v.ID, v.Clean, v.Length, v.Kind, v.Role, v.File, v.Line, v.Pair = i, v.Fingerprint, 64, facts.KindEnvFile, facts.RoleServer, "server/.env", i+1, -1
			f.Values = append(f.Values, v)
		}
		dashboard := facts.Value{ID: 2, What: facts.WhatSecret, Kind: facts.KindDashboard, Fingerprint: "good", Clean: "good", Length: 64, Pair: -1}
		f.Values, f.Target.HasSecret, f.Target.DashboardSecret = append(f.Values, dashboard), true, 2
		f.Server.Secret, f.Server.SecretKnown = 0, true
		for i := range f.Tokens {
			f.Tokens[i].Signer = &tokens.Signer{Hits: []tokens.Hit{{Candidate: i % 2, Signed: f.Values[i%2].Fingerprint, Length: 64}}, Candidates: 2}
		}
		f.Project.Fetches[0].TakesEach = c.each
		first := causes.ID("")
		if x := Judge(f).Root(); x != nil {
			first = x.ID
		}
		if first != c.want {
			t.Errorf("%v: %q, want %q", c.each, first, c.want)
		}
	}
}
