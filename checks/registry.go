package checks

import (
	"cmp"
	"fmt"

	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/loopback"
	"badsig/checks/rules"
	"badsig/checks/rules/signature"
)

// All is the registry: reading it is reading the product. A check comes after
// the checks it needs. Titles state the good state, in at most 34 characters.
func All() []rules.Check {
	const (
		project, listener, server = facts.NameProject, facts.NameListener, facts.NameServer
		backend, signer           = facts.NameBackend, facts.NameSigner
		pair, user                = facts.NamePair, facts.NameUser
	)
	uses := func(n ...facts.Name) []facts.Name { return n }
	needs := func(ids ...finding.ID) []finding.ID { return ids }
	return []rules.Check{
		// the server
		{ID: "server-listens", Title: portTitle("backend is listening on port %d"), Needs: nil, Uses: uses(backend, listener, server), Rule: rules.ServerListens},
		{ID: "server-is-ours", Title: portTitle("port %d belongs to this project"), Needs: needs("server-listens"), Uses: uses(listener, backend, server, signer), Rule: rules.ServerIsOurs},
		{ID: "server-fresh", Title: title("backend restarted since last edit"), Needs: needs("server-listens"), Uses: uses(signer, pair, user), Rule: signature.ServerFresh},
		// the endpoint
		{ID: "endpoint-answers", Title: title("token endpoint responds"), Needs: needs("server-listens"), Uses: uses(backend, listener, server), Rule: rules.EndpointAnswers},
		{ID: "endpoint-json", Title: title("response is JSON with a token"), Needs: needs("endpoint-answers"), Uses: uses(backend, server), Rule: rules.EndpointJSON},
		{ID: "endpoint-cors", Title: title("CORS lets the browser read it"), Needs: needs("server-listens"), Uses: uses(backend, server), Rule: rules.EndpointCORS},
		{ID: "endpoint-cache", Title: title("token response isn't cached"), Needs: needs("endpoint-answers"), Uses: uses(backend, server), Rule: rules.EndpointCache},
		// the token
		{ID: "token-formed", Title: title("token is a well-formed JWT"), Needs: needs("endpoint-json"), Uses: uses(signer, pair, user), Rule: rules.TokenFormed},
		{ID: "token-user", Title: title("token is for the requested user"), Needs: needs("endpoint-json"), Uses: uses(backend, server), Rule: rules.TokenUser},
		{ID: "token-times", Title: title("token times (iat, exp) are valid"), Needs: needs("endpoint-json"), Uses: uses(backend, server, pair, user), Rule: signature.TokenTimes},
		// secret and key
		{ID: "secret-signs", Title: title("token is signed with app's secret"), Needs: needs("endpoint-json"), Uses: uses(signer, pair, user), Rule: signature.SecretSigns},
		{ID: "secret-read", Title: title("project has the right API secret"), Needs: nil, Uses: uses(server, signer, pair, user), Rule: signature.SecretRead},
		{ID: "key-agrees", Title: title("same API key everywhere"), Needs: nil, Uses: uses(server, signer, pair, user), Rule: signature.KeyAgrees},
		{ID: "secret-hidden", Title: title("API secret isn't exposed"), Needs: nil, Uses: uses(server, pair, user), Rule: signature.SecretHidden},
		// Stream
		{ID: "pair-matches", Title: title("Stream: API key and secret match"), Needs: nil, Uses: uses(pair, signer, user), Rule: signature.PairMatches},
		{ID: "stream-accepts", Title: title("Stream accepts the user's token"), Needs: needs("endpoint-json"), Uses: uses(user), Rule: signature.StreamAccepts},
		{ID: "token-current", Title: title("browser's token is up to date"), Needs: needs("endpoint-json"), Uses: uses(user, signer), Rule: rules.TokenCurrent},
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

// Needs lists the checks that a check needs.
func Needs(id finding.ID) []finding.ID {
	for _, c := range All() {
		if c.ID == id {
			return c.Needs
		}
	}
	return nil
}
