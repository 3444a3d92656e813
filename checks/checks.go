// Package checks is badsig's engine and its rules: facts in, results out. A
// check names the probes whose facts it reads and the earlier checks it needs;
// its rule is a pure function of the facts.
package checks

import (
	"badsig/checks/causes"
	"badsig/checks/probe"
)

// Target is what a run is about.
type Target = probe.Target

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

// Proven needs a proof: a verifying signature, an answer of Stream's, bytes
// that were read. Everything else is Likely.
const (
	Proven Certainty = "proven"
	Likely Certainty = "likely"
)

// Evidence is one thing that was seen.
type Evidence struct {
	Label  string `json:"label"`
	Got    string `json:"got,omitempty"`
	Want   string `json:"want,omitempty"`
	Source string `json:"source,omitempty"` // where it was seen: server/.env:2, POST /api/stream/token, pid 4711
}

// Location is a place in the project, relative to its folder.
type Location struct {
	File string `json:"file"`
	Line int    `json:"line,omitempty"`
}

// Step is one thing to do.
type Step struct {
	Text    string `json:"text"`
	Command string `json:"command,omitempty"` // to type from the project's folder
}

// Cause is one finding: what is wrong, where, how that was proven, what to change.
type Cause struct {
	ID        causes.ID       `json:"id"`
	Severity  causes.Severity `json:"severity"`
	Certainty Certainty       `json:"certainty"`
	Title     string          `json:"title"`
	Location  *Location       `json:"location,omitempty"`
	Evidence  []Evidence      `json:"evidence"`
	Fix       []Step          `json:"fix"`

	// Summary says in one or two plain sentences why Stream (or the browser) refuses because of this, and how it was proven.
	Summary string `json:"summary"`
	// Hop is the place of the picture that is broken: front, backend, stream, front-backend, backend-stream.
	Hop string `json:"hop"`

	links  Links // what it rests on beside the links of its kind
	source bool  // it rests on its links alone, which are lines of source
	proven bool  // accuse has found every link sure: no error without
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

	Causes []Cause `json:"-"` // all that the rule found; Cause is the first one's id
}

// Rule judges facts. It sees only finished parts: those of the probes the
// check names, and whatever they need in turn.
type Rule func(*probe.Facts) Result

// Check is one row of the registry.
type Check struct {
	ID    ID
	Title func(*probe.Facts) string
	Needs []ID         // earlier checks; where one of them failed or was skipped, this one is skipped
	Uses  []probe.Name // probes whose facts the rule reads
	Rule  Rule
}

// EventKind tells what an Event says.
type EventKind string

// The events of a run, in this order: one Planned with all checks, then per
// check Started and Finished, Facts whenever a probe has finished, and one Done.
const (
	Planned  EventKind = "planned"
	Started  EventKind = "started"
	Finished EventKind = "finished"
	FactsIn  EventKind = "facts"
	Done     EventKind = "done"
)

// Event is one step of a run.
type Event struct {
	Run    int // the run's number, as given
	Kind   EventKind
	Check  ID           // Started, Finished
	Result Result       // Finished
	Plan   []Result     // Planned: every check, without a status
	Probe  probe.Name   // FactsIn
	Facts  *probe.Facts // FactsIn, Done
	Report *Report      // Done

	// World holds what may not stand in facts (FactsIn, Done): the console
	// copies the whole token from it and compares secrets through it.
	World *probe.World
}
