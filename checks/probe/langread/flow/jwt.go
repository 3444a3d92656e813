package flow

import (
	"strings"

	"badsig/checks/affix"
	"badsig/checks/probe/langread/syntax"
)

// StreamName tells names that say Stream.
func StreamName(s string) bool {
	low := strings.ToLower(s)
	for _, w := range []string{"getstream", "stream_", "_stream", "streamchat", "stream-", "streamapi", "streamsecret", "streamkey", "streamtoken", "stream.", "/stream", "streamvideo"} {
		if affix.Contains(low, w) {
			return !affix.Contains(low, "livestream_") && !affix.Contains(low, "upstream")
		}
	}
	return low == "stream" || affix.HasPrefix(low, "stream") && !affix.HasPrefix(low, "streaming") && !affix.HasPrefix(low, "streamlit") && len(low) > 6
}

func AddClaim(pr *Program, s *Site, name string, x *syntax.Node, fr Frame) {
	if x == nil || s.Claim(name) != nil || len(s.Claims) > 20 {
		return
	}
	s.Claims = append(s.Claims, ClaimOf(pr, name, x, fr))
	if name == "user_id" {
		s.User = User(pr, x, fr)
	}
}
