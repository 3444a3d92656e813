package facts

import (
	"time"

	"badsig/checks/affix"
	"badsig/tokens"
)

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

// Kind says how a value is where it is.
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
	KindBrowser   Kind = "browser"   // the key that Stream's error, or a request to Stream, quotes
	KindKnown     Kind = "known"     // a well-known placeholder, "undefined", "" …: found nowhere, tried all the same
	KindAnswer    Kind = "answer"    // the endpoint's response carried it (apiKey beside the token)
)

// What a value is.
const (
	WhatKey    = "key"    // a Stream API key
	WhatSecret = "secret" // a Stream API secret
	WhatOther  = "other"  // another secret of the project (JWT_SECRET, SESSION_SECRET): a candidate for the signer
)

// Value is one place where a key or a secret is.
type Value struct {
	ID   int    `json:"id"`
	What string `json:"what"` // key, secret, other
	Name string `json:"name"` // the variable or field: STREAM_API_SECRET, apiKey
	Kind Kind   `json:"kind"`
	Role Role   `json:"role"`
	File string `json:"file,omitempty"` // relative to Dir, slashes
	Line int    `json:"line,omitempty"` // 1-based
	PID  int32  `json:"pid,omitempty"`

	SetFile string `json:"setFile,omitempty"` // of a live process's variable: the file that sets it to these bytes, as far as one was found
	SetLine int    `json:"setLine,omitempty"`

	Key         string   `json:"key,omitempty"`         // the value itself, for keys of a key's shape and for strings that aren't secrets (undefined, a placeholder)
	Length      int      `json:"length"`                // in bytes, as the loader hands it to the program
	Fingerprint string   `json:"fingerprint"`           // tokens.Secret.Fingerprint of those bytes, keys too
	Clean       string   `json:"clean"`                 // fingerprint after the blemishes are taken away
	Blemishes   []string `json:"blemishes,omitempty"`   // what is around or in it that no Stream key or secret has: leading-space, trailing-space, newline, carriage-return, tab, nbsp, zero-width, bom, quotes, smart-quotes, backticks, semicolon, comma, own-name (NAME= doubled), upper-case, not-64 …
	Placeholder bool     `json:"placeholder,omitempty"` // your_api_secret, changeme …
	Empty       bool     `json:"empty,omitempty"`

	Loaded      bool               `json:"loaded,omitempty"`      // the runtime (server's or front end's) reads this place
	Read        bool               `json:"read,omitempty"`        // and the code reads this name
	Wins        bool               `json:"wins,omitempty"`        // and it is the value the code gets today
	Why         string             `json:"why,omitempty"`         // why not, where Loaded or Wins is false: "not loaded: …", "overridden by …", "duplicate line"
	Fate        Fate               `json:"fate,omitempty"`        // the same as data, where something depends on it
	Early       *Early             `json:"early,omitempty"`       // of the fate TooEarly
	Comment     bool               `json:"comment,omitempty"`     // it is in a comment: never a fault
	Pair        int                `json:"pair"`                  // the key (or secret) that is with it in the same place; -1 for none
	Public      bool               `json:"public,omitempty"`      // the browser gets it: public prefix, front-end code, served bundle
	Tracked     bool               `json:"tracked,omitempty"`     // git tracks the file
	Modified    time.Time          `json:"modified,omitzero"`     // of the file
	VsDashboard *tokens.Difference `json:"vsDashboard,omitempty"` // for secrets: against the dashboard's, or, where none was passed, the one that Stream accepted
}

// Project is what the files say.
type Project struct {
	Files      int      `json:"files"` // looked at
	Bytes      int64    `json:"bytes"`
	Skipped    int      `json:"skipped"`
	Sealed     []Sealed `json:"sealed,omitempty"`     // where a secret may be that badsig can't read
	Notes      []string `json:"notes,omitempty"`      // unreadable folders, loops, too large files …
	Unsearched string   `json:"unsearched,omitempty"` // a folder of build output that was not searched to its end: too large, or out of time
	Strips     bool     `json:"strips,omitempty"`     // the front end cuts a word off something called a token
	Unquotes   bool     `json:"unquotes,omitempty"`   // it trims or parses something called a token
	Converts   bool     `json:"converts,omitempty"`   // the front end may give the fields of its requests or responses other names
	Composed   bool     `json:"composed,omitempty"`   // a Compose file may map its ports to others, which it doesn't name
	Unread     []string `json:"unread,omitempty"`     // .env files, and folders, that are there and could not be read: what is said to be set nowhere may be in them

	Handed   []Fetch   `json:"handed,omitempty"`   // calls of functions that run on the server
	Passed   []Passed  `json:"passed,omitempty"`   // what front ends make of the token before Stream's client gets it, where Stream can't use it any more
	IDs      []IDForm  `json:"-"`                  // while the project is read: as which pages connect, where the user's object isn't written in the call
	Told     []AsTold  `json:"told,omitempty"`     // pages that connect as a field of a response
	OtherIDs []OtherID `json:"otherIds,omitempty"` // requests for another ID than the one that the page connects as

	Pages     []Place     `json:"pages,omitempty"`     // the requests that pages in a browser make, where CORS may keep them out
	Published []Published `json:"published,omitempty"` // the ports that Compose files map

	EnvFiles []EnvFile    `json:"envFiles,omitempty"`
	Servers  []ServerCode `json:"servers,omitempty"` // places that look like token servers, best first
	Fetches  []Fetch      `json:"fetches,omitempty"` // where the front end requests a token
	Origins  []Found      `json:"origins,omitempty"` // the front end's dev origins, best first
	Apps     []NativeApp  `json:"apps,omitempty"`    // front ends that run without a browser
	Calls    []StreamCall `json:"calls,omitempty"`   // new StreamChat(…), getInstance(…), jwt.sign(…)
	Sites    []Site       `json:"sites,omitempty"`   // places that create a user token, likeliest first
	Entries  []Entry      `json:"entries,omitempty"` // the ways to them, likeliest first
	Slips    []Slip       `json:"slips,omitempty"`   // lines of servers that keep a token from being made, or from being right
	SDKs     []SDK        `json:"sdks,omitempty"`    // Stream's packages and those that sign, for reports
}

