package checks

import (
	"cmp"
	"fmt"

	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/loopback"
	"badsig/checks/rules"
)

// All is the registry: reading it is reading the product. A check comes after
// the checks it needs. Titles state the good state, in at most 34 characters.
func All() []Check {
	const (
		project, listener, server = facts.NameProject, facts.NameListener, facts.NameServer
		backend, signer           = facts.NameBackend, facts.NameSigner
		pair, user                = facts.NamePair, facts.NameUser
	)
	uses := func(n ...facts.Name) []facts.Name { return n }
	needs := func(ids ...finding.ID) []finding.ID { return ids }
	return []Check{
		// the server
		{"server-listens", portTitle("backend is listening on port %d"), nil, uses(backend, listener, server), rules.ServerListens},
		{"server-is-ours", portTitle("port %d belongs to this project"), needs("server-listens"), uses(listener, backend, server, signer), rules.ServerIsOurs},
		{"server-fresh", title("backend restarted since last edit"), needs("server-listens"), uses(signer, pair, user), rules.ServerFresh},
		// the endpoint
		{"endpoint-answers", title("token endpoint responds"), needs("server-listens"), uses(backend, listener, server), rules.EndpointAnswers},
		{"endpoint-json", title("response is JSON with a token"), needs("endpoint-answers"), uses(backend, server), rules.EndpointJSON},
		{"endpoint-cors", title("CORS lets the browser read it"), needs("server-listens"), uses(backend, server), rules.EndpointCORS},
		{"endpoint-cache", title("token response isn't cached"), needs("endpoint-answers"), uses(backend, server), rules.EndpointCache},
		// the token
		{"token-formed", title("token is a well-formed JWT"), needs("endpoint-json"), uses(signer, pair), rules.TokenFormed},
		{"token-user", title("token is for the requested user"), needs("endpoint-json"), uses(backend, server), rules.TokenUser},
		{"token-times", title("token times (iat, exp) are valid"), needs("endpoint-json"), uses(backend, server, pair), rules.TokenTimes},
		// secret and key
		{"secret-signs", title("token is signed with app's secret"), needs("endpoint-json"), uses(signer, pair, user), rules.SecretSigns},
		{"secret-read", title("project has the right API secret"), nil, uses(server, signer, pair, user), rules.SecretRead},
		{"key-agrees", title("same API key everywhere"), nil, uses(server, signer, pair, user), rules.KeyAgrees},
		{"secret-hidden", title("API secret isn't exposed"), nil, uses(server, pair), rules.SecretHidden},
		// Stream
		{"pair-matches", title("Stream: API key and secret match"), nil, uses(pair, signer, user), rules.PairMatches},
		{"stream-accepts", title("Stream accepts the user's token"), needs("endpoint-json"), uses(user), rules.StreamAccepts},
		{"token-current", title("browser's token is up to date"), needs("endpoint-json"), uses(user, signer), rules.TokenCurrent},
	}
}

func title(s string) func(*facts.Facts) string {
	return func(*facts.Facts) string { return s }
}

// portTitle puts the token endpoint's port into a title.
func portTitle(format string) func(*facts.Facts) string {
	return func(f *facts.Facts) string {
		_, port := loopback.HostPort(f.Target.URL)
		if port == 0 {
			port = cmp.Or(f.BackendPort(), 3001)
		}
		return fmt.Sprintf(format, port)
	}
}
