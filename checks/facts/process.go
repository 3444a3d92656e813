package facts

import "time"

// Listeners is who listens.
type Listeners struct {
	Port      int        `json:"port"`
	Known     bool       `json:"known"`               // the table of sockets could be read
	Listeners []Listener `json:"listeners,omitempty"` // on the port
	Others    []Listener `json:"others,omitempty"`    // processes of the project on other ports
	Cut       bool       `json:"cut,omitempty"`       // … as far as the time for looking at the machine's processes allowed
	Idle      []Idle     `json:"idle,omitempty"`      // where nothing listens on the port: programs of the project that listen on none
	Starting  bool       `json:"starting,omitempty"`  // one of them was started a moment ago
}

// Idle is a program of the project that listens on no port.
type Idle struct {
	PID      int32     `json:"pid"`
	Start    time.Time `json:"start,omitzero"`
	Command  []string  `json:"command,omitempty"`  // redacted
	Restarts string    `json:"restarts,omitempty"` // it restarts a program, which has ended: nodemon, node --watch …
}

// Listener is one listening socket and its owner.
type Listener struct {
	Family      string     `json:"family"` // ipv4, ipv6, dual
	Address     string     `json:"address"`
	Port        int        `json:"port"`
	PID         int32      `json:"pid"`               // 0: may not be seen
	Start       time.Time  `json:"start,omitzero"`    // rounded up: never before the real start
	Dir         string     `json:"dir,omitempty"`     // working folder, relative to the project where inside it
	Inside      bool       `json:"inside"`            // the working folder or the script is inside the project
	InsideKnown bool       `json:"insideKnown"`       // … and that could be found out
	Command     []string   `json:"command,omitempty"` // redacted
	Name        string     `json:"name,omitempty"`
	Ancestors   []Ancestor `json:"ancestors,omitempty"` // nearest first
	EnvKnown    bool       `json:"envKnown"`            // the initial environment could be read
	Node        string     `json:"node,omitempty"`      // the version of Node that runs, where it is one and that could be found out

	Env map[string]string `json:"env,omitempty"` // of the initial environment: PORT, HOST, NODE_ENV, DOTENV_CONFIG_*, NODE_OPTIONS …; nothing secret
}

// Ancestor is a parent of the listener.
type Ancestor struct {
	PID     int32     `json:"pid"`
	Start   time.Time `json:"start,omitzero"`
	Command []string  `json:"command,omitempty"`
	Watcher string    `json:"watcher,omitempty"` // nodemon, node --watch, tsx watch, npm …
	EnvFile string    `json:"envFile,omitempty"` // --env-file it loaded
	Lacks   []string  `json:"lacks,omitempty"`   // variables of keys and secrets with which the process below it started, and it didn't: it read them from somewhere, and hands them on
}

// Server is what the server's runtime would read today, resolved from its
// code, its loader, its working folder and its initial environment.
type Server struct {
	Code         int       `json:"code"` // index into Project.Servers; -1 if none was found
	PID          int32     `json:"pid,omitempty"`
	Dir          string    `json:"dir"` // the working folder, relative to the project
	Start        time.Time `json:"start,omitzero"`
	Command      string    `json:"command"`               // how to start it again, to type from the project's folder: "cd server && npm run dev"
	Loaded       []string  `json:"loaded,omitempty"`      // env files read, in the order of precedence
	Missing      []string  `json:"missing,omitempty"`     // env files it looks for that are not there
	MissingAt    *Place    `json:"missingAt,omitempty"`   // the line that names the first of them by a path of its own
	Secret       int       `json:"secret"`                // the Value the code would sign with today; -1 if none or unknown
	SecretKnown  bool      `json:"secretKnown"`           // the resolution is certain: Secret -1 then means that it reads nothing
	SecretName   string    `json:"secretName,omitempty"`  // the variable it reads
	SecretUnset  bool      `json:"secretUnset,omitempty"` // no file that it loads sets that variable before the code reads it, and every way in which it loads files was understood: only the environment that it starts with may set it
	SecretElse   bool      `json:"secretElse,omitempty"`  // Secret is what the code falls back to, and something that isn't followed may set that variable
	SecretEnds   bool      `json:"secretEnds,omitempty"`  // the program ends at its start where that variable isn't set
	Key          int       `json:"key"`
	Ends         *Read     `json:"ends,omitempty"`     // another variable without which the program ends at its start, and that nothing that it loads sets; with Transform, the line of a variable that is called almost so
	CORSFrom     *Read     `json:"corsFrom,omitempty"` // what sets the origin that it allows: a variable of a file, or without Name the text that the code falls back to
	KeyEnds      bool      `json:"keyEnds,omitempty"`  // the program ends at its start without that key, and nothing that it loads sets it
	KeyKnown     bool      `json:"keyKnown"`
	KeyName      string    `json:"keyName,omitempty"`
	FrontKeys    []int     `json:"frontKeys,omitempty"`    // Values the front end uses today
	FrontMissing []Read    `json:"frontMissing,omitempty"` // where the front end reads a variable that is undefined (no prefix, not set)
	Changed      time.Time `json:"changed,omitzero"`       // the newest change of a file that holds the secret or key it reads
	ChangedFile  string    `json:"changedFile,omitempty"`
	CodeChanged  time.Time `json:"codeChanged,omitzero"` // the newest change of the source between the variable and the signing call
	CodeFile     string    `json:"codeFile,omitempty"`
	CodeLine     int       `json:"codeLine,omitempty"`
	Newer        []Newer   `json:"newer,omitempty"` // its sources that were changed after it started, where nothing loads them anew
}

// Newer is a source that was changed after the process that runs it started.
type Newer struct {
	File    string    `json:"file"`
	Changed time.Time `json:"changed"`
}
