package flow

import (
	"bytes"
	"path"

	"badsig/checks/probe/langread/syntax"
)

// Parse reads one file; nil for a language that isn't read.
func Parse(rel string, src []byte) *syntax.Unit {
	l := Languages[path.Ext(rel)]
	if l == nil {
		return nil
	}
	u := &syntax.Unit{Path: rel, Lang: l, Imports: map[string]string{}, From: map[string]string{}}
	u.Says = map[string]bool{}
	for _, w := range []string{"user_id", "HS256", "JWT"} {
		u.Says[w] = bytes.Contains(src, []byte(w))
	}
	for _, w := range []string{"CamelCase", "camel_case", "camelize", "to_camel", "humps", "SnakeCase", "SNAKE_CASE", "OliveBranch", "NamingPolicy", "NamingStrategy", "transform_keys", "alias_generator"} {
		u.Says["case"] = u.Says["case"] || bytes.Contains(src, []byte(w))
	}
	u.Says["HS256"] = u.Says["HS256"] || bytes.Contains(src, []byte("HS384")) || bytes.Contains(src, []byte("HS512"))
	u.Body, u.BrokeAt, u.Full = syntax.Parse(string(src), l)
	u.Broken = u.BrokeAt > 0
	return u
}

// Words gives the words of a source, with their lines; false for a language that isn't read. text is true for a string.
func Words(rel string, src []byte, do func(line int, word string, text bool)) bool {
	l := Languages[path.Ext(rel)]
	if l != nil {
		syntax.Words(string(src), l, do)
	}
	return l != nil
}

// Worse reports whether a source that could be run can't be any more; of a language that isn't read it says nothing.
func Worse(rel string, was, is []byte) bool {
	l := Languages[path.Ext(rel)]
	return l != nil && syntax.Worse(string(was), string(is), l)
}

// Write is one place where a name gets a value.
type Write struct {
	Name   string
	How    writeKind
	X      *syntax.Node
	Fn     *syntax.Fn
	Class  *syntax.Class
	keys   []string // of a dictionary's entry: the keys around it, outermost first
	Owner  string   // of a literal's field: the type of the literal
	Object string   // of a member: the path of what it is a member of
	Typ    string
	Tag    string
	within string // of a field of a struct without a name: the path of the field that holds it
	holder string // … and its name
	marks  []*syntax.Node
	op     string
	Nth    int // of a, b := f(): which of them
	Line   int
}

type writeKind uint8

const (
	WName   writeKind = iota // x = v
	wMember                  // a.x = v
	WKey                     // {x: v}, f(x=v), a["x"] = v
	WField                   // a class's field
)

// CallAt is a call and where it is made.
type CallAt struct {
	N  *syntax.Node
	Fn *syntax.Fn
}

// Program is the sources of one language that belong together.
type Program struct {
	Lang    string
	Units   []*syntax.Unit
	Fns     []*syntax.Fn
	Named   map[string][]*syntax.Fn
	Classes map[string][]*syntax.Class
	Calls   map[string][]CallAt
	All     []CallAt
	indexes []CallAt            // x["name"], and members
	bare    map[string][]CallAt // of Ruby: names and members, which may be calls without brackets
	Writes  map[string][]*Write
	home    map[*syntax.Node]*syntax.Fn // of calls: where they are made
	Texts   []textAt
	opened  map[string]bool // variables with an entry that is set after they were made

	Config Config
	Steps  int
	asking map[asked]bool

	settingsOf *map[*syntax.Unit]bool // Django's settings, once they are looked for
}

// asked is a question that is being worked on.
type asked struct {
	n *syntax.Node
	f *syntax.Fn
}

// textAt is a string of a comparison: a path that is told apart by hand.
type textAt struct {
	Text string
	Line int
	Fn   *syntax.Fn
}

// NewProgram makes the index of some files.
func NewProgram(lang string, units []*syntax.Unit, config Config) *Program {
	pr := &Program{Lang: lang, Units: units, Named: map[string][]*syntax.Fn{}, Classes: map[string][]*syntax.Class{}, Calls: map[string][]CallAt{},
		Writes: map[string][]*Write{}, home: map[*syntax.Node]*syntax.Fn{}, bare: map[string][]CallAt{}, opened: map[string]bool{}, asking: map[asked]bool{}, Config: config}
	for _, u := range units {
		u.Top = &syntax.Fn{Unit: u, Line: 1, Body: u.Body}
		pr.Fns = append(pr.Fns, u.Top)
		pr.walk(u.Body, u.Top, nil)
	}
	return pr
}

func (pr *Program) addFn(f *syntax.Fn) *syntax.Fn {
	pr.Fns = append(pr.Fns, f)
	if f.Name != "" {
		pr.Named[f.Name] = append(pr.Named[f.Name], f)
	}
	if f.Class != nil && f.Node == nil {
		f.Class.Methods = append(f.Class.Methods, f)
	}
	return f
}

func (pr *Program) addWrite(w *Write) { pr.Writes[w.Name] = append(pr.Writes[w.Name], w) }

// Opened reports whether an entry is set in a variable of this name: x["name"] = v.
func (pr *Program) Opened(name string) bool { return pr.opened[name] }
