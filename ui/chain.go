package ui

import (
	"strings"

	"badsig/checks"
	"badsig/checks/affix"
	"badsig/checks/causes"
)

// Rules of this file:
//   - the picture says which of three parties, or which of two links, broke the chain; nothing else
//   - exactly one place is red; what comes after it is faint, because nothing is known of it

// hopState is the state of one place of the chain.
type hopState int

const (
	hopOpen hopState = iota // not known (yet)
	hopGood
	hopBroken
)

// chain is the picture's content: three parties, two links between them.
type chain struct {
	party  [3]string // browser, backend :3001, Stream
	detail [3]string // below each
	brief  string    // the backend's detail where there is little room
	answer int       // Stream's HTTP status, 0 for none
	link   [2]string // what goes over the link
	state  [5]hopState
	broken string // one word at the broken place
}

// hops are the five steps in the order of the picture.
var hops = []string{"front", "front-backend", "backend", "backend-stream", "stream"}

// chainOf reads the chain off a session.
func chainOf(s *session) chain {
	c := chain{party: [3]string{"browser", "backend", "Stream"}, link: [2]string{"requests", "token"}}
	f := s.facts
	if f == nil {
		return c
	}
	c.party[1] = strings.TrimSpace(c.party[1] + " " + portOf(f.Target.URL))
	c.detail[0] = clean(shortURL(f.Target.Origin))
	c.detail[1], c.brief = backendDetail(s)
	c.detail[2], c.answer = streamDetail(s)
	if sv := f.Server; sv != nil && len(sv.FrontKeys) > 0 {
		if v := s.value(sv.FrontKeys[0]); v != nil && v.Key != "" {
			c.link[0] = "key " + cut(clean(v.Key), 5)
		}
	}
	if s.report == nil {
		if b := f.Backend; b != nil && len(b.Posts) > 0 && b.Posts[0].Status == 200 {
			c.state = [5]hopState{hopGood, hopGood, hopGood, hopOpen, hopOpen}
		}
		return c
	}
	root := s.root()
	if waits(s) {
		if restarting(s) {
			c.detail[1], c.brief, c.detail[2], c.answer = "restarting", "restarting", "", 0
		}
		return c
	}
	if root == nil || root.Severity == causes.Warning {
		for i := range c.state {
			c.state[i] = hopGood
		}
		if s.report.Verdict != checks.Accepted {
			c.state[3], c.state[4] = hopOpen, hopOpen
			if b := f.Backend; b == nil || len(b.Posts) == 0 || b.Posts[0].Status != 200 {
				c.state[1], c.state[2] = hopOpen, hopOpen
			}
		}
		return c
	}
	at := 3
	for i, h := range hops {
		if h == root.Hop {
			at = i
		}
	}
	for i := range at {
		c.state[i] = hopGood
	}
	c.state[at] = hopBroken
	c.broken = word(root.ID)
	if at == 2 && c.brief != nothingListens { // a link has room for the word, a party has it below
		c.detail[1], c.brief = affix.TrimSuffix(c.broken+", "+c.detail[1], ", "), c.broken
	}
	return c
}

// word names the broken thing in a word or two.
func word(id causes.ID) string {
	switch id {
	case causes.ServerDown:
		return "not running"
	case causes.ServerOnOtherPort:
		return "other port"
	case causes.ServerStale:
		return "stale secret"
	case causes.CORSBlocked:
		return "CORS"
	case causes.SecretMissing:
		return "no secret"
	case causes.UserIDMissing, causes.UserIDMismatch, causes.UserIDType, causes.UserIDPlaceholder:
		return "user_id"
	case causes.TokenExpired:
		return "expired"
	case causes.TokenRevoked:
		return "revoked"
	case causes.AuthChecksDisabled, causes.AppSuspended:
		return "app"
	}
	kind, _, _ := affix.Cut(string(id), "-")
	switch kind {
	case "server", "wrong":
		return "no response"
	case "endpoint":
		return "bad response"
	case "secret":
		return "signature"
	case "iat", "exp", "nbf", "clock", "claim":
		return "times"
	}
	return kind
}

const nothingListens = "nothing listening"

// backendDetail is "node pid 4711, up 3 min", and in brief "pid 4711".
func backendDetail(s *session) (detail, brief string) {
	f := s.facts
	if f.Process == nil {
		return "", ""
	}
	if len(f.Process.Listeners) > 0 {
		l := f.Process.Listeners[0]
		var parts []string
		if l.Name != "" {
			parts = append(parts, clean(l.Name))
		}
		if l.PID > 0 {
			brief = "pid " + itoa(int(l.PID))
			parts = append(parts, brief)
		}
		out := strings.Join(parts, " ")
		if !l.Start.IsZero() {
			out += ", up " + rough(s.now.Sub(l.Start))
		}
		return affix.TrimPrefix(out, ", "), brief
	}
	if f.Process.Known {
		return nothingListens, nothingListens
	}
	return "", ""
}

// streamDetail is "401 · 43 signature is not valid" with the status, and where
// Stream was not checked, why not. It is the response to the token whose way the
// picture shows: where the backend's link is broken, the backend's own.
func streamDetail(s *session) (detail string, status int) {
	st := s.facts.Stream
	if root := s.root(); root != nil && root.Hop == "backend-stream" && st != nil && st.User != nil && st.User.Status != 0 {
		return answerText(st.User.Status, st.User.Code, st.User.Message), st.User.Status
	}
	if s.report != nil && s.report.Stream != nil {
		r := s.report.Stream
		out := answerText(r.Status, r.Code, r.Message)
		if r.Source == "predicted" {
			out += " (predicted)"
		}
		return out, r.Status
	}
	switch {
	case s.facts.Target.Offline:
		return "not checked: offline", 0
	case st != nil && !st.Reachable && st.Error != "":
		return "unreachable: " + clean(affix.ReplaceAll(st.Error, "-", " ")), 0
	}
	return "", 0
}
