package rules

import (
	"testing"

	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/internal/factstest"
	"badsig/checks/rules/signature"
)

// What Stream says of a product, a region, a limit or its own state accuses nobody.
func TestStreamsWordsThatAccuseNobody(t *testing.T) {
	for _, a := range []facts.StreamAnswer{
		{Status: 401, Code: 2, Message: `GetApp failed with error: "Chat is not enabled for organization with id 7 and name x"`},
		{Status: 400, Code: 69, Message: "wrong region"},
		{Status: 400, Code: 5, Message: "something is not right"},
		{Status: 400, Code: 5},
		{Status: 429, Code: 9, Message: "Too many requests"},
		{Status: 503, Code: 43, Message: "signature is not valid"},
	} {
		f := factstest.Sound()
		f.Stream = &facts.Stream{Asked: true, Reachable: true, User: &a, UserKey: "abcdefgh1234"}
		r := Honest(f, signature.StreamAccepts(f))
		if r.Status != finding.Unknown || len(r.Causes) > 0 {
			t.Errorf("%d %d %q: %s %v", a.Status, a.Code, a.Message, r.Status, r.Causes)
		}
	}
	f := factstest.Sound()
	f.Stream = &facts.Stream{Asked: true, Reachable: true, User: &facts.StreamAnswer{Status: 401, Code: 43, Message: `JWTAuth error: signature is not valid`}}
	if r := signature.StreamAccepts(f); r.Status != finding.Fail {
		t.Errorf("Stream's rejection of a signature: %s", r.Status)
	}
}
