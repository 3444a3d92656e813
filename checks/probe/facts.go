package probe

import (
	"time"

	"badsig/tokens"
)

// Facts is all that was seen, as plain data: it can be written to JSON, kept,
// and judged again. It holds no secret: a secret is its source, its length and
// its fingerprint. A nil part was not looked at (yet, or because it could not
// be: then Errors says why).
type Facts struct {
	At      time.Time   `json:"at"` // this machine's clock when the run began
	Target  TargetFacts `json:"target"`
	Project *Project    `json:"project,omitempty"`
	Process *Listeners  `json:"listeners,omitempty"`
	Values  []Value     `json:"values,omitempty"` // every key and secret found, wherever it stands; Value.ID is the index
	Server  *Server     `json:"server,omitempty"` // what the server's runtime would read today
	Backend *Backend    `json:"backend,omitempty"`
	Tokens  []Token     `json:"tokens,omitempty"` // backend's first, then its repetitions, then the given one
	Stream  *Stream     `json:"stream,omitempty"`
	// Errors says why a probe could not find out, by the probe's name. It never means that something is wrong.
	Errors map[Name]string `json:"errors,omitempty"`
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
	URL             string `json:"url"`
	URLSource       string `json:"urlSource"` // flag, default, or file:line
	Dir             string `json:"dir"`
	UserID          string `json:"userId"`
	UserName        string `json:"userName"`
	Origin          string `json:"origin"`
	OriginSource    string `json:"originSource"` // flag, default, or file:line; "guess" where nothing names it
	StreamURL       string `json:"streamUrl"`    // "" when offline
	Offline         bool   `json:"offline"`
	Headers         bool   `json:"headers"`         // --header was given
	Given           bool   `json:"given"`           // --token was given
	Key             string `json:"key,omitempty"`   // the dashboard's key, as given
	HasSecret       bool   `json:"hasSecret"`       // the dashboard's secret was given; it is Values[DashboardSecret]
	DashboardSecret int    `json:"dashboardSecret"` // index into Values; -1 for none
}

// ---------------------------------------------------------------- project

// Role says what a file is for.
type Role string

// The roles. Only server, front and shared files run; the others are known so that they stay silent.
const (
	RoleServer  Role = "server"
	RoleFront   Role = "front"
	RoleShared  Role = "shared"  // a .env or module that both sides read
	RoleOther   Role = "other"   // an env file of another environment (.env.production, .env.staging), not loaded
	RoleExample Role = "example" // .env.example, .env.sample, template
	RoleTest    Role = "test"
	RoleDocs    Role = "docs"
	RoleBuild   Role = "build" // a bundle that was built
	RoleUnknown Role = "unknown"
)

// Kind says how a value stands where it stands.
type Kind string

// The kinds.
const (
	KindEnvFile   Kind = "env-file"
	KindProcess   Kind = "process"   // the listening process's initial environment
	KindAncestor  Kind = "ancestor"  // that of its parents
	KindLiteral   Kind = "literal"   // in code
	KindFallback  Kind = "fallback"  // process.env.X || 'literal'
	KindConfig    Kind = "config"    // .stream/creds.yaml, stream-cli, compose, ecosystem, launch.json …
	KindDashboard Kind = "dashboard" // given by --api-key, --secret-file …
	KindKnown     Kind = "known"     // a well-known placeholder, "undefined", "" …: found nowhere, tried all the same
	KindAnswer    Kind = "answer"    // the endpoint's answer carried it (apiKey beside the token)
)

// What a value is.
const (
	WhatKey    = "key"    // a Stream API key
	WhatSecret = "secret" // a Stream API secret
	WhatOther  = "other"  // another secret of the project (JWT_SECRET, SESSION_SECRET): a candidate for the signer
)

