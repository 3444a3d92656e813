// Package scenarios holds faults and look-alikes as data, and what starts them
// for real: a project on disk, its backend as a live process, a stand-in for
// Stream, and the built badsig, called the way its contract says. It is test
// support; nothing of the product imports it.
//
// Rules of this package:
//   - a scenario proves its own fault first, with an HMAC of its own that shares
//     no code with the product: a scenario that is not broken as it says fails
//   - the default port is never used; every secret is invented for its scenario
//   - a look-alike is a scenario whose Want names no cause
package scenarios

import (
	"fmt"
	"strings"
)

// Scenario is one state of a developer's machine and what badsig should say to it.
// Its strings may hold {{K1}}, {{S1}}, {{PORT}} … (see vars.go).
type Scenario struct {
	Name   string // "cause: how" for faults, "healthy: what looks like a fault", "double: a + b"
	Layout Layout
	Edits  []Edit // changes to the layout's files before anything starts
	Procs  []Proc // what runs; nil means the layout's own
	Steps  []Step // what happens after; nil means StartAll

	URL     string   // --url; "" means the layout's, "-" means not given
	Args    []string // further arguments of badsig check
	Env     []string // of badsig itself, NAME=value
	Token   Text     // --token; "" means not given
	Stdin   bool     // the token goes in by --token -
	Asked   Asked    // how the front end requests; the zero value is the documented request
	Stream  Stream
	Modes   []Mode // nil means Online and Offline with the pair
	Letters string // alphabet of the invented secrets; "" means Stream's
	Runtime string // further program that has to be there: python3, git

	Truth Truth
	Want  Want
	In    map[Mode]Want // where one mode expects something else
}

// Asked is the front end's request, as the scenario's own proof makes it.
type Asked struct {
	Query string // the id's name in the query of a GET; "" means a POST
	Type  string // of the body; "" means application/json
	Body  string // "" means {"userId":…,"userName":…}
}

// Text is a template of vars.go.
type Text = string

// Mode is what badsig is told about the truth.
type Mode string

// The modes.
const (
	Online      Mode = "online"       // uses the stand-in, no dashboard pair
	PairOffline Mode = "pair+offline" // dashboard pair, --offline
	PairOnline  Mode = "pair+online"  // both
	Bare        Mode = "bare"         // --offline and no pair: little can be proven
)

// Stream says how the stand-in behaves. It always knows (K1,S1) and (K2,S2).
type Stream struct {
	AuthDisabled bool
	Suspended    bool
	RevokedAgo   int // seconds before now at which K1's tokens were revoked; 0: never
	ClockBehind  int // seconds its clock is behind this machine's
	Unreachable  bool
}

// Truth is what the scenario's own check of its fault expects of the backend.
// The zero value of a field means "not looked at".
type Truth struct {
	Down     bool   // nothing responds at the URL
	Status   int    // of the documented request
	SignedBy Text   // the secret whose bytes verify the token
	Code     int    // Stream's code for the token under Key; -1 means accepted
	Key      Text   // the key the front end uses; "" means {{K1}}
	Body     string // is in the response's body
	Claim    string // "name=value" of a claim of the token, value as JSON
}

// Want is what badsig must say.
type Want struct {
	First   string   // the root cause; "" for a look-alike
	Or      []string // ids that would be as right as First
	Then    []string // further faults, each must be named
	Order   bool     // Then must follow in this order, First before all (else any order)
	May     []string // ids that may be named too
	Exit    []int    // nil: 1 for an error, 0 for a look-alike, see Want.exits
	Verdict string   // "" means not looked at
	File    string   // of the first cause's location
	Line    string   // text of the line that the location must point to; "" means any
}

// Edit changes the project before it starts.
type Edit func(Layout, Files) error

// Files are a project's files by their slash path.
type Files map[string]string

