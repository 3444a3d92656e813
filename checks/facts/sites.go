package facts

import "badsig/checks/loopback"

// Known says how well something is known. An error needs every link of its
// chain given, seen or read; one assumed link makes the result unknown.
type Known string

// The four words, best first.
const (
	IsGiven   Known = "given"   // a flag, or something pasted
	IsSeen    Known = "seen"    // bytes, a response, a process
	IsRead    Known = "read"    // one value, in source, on a path that runs
	IsAssumed Known = "assumed" // a default, one of several candidates, unresolved, or one of badsig's own time limits
)

// Sure reports whether a finding may rest on it.
//
//go:noinline
func (k Known) Sure() bool { return k == IsGiven || k == IsSeen || k == IsRead }

// Place is a line of the project.
type Place struct {
	File string `json:"file"`
	Line int    `json:"line,omitempty"`
}

// Site is a place in the project's code that creates a user token.
type Site struct {
	Callee   string `json:"callee"`   // createToken, jwt.sign, new SignJWT().sign, create_token …
	Language string `json:"language"` // js, python, go, php, ruby, java, kotlin, csharp
	Place           // of the call
	Package  string `json:"package,omitempty"` // the folder of the program that it belongs to
	Server   int    `json:"server"`            // index into Project.Servers; -1 where no program is known to run it
	Runs     Known  `json:"runs"`              // read: an entry leads to it; assumed: nothing that runs was seen to import it

	Secret []Link `json:"secret,omitempty"` // from the argument of the call to the variable or literal, in order
	Key    []Link `json:"key,omitempty"`
	Made   Place  `json:"made,omitzero"` // the call that is handed secret and key: the one that makes Stream's client, or the signing call

	Argument Place `json:"argument,omitzero"` // the line of the secret in that call, or of what it was made of, where that is another line
	Drawn    Place `json:"drawn,omitzero"`    // where the secret is made at random, and can't be anything else
	Lacks    *Link `json:"lacks,omitempty"`   // the member that is the secret, and that its object doesn't have

	User      User     `json:"user"`
	Claims    []Claim  `json:"claims,omitempty"`
	Algorithm *Claim   `json:"algorithm,omitempty"`
	Wraps     []Wrap   `json:"wraps,omitempty"` // what is done to the token between the call and the response
	Coded     []Wrap   `json:"coded,omitempty"` // the segments of a token made by hand that are in base64 or hex, and not in base64url: As says which
	Complete  bool     `json:"complete"`        // payload, options, secret and the way to the response could all be read
	Unread    []string `json:"unread,omitempty"`

	Rounds *SDK `json:"rounds,omitempty"` // the SDK that makes it, where that version writes an iat that is rounded up
}

// Takes is the line that says which secret the call gets.
func (s *Site) Takes() Place {
	if s.Argument.Line > 0 {
		return s.Argument
	}
	return s.Made
}

// SDK is a Stream package that the project depends on.
type SDK struct {
	Name    string `json:"name"`
	Version string `json:"version"`         // the installed one, or what package.json requests
	Exact   bool   `json:"exact,omitempty"` // Version is the installed one
	Update  string `json:"update"`          // the command that updates it
	Place          // where package.json requests it
}

// Link is one step of the way from a call's argument to a variable or literal.
type Link struct {
	Name  string `json:"name,omitempty"` // the identifier, member or variable
	Env   bool   `json:"env,omitempty"`  // Name is an environment variable
	As    string `json:"as,omitempty"`   // the name that the code gives what it holds: key in { key: process.env.STREAM_KEY }
	Value int    `json:"value"`          // index into Facts.Values of a literal; -1 for none
	Known Known  `json:"known"`
	Place
}

