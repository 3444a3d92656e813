package ui

import (
	"strings"

	"badsig/checks/affix"
	"badsig/checks/finding"
)

// steps is the document's checklist, in its order.
var steps = []step{
	{"Restart the backend after every change", []finding.ID{"server-fresh"},
		"Stop it (ctrl+c) and start it again. nodemon doesn't watch .env."},
	{"See the request in the backend's log", nil,
		"Look for \"Generated token for user: …\" in its terminal. badsig run -- COMMAND checks this for you."},
	{"Get a token from the endpoint", []finding.ID{"endpoint-answers", "endpoint-json"},
		"Try the cURL command (k copies it)."},
	{"Compare the API secret with the dashboard", []finding.ID{"secret-signs", "secret-read"},
		"Dashboard › your app › App Access Keys. Press {dashboard} and paste it; it stays in memory, and badsig shows any difference."},
	{"Use the same API key in the front end", []finding.ID{"key-agrees"},
		"Compare the key in your front-end config with App Access Keys."},
	{reachable, []finding.ID{"server-listens"},
		"Start the backend; badsig rechecks automatically."},
	{"Clear old tokens in the browser", []finding.ID{"token-current"},
		"DevTools › Application › Storage: delete the token and reload. Or paste the browser's token with {paste} to verify it."},
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

// reachable is the title of the step that names the port, once it is known.
const reachable = "Check that the backend is reachable"

// stepTitle is a step's title with what is known of this project in it.
func (p *guide) title(s *session, st step) string {
	if st.title != reachable || s.facts == nil {
		return st.title
	}
	if port := affix.TrimPrefix(portOf(s.facts.Target.URL), ":"); port != "" {
		return st.title + " on port " + port
	}
	return st.title
}

// keysIn names the keys that a step's help speaks of, as they are bound.
func keysIn(s *session, how string) string {
	return strings.NewReplacer("{paste}", s.key("paste"), "{dashboard}", s.key("dashboard")).Replace(how)
}

// step is one line of the checklist.
type step struct {
	title  string
	checks []finding.ID // all must pass; none: only a person or the log can tell
	how    string       // where to look, and what to do
}
