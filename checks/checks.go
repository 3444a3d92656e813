package checks

import (
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/probe/vault"
)

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
	Check  finding.ID       // Started, Finished
	Result finding.Result   // Finished
	Plan   []finding.Result // Planned: every check, without a status
	Probe  facts.Name       // FactsIn
	Facts  *facts.Facts     // FactsIn, Done
	Report *Report          // Done

	// World holds what may not be in facts (FactsIn, Done): the console
	// copies the whole token from it and compares secrets through it.
	World *vault.World
}