// User is where a signing call gets its user ID.
type User struct {
	From  string `json:"from"`           // body, query, path, session, constant, argument; "" where that was not read
	Name  string `json:"name,omitempty"` // the field, parameter or member (userId, req.user.id), or the constant
	Known Known  `json:"known"`
	Place
	Changed Place `json:"changed,omitzero"`  // the line that makes another ID of it: a prefix, toUpperCase()
	Promise bool  `json:"promise,omitempty"` // it is a member of a promise that nothing awaits
	Or      bool  `json:"or,omitempty"`      // where it has no value, a name is in its place: userId || name
	Again   bool  `json:"again,omitempty"`   // it's parsed by JSON.parse of a body; of an entry: of one that a parser has made an object of
	Made    bool  `json:"-"`                 // while the project is read: something is made of it on the way, such as a string
	Text    bool  `json:"text,omitempty"`    // undefined, or a whole body, is made a string: String(req.body)

	Else    string `json:"else,omitempty"`    // of a field that may be left out: the session's member in its place
	Ignores string `json:"ignores,omitempty"` // of a constant: the parameter of the function around it that names the user
}

// Nothing reports an ID that the source writes as undefined, null or NaN.
func (u *User) Nothing() bool {
	return u.From == "" && u.Known.Sure() && NoID(u.Name)
}

// NoID tells the strings that nothing turns into.
func NoID(text string) bool { return text == "undefined" || text == "null" || text == "NaN" }

// Claim is a claim or an option of a signing call, with its own line.
type Claim struct {
	Name string `json:"name"`           // user_id, exp, iat, expiresIn, algorithm
	Text string `json:"text,omitempty"` // a constant's text, or a short form of the expression (Date.now(), 60*60)
	Unit string `json:"unit,omitempty"` // of a time: seconds, milliseconds, duration
	When *When  `json:"when,omitempty"` // a time as far as it can be worked out
	Place
}

// When is a time as the source works it out: Per times the present time in seconds, plus Plus.
// Date.now() has Per 1000; a duration and a fixed time have Per 0.
type When struct {
	Per      float64 `json:"per,omitempty"`
	Plus     float64 `json:"plus,omitempty"`
	Fraction bool    `json:"fraction,omitempty"` // it isn't rounded to a whole number
	Open     bool    `json:"open,omitempty"`     // something is added that isn't known
}

// Wrap is one line that changes the token on its way to the response.
type Wrap struct {
	How string `json:"how"` // prefix, suffix, slice, encode, json, cookie, field
	As  string `json:"as,omitempty"`
	Place
}

// Kinds of entries.
const (
	EntryHTTP     = "http"
	EntryAction   = "server-action"
	EntryLoader   = "loader"
	EntryCallable = "callable"
	EntryTRPC     = "trpc"
	EntryGraphQL  = "graphql"
	EntryLogin    = "login"
	EntryScript   = "script"
)

// Entry is a way by which a signing site is reached from outside.
type Entry struct {
	Kind   string   `json:"kind"`
	Method string   `json:"method,omitempty"`
	Path   string   `json:"path,omitempty"`   // with all prefixes
	Params []string `json:"params,omitempty"` // of the path, and of the query as far as the handler reads them
	Fields []string `json:"fields,omitempty"` // of the body that the handler reads, in order; user.id for one inside another
	Place           // of the handler
	Site   int      `json:"site"`   // index into Project.Sites
	Server int      `json:"server"` // index into Project.Servers; -1 for none
	Known  Known    `json:"known"`

	Reply    Place    `json:"reply"`              // where the handler hands out the token
	Answer   []string `json:"answer,omitempty"`   // the fields of what it responds with where it gives the token, data.token for one inside another
	Gives    []Gift   `json:"gives,omitempty"`    // those of them that hold the token
	GivesAll bool     `json:"givesAll,omitempty"` // there are no other fields
	Tells    []Told   `json:"tells,omitempty"`    // those of them as which pages connect, beside what is signed
	Names    string   `json:"names,omitempty"`    // the constant that the response names as the user's ID beside the token
	NamesAs  string   `json:"namesAs,omitempty"`  // the expression that it names so, where the signing call has a constant

	Caches Place   `json:"caches,omitzero"`  // where it sets Cache-Control
	Throws []Place `json:"throws,omitempty"` // where the handler, and what it calls on the way to the site, throws
	Uses   []Use   `json:"uses,omitempty"`   // names and members that they use, and the strings that they throw: what an error may quote
	User   User    `json:"user"`             // where it gets the user's ID
	Typed  bool    `json:"typed,omitempty"`  // it reads that of a body which is parsed only where its type says JSON

	Guards  []Guard `json:"guards,omitempty"`
	Session string  `json:"session,omitempty"` // what it wants of a session: a cookie's name, Authorization, clerk, next-auth …
	Writes  []Place `json:"writes,omitempty"`  // a user that is created, a mail that is sent …: such a route is never called unasked
	Calls   []Place `json:"calls,omitempty"`   // of Stream or a database before it responds: it is requested once, not four times
}

