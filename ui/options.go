package ui

import (
	"context"
	"io"
	"net/http"
	"os"
	"time"

	"badsig/checks"
	"badsig/checks/facts"
	"badsig/checks/probe/vault"
	"badsig/checks/watching"
	"badsig/tokens"
)

// Runner starts a diagnosis; checks.Run is the real one.
type Runner func(context.Context, facts.Target, checks.Options) <-chan checks.Event

// Inspection is what the text pasted with p turned out to be, and what
// badsig can use of it.
type Inspection struct {
	Kind     string        // what it is, in words: "a token", "Stream's error", "a copied cURL command"
	Lines    []string      // what it contains, one plain sentence each
	Token    string        // the token inside; "" for none
	APIKey   tokens.APIKey // the dashboard's key inside; "" for none
	Browser  tokens.APIKey // the key that the browser sent to Stream; "" for none
	UserID   string        // the user it is about; "" where it does not say
	UserName string
	URL      string      // the token endpoint that a cURL command requests; "" otherwise
	Header   http.Header // the headers of that request
	Method   string      // and the method
	Body     []byte      // and the body; nil for none
}

// Inspector says what a pasted text is.
type Inspector func(text string) Inspection

// DemoInfo is what the console shows of a demonstration.
type DemoInfo struct {
	Fault  string   // the bug's cause, "" for a working backend
	Faults []string // the bugs to choose from
	// Plant replaces the backend by one with another bug ("" for none) and
	// returns the new target; nil where that isn't possible.
	Plant func(ctx context.Context, fault string) (facts.Target, error)
	// Restart ends the backend and starts it again on the project as it is now;
	// nil where that is not possible.
	Restart func(ctx context.Context) error
	Log     func() io.Reader // what the backend of the present bug writes; nil for nothing
}

// Options say what the console is opened on.
type Options struct {
	Target    facts.Target
	Demo      *DemoInfo
	Child     []string // the backend's command, of badsig run; nil for none
	ASCII     bool     // draw with ASCII alone
	StateDir  string   // where userId and userName are remembered; "" is the platform's folder, "-" nowhere
	ConfigDir string   // where the file of keys is; "" is the platform's folder, "-" nowhere
	Mouse     bool     // tabs, checks and the wheel
	Log       string   // a log of the backend to follow; "" for none
	Restart   bool     // the child is restarted when a file that it has read changes
	Inspect   Inspector

	In  *os.File // nil: standard input
	Out *os.File // nil: standard output

	Run Runner // nil: checks.Run
	// Offer puts edits that were tried into a report's causes; nil: package fix does.
	Offer   func(context.Context, *checks.Report, *vault.World)
	OpenFix Opener // nil: package fix
	// Owners names who listens on a port, in any form that changes when they
	// do, "[]" for no one, "" where that cannot be seen. nil: this machine's
	// table of sockets.
	Owners func(port int) string
	// Neighbors lists the project's processes that listen; nil: this machine's.
	Neighbors func(dir string) []watching.Neighbor
	Now       func() time.Time // nil: time.Now
}