// Proc is one process of the scenario.
type Proc struct {
	Name   string
	Dir    string   // relative to the project; "../x" is beside it
	Cmd    []string // node, npm, python3 …
	Env    []string // NAME=value, beside a bare PATH and HOME
	Addr   string   // host:port to wait for; "" means localhost:{{PORT}}, "-" means do not wait
	Skewed int      // seconds by which its clock is ahead (Node only)
}

// Layout is a style of project.
type Layout struct {
	Name      string
	Files     Files
	Env       string // the file that has the server's secret
	SecretVar string
	KeyVar    string
	Front     string   // the file that has the front end's key
	Packages  []string // npm packages its server needs, "express4" for Express 4 as express
	ModDir    string   // where node_modules is put
	Procs     []Proc
	Path      string // the token route
}

// Group is the part of the name before the colon.
func (s Scenario) Group() string {
	g, _, _ := strings.Cut(s.Name, ":")
	return g
}

func (s Scenario) modes() []Mode {
	if s.Modes == nil {
		return []Mode{Online, PairOffline}
	}
	return s.Modes
}

func (s Scenario) want(m Mode) Want {
	w, ok := s.In[m]
	if !ok {
		w = s.Want
	}
	if w.Exit == nil {
		switch {
		case w.First == "" && m == Bare:
			w.Exit = []int{3}
		case w.First == "":
			w.Exit = []int{0}
		case Warnings[w.First]:
			w.Exit = []int{0}
		default:
			w.Exit = []int{1}
		}
	}
	return w
}

// Warnings are the contract's causes that aren't errors.
var Warnings = map[string]bool{
	"token-cacheable": true, "user-id-characters": true, "exp-milliseconds": true, "exp-too-short": true,
	"secret-exposed": true, "secret-in-source": true, "auth-checks-disabled": true, "stream-unreachable": true,
}

// Sub replaces the one occurrence of old in a file.
func Sub(file, old, new string) Edit {
	return func(_ Layout, f Files) error {
		if n := strings.Count(f[file], old); n != 1 {
			return fmt.Errorf("%s holds %q %d times", file, old, n)
		}
		f[file] = strings.Replace(f[file], old, new, 1)
		return nil
	}
}

// Put writes a whole file.
func Put(file, text string) Edit {
	return func(_ Layout, f Files) error { f[file] = text; return nil }
}

// Del removes a file.
func Del(file string) Edit {
	return func(_ Layout, f Files) error {
		if _, ok := f[file]; !ok {
			return fmt.Errorf("%s is not there", file)
		}
		delete(f, file)
		return nil
	}
}

// Append adds text at a file's end.
func Append(file, text string) Edit {
	return func(_ Layout, f Files) error { f[file] += text; return nil }
}

// Secret sets what is after the = of the server's secret.
func Secret(raw string) Edit {
	return func(l Layout, f Files) error { return setLine(f, l.Env, l.SecretVar, l.SecretVar+"="+raw) }
}

// SecretLine replaces the whole line of the server's secret.
func SecretLine(line string) Edit {
	return func(l Layout, f Files) error { return setLine(f, l.Env, l.SecretVar, line) }
}

// Key sets what is after the = of the server's key.
func Key(raw string) Edit {
	return func(l Layout, f Files) error { return setLine(f, l.Env, l.KeyVar, l.KeyVar+"="+raw) }
}

// FrontKey sets the front end's key, inside the quotes it has.
func FrontKey(k string) Edit {
	return func(l Layout, f Files) error { return Sub(l.Front, "{{K1}}", k)(l, f) }
}

// EnvText changes the whole text of the server's env file.
func EnvText(change func(string) string) Edit {
	return func(l Layout, f Files) error { f[l.Env] = change(f[l.Env]); return nil }
}

func setLine(f Files, file, name, line string) error {
	lines := strings.Split(f[file], "\n")
	for i, l := range lines {
		if strings.HasPrefix(l, name+"=") {
			lines[i] = line
			f[file] = strings.Join(lines, "\n")
			return nil
		}
	}
	return fmt.Errorf("%s has no line %s=", file, name)
}
