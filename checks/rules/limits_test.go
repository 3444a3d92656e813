package rules

import (
	"context"
	"strings"
	"testing"
	"time"

	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/internal/factstest"
	"badsig/checks/internal/worldtest"
	"badsig/checks/probe/signer"
	"badsig/checks/probe/stream"
	"badsig/checks/rules/signature"
	"badsig/tokens"
)

// What ran out of badsig's own time makes unknown, and is told; without the limit the same facts are judged.
func TestWhatRanOutOfOurTimeIsUnknown(t *testing.T) {
	stranger := func(f *facts.Facts) {
		factstest.Give(f, factstest.Fresh("test123"))
		f.Tokens[0].Signer = &tokens.Signer{Candidates: 3, Damages: 9, Tried: 1000}
		f.Server.Start = time.Time{}
		f.Stream = &facts.Stream{Asked: true, Reachable: true, User: &facts.StreamAnswer{Status: 401, Code: 43, Message: "signature is not valid"}}
	}
	for name, c := range map[string]struct {
		rule   Rule
		fault  func(*facts.Facts)
		expire func(*facts.Facts)
		says   string
	}{
		"the search for typos": {signature.SecretSigns, stranger, func(f *facts.Facts) { f.Tokens[0].Signer.Cut = true }, "time limit"},
		"the owner of a socket": {ServerIsOurs, func(f *facts.Facts) {
			f.Process.Listeners = []facts.Listener{factstest.Strange(99, "ipv4", "127.0.0.1", "node")}
		},
			func(f *facts.Facts) {
				f.Process.Listeners[0] = facts.Listener{Family: "ipv4", Address: "127.0.0.1", Port: 3001}
			}, "can't be seen"},
		"the wait for a response": {EndpointAnswers, func(f *facts.Facts) { silent(f, 60_000) }, func(f *facts.Facts) { silent(f, 300) }, "more time"},
	} {
		t.Run(name, func(t *testing.T) {
			f := factstest.Sound()
			c.fault(f)
			if r := Honest(f, c.rule(f)); r.Status == finding.Unknown {
				t.Errorf("without the limit: %s: %s", r.Status, r.Summary)
			}
			c.expire(f)
			r := Honest(f, c.rule(f))
			if r.Status != finding.Unknown || len(r.Causes) > 0 || !strings.Contains(r.Summary, c.says) {
				t.Errorf("%s: %q %v", r.Status, r.Summary, r.Causes)
			}
		})
	}
}

// silent is a backend that accepts and doesn't respond within so many milliseconds.
func silent(f *facts.Facts, ms float64) {
	factstest.Refuse(f)
	f.Backend.Dials = []facts.Dial{{Family: "ipv4", Address: "127.0.0.1", TookMs: ms}}
	f.Backend.Posts = []facts.Answer{{Method: "POST", URL: facts.DefaultURL, Family: "ipv4", Error: "timeout", TookMs: ms}}
}

// The probes note it where their own time ends.
func TestProbesNoteThatTheirTimeEnded(t *testing.T) {
	secret, other := string(worldtest.TestSecret), string(worldtest.OtherSecret)
	w := worldtest.New(t, facts.Target{Timeout: time.Nanosecond}, worldtest.ServerSecret(secret))
	w.AddToken(facts.Token{Source: "backend"}, worldtest.Jws(t, []byte(other), "jane", tokens.MintOptions{}))
	if err := signer.Probe(context.Background(), w); err != nil {
		t.Fatal(err)
	}
	if s := w.Snapshot().Tokens[0].Signer; s == nil || !s.Cut || len(s.Hits) > 0 {
		t.Errorf("signer: %+v", s)
	}
	w = worldtest.New(t, facts.Target{Timeout: time.Nanosecond, StreamURL: "http://127.0.0.1:9"}, worldtest.ServerSecret(secret), worldtest.FrontKey(worldtest.TestKey))
	_ = stream.Pair(context.Background(), w, stream.NewMemory())
	f := w.Snapshot()
	if f.Stream == nil || !f.Stream.Cut {
		t.Errorf("stream: %+v", f.Stream)
	}
	if r := signature.PairMatches(f); r.Status != finding.Unknown {
		t.Errorf("%s: %s", r.Status, r.Summary)
	}
}

// A probe that its run's time ended says so in Errors: nothing of it is found wrong.
func TestAProbeThatDidNotEndIsUnknown(t *testing.T) {
	for _, n := range []facts.Name{facts.NameListener, facts.NameBackend, facts.NameSigner, facts.NamePair, facts.NameUser} {
		f := factstest.Sound().Of(func(x facts.Name) bool { return x != n })
		f.Errors = map[facts.Name]string{n: "no end after 11 s; raise --timeout"}
		for id, rule := range map[finding.ID]Rule{"server-listens": ServerListens, "server-is-ours": ServerIsOurs, "endpoint-answers": EndpointAnswers, "endpoint-json": EndpointJSON,
			"token-formed": TokenFormed, "secret-signs": signature.SecretSigns, "pair-matches": signature.PairMatches, "stream-accepts": signature.StreamAccepts} {
			if r := Honest(f, rule(f)); r.Status == finding.Fail || len(r.Causes) > 0 {
				t.Errorf("without %s, %s: %s %s", n, id, r.Status, r.Summary)
			}
		}
	}
}
