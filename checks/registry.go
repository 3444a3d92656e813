package checks

import (
	"cmp"
	"fmt"

	"badsig/checks/probe"
)

// All is the registry: reading it is reading the product. A check comes after
// the checks it needs. Titles state the good state, in at most 34 characters.
func All() []Check {
	const (
		project, listener, server = probe.NameProject, probe.NameListener, probe.NameServer
		backend, signer           = probe.NameBackend, probe.NameSigner
		pair, user                = probe.NamePair, probe.NameUser
	)
	uses := func(n ...probe.Name) []probe.Name { return n }
	needs := func(ids ...ID) []ID { return ids }
	return []Check{
		// the server
		{"server-listens", portTitle("backend is listening on port %d"), nil, uses(backend, listener, server), ruleServerListens},
		{"server-is-ours", portTitle("port %d belongs to this project"), needs("server-listens"), uses(listener, backend, server, signer), ruleServerIsOurs},
		{"server-fresh", title("backend restarted since last edit"), needs("server-listens"), uses(signer, pair, user), ruleServerFresh},
		// the endpoint
		{"endpoint-answers", title("token endpoint responds"), needs("server-listens"), uses(backend, listener, server), ruleEndpointAnswers},
		{"endpoint-json", title("response is JSON with a token"), needs("endpoint-answers"), uses(backend, server), ruleEndpointJSON},
		{"endpoint-cors", title("CORS lets the browser read it"), needs("server-listens"), uses(backend, server), ruleEndpointCORS},
		{"endpoint-cache", title("token response isn't cached"), needs("endpoint-answers"), uses(backend, server), ruleEndpointCache},
		// the token
		{"token-formed", title("token is a well-formed JWT"), needs("endpoint-json"), uses(signer, pair), ruleTokenFormed},
		{"token-user", title("token is for the requested user"), needs("endpoint-json"), uses(backend, server), ruleTokenUser},
		{"token-times", title("token times (iat, exp) are valid"), needs("endpoint-json"), uses(backend, server, pair), ruleTokenTimes},
		// secret and key
		{"secret-signs", title("token is signed with app's secret"), needs("endpoint-json"), uses(signer, pair, user), ruleSecretSigns},
		{"secret-read", title("project has the right API secret"), nil, uses(server, signer, pair, user), ruleSecretRead},
		{"key-agrees", title("same API key everywhere"), nil, uses(server, signer, pair, user), ruleKeyAgrees},
		{"secret-hidden", title("API secret isn't exposed"), nil, uses(server, pair), ruleSecretHidden},
		// Stream
		{"pair-matches", title("Stream: API key and secret match"), nil, uses(pair, signer, user), rulePairMatches},
		{"stream-accepts", title("Stream accepts the user's token"), needs("endpoint-json"), uses(user), ruleStreamAccepts},
		{"token-current", title("browser's token is up to date"), needs("endpoint-json"), uses(user, signer), ruleTokenCurrent},
	}
}

func title(s string) func(*probe.Facts) string {
	return func(*probe.Facts) string { return s }
}

// portTitle puts the token endpoint's port into a title.
func portTitle(format string) func(*probe.Facts) string {
	return func(f *probe.Facts) string {
		_, port := probe.HostPort(f.Target.URL)
		if port == 0 {
			port = cmp.Or(f.BackendPort(), 3001)
		}
		return fmt.Sprintf(format, port)
	}
}