// NoProject reports whether the folder was read and nothing in it has to do
// with Stream: badsig was most likely started somewhere else.
func (f *Facts) NoProject() bool {
	p := f.Project
	if p == nil || len(p.Unread) > 0 || len(p.Servers)+len(p.Sites)+len(p.Entries)+len(p.Fetches)+len(p.Calls)+len(p.SDKs) > 0 {
		return false
	}
	for i := range f.Values {
		if f.Values[i].File != "" {
			return false
		}
	}
	return true
}

// NativeApp is a front end that is built for phones.
type NativeApp struct {
	Kind string `json:"kind"`          // Flutter, iOS, Android, React Native, Expo
	File string `json:"file"`          // what says so
	Web  bool   `json:"web,omitempty"` // it can be built for a browser too; whether anybody does is not known
}

// Found is a string and where it is.
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
	Language     string   `json:"language,omitempty"`  // python, go, php …; "" for JavaScript
	Framework    string   `json:"framework,omitempty"` // of another language's: django, flask, gin …
	Dir          string   `json:"dir"`                 // the folder of its package.json, relative
	Entry        string   `json:"entry"`               // the file npm run dev starts, where known
	File         string   `json:"file"`                // where the route is
	Line         int      `json:"line"`
	Start        string   `json:"start"`                 // the command: "npm run dev"
	Loader       string   `json:"loader"`                // dotenv, dotenv-expand, node-env-file, next, none
	LoaderPaths  []string `json:"loaderPaths,omitempty"` // explicit paths, resolved relative to Dir where they are static; "" means cwd/.env
	Override     bool     `json:"override,omitempty"`    // dotenv's override: true
	Ports        []Port   `json:"ports,omitempty"`
	Routes       []Route  `json:"routes,omitempty"`
	Open         bool     `json:"open,omitempty"`       // it mounts something whose prefix or router wasn't read
	Pages        bool     `json:"pages,omitempty"`      // it may hand out the front end's pages
	Alters       bool     `json:"alters,omitempty"`     // something before its handlers may change a request's path or method, or hand it on
	Reshapes     bool     `json:"reshapes,omitempty"`   // something may change the fields of a request, or of a response
	SecretRead   []Read   `json:"secretRead,omitempty"` // which names the signing code reads, in order of fallback
	KeyRead      []Read   `json:"keyRead,omitempty"`
	JSONBody     bool     `json:"jsonBody"`           // a parser of JSON is mounted, or none could be ruled out
	BodyRead     bool     `json:"bodyRead,omitempty"` // a module of it reads the parsed body (req.body, ctx.request.body)
	CORS         bool     `json:"cors"`
	CORSFile     string   `json:"corsFile,omitempty"` // where CORS is allowed, in File or another of its modules
	CORSLine     int      `json:"corsLine,omitempty"`
	CORSOrigin   int      `json:"corsOrigin,omitempty"` // the line of its option for the origin, and of that for cookies
	CORSCookies  int      `json:"corsCookies,omitempty"`
	CORSLacks    string   `json:"corsLacks,omitempty"` // what pages miss, where all that decides of it was read: all, cookies, or origin (the server's own is allowed instead)
	CORSOnly     []string `json:"corsOnly,omitempty"`  // the origins that it allows, where all are written out, and the line of the first
	CORSOnlyLine int      `json:"corsOnlyLine,omitempty"`
	CORSOnlyFile string   `json:"corsOnlyFile,omitempty"` // where that isn't in CORSFile: the file that sets the variable
	App          string   `json:"app,omitempty"`          // the variable that holds the app, which middleware is added to
	AppFile      string   `json:"appFile,omitempty"`      // where its first middleware or route is added
	AppLine      int      `json:"appLine,omitempty"`
	AppMaker     string   `json:"appMaker,omitempty"`     // the call that makes it: express, Fastify, new Hono …; of Nest also without App
	RandomSecret bool     `json:"randomSecret,omitempty"` // crypto.randomBytes & co. as secret
	RoundedIAT   bool     `json:"roundedIat,omitempty"`   // Math.round/ceil around Date.now()
	Guards       []Guard  `json:"guards,omitempty"`       // where it rejects with 401 or 403
}

