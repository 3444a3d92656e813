// Package probe is everything of badsig that touches the world: it looks
// through the project, at the port, at the backend and at Stream, and writes
// what it saw into Facts. It judges nothing; the rules of package checks do.
package probe

import (
	"net/http"
	"time"

	"badsig/tokens"
)

// Defaults of the flags, as the contract has them.
const (
	DefaultURL       = "http://localhost:3001/api/stream/token"
	DefaultStreamURL = "https://chat.stream-io-api.com"
	DefaultUserID    = "test123"
	DefaultUserName  = "Test User"
	DefaultTimeout   = 5 * time.Second
)

// Target is what a run is about. The zero values of its fields mean "find it
// in the project, or take the default".
type Target struct {
	Dir      string // the project's folder
	URL      string // token endpoint; "" means find it
	UserID   string
	UserName string
	Header   http.Header // further headers for the endpoint
	Origin   string      // the front end's origin; "" means find it

	Method string   // of the token request; "" means find it
	Data   []byte   // its body, as the front end sends it; nil means find it
	Flags  []string // the flags that were given, to be typed again; nothing secret

	Static bool // judge files, pair and given token alone: the backend is not requested

	Token string // the token the browser really uses; "" for none

	APIKey tokens.APIKey // the pair shown by the dashboard; "" for none
	Secret tokens.Secret

	Offline   bool          // never leave this machine
	StreamURL string        // Stream's API; "" means DefaultStreamURL
	Timeout   time.Duration // of one probe; 0 means DefaultTimeout

	Now func() time.Time // nil means time.Now
}
