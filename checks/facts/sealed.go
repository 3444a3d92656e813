package facts

// Sealed is a place that may hold, or sign with, a secret, and that badsig doesn't read.
type Sealed struct {
	Language string `json:"language,omitempty"` // the source is in this language; empty: encrypted credentials
	Place
}