// MostRoutes is how many routes of a server are kept.
const MostRoutes = 200

// Guard is a line that rejects a request with 401 or 403.
type Guard struct {
	Status  int      `json:"status"`
	Headers []string `json:"headers,omitempty"` // of the request, that its condition reads, in small letters
	More    bool     `json:"more,omitempty"`    // it checks something else besides
	File    string   `json:"file"`
	Line    int      `json:"line"`
}

// Published is a port of this machine that a Compose file maps to one of a container's.
type Published struct {
	Port   int    `json:"port"`
	Target int    `json:"target"`
	File   string `json:"file"`
	Line   int    `json:"line"`
}

// Port is a port the source names.
type Port struct {
	Port int    `json:"port"`
	Host string `json:"host,omitempty"`
	File string `json:"file,omitempty"`
	Line int    `json:"line,omitempty"`
	Env  string `json:"env,omitempty"` // read from this variable

	Default bool `json:"default,omitempty"` // nothing in the project names it: it is the framework's own
	Unread  bool `json:"unread,omitempty"`  // one of several that the code chooses between, or what it falls back to
}

// Known tells how well the number is known.
func (p Port) Known() Known {
	if p.Default || p.Unread || p.Port == 0 {
		return IsAssumed
	}
	return IsRead
}

// Route is a route the server's source names.
type Route struct {
	Method string `json:"method"` // upper case; ANY for use/all
	Path   string `json:"path"`   // with the prefix of its router where that is static
	File   string `json:"file"`
	Line   int    `json:"line"`

	Modified time.Time `json:"modified,omitzero"` // of the file
}

// Read is one place where code reads a variable or holds a value.
type Read struct {
	Name        string `json:"name,omitempty"` // the variable; "" for a literal
	Value       int    `json:"value"`          // index into Values of a literal or fallback; -1 for a variable
	File        string `json:"file"`
	Line        int    `json:"line"`
	Transform   string `json:"transform,omitempty"`   // base64-decode, hex-decode, base64-encode, trim, upper, template …
	ChangedFile string `json:"changedFile,omitempty"` // where the last Transform is
	ChangedLine int    `json:"changedLine,omitempty"`

	IfUnset bool `json:"ifUnset,omitempty"` // the default of a read: it counts where the variable is set nowhere, not where it is set to nothing

	Used bool `json:"used,omitempty"` // of FrontMissing: Stream's client itself is made with it, no matter what the endpoint's response carries
	// Absent: of FrontMissing, with --static: none of the front end's .env files is here, as in CI, where the build sets the variable
	Absent bool   `json:"absent,omitempty"`
	In     string `json:"in,omitempty"` // of FrontMissing: the one file that would set it

	Hands []string   `json:"hands,omitempty"` // of FrontMissing: the prefixes of what the build tool hands to the browser
	_     [7]uintptr // its size: copies of 192 bytes and more are made by a loop, smaller ones by code at each place
}

// StreamCall is a call of Stream's SDK or of a JWT library.
type StreamCall struct {
	Callee string `json:"callee"` // StreamChat.getInstance, new StreamChat, jwt.sign, devToken …
	Args   int    `json:"args"`
	Role   Role   `json:"role"`
	File   string `json:"file"`
	Line   int    `json:"line"`

	NoToken bool   `json:"noToken,omitempty"` // it connects a user and passes no token
	As      string `json:"as,omitempty"`      // the name in which it has the ID of the user that it connects
	AsOf    string `json:"asOf,omitempty"`    // the path that it holds, where it is a variable alone
	AsLine  int    `json:"asLine,omitempty"`  // of that name, where it is of a name, an email or another service's ID
	AsText  string `json:"asText,omitempty"`  // the ID, where it is written out: connectUser({ id: 'guest' })
	Sent    bool   `json:"sent,omitempty"`    // its module sends that ID in a request, unchanged
	OwnID   bool   `json:"ownId,omitempty"`   // it connects as an ID that it makes of another: a prefix, toLowerCase()
	Varies  bool   `json:"varies,omitempty"`  // that ID is a variable's, which the source gives no text
	ID      IDForm `json:"-"`                 // while the project is read: of that user
}

// ConnectsAs reports whether a front end connects as an ID that is written out in its source.
//
//go:noinline
func (p *Project) ConnectsAs(id string) bool {
	return p != nil && id != "" && affix.Any(p.Calls, func(c StreamCall) bool { return c.AsText == id })
}
