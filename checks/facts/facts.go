// Package facts is what was seen, as plain data with where it came from, and the questions that rules have about it. It holds no secret.
package facts

import "time"

// Facts is all that was seen, as plain data: it can be written to JSON, kept,
// and judged again. It holds no secret: a secret is its source, its length and
// its fingerprint. A nil part was not looked at (yet, or because it could not
// be: then Errors says why).
type Facts struct {
	At      time.Time   `json:"at"` // this machine's clock when the run began
	Target  TargetFacts `json:"target"`
	Project *Project    `json:"project,omitempty"`
	Process *Listeners  `json:"listeners,omitempty"`
	Values  []Value     `json:"values,omitempty"` // every key and secret found, wherever it is; Value.ID is the index
	Server  *Server     `json:"server,omitempty"` // what the server's runtime would read today
	Backend *Backend    `json:"backend,omitempty"`
	Tokens  []Token     `json:"tokens,omitempty"` // backend's first, then its repetitions, then the given one
	Stream  *Stream     `json:"stream,omitempty"`
	// Errors says why a probe could not find out, by the probe's name. It never means that something is wrong.
	Errors map[Name]string `json:"errors,omitempty"`
}

// StreamBase is a base URL of Stream's API that the project sets.
type StreamBase struct {
	Name    string `json:"name"`              // the variable or the option
	URL     string `json:"url"`               // scheme and host
	Foreign bool   `json:"foreign,omitempty"` // it is neither Stream's host nor this machine: never contacted
	Asked   bool   `json:"asked,omitempty"`   // Stream is contacted there
	Place
}

// Name is a probe's name.
type Name string

// The probes, and what each fills.
const (
	NameProject  Name = "project"  // Project, Values of files
	NameListener Name = "listener" // Process, Values of live processes
	NameServer   Name = "server"   // Server; Loaded and Wins of Values
	NameBackend  Name = "backend"  // Backend, Tokens
	NameSigner   Name = "signer"   // Signer of each token
	NamePair     Name = "pair"     // Stream.Reachable, .Grid, .App, .Control
	NameUser     Name = "user"     // Stream.User, .Given
)

// TargetFacts is the Target without its secrets.
type TargetFacts struct {
	URL          string `json:"url"`
	URLSource    string `json:"urlSource"` // flag, default, or file:line
	Dir          string `json:"dir"`
	UserID       string `json:"userId"`
	UserName     string `json:"userName"`
	Origin       string `json:"origin"`
	OriginSource string `json:"originSource"` // flag, default, or file:line; "guess" where nothing names it
	StreamURL    string `json:"streamUrl"`    // "" when offline

	StreamBases     []StreamBase `json:"streamBases,omitempty"` // the base URLs of Stream's API that the project sets, what its backend uses first
	Offline         bool         `json:"offline"`
	Headers         bool         `json:"headers"`              // --header was passed
	Given           bool         `json:"given"`                // --token was passed, or the front end's source holds a token
	TokenAt         Place        `json:"tokenAt,omitzero"`     // where the source holds it
	BrowserKey      string       `json:"browserKey,omitempty"` // the key that the browser sent, as Stream's error quotes it
	Key             string       `json:"key,omitempty"`        // the dashboard's key, as given
	HasSecret       bool         `json:"hasSecret"`            // the dashboard's secret was passed; it is Values[DashboardSecret]
	DashboardSecret int          `json:"dashboardSecret"`      // index into Values; -1 for none

	Static      bool        `json:"static,omitempty"`      // of --static: nothing is requested of the backend
	Method      string      `json:"method,omitempty"`      // of --method
	Data        bool        `json:"data,omitempty"`        // --data was passed
	HeaderNames []string    `json:"headerNames,omitempty"` // of --header, in small letters
	Flags       []string    `json:"flags,omitempty"`       // the flags that were passed, to be typed again; nothing secret
	Known       TargetKnown `json:"known,omitzero"`        // how well each part of the request is known; what is empty follows from the rest (Facts.Request)
}
