package checks

import (
	"fmt"

	"badsig/checks/probe"
)

// All is the registry: reading it is reading the product. What a check needs
// stands above it. Titles state the good state.
func All() []Check {
	const (
		project, listener, server = probe.NameProject, probe.NameListener, probe.NameServer
		backend, signer           = probe.NameBackend, probe.NameSigner
		pair, user                = probe.NamePair, probe.NameUser
	)
	uses := func(n ...probe.Name) []probe.Name { return n }
	needs := func(ids ...ID) []ID { return ids }
	return []Check{
		// who answers
		{"server-listens", listensTitle, nil, uses(backend, listener), ruleServerListens},
		{"server-is-ours", title("the project's own server answers"), needs("server-listens"), uses(listener, backend, server), ruleServerIsOurs},
		{"server-fresh", title("the process is younger than its secret"), needs("server-listens"), uses(signer, pair, user), ruleServerFresh},
		// the endpoint
		{"endpoint-answers", title("the endpoint answers"), needs("server-listens"), uses(backend, listener, server), ruleEndpointAnswers},
		{"endpoint-json", title("it answers JSON with a token"), needs("endpoint-answers"), uses(backend), ruleEndpointJSON},
		{"endpoint-cors", title("a browser may read the answer"), needs("server-listens"), uses(backend), ruleEndpointCORS},
		{"endpoint-cache", title("no cache keeps the answer"), needs("endpoint-answers"), uses(backend), ruleEndpointCache},
		// the token
		{"token-formed", title("the token is well formed"), needs("endpoint-json"), uses(signer, pair), ruleTokenFormed},
		{"token-user", title("it carries the user asked for"), needs("endpoint-json"), uses(backend), ruleTokenUser},
		{"token-times", title("its times are sound"), needs("endpoint-json"), uses(backend, pair), ruleTokenTimes},
		// secret and key
		{"secret-signs", title("it is signed with the app's secret"), needs("endpoint-json"), uses(signer, pair, user), ruleSecretSigns},
		{"secret-read", title("the files hold the app's secret"), nil, uses(server, signer, pair, user), ruleSecretRead},
		{"key-agrees", title("front end, backend and dashboard use one key"), nil, uses(server, signer, pair, user), ruleKeyAgrees},
		{"secret-hidden", title("the secret is not public"), nil, uses(server, pair), ruleSecretHidden},
		// Stream
		{"pair-matches", title("key and secret match, says Stream"), nil, uses(pair, signer, user), rulePairMatches},
		{"stream-accepts", title("Stream accepts this user's token"), needs("endpoint-json"), uses(user), ruleStreamAccepts},
		{"token-current", title("the browser's token is current"), needs("endpoint-json"), uses(user, signer), ruleTokenCurrent},
	}
}

func title(s string) func(*probe.Facts) string {
	return func(*probe.Facts) string { return s }
}

func listensTitle(f *probe.Facts) string {
	_, port := probe.HostPort(f.Target.URL)
	if port == 0 {
		port = 3001
	}
	return fmt.Sprintf("the server listens on %d", port)
}
