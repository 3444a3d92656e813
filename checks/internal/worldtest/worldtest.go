// Package worldtest makes the working state of a run for tests, with invented keys and secrets in it.
package worldtest

import (
	"testing"
	"time"

	"badsig/checks/facts"
	"badsig/checks/internal/eventually"
	"badsig/checks/probe/vault"
	"badsig/tokens"
)

// Invented for these tests; no Stream app has them.
var (
	TestSecret  = []byte("q7w8e9r2t3y4u5p6a7s8d9f2g3h4j5k6z7x8c9v2b3n4m5q6w7e8r9t2y3u4p5a6")
	OtherSecret = []byte("m3n4b5v6c7x8z9k2j3h4g5f6d7s8a9p2u3y4t5r6e7w8q9m3n4b5v6c7x8z9k2j3")
)

const TestKey, OtherKey = "abcdefgh2345", "zyxwvuts6789"

func Jws(t *testing.T, secret []byte, user string, o tokens.MintOptions) string {
	t.Helper()
	s, err := tokens.Mint(tokens.NewSecret(secret), user, time.Now(), o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Spot is a key or secret in a world of the test's making.
type Spot struct {
	What, Name string
	Kind       facts.Kind
	Role       facts.Role
	Raw        string
	server     bool // the server uses it
	front      bool // the front end uses it
}

// New makes a world in which those values were found.
func New(t *testing.T, target facts.Target, spots ...Spot) *vault.World {
	t.Helper()
	if target.Timeout == 0 {
		target.Timeout = eventually.Long
	}
	w := vault.New(target)
	server := &facts.Server{Secret: -1, Key: -1, SecretKnown: true, KeyKnown: true}
	for _, p := range spots {
		id := w.AddValue(facts.Value{What: p.What, Name: p.Name, Kind: p.Kind, Role: p.Role, Pair: -1, Loaded: p.server || p.front, Wins: p.server || p.front}, []byte(p.Raw))
		switch {
		case p.server && p.What == facts.WhatSecret:
			server.Secret = id
		case p.server:
			server.Key = id
		case p.front:
			server.FrontKeys = append(server.FrontKeys, id)
		}
	}
	w.Update(func(f *facts.Facts) { f.Server = server })
	return w
}

func ServerSecret(raw string) Spot {
	return Spot{What: facts.WhatSecret, Name: "STREAM_API_SECRET", Kind: facts.KindEnvFile, Role: facts.RoleServer, Raw: raw, server: true}
}

func FrontKey(raw string) Spot {
	return Spot{What: facts.WhatKey, Name: "VITE_STREAM_API_KEY", Kind: facts.KindEnvFile, Role: facts.RoleFront, Raw: raw, front: true}
}

func Found(what, raw string) Spot {
	return Spot{What: what, Name: "STREAM_OTHER", Kind: facts.KindEnvFile, Role: facts.RoleOther, Raw: raw}
}