// Value is one place where a key or a secret stands.
type Value struct {
	ID   int    `json:"id"`
	What string `json:"what"` // key, secret, other
	Name string `json:"name"` // the variable or field: STREAM_API_SECRET, apiKey
	Kind Kind   `json:"kind"`
	Role Role   `json:"role"`
	File string `json:"file,omitempty"` // relative to Dir, slashes
	Line int    `json:"line,omitempty"` // 1-based
	PID  int32  `json:"pid,omitempty"`

	Key         string   `json:"key,omitempty"`         // the value itself, for keys of a key's shape and for texts that are no secret (undefined, a placeholder)
	Length      int      `json:"length"`                // in bytes, as the loader hands it to the program
	Fingerprint string   `json:"fingerprint"`           // tokens.Secret.Fingerprint of those bytes, keys too
	Clean       string   `json:"clean"`                 // fingerprint after the blemishes are taken away
	Blemishes   []string `json:"blemishes,omitempty"`   // what stands around or in it that no Stream key or secret has: leading-space, trailing-space, newline, carriage-return, tab, nbsp, zero-width, bom, quotes, smart-quotes, backticks, semicolon, comma, own-name (NAME= doubled), upper-case, not-64 …
	Placeholder bool     `json:"placeholder,omitempty"` // your_api_secret, changeme …
	Empty       bool     `json:"empty,omitempty"`

	Loaded      bool               `json:"loaded,omitempty"`      // the runtime (server's or front end's) reads this place
	Read        bool               `json:"read,omitempty"`        // and the code reads this name
	Wins        bool               `json:"wins,omitempty"`        // and it is the value the code gets today
	Why         string             `json:"why,omitempty"`         // why not, where Loaded or Wins is false: "not loaded: …", "overridden by …", "duplicate line"
	Comment     bool               `json:"comment,omitempty"`     // it stands in a comment: never a fault
	Pair        int                `json:"pair"`                  // the key (or secret) that stands with it in the same place; -1 for none
	Public      bool               `json:"public,omitempty"`      // the browser gets it: public prefix, front-end code, served bundle
	Tracked     bool               `json:"tracked,omitempty"`     // git tracks the file
	Modified    time.Time          `json:"modified,omitzero"`     // of the file
	VsDashboard *tokens.Difference `json:"vsDashboard,omitempty"` // for secrets: against the dashboard's, or, where none was given, the one that Stream accepted
}

// Project is what the files say.
type Project struct {
	Files   int      `json:"files"` // looked at
	Bytes   int64    `json:"bytes"`
	Skipped int      `json:"skipped"`
	Notes   []string `json:"notes,omitempty"` // unreadable folders, loops, too large files …

	EnvFiles []EnvFile    `json:"envFiles,omitempty"`
	Servers  []ServerCode `json:"servers,omitempty"` // places that look like token servers, best first
	Fetches  []Fetch      `json:"fetches,omitempty"` // where the front end asks for a token
	Origins  []Found      `json:"origins,omitempty"` // the front end's dev origins, best first
	Calls    []StreamCall `json:"calls,omitempty"`   // new StreamChat(…), getInstance(…), jwt.sign(…)
}

// Found is a text and where it stands.
type Found struct {
	Text string `json:"text"`
	File string `json:"file,omitempty"`
	Line int    `json:"line,omitempty"`
}

// EnvFile is one .env file.
type EnvFile struct {
	File     string    `json:"file"`
	Role     Role      `json:"role"`
	Encoding string    `json:"encoding"` // utf-8, utf-8-bom, utf-16le, utf-16be
	Modified time.Time `json:"modified"`
	Names    []string  `json:"names,omitempty"` // the variables it sets, in order
	Notes    []string  `json:"notes,omitempty"` // unclosed quote, no = …
}

// ServerCode is source that mints tokens or listens with a token route.
type ServerCode struct {
	Dir          string   `json:"dir"`   // the folder of its package.json, relative
	Entry        string   `json:"entry"` // the file npm run dev starts, where known
	File         string   `json:"file"`  // where the route stands
	Line         int      `json:"line"`
	Start        string   `json:"start"`                 // the command: "npm run dev"
	Loader       string   `json:"loader"`                // dotenv, dotenv-expand, node-env-file, next, none
	LoaderPaths  []string `json:"loaderPaths,omitempty"` // explicit paths, resolved relative to Dir where they are static; "" means cwd/.env
	Override     bool     `json:"override,omitempty"`    // dotenv's override: true
	Ports        []Port   `json:"ports,omitempty"`
	Routes       []Route  `json:"routes,omitempty"`
	SecretRead   []Read   `json:"secretRead,omitempty"` // which names the signing code reads, in order of fallback
	KeyRead      []Read   `json:"keyRead,omitempty"`
	JSONBody     bool     `json:"jsonBody"` // a parser of JSON is mounted, or none could be ruled out
	CORS         bool     `json:"cors"`
	CORSFile     string   `json:"corsFile,omitempty"` // where the permission is given, in File or another of its modules
	CORSLine     int      `json:"corsLine,omitempty"`
	RandomSecret bool     `json:"randomSecret,omitempty"` // crypto.randomBytes & co. as secret
	RoundedIAT   bool     `json:"roundedIat,omitempty"`   // Math.round/ceil around Date.now()
	Guards       []Guard  `json:"guards,omitempty"`       // where it refuses with 401 or 403
}

