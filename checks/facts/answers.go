package facts

import (
	"time"

	"badsig/tokens"
)

// Backend is how the endpoint behaves.
type Backend struct {
	Dials     []Dial      `json:"dials"`              // one an address
	NotAsked  string      `json:"notAsked,omitempty"` // why no request was made: writes
	Elsewhere *Elsewhere  `json:"elsewhere,omitempty"`
	Get       *Answer     `json:"get,omitempty"`
	Preflight *Answer     `json:"preflight,omitempty"`
	Posts     []Answer    `json:"posts,omitempty"`    // same request, several times
	Variants  []Answer    `json:"variants,omitempty"` // the request in other forms, sent only where the main one was rejected or its token names no one; Form says which
	ByFamily  []Answer    `json:"byFamily,omitempty"` // the same request to each loopback family, where different processes listen
	Origins   []OriginTry `json:"origins,omitempty"`  // the preflight's response for further likely origins, where the first was only a guess
}

// Dial is one attempt to connect.
type Dial struct {
	Address string  `json:"address"`
	Family  string  `json:"family"`
	OK      bool    `json:"ok"`
	Error   string  `json:"error,omitempty"` // `refused`, `timeout`, `no-such-host`, `unreachable`, `other`
	Detail  string  `json:"detail,omitempty"`
	TookMs  float64 `json:"tookMs"`
}

// OriginTry is the CORS response to one further origin.
type OriginTry struct {
	Origin  string `json:"origin"`
	Allowed bool   `json:"allowed"`
}

// Answer is one response of the endpoint.
type Answer struct {
	Method     string            `json:"method"`
	URL        string            `json:"url"`
	Form       string            `json:"form,omitempty"`   // json, text (JSON without its type), urlencoded, multipart, query, superset (JSON with every usual name), no-origin (the main request without an Origin) …
	Family     string            `json:"family,omitempty"` // ipv4, ipv6: the address that was requested; of Posts and ByFamily
	Origin     string            `json:"origin,omitempty"` // sent
	Status     int               `json:"status"`           // 0: no response
	Error      string            `json:"error,omitempty"`  // `refused`, `timeout`, `reset`, `tls`, `http-to-https`, `too-large`, `encoded`, `not-http`, `other`
	Detail     string            `json:"detail,omitempty"`
	Header     map[string]string `json:"header,omitempty"` // only those that rules read: Content-Type, Location, Server, X-Powered-By, Date, Cache-Control, Allow, WWW-Authenticate, Access-Control-*, Vary …
	Bytes      int64             `json:"bytes"`
	Begin      string            `json:"begin,omitempty"`   // the body's first 300 characters, made visible, tokens and secrets taken out
	JSON       bool              `json:"json"`              // the body is a JSON document
	NotJSON    string            `json:"notJson,omitempty"` // why not, where it looks like one: text before it, text after it, a NUL
	HTML       bool              `json:"html"`
	Fields     map[string]string `json:"fields,omitempty"`   // the JSON's fields down to three levels, data.token: string (7 chars), object, {}, array, [], null; short plain values as JSON writes them: "text" in quotes, 12, true; nothing secret
	APIKey     string            `json:"apiKey,omitempty"`   // a key the response carries beside the token
	UserID     string            `json:"userId,omitempty"`   // the userId the response states
	InHeader   string            `json:"inHeader,omitempty"` // the response's header that holds a token, where the body has none
	Tokens     []int             `json:"tokens,omitempty"`   // indices into Facts.Tokens, the one that counts first
	ReceivedAt time.Time         `json:"receivedAt"`
	TookMs     float64           `json:"tookMs"`
}

// Token is a token that was seen.
type Token struct {
	Source     string             `json:"source"`          // backend, given, minted
	Field      string             `json:"field,omitempty"` // where in the response it stood
	Header     map[string]any     `json:"header,omitzero"`
	Claims     map[string]any     `json:"claims,omitzero"` // nil: they could not be read
	Shown      string             `json:"shown"`           // header.payload.…
	Input      string             `json:"input"`           // fingerprint of the signing input: equal inputs with different Signature prove a varying secret
	Signature  string             `json:"signature"`       // fingerprint of the signature
	SigLen     int                `json:"sigLen"`          // bytes of the decoded signature
	Segments   int                `json:"segments"`
	Flaws      []tokens.Flaw      `json:"flaws,omitempty"`
	ReceivedAt time.Time          `json:"receivedAt"`
	Signer     *tokens.Signer     `json:"signer,omitempty"`     // Hits' Candidate is a Value's ID
	Prediction *tokens.Prediction `json:"prediction,omitempty"` // filled where the secret that counts is known

	_ [16]byte // its size: copies of 192 bytes and more are made by a call, smaller ones by code at each place
}

// Stream is what Stream said.
type Stream struct {
	Asked     bool          `json:"asked"`
	Reachable bool          `json:"reachable"`
	Error     string        `json:"error,omitempty"`     // why not: offline, rejected, timeout, no-such-host, tls, not-stream, rate-limited …
	Responded string        `json:"responded,omitempty"` // what responded in Stream's place
	Date      time.Time     `json:"date,omitzero"`       // Stream's clock, from its Date header
	AskedAt   time.Time     `json:"askedAt,omitzero"`    // when Stream last responded; older than the run where a response was remembered
	Skew      time.Duration `json:"skew"`                // local clock minus Stream's, the request's half round trip taken off
	SkewBound time.Duration `json:"skewBound"`           // Skew is true to within this: Date counts whole seconds; 0: no Date was seen
	Requests  int           `json:"requests"`
	Cut       bool          `json:"cut,omitempty"`     // badsig's own time ended before every pair was tested
	Grid      []Pair        `json:"grid,omitempty"`    // key × secret
	App       *App          `json:"app,omitempty"`     // of the first accepted pair
	Control   *StreamAnswer `json:"control,omitempty"` // the tampered signature
	User      *StreamAnswer `json:"user,omitempty"`    // the backend's token with the front end's key
	UserKey   string        `json:"userKey,omitempty"`
	Given     *StreamAnswer `json:"given,omitempty"` // the given token
}

// Pair is one cell of the grid.
type Pair struct {
	Key     string       `json:"key"`
	KeyFrom int          `json:"keyFrom"`           // a Value's ID, -1: given
	Secret  int          `json:"secret"`            // a Value's ID
	Cleaned bool         `json:"cleaned,omitempty"` // the secret without its blemishes was tried
	Answer  StreamAnswer `json:"answer"`
}

// StreamAnswer is one response from Stream.
type StreamAnswer struct {
	Status  int     `json:"status"`
	Code    int     `json:"code"`
	Message string  `json:"message,omitempty"`
	Error   string  `json:"error,omitempty"` // no response: rejected, timeout, tls …
	TookMs  float64 `json:"tookMs"`
}

// App is the whitelist of fields read from GET /api/v2/app.
type App struct {
	ID            int       `json:"id"`
	Name          string    `json:"name"`
	Placement     string    `json:"placement,omitempty"`
	AuthDisabled  bool      `json:"authDisabled"`
	Suspended     bool      `json:"suspended"`
	RevokedBefore time.Time `json:"revokedBefore,omitzero"`
}

func GivesToken(a *Answer) bool { return a.Status/100 == 2 && len(a.Tokens) > 0 }
