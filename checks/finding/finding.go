// Package finding is what a check says: a result, its causes, the evidence and the steps of a fix.
package finding

import "badsig/checks/causes"

// ID is a check's stable name, as the JSON document has it.
type ID string

// Status is a check's outcome.
type Status string

// The five outcomes. Unknown never reads "wrong".
const (
	Pass    Status = "pass"
	Warn    Status = "warn"
	Fail    Status = "fail"
	Skip    Status = "skip"
	Unknown Status = "unknown"
)

// Certainty is how well a cause is known.
type Certainty string

// Proven needs a proof: a verifying signature, a response from Stream, bytes
// that were read. Everything else is Likely.
const (
	Proven Certainty = "proven"
	Likely Certainty = "likely"
)

// Evidence is one thing that was seen.
type Evidence struct {
	Label  string `json:"label"`            // what was compared
	Got    string `json:"got,omitempty"`    // what was found
	Want   string `json:"want,omitempty"`   // what was expected
	Source string `json:"source,omitempty"` // where it was seen: server/.env:2, POST /api/stream/token, pid 4711
}

// Location is a place in the project, relative to its folder.
type Location struct {
	File string `json:"file"`
	Line int    `json:"line,omitempty"` // from 1; absent if the whole file is meant
}

// Step is one thing to do.
type Step struct {
	Text    string `json:"text"`
	Command string `json:"command,omitempty"` // to type from the project's folder
	Edits   []Edit `json:"edits,omitempty"`   // the same as data, where it was tried in memory
	Tried   string `json:"tried,omitempty"`   // what that trial has shown, one sentence
	Sure    bool   `json:"-"`                 // the files alone prove the cause that the edits cure
}

// Cause is one finding: what is wrong, where, how that was proven, what to change.
type Cause struct {
	ID        causes.ID       `json:"id"` // badsig explain ID prints its page
	Severity  causes.Severity `json:"severity"`
	Certainty Certainty       `json:"certainty"`
	Title     string          `json:"title"`
	Location  *Location       `json:"location,omitempty"` // the line to edit, if there is one
	Evidence  []Evidence      `json:"evidence"`
	Fix       []Step          `json:"fix"`

	// Summary says in one or two sentences why Stream (or the browser) rejects the token because of this, and how that was proven.
	Summary string `json:"summary"`
	// Hop is the place of the picture that is broken: front, backend, stream, front-backend, backend-stream.
	Hop string `json:"hop"`

	Links   Links `json:"-"` // what it rests on beside the links of its kind
	Source  bool  `json:"-"` // it rests on its links alone, which are lines of source
	accused bool  // Accuse has found every link sure: nothing else sets it, and without it there is no error

	_ [8]byte // its size: copies of 192 bytes and more are made by a call, smaller ones by code at each place
}

// Result is what a check found.
type Result struct {
	ID        ID         `json:"id"`
	Title     string     `json:"title"` // the good state: "backend is listening on port 3001"
	Status    Status     `json:"status"`
	Summary   string     `json:"summary"` // what was seen, one line
	Evidence  []Evidence `json:"evidence"`
	Cause     causes.ID  `json:"cause"`
	BlockedBy ID         `json:"blockedBy"`
	TookMs    float64    `json:"tookMs"`
	Next      []Step     `json:"next,omitempty"` // of an unknown result: what would settle it

	Token int `json:"-"` // index into Facts.Tokens, plus one, of the token of several that decided

	Causes []Cause `json:"-"` // all that the rule found; Cause is the first one's id

	_ [8]byte // its size: copies of 192 bytes and more are made by a call, smaller ones by code at each place
}
