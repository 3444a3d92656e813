package rules

import (
	"strings"
	"testing"

	"badsig/checks/facts"
	"badsig/checks/internal/factstest"
)

// What would settle a login is named as the guard reads it: the cookie by its
// name, the header by its own.
func TestTheSessionThatTheGuardReads(t *testing.T) {
	for session, want := range map[string]string{
		"jwt": "--header 'Cookie: jwt=…'", "connect.sid": "--header 'Cookie: connect.sid=…'", "clerk": "--header 'Cookie: …'", "next-auth": "--header 'Cookie: …'",
		"Authorization": "--header 'Authorization: Bearer …'", "x-session": "--header 'x-session: …'", "session": "--header 'Cookie: …'",
	} {
		f := factstest.Sound()
		f.Project.Entries = []facts.Entry{{Kind: facts.EntryHTTP, Method: "POST", Path: "/api/stream/token", Known: facts.IsRead, Session: session, Guards: []facts.Guard{{Status: 401}}}}
		f.Project.Fetches[0].Credentials = true
		for i := range f.Backend.Posts {
			f.Backend.Posts[i].Status, f.Backend.Posts[i].Tokens, f.Backend.Posts[i].JSON = 401, nil, true
		}
		r := Honest(f, EndpointAnswers(f))
		if r.Status != "unknown" || !strings.Contains(r.Summary, want) {
			t.Errorf("%s: %s, %s", session, r.Status, r.Summary)
		}
	}
}