// Guard is a line that refuses a request with 401 or 403.
type Guard struct {
	Status  int      `json:"status"`
	Headers []string `json:"headers,omitempty"` // of the request, that its condition reads, in small letters
	More    bool     `json:"more,omitempty"`    // it asks something else besides
	File    string   `json:"file"`
	Line    int      `json:"line"`
}

// Port is a port the source names.
type Port struct {
	Port int    `json:"port"`
	Host string `json:"host,omitempty"`
	File string `json:"file,omitempty"`
	Line int    `json:"line,omitempty"`
	Env  string `json:"env,omitempty"` // read from this variable
}

// Route is a route the server's source names.
type Route struct {
	Method string `json:"method"` // upper case; ANY for use/all
	Path   string `json:"path"`   // with the prefix of its router where that is static
	File   string `json:"file"`
	Line   int    `json:"line"`
}

// Read is one place where code reads a variable or holds a value.
type Read struct {
	Name      string `json:"name,omitempty"` // the variable; "" for a literal
	Value     int    `json:"value"`          // index into Values of a literal or fallback; -1 for a variable
	File      string `json:"file"`
	Line      int    `json:"line"`
	Transform string `json:"transform,omitempty"` // base64-decode, hex-decode, base64-encode, trim, upper, template …
	Used      bool   `json:"used,omitempty"`      // of FrontMissing: Stream's client itself is made with it, whatever the endpoint's answer carries
}

// Fetch is where the front end asks for a token.
type Fetch struct {
	URL         string   `json:"url"` // absolute, or a path where it is same-origin
	Method      string   `json:"method"`
	File        string   `json:"file"`
	Line        int      `json:"line"`
	Credentials bool     `json:"credentials,omitempty"` // credentials: 'include'
	Auth        bool     `json:"auth,omitempty"`        // it sends an Authorization header or a cookie
	Headers     []string `json:"headers,omitempty"`     // names of the headers it sets, in small letters; "*" where others may be among them
	Body        []string `json:"body,omitempty"`        // names of the fields it sends
	Proxied     bool     `json:"proxied,omitempty"`     // a dev-server proxy carries it
}

// StreamCall is a call of Stream's SDK or of a JWT library.
type StreamCall struct {
	Callee string `json:"callee"` // StreamChat.getInstance, new StreamChat, jwt.sign, devToken …
	Args   int    `json:"args"`
	Role   Role   `json:"role"`
	File   string `json:"file"`
	Line   int    `json:"line"`
}

// ---------------------------------------------------------------- processes

// Listeners is who listens.
type Listeners struct {
	Port      int        `json:"port"`
	Known     bool       `json:"known"`               // the table of sockets could be read
	Listeners []Listener `json:"listeners,omitempty"` // on the port
	Others    []Listener `json:"others,omitempty"`    // processes of the project on other ports
}

// Listener is one listening socket and its owner.
type Listener struct {
	Family      string     `json:"family"` // ipv4, ipv6, dual
	Address     string     `json:"address"`
	Port        int        `json:"port"`
	PID         int32      `json:"pid"`               // 0: may not be seen
	Start       time.Time  `json:"start,omitzero"`    // rounded up: never before the real start
	Dir         string     `json:"dir,omitempty"`     // working folder, relative to the project where inside it
	Inside      bool       `json:"inside"`            // the working folder or the script lies inside the project
	InsideKnown bool       `json:"insideKnown"`       // … and that could be found out
	Command     []string   `json:"command,omitempty"` // redacted
	Name        string     `json:"name,omitempty"`
	Ancestors   []Ancestor `json:"ancestors,omitempty"` // nearest first
	EnvKnown    bool       `json:"envKnown"`            // the initial environment could be read

	Env map[string]string `json:"env,omitempty"` // of the initial environment: PORT, HOST, NODE_ENV, DOTENV_CONFIG_*, NODE_OPTIONS …; nothing secret
}

