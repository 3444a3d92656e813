package checks

// This file is a scaffold: it fixes signatures and is dissolved into run.go,
// report.go, causes.go, registry.go.

import (
	"context"
	"io"

	"badsig/checks/probe"
)

// Options are what a run may be given beside its target.
type Options struct {
	Run    int           // number put on every event
	Memory *probe.Memory // kept between the runs of one console; nil: none
}

// Run diagnoses the target. The channel's capacity is the whole run's, so the
// engine never waits for a reader; it is closed after Done, or early when ctx
// ends.
func Run(ctx context.Context, t Target, o Options) <-chan Event { panic("scaffold") }

// Judge applies every rule to facts gathered earlier (check --facts FILE).
func Judge(f *probe.Facts) *Report { panic("scaffold") }

// Report is the JSON document of the contract, and what every face shows.
type Report struct {
	Version int           `json:"version"`
	Verdict string        `json:"verdict"` // accepted, rejected, unproven
	Target  ReportTarget  `json:"target"`
	Stream  *ReportStream `json:"stream,omitempty"`
	Causes  []Cause       `json:"causes"`
	Checks  []Result      `json:"checks"`
	Token   *ReportToken  `json:"token,omitempty"`

	Facts *probe.Facts `json:"-"`
}

// ReportTarget is what was looked at.
type ReportTarget struct {
	URL       string `json:"url"`
	Dir       string `json:"dir"`
	UserID    string `json:"userId"`
	UserName  string `json:"userName"`
	StreamURL string `json:"streamUrl"`
}

// ReportStream is Stream's answer, asked or predicted.
type ReportStream struct {
	Status  int    `json:"status"`
	Code    int    `json:"code"`
	Message string `json:"message"`
	Source  string `json:"source"` // asked, predicted
}

// ReportToken is the token that was judged.
type ReportToken struct {
	Source   string         `json:"source"` // backend, given, minted
	Header   map[string]any `json:"header"`
	Claims   map[string]any `json:"claims"`
	SignedBy string         `json:"signedBy"`
}

// Exit is the exit status of the contract: 0 accepted, 1 an error, 3 unproven.
func (r *Report) Exit() int { panic("scaffold") }

// WriteJSON writes the document.
func (r *Report) WriteJSON(w io.Writer) error { panic("scaffold") }

// WriteText writes what a person reads; color may be used where style allows it.
func (r *Report) WriteText(w io.Writer) error { panic("scaffold") }

// WriteMarkdown writes the redacted report for an issue or a support ticket.
func (r *Report) WriteMarkdown(w io.Writer) error { panic("scaffold") }

// All is the registry: reading it is reading the product.
func All() []Check { panic("scaffold") }

// Page is one cause's page.
type Page struct {
	ID       CauseID
	Title    string // one sentence: what is wrong
	Severity Severity
	Group    string // Who answers, The endpoint, The token's shape, The claims, The secret, The key, Stream
	Hop      string // front, backend, stream, front-backend, backend-stream
	See      string // what you see (Stream's words)
	Why      string
	Proof    string
	Mend     string
	Seen     string // public threads
	NotThis  string // what looks like it but is not
	Text     string // the whole page, Markdown
}

// Pages lists the catalogue in the contract's order.
func Pages() []Page { panic("scaffold") }

// PageOf gives one page.
func PageOf(id CauseID) (Page, bool) { panic("scaffold") }
