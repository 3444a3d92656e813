package flow

import (
	"strings"

	"badsig/checks/affix"
	"badsig/checks/probe/langread/syntax"
)

// SourceKind says where a value comes from in the end.
type SourceKind string

// The kinds of sources.
const (
	FromEnv     SourceKind = "env"     // an environment variable: Name
	FromConfig  SourceKind = "config"  // an entry of a configuration that isn't code: Name is its path
	FromLiteral SourceKind = "literal" // Text
	FromBody    SourceKind = "body"    // of the request: Name is the field
	FromQuery   SourceKind = "query"
	FromPath    SourceKind = "path"
	FromSession SourceKind = "session"
	FromVault   SourceKind = "vault"  // a store of secrets that isn't read: Name says which
	FromRandom  SourceKind = "random" // made anew at each start
	Unknown     SourceKind = ""
)

// Source is where a value comes from, and the way there.
type Source struct {
	Kind      SourceKind
	Name      string
	Text      string
	Setting   string // of a value that a configuration file has: its path there
	Transform string // trim, base64-decode …: what the code does with it on the way
	Changed   Link   // where the last of them is
	Guess     bool   // one step was taken by a name alone, or one of several was chosen
	Fallback  bool   // it is used where what is before it is missing
	IfUnset   bool   // … and not where that is set to nothing: the default of a read
	Declared  Place  // of a field of the request: where its type declares it
	Loose     bool   // … its name there may be another: its type wasn't found
	Links     []Link

	_ [8]byte // its size: copies of 192 bytes and more are made by a call, smaller ones by code at each place
}

// Link is one step of the way.
type Link struct {
	Name string
	File string
	Line int
}

// MaxSteps bounds what is followed for one program.
const MaxSteps = 60_000

// Frame is a function, with what its parameters are in the call that is followed.
type Frame struct {
	Fn    *syntax.Fn
	Bound map[string]boundTo
	depth int
}

type boundTo struct {
	N *syntax.Node
	F Frame
}

func (f Frame) in(g *syntax.Fn) Frame { return Frame{Fn: g, Bound: f.Bound, depth: f.depth + 1} }

func (f Frame) Link(n *syntax.Node) Link {
	name := n.Path()
	if n.Kind == syntax.KCall {
		name = n.X.Path()
		if key := LiteralArg(n, 0); key != "" && affix.Contains(strings.ToLower(name), "config") { // config('services.stream.secret')
			name += "." + key
		}
	}
	return Link{Name: name, File: f.Fn.Unit.Path, Line: n.Line}
}

// Sources gives what an expression may hold, the first choice first.
func (pr *Program) Sources(n *syntax.Node, f Frame) []Source {
	pr.Steps++
	if n == nil || f.depth > 24 || pr.Steps > MaxSteps {
		return []Source{{}}
	}
	q := asked{n, f.Fn}
	if pr.asking[q] {
		return nil
	}
	pr.asking[q] = true
	defer delete(pr.asking, q)
	f.depth++
	list := pr.sourcesOf(n, f)
	if len(list) == 0 {
		list = []Source{{}}
	}
	l := f.Link(n)
	for i := range list {
		if k := list[i].Links; len(k) == 0 || k[0].Line != l.Line || k[0].File != l.File || k[0].Name != l.Name {
			list[i].Links = append([]Link{l}, k...)
		}
	}
	return list
}

func (pr *Program) sourcesOf(n *syntax.Node, f Frame) []Source {
	if s, ok := environment(pr, n, f); ok {
		return s
	}
	if s, ok := Input(pr, n, f); ok {
		return []Source{s}
	}
	if atRandom(n) {
		return []Source{{Kind: FromRandom}}
	}
	switch n.Kind {
	case syntax.KString:
		return []Source{{Kind: FromLiteral, Text: n.Text}}
	case syntax.KNumber:
		return []Source{{Kind: FromLiteral, Text: n.Text}}
	case syntax.KTemplate:
		return pr.template(n, f)
	case syntax.KEither:
		first := pr.Sources(n.X, f)
		rest := pr.Sources(n.Y, f)
		for i := range rest {
			rest[i].Fallback = true
		}
		return append(first, rest...)
	case syntax.KChoice:
		return guesses(append(pr.Sources(n.X, f), pr.Sources(n.Y, f)...))
	case syntax.KName:
		return pr.nameSources(n, f)
	case syntax.KMember:
		return memberSources(pr, n, f)
	case syntax.KIndex:
		return indexSources(pr, n, f)
	case syntax.KCall:
		return callSources(pr, n, f)
	}
	return nil
}

// randomCalls make something new at each call.
var randomCalls = syntax.Set("token_hex", "token_urlsafe", "token_bytes", "uuid4", "urandom", "random_bytes", "openssl_random_pseudo_bytes", "randomUUID", "NewGuid", "NewString", "MustNewUUID", "urlsafe_base64", "alphanumeric")

// atRandom reports whether an expression is new at each start: secrets.token_hex(32), uuid4().hex.
func atRandom(n *syntax.Node) bool {
	for n != nil {
		switch n.Kind {
		case syntax.KMember:
			if n.Text != "hex" && n.Text != "bytes" && n.Text != "random" {
				return n.X != nil && n.X.Path() == "SecureRandom"
			}
			if n.X != nil && n.X.Path() == "SecureRandom" {
				return true
			}
			n = n.X
		case syntax.KCall:
			switch name := n.X.Last(); {
			case randomCalls[name], affix.HasPrefix(n.X.Path(), "SecureRandom."):
				return true
			case len(n.Args) > 0 && (name == "str" || name == "bin2hex" || name == "base64_encode"):
				n = n.Args[0].X
			case len(n.Args) == 0 && (name == "hex" || name == "toString" || name == "ToString"):
				n = n.X.X
			default:
				return false
			}
		default:
			return false
		}
	}
	return false
}

// template reads a string with parts put in as that part, where it is nothing else.
func (pr *Program) template(n *syntax.Node, f Frame) []Source {
	if n.X != nil && n.Text == "" {
		return pr.Sources(n.X, f)
	}
	return []Source{{Text: n.Text}}
}

// guesses marks several possible values as such.
func guesses(list []Source) []Source {
	if len(list) > 1 {
		for i := range list {
			list[i].Guess = true
		}
	}
	return list
}

// nameSources follows a name: bound parameters, the function's own variables,
// its parameters, its class's fields, the file, the package, imports.
func (pr *Program) nameSources(n *syntax.Node, f Frame) []Source {
	name := n.Text
	if b, ok := f.Bound[name]; ok && f.Fn != nil {
		if _, i := f.Fn.Param(name); i >= 0 {
			return pr.Sources(b.N, b.F)
		}
	}
	for g := f.Fn; g != nil; g = g.Parent {
		if ws := pr.WritesIn(name, g); len(ws) > 0 {
			return pr.ofWrites(ws, f, g)
		}
		if q, i := g.Param(name); i >= 0 {
			return pr.paramSources(g, q, i, f)
		}
	}
	if f.Fn.Class != nil {
		if ws := FieldsOf(pr, name, f.Fn.Class); len(ws) > 0 {
			return pr.ofWrites(ws, f, nil)
		}
	}
	ws := pr.TopWrites(name, f.Fn.Unit)
	if len(ws) == 0 && pr.Lang == syntax.Ruby { // api_secret, which is a call of the object's own method
		if ms := Reachable(pr, n, f); len(ms) == 1 {
			return returned(pr, ms[0], Frame{depth: f.depth})
		}
	}
	return pr.ofWrites(ws, f, nil)
}
