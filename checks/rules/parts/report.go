package parts

import "badsig/checks/finding"

// ReportToken is the token that was judged.
type ReportToken struct {
	Source   string         `json:"source"` // from the backend, from --token, or signed by badsig
	Header   map[string]any `json:"header"`
	Claims   map[string]any `json:"claims"`
	Field    string         `json:"field,omitempty"`   // of the response, if it has several tokens
	Product  string         `json:"product,omitempty"` // chat, video or feeds, if its field or its claims say so
	SignedBy string         `json:"signedBy"`          // where the secret is that signed it, empty if unknown
}

// ShownClaims is a part of a token as a report has it: never nil.
func ShownClaims(m map[string]any) map[string]any {
	out, _ := finding.SanitizedMap(m, maxShownDepth).(map[string]any)
	return out
}

// maxShownDepth is more than probes keep of a claim's nesting.
const maxShownDepth = 32
