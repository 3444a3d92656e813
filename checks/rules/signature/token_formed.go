package signature

import "badsig/checks/facts"

// TokenSource names the token in evidence.
func TokenSource(t *facts.Token) string {
	if t.Source == "given" && t.Field != "" {
		return t.Field
	}
	if t.Source == "given" {
		return "the token you provided"
	}
	if t.Field != "" {
		return "the backend's response, " + t.Field
	}
	return "the backend's response"
}
