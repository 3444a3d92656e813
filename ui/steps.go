package ui

import "badsig/checks/finding"

// steps is the document's checklist, in its order.
var steps = []step{
	{"The backend was restarted after the last change", []finding.ID{"server-fresh"},
		"Stop the backend and start it again; a watcher such as nodemon does not see a changed .env."},
	{"The backend's log shows the request", nil,
		"Look into the backend's terminal for \"Generated token for user:\" with your userId. With badsig run -- COMMAND this ticks itself."},
	{"The token endpoint answers", []finding.ID{"endpoint-answers", "endpoint-json"},
		"Try the request in another terminal."},
	{"The API secret is exactly the dashboard's", []finding.ID{"secret-signs", "secret-read"},
		"dashboard.getstream.io › your app › App Access Keys: copy the secret, press d here and paste it. It stays in memory; badsig says what differs."},
	{"The API key is the front end's", []finding.ID{"key-agrees"},
		"Compare the key in the front end's configuration with the one in App Access Keys."},
	{"The server is reachable on its port", []finding.ID{"server-listens"},
		"Start the backend; badsig looks again by itself."},
	{"The browser's cached tokens are gone", []finding.ID{"token-current"},
		"In the browser: developer tools › Application › Local storage, Session storage, Cookies: delete the token, then reload. Or paste the browser's token with ctrl+p: that proves it."},
}

const (
	// endpointStep is the one that a cURL command tries.
	endpointStep = 2
	// secretStep is about the files: a process that still signs with an older
	// secret does not make them wrong.
	secretStep = 3
	// cachedStep is the step that only the browser's own token can prove.
	cachedStep = 6
)

// step is one line of the checklist.
type step struct {
	title  string
	checks []finding.ID // all must pass; none: only a person or the log can tell
	how    string       // where to look, and what to do
}
