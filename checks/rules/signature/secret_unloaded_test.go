package signature

import (
	"strings"
	"testing"

	"badsig/checks/facts"
)

// A file that isn't loaded is right as it is: what has to be edited is the line that loads another one, or the
// program that loads none.
func TestAFileThatIsNotLoadedPointsAtItsLoader(t *testing.T) {
	value := facts.Value{Name: "STREAM_API_SECRET", What: facts.WhatSecret, Kind: facts.KindEnvFile, Role: facts.RoleServer, File: "server/.env", Line: 2, Length: 64}
	for _, c := range []struct {
		name   string
		server facts.Server
		entry  string
		at     string
		says   string
	}{
		{"no load at all", facts.Server{}, "server/index.js", "server/index.js:1", "In server/index.js line 1, load server/.env"},
		{"another language", facts.Server{}, "server/main.py", "server/.env:2", ""},
		{"a path of its own", facts.Server{Missing: []string{"server/config/.env"}, MissingAt: &facts.Place{File: "server/env.js", Line: 3}}, "server/index.js", "server/env.js:3", "load server/.env instead of server/config/.env"},
		{"the default path, another folder", facts.Server{Missing: []string{".env"}}, "server/index.js", "server/.env:2", "Move server/.env to .env"},
	} {
		s := c.server
		s.SecretName, s.SecretUnset, s.Secret, s.Key = value.Name, true, -1, -1
		f := &facts.Facts{Server: &s, Values: []facts.Value{value}, Project: &facts.Project{Servers: []facts.ServerCode{{Entry: c.entry, Dir: "server"}}}}
		got := SecretMissing(f, nil)
		if got.Location == nil || got.Location.String() != c.at || !strings.Contains(got.Fix[0].Text, c.says) {
			t.Errorf("%s: at %v: %s", c.name, got.Location, got.Fix[0].Text)
		}
	}
}
