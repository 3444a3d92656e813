package scenarios

import (
	"fmt"
	"strings"
	"time"

	"badsig/checks/streamtest"
	"badsig/tokens"
)

// maxAsked bounds what one run may ask of Stream: twelve cells of the grid, the control,
// the backend's token and the given one.
const maxAsked = 15

// standIn starts the scenario's Stream, which knows (K1,S1) and (K2,S2).
func (l *Live) standIn(revoked time.Time) (s *streamtest.Server, url string, stop func(), err error) {
	o := l.Scenario.Stream
	apps := map[string]streamtest.App{}
	for i, n := range []string{"1", "2"} {
		apps[l.Vars["K"+n]] = streamtest.App{ID: 1001 + i, Name: "App " + n, Secret: tokens.NewSecret([]byte(l.Vars["S"+n])),
			AuthDisabled: o.AuthDisabled, Suspended: o.Suspended, RevokedBefore: revoked}
	}
	s = streamtest.New(streamtest.Options{Apps: apps, Now: func() time.Time {
		return time.Now().Add(-time.Duration(o.ClockBehind) * time.Second)
	}})
	if o.Unreachable {
		return s, "http://127.0.0.1:" + freePort(), func() {}, nil
	}
	url, stop, err = s.Start()
	return s, url, stop, err
}

// misasked lists what badsig may not do to Stream.
func (l *Live) misasked(m Mode, asked []streamtest.Request) (out []string) {
	if (m == PairOffline || m == Bare) && len(asked) > 0 {
		out = append(out, fmt.Sprintf("asked Stream %d times though offline", len(asked)))
	}
	if len(asked) > maxAsked {
		out = append(out, fmt.Sprintf("asked Stream %d times", len(asked)))
	}
	for _, r := range asked {
		if !strings.HasSuffix(r.Path, "/app") || r.Method != "GET" {
			out = append(out, "asked "+r.Method+" "+r.Path)
		}
		for _, s := range l.Vars.marks() {
			if strings.Contains(fmt.Sprint(r.Query, r.Header, r.Token), s) {
				out = append(out, "sent a secret to Stream")
			}
		}
	}
	return out
}
