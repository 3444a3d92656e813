package syntax

// Unit is one source file, parsed.
type Unit struct {
	Path    string
	Broken  bool // part of it wasn't understood
	BrokeAt int  // the first line of that
	Full    bool // there was too much in it: the rest wasn't read

	Lang    *Language
	Body    []*Stmt
	Imports map[string]string // local name → what it is, with its module
	From    map[string]string // Python: local name → the module that it is taken from
	Says    map[string]bool   // words that its text has
	Top     *Fn
}

// Fn is a function, a method, a closure, or the top level of a file.
type Fn struct {
	Unit   *Unit
	Class  *Class
	Name   string
	Params []Param
	Body   []*Stmt
	Marks  []*Node
	Line   int
	End    int
	Parent *Fn
	Node   *Node // of a closure: itself
	Given  *Node // of a closure: the call that it is an argument of
}

// Class is a class, struct, record or module.
type Class struct {
	Unit    *Unit
	Name    string
	Base    []string
	Marks   []*Node
	Params  []Param
	Fields  []*Stmt
	Methods []*Fn
	Outer   *Class
	Line    int
}

// Inside reports whether a function is another, or a closure in it.
func (f *Fn) Inside(g *Fn) bool {
	for ; f != nil; f = f.Parent {
		if f == g {
			return true
		}
	}
	return false
}

// Param gives a function's parameter by its name.
//
//go:noinline
func (f *Fn) Param(name string) (Param, int) {
	for i, q := range f.Params {
		if q.Name == name {
			return q, i
		}
	}
	return Param{}, -1
}