// Ancestor is a parent of the listener.
type Ancestor struct {
	PID     int32     `json:"pid"`
	Start   time.Time `json:"start,omitzero"`
	Command []string  `json:"command,omitempty"`
	Watcher string    `json:"watcher,omitempty"` // nodemon, node --watch, tsx watch, npm …
	EnvFile string    `json:"envFile,omitempty"` // --env-file it loaded
}

// Server is what the server's runtime would read today, resolved from its
// code, its loader, its working folder and its initial environment.
type Server struct {
	Code         int       `json:"code"` // index into Project.Servers; -1 if none was found
	PID          int32     `json:"pid,omitempty"`
	Dir          string    `json:"dir"` // the working folder, relative to the project
	Start        time.Time `json:"start,omitzero"`
	Command      string    `json:"command"`              // how to start it again, to type from the project's folder: "cd server && npm run dev"
	Loaded       []string  `json:"loaded,omitempty"`     // env files read, in the order of precedence
	Missing      []string  `json:"missing,omitempty"`    // env files it looks for that are not there
	Secret       int       `json:"secret"`               // the Value the code would sign with today; -1 if none or unknown
	SecretKnown  bool      `json:"secretKnown"`          // the resolution is certain: Secret -1 then means that it reads nothing
	SecretName   string    `json:"secretName,omitempty"` // the variable it reads
	Key          int       `json:"key"`
	KeyKnown     bool      `json:"keyKnown"`
	KeyName      string    `json:"keyName,omitempty"`
	FrontKeys    []int     `json:"frontKeys,omitempty"`    // Values the front end uses today
	FrontMissing []Read    `json:"frontMissing,omitempty"` // where the front end reads a variable that is undefined (no prefix, not set)
	Changed      time.Time `json:"changed,omitzero"`       // the newest change of a file that holds the secret or key it reads
	ChangedFile  string    `json:"changedFile,omitempty"`
}

// ---------------------------------------------------------------- backend

// Backend is how the endpoint behaves.
type Backend struct {
	Dials     []Dial      `json:"dials"` // one an address
	Get       *Answer     `json:"get,omitempty"`
	Preflight *Answer     `json:"preflight,omitempty"`
	Posts     []Answer    `json:"posts,omitempty"`    // same request, several times
	Variants  []Answer    `json:"variants,omitempty"` // the request in other forms, asked only where the main one was refused or its token names nobody; Form says which
	ByFamily  []Answer    `json:"byFamily,omitempty"` // the same request to each loopback family, where different processes listen
	Origins   []OriginTry `json:"origins,omitempty"`  // preflight and answer for further likely origins, where the first was only a guess
}

// Dial is one attempt to connect.
type Dial struct {
	Address string  `json:"address"`
	Family  string  `json:"family"`
	OK      bool    `json:"ok"`
	Error   string  `json:"error,omitempty"` // refused, timeout, no-such-host, unreachable, other
	Detail  string  `json:"detail,omitempty"`
	TookMs  float64 `json:"tookMs"`
}

// OriginTry is the CORS answer to one further origin.
type OriginTry struct {
	Origin  string `json:"origin"`
	Allowed bool   `json:"allowed"`
}

