package scenarios

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"badsig/checks/e2e/child"
	"badsig/checks/e2e/oracle"
	"badsig/checks/fakestream"
	"badsig/checks/internal/secretscan"
	"badsig/tokens"
)

// maxAsked bounds the requests of one run to Stream: twelve cells of the grid, the control,
// the backend's token and the one that was passed.
const maxAsked = 15

// longest is how many seconds a token that badsig mints for a question to
// Stream may be good for.
const longest = 600

// standIn starts the scenario's Stream, which knows (K1,S1) and (K2,S2).
func (l *Live) standIn(revoked time.Time) (s *fakestream.Server, url string, stop func(), err error) {
	o := l.Scenario.Stream
	apps := map[string]fakestream.App{}
	for i, n := range []string{"1", "2"} {
		apps[l.Vars["K"+n]] = fakestream.App{ID: 1001 + i, Name: "App " + n, Secret: tokens.NewSecret([]byte(l.Vars["S"+n])),
			AuthDisabled: o.AuthDisabled, Suspended: o.Suspended, RevokedBefore: revoked}
	}
	s = fakestream.New(fakestream.Options{Apps: apps, Now: func() time.Time {
		return time.Now().Add(-time.Duration(o.ClockBehind) * time.Second)
	}})
	if o.Unreachable {
		return s, "http://127.0.0.1:" + child.FreePort(), func() {}, nil
	}
	url, stop, err = s.Start()
	return s, url, stop, err
}

// misasked lists what badsig may not do to Stream.
func (l *Live) misasked(m Mode, asked []fakestream.Request) (out []string) {
	if (m == PairOffline || m == Bare) && len(asked) > 0 {
		out = append(out, fmt.Sprintf("asked Stream %d times though offline", len(asked)))
	}
	if len(asked) > maxAsked {
		out = append(out, fmt.Sprintf("asked Stream %d times", len(asked)))
	}
	return append(out, l.missent(asked)...)
}

// missent lists what may not be sent to Stream.
func (l *Live) missent(asked []fakestream.Request) (out []string) {
	secrets := l.secrets()
	own := slices.ContainsFunc(l.issued, func(t string) bool { return oracle.Claim(t, "server") == "true" }) // the backend's
	for _, r := range asked {
		if !strings.HasSuffix(r.Path, "/app") || r.Method != "GET" {
			out = append(out, "asked "+r.Method+" "+r.Path)
		}
		sent := secretscan.Token.ReplaceAllString(fmt.Sprint(r.Path, r.Query, r.Header), "") // tokens are what is sent there
		for _, found := range secrets.Search(sent) {
			out = append(out, "sent to Stream: "+found)
		}
		if exp, err := strconv.ParseInt(oracle.Claim(r.Token, "exp"), 10, 64); !own && oracle.Claim(r.Token, "server") == "true" && (err != nil || exp > time.Now().Unix()+longest) {
			out = append(out, "sent Stream a server token that is good for long: exp "+oracle.Claim(r.Token, "exp"))
		}
	}
	return out
}
