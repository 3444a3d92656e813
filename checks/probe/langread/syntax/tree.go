package syntax

// kind says what a node of an expression is.
type kind uint8

const (
	KOther    kind = iota // not understood
	KName                 // text
	KString               // text
	KTemplate             // a string with parts that are put in: text is what is fixed of it, x the part where there is only one
	KNumber               // text
	KMember               // x.text
	KIndex                // x[y]
	KCall                 // x(args)
	KList                 // args
	KDict                 // args with keys; x is the type of a composite literal
	KEither               // x text y: ||, or, ??, ?:
	KChoice               // z ? x : y
	KBinary               // x text y
	KFunc                 // params, body
	kUnary                // text x
	KSlice                // the a:b of x[a:b]
)

// Node is an expression.
type Node struct {
	Kind    kind
	Text    string
	X, Y, Z *Node
	Args    []Arg
	Params  []Param
	Body    []*Stmt
	Made    bool // of a call: new X(…)
	Scope   *Fn  // of a kFunc: itself, as a function
	Line    int
}

// Arg is an argument of a call or an element of a list or dictionary.
type Arg struct {
	Name string // of name=x, name: x
	Key  *Node  // of key: x in a dictionary
	X    *Node
}

// Param is a parameter of a function, or a field of a record.
type Param struct {
	Name  string
	Typ   string
	Value *Node   // its default
	Marks []*Node // annotations
}

type stmtKind uint8

const (
	SExpr   stmtKind = iota
	SAssign          // targets op x
	SReturn          // x
	SFunc            // name, params, body
	SClass           // name, base, body
	SBlock           // a condition and its body; text is its keyword
	SImport          // text: the module; name: the local name; names: what is taken of it
	SField           // name typ = x: a field of a class, with its tag
)

// Stmt is a statement.
type Stmt struct {
	Kind    stmtKind
	Text    string
	Name    string
	Typ     string
	Recv    string // of a Go method: the type it belongs to
	Tag     string // of a Go field
	Around  *Stmt  // of a field of a struct without a name: the field that holds it
	Targets []*Node
	X       *Node
	Params  []Param
	Body    []*Stmt
	Marks   []*Node // decorators, annotations, attributes
	Names   [][2]string
	Base    []string
	Line    int
	End     int
	Fn      *Fn
}

// Last gives the last name of a callee or path: c of a.b.c, of A::c and of \A\c.
func (n *Node) Last() string {
	if n == nil {
		return ""
	}
	switch n.Kind {
	case KName:
		return LastPart(n.Text)
	case KMember:
		return n.Text
	case KCall:
		return n.X.Last()
	}
	return ""
}

// Path gives a.b.c of names and members, with dots no matter what joins them; ""
// where it is anything else.
func (n *Node) Path() string {
	if n == nil {
		return ""
	}
	switch n.Kind {
	case KName:
		return n.Text
	case KMember:
		if p := n.X.Path(); p != "" {
			return p + "." + n.Text
		}
	}
	return ""
}

//go:noinline
func LastPart(s string) string {
	for i := len(s) - 1; i >= 0; i-- {
		if s[i] == '\\' || s[i] == '.' {
			return s[i+1:]
		}
	}
	return s
}

// EachOutside visits a node and what is in it, without the bodies of functions.
func (n *Node) EachOutside(do func(*Node)) {
	if n == nil {
		return
	}
	do(n)
	n.X.EachOutside(do)
	n.Y.EachOutside(do)
	n.Z.EachOutside(do)
	for _, a := range n.Args {
		a.Key.EachOutside(do)
		a.X.EachOutside(do)
	}
}
