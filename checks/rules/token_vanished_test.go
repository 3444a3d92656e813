package rules

import (
	"strings"
	"testing"

	"badsig/checks/causes"
	"badsig/checks/facts"
)

// A signing call that sets user_id gave a token without one: its value was undefined.
func TestIDVanished(t *testing.T) {
	f := &facts.Facts{Project: &facts.Project{Sites: []facts.Site{{Runs: facts.IsRead, Place: facts.Place{File: "server/a.js", Line: 12},
		Claims: []facts.Claim{{Name: "user_id", Text: "req.user.id", Place: facts.Place{File: "server/a.js", Line: 13}}}}}}}
	c := idVanished(f, &facts.Token{Source: "backend"}, nil)
	if c == nil || c.ID != causes.UserIDMissing || c.Location.Line != 13 || !strings.Contains(c.Summary, "req.user.id, which was undefined") {
		t.Fatalf("%+v", c)
	}
	f.Project.Sites[0].Claims[0].Text = "Number(userId)"
	if c := idVanished(f, &facts.Token{Source: "backend"}, nil); c == nil || c.ID != causes.UserIDType || c.Location.Line != 13 {
		t.Errorf("a number of an ID in letters: %+v", c)
	}
	f.Project.Sites[0].Claims[0].Name = "userId"
	if c := idVanished(f, &facts.Token{Source: "backend"}, nil); c != nil {
		t.Errorf("another claim: %+v", c)
	}
}

// A login that reads a password was requested without one: its 401 says nothing of a session.
func TestPasswordSent(t *testing.T) {
	f := &facts.Facts{Target: facts.TargetFacts{URL: "http://localhost:3001/login"}, Project: &facts.Project{Entries: []facts.Entry{
		{Kind: facts.EntryLogin, Method: "POST", Path: "/login", Fields: []string{"email", "password"}, Known: facts.IsRead, Server: -1, Site: -1}}}}
	if l := passwordSent(f); l.Known.Sure() {
		t.Errorf("known: %+v", l)
	}
	f.Project.Entries[0].Fields = []string{"userId"}
	if l := passwordSent(f); !l.Known.Sure() {
		t.Errorf("not known: %+v", l)
	}
}