// Told is a field of a response as which a page connects.
type Told struct {
	Field  string `json:"field"`
	Same   bool   `json:"same,omitempty"`   // it's what is signed
	Naming bool   `json:"naming,omitempty"` // a name or an email is signed instead
	Signs  string `json:"signs,omitempty"`  // the member that is signed
}

// AsTold is a page that connects as a field of a response.
type AsTold struct {
	Field  string  `json:"field"`
	From   []Place `json:"from"`         // the request, and the calls of the functions around it
	As     string  `json:"as,omitempty"` // what the page puts around it
	Callee string  `json:"callee"`
	Client Place   `json:"client"`
	Place          // where it takes the field, or puts that around it
}

// Gift is a field of a response that holds the token.
type Gift struct {
	Field string `json:"field"`         // token, data.token; "" where the response is the token
	How   string `json:"how,omitempty"` // what is done to the token: prefix, suffix, slice, json, promise: nothing awaits it
	As    string `json:"as,omitempty"`
	Text  bool   `json:"text,omitempty"` // the response is the token's text, and no JSON
	JSON  bool   `json:"json,omitempty"` // the response is the token as a JSON string
	Place        // of the line that does it, or that hands the token out
}

// Use is a place at which code can fail, by what the error would quote.
type Use struct {
	Name   string `json:"name,omitempty"`   // a path or callee: req.user.id, sanitize
	Throws string `json:"throws,omitempty"` // a string that is thrown
	Place
}

// NoEndpoint is the URL's source where tokens are made and no request leads
// there: a server action, a loader, a callable. The URL is empty then.
const NoEndpoint = "none"

// HasEndpoint reports whether there is a URL to request tokens from.
func (f *Facts) HasEndpoint() bool { return f.Target.URLSource != NoEndpoint }

// ListensAt is the port on which the backend listens, as far as the URL or,
// where there is no endpoint, the source says; local is false on another host.
func (f *Facts) ListensAt() (port int, local bool) {
	if f.HasEndpoint() || f.Project == nil {
		return loopback.LocalPort(f.Target.URL)
	}
	for _, e := range f.Project.Entries {
		if e.Server < 0 || e.Server >= len(f.Project.Servers) || e.Kind == EntryScript {
			continue
		}
		for _, p := range f.Project.Servers[e.Server].Ports {
			if p.Port > 0 {
				return p.Port, true
			}
		}
	}
	return 0, false
}

// BackendPort is the port on which the source says that the backend listens,
// where there is no endpoint; 0 where that is not known.
func (f *Facts) BackendPort() int {
	port, _ := f.ListensAt()
	return port
}

// MadeBy says in one sentence which entry makes the token where there is no
// endpoint; "" where there is one.
func (f *Facts) MadeBy() string {
	if f.HasEndpoint() || f.Project == nil {
		return ""
	}
	for _, e := range f.Project.Entries {
		return "the token is created by the " + entryWords(e) + "; there is no HTTP endpoint"
	}
	return "no HTTP endpoint creates a token"
}

// entryWords names an entry with its line: server action actions/token.ts:14.
func entryWords(e Entry) string {
	at := e.File
	if e.Line > 0 {
		at = At(e.File, e.Line)
	}
	switch e.Kind {
	case EntryAction:
		return "server action " + at
	case EntryLoader:
		return "server-side loader " + at
	case EntryCallable:
		return "callable function " + at
	case EntryTRPC:
		return "tRPC procedure " + at
	case EntryGraphQL:
		return "GraphQL resolver " + at
	case EntryLogin:
		return "login route " + at
	case EntryScript:
		return "script " + at
	}
	return "route " + at
}
