package parts

import "badsig/checks/finding"

// ReportToken is the token that was judged.
type ReportToken struct {
	Source   string         `json:"source"` // backend, given, minted
	Header   map[string]any `json:"header"`
	Claims   map[string]any `json:"claims"`
	Field    string         `json:"field,omitempty"`   // of the response, where it has several
	Product  string         `json:"product,omitempty"` // chat, video or feeds, as far as its field or its claims say
	SignedBy string         `json:"signedBy"`          // where the secret stands that signed it, "" if unknown
}

// ShownClaims is a part of a token as a report has it: never nil.
func ShownClaims(m map[string]any) map[string]any {
	out, _ := finding.SanitizedMap(m, maxShownDepth).(map[string]any)
	return out
}

// maxShownDepth is more than probes keep of a claim's nesting.
const maxShownDepth = 32
