package langread

// kind says what a node of an expression is.
type kind uint8

const (
	kOther    kind = iota // not understood
	kName                 // text
	kString               // text
	kTemplate             // a string with parts that are put in: text is what is fixed of it
	kNumber               // text
	kMember               // x.text
	kIndex                // x[y]
	kCall                 // x(args)
	kList                 // args
	kDict                 // args with keys; x is the type of a composite literal
	kEither               // x text y: ||, or, ??, ?:
	kChoice               // z ? x : y
	kBinary               // x text y
	kFunc                 // params, body
	kUnary                // text x
)

// node is an expression.
type node struct {
	kind    kind
	text    string
	x, y, z *node
	args    []arg
	params  []param
	body    []*stmt
	made    bool // of a call: new X(…)
	scope   *fn  // of a kFunc: itself, as a function
	line    int
}

// arg is an argument of a call or an element of a list or dictionary.
type arg struct {
	name string // of name=x, name: x
	key  *node  // of key: x in a dictionary
	x    *node
}

// param is a parameter of a function, or a field of a record.
type param struct {
	name  string
	typ   string
	value *node   // its default
	marks []*node // annotations
}

type stmtKind uint8

const (
	sExpr   stmtKind = iota
	sAssign          // targets op x
	sReturn          // x
	sFunc            // name, params, body
	sClass           // name, base, body
	sBlock           // a condition and its body; text is its keyword
	sImport          // text: the module; name: the local name; names: what is taken of it
	sField           // name typ = x: a field of a class, with its tag
)

// stmt is a statement.
type stmt struct {
	kind    stmtKind
	text    string
	name    string
	typ     string
	recv    string // of a Go method: the type it belongs to
	tag     string // of a Go field
	targets []*node
	x       *node
	params  []param
	body    []*stmt
	marks   []*node // decorators, annotations, attributes
	names   [][2]string
	base    []string
	line    int
	end     int
	fn      *fn
}

// last gives the last name of a callee or path: c of a.b.c, of A::c and of \A\c.
func (n *node) last() string {
	if n == nil {
		return ""
	}
	switch n.kind {
	case kName:
		return lastPart(n.text)
	case kMember:
		return n.text
	case kCall:
		return n.x.last()
	}
	return ""
}

// path gives a.b.c of names and members, with dots whatever joins them; ""
// where it is anything else.
func (n *node) path() string {
	if n == nil {
		return ""
	}
	switch n.kind {
	case kName:
		return n.text
	case kMember:
		if p := n.x.path(); p != "" {
			return p + "." + n.text
		}
	}
	return ""
}

func lastPart(s string) string {
	for i := len(s) - 1; i >= 0; i-- {
		if s[i] == '\\' || s[i] == '.' {
			return s[i+1:]
		}
	}
	return s
}

// each visits a node and all nodes in it; those of bodies too.
func (n *node) each(do func(*node)) {
	if n == nil {
		return
	}
	do(n)
	n.x.each(do)
	n.y.each(do)
	n.z.each(do)
	for _, a := range n.args {
		a.key.each(do)
		a.x.each(do)
	}
	for _, p := range n.params {
		p.value.each(do)
	}
	eachExpr(n.body, do)
}

// eachExpr visits the expressions of statements, those of nested ones too.
func eachExpr(list []*stmt, do func(*node)) {
	eachStmt(list, func(s *stmt) {
		for _, t := range s.targets {
			t.eachOutside(do)
		}
		s.x.eachOutside(do)
		for _, m := range s.marks {
			m.eachOutside(do)
		}
		for _, p := range s.params {
			p.value.eachOutside(do)
			for _, m := range p.marks {
				m.eachOutside(do)
			}
		}
	})
}

// eachOutside visits a node and what is in it, without the bodies of functions.
func (n *node) eachOutside(do func(*node)) {
	if n == nil {
		return
	}
	do(n)
	n.x.eachOutside(do)
	n.y.eachOutside(do)
	n.z.eachOutside(do)
	for _, a := range n.args {
		a.key.eachOutside(do)
		a.x.eachOutside(do)
	}
}

// eachStmt visits statements, those in bodies of statements and of functions
// in expressions too.
func eachStmt(list []*stmt, do func(*stmt)) {
	for _, s := range list {
		do(s)
		eachStmt(s.body, do)
		inside := func(n *node) {
			if n.kind == kFunc {
				eachStmt(n.body, do)
			}
		}
		for _, t := range s.targets {
			t.eachOutside(inside)
		}
		s.x.eachOutside(inside)
	}
}