// Answer is one answer of the endpoint.
type Answer struct {
	Method     string            `json:"method"`
	URL        string            `json:"url"`
	Form       string            `json:"form,omitempty"`   // json, urlencoded, query, superset (JSON with every usual name) …
	Family     string            `json:"family,omitempty"` // ipv4, ipv6: the address that was asked; of Posts and ByFamily
	Origin     string            `json:"origin,omitempty"` // sent
	Status     int               `json:"status"`           // 0: no answer
	Error      string            `json:"error,omitempty"`  // refused, timeout, reset, tls, http-to-https, too-large, not-http, other
	Detail     string            `json:"detail,omitempty"`
	Header     map[string]string `json:"header,omitempty"` // only those that rules read: Content-Type, Location, Server, X-Powered-By, Date, Cache-Control, Allow, WWW-Authenticate, Access-Control-*, Vary …
	Bytes      int64             `json:"bytes"`
	Begin      string            `json:"begin,omitempty"` // the body's first 300 characters, made visible, tokens and secrets taken out
	JSON       bool              `json:"json"`            // the body is a JSON document
	HTML       bool              `json:"html"`
	Fields     map[string]string `json:"fields,omitempty"` // the JSON's fields down to three levels, data.token: string (7 chars), object, {}, array, [], null; short plain values as JSON writes them: "text" in quotes, 12, true; nothing secret
	APIKey     string            `json:"apiKey,omitempty"` // a key the answer carries beside the token
	UserID     string            `json:"userId,omitempty"` // the userId the answer states
	Tokens     []int             `json:"tokens,omitempty"` // indices into Facts.Tokens, the one that counts first
	ReceivedAt time.Time         `json:"receivedAt"`
	TookMs     float64           `json:"tookMs"`
}

// ---------------------------------------------------------------- tokens

// Token is a token that was seen.
type Token struct {
	Source     string             `json:"source"`          // backend, given, minted
	Field      string             `json:"field,omitempty"` // where in the answer it stood
	Header     map[string]any     `json:"header,omitempty"`
	Claims     map[string]any     `json:"claims,omitempty"`
	Shown      string             `json:"shown"`     // header.payload.…
	Input      string             `json:"input"`     // fingerprint of the signing input: equal inputs with different Signature prove a varying secret
	Signature  string             `json:"signature"` // fingerprint of the signature
	SigLen     int                `json:"sigLen"`    // bytes of the decoded signature
	Segments   int                `json:"segments"`
	Flaws      []tokens.Flaw      `json:"flaws,omitempty"`
	ReceivedAt time.Time          `json:"receivedAt"`
	Signer     *tokens.Signer     `json:"signer,omitempty"`     // Hits' Candidate is a Value's ID
	Prediction *tokens.Prediction `json:"prediction,omitempty"` // filled where the secret that counts is known
}

// ---------------------------------------------------------------- Stream

// Stream is what Stream said.
type Stream struct {
	Asked     bool          `json:"asked"`
	Reachable bool          `json:"reachable"`
	Error     string        `json:"error,omitempty"`  // why not: offline, refused, timeout, no-such-host, tls, not-stream, rate-limited …
	Date      time.Time     `json:"date,omitzero"`    // Stream's clock, from its Date header
	AskedAt   time.Time     `json:"askedAt,omitzero"` // when Stream last answered; older than the run where an answer was remembered
	Skew      time.Duration `json:"skew"`             // local clock minus Stream's, the request's half round trip taken off
	SkewBound time.Duration `json:"skewBound"`        // Skew is true to within this: Date counts whole seconds; 0: no Date was seen
	Requests  int           `json:"requests"`
	Grid      []Pair        `json:"grid,omitempty"`    // key × secret
	App       *App          `json:"app,omitempty"`     // of the first accepted pair
	Control   *StreamAnswer `json:"control,omitempty"` // the spoilt signature
	User      *StreamAnswer `json:"user,omitempty"`    // the backend's token with the front end's key
	UserKey   string        `json:"userKey,omitempty"`
	Given     *StreamAnswer `json:"given,omitempty"` // the given token
}

// Pair is one cell of the grid.
type Pair struct {
	Key     string       `json:"key"`
	KeyFrom int          `json:"keyFrom"`           // a Value's ID, -1: given
	Secret  int          `json:"secret"`            // a Value's ID
	Cleaned bool         `json:"cleaned,omitempty"` // the secret without its blemishes was asked
	Answer  StreamAnswer `json:"answer"`
}

// StreamAnswer is one answer of Stream's.
type StreamAnswer struct {
	Status  int     `json:"status"`
	Code    int     `json:"code"`
	Message string  `json:"message,omitempty"`
	Error   string  `json:"error,omitempty"` // no answer: refused, timeout, tls …
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
