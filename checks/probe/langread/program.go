package langread

import (
	"bytes"
	"path"
	"strings"
)

// Unit is one source file, parsed.
type Unit struct {
	Path    string
	Broken  bool // part of it wasn't understood
	BrokeAt int  // the first line of that

	lang    *language
	body    []*stmt
	imports map[string]string // local name → what it is, with its module
	from    map[string]string // Python: local name → the module that it is taken from
	says    map[string]bool   // words that its text has
	top     *fn
}

// Parse reads one file; nil for a language that isn't read.
func Parse(rel string, src []byte) *Unit {
	l := languages[path.Ext(rel)]
	if l == nil {
		return nil
	}
	u := &Unit{Path: rel, lang: l, imports: map[string]string{}, from: map[string]string{}}
	u.says = map[string]bool{}
	for _, w := range []string{"user_id", "HS256", "JWT"} {
		u.says[w] = bytes.Contains(src, []byte(w))
	}
	u.body, u.BrokeAt = parse(string(src), l)
	u.Broken = u.BrokeAt > 0
	return u
}

// fn is a function, a method, a closure, or the top level of a file.
type fn struct {
	unit   *Unit
	class  *class
	name   string
	params []param
	body   []*stmt
	marks  []*node
	line   int
	end    int
	parent *fn
	node   *node // of a closure: itself
	given  *node // of a closure: the call that it is an argument of
}

// class is a class, struct, record or module.
type class struct {
	unit    *Unit
	name    string
	base    []string
	marks   []*node
	params  []param
	fields  []*stmt
	methods []*fn
	outer   *class
	line    int
}

// write is one place where a name gets a value.
type write struct {
	name   string
	how    writeKind
	x      *node
	fn     *fn
	class  *class
	keys   []string // of a dictionary's entry: the keys around it, outermost first
	owner  string   // of a literal's field: the type of the literal
	object string   // of a member: the path of what it is a member of
	typ    string
	tag    string
	marks  []*node
	op     string
	nth    int // of a, b := f(): which of them
	line   int
}

type writeKind uint8

const (
	wName   writeKind = iota // x = v
	wMember                  // a.x = v
	wKey                     // {x: v}, f(x=v), a["x"] = v
	wField                   // a class's field
)

// callAt is a call and where it is made.
type callAt struct {
	n  *node
	fn *fn
}

// program is the sources of one language that belong together.
type program struct {
	lang    string
	units   []*Unit
	fns     []*fn
	named   map[string][]*fn
	classes map[string][]*class
	calls   map[string][]callAt
	all     []callAt
	indexes []callAt // x["name"], and members
	writes  map[string][]*write
	home    map[*node]*fn // of calls: where they are made
	texts   []textAt

	config Config
	steps  int
	asking map[asked]bool

	settingsOf *map[*Unit]bool // Django's settings, once they are looked for
}

// asked is a question that is being answered.
type asked struct {
	n *node
	f *fn
}

// textAt is a string of a comparison: a path that is told apart by hand.
type textAt struct {
	text string
	line int
	fn   *fn
}

// newProgram makes the index of some files.
func newProgram(lang string, units []*Unit, config Config) *program {
	pr := &program{lang: lang, units: units, named: map[string][]*fn{}, classes: map[string][]*class{}, calls: map[string][]callAt{},
		writes: map[string][]*write{}, home: map[*node]*fn{}, asking: map[asked]bool{}, config: config}
	for _, u := range units {
		u.top = &fn{unit: u, line: 1, body: u.body}
		pr.fns = append(pr.fns, u.top)
		pr.walk(u.body, u.top, nil)
	}
	return pr
}

func (pr *program) addFn(f *fn) *fn {
	pr.fns = append(pr.fns, f)
	if f.name != "" {
		pr.named[f.name] = append(pr.named[f.name], f)
	}
	if f.class != nil && f.node == nil {
		f.class.methods = append(f.class.methods, f)
	}
	return f
}

func (pr *program) addWrite(w *write) { pr.writes[w.name] = append(pr.writes[w.name], w) }

// walk files what statements say.
func (pr *program) walk(list []*stmt, f *fn, c *class) {
	for _, s := range list {
		for _, m := range s.marks {
			pr.visit(m, f, nil)
		}
		switch s.kind {
		case sImport:
			for _, n := range s.names {
				full := n[0]
				if s.text != "" {
					f.unit.from[n[1]] = s.text
					full = s.text + "." + n[0]
				}
				f.unit.imports[n[1]] = full
			}
		case sClass:
			pr.walkClass(s, f, c)
			continue
		case sFunc:
			g := &fn{unit: f.unit, class: c, name: s.name, params: s.params, body: s.body, marks: s.marks, line: s.line, end: s.end, parent: f}
			if s.recv != "" {
				g.class = pr.classOf(f.unit, s.recv)
			}
			s.fn = g
			pr.addFn(g)
			pr.paramsOf(g)
			pr.walk(s.body, g, g.class)
			continue
		case sField:
			pr.field(s, f, c)
		case sExpr:
			if s.typ != "" && c != nil && s.x != nil && s.x.kind == kName { // Python: name: type
				pr.addWrite(&write{name: s.x.text, how: wField, fn: f, class: c, typ: s.typ, line: s.line})
				c.fields = append(c.fields, s)
			}
		case sAssign:
			pr.assignment(s, f, c)
		}
		for _, t := range s.targets {
			pr.visit(t, f, nil)
		}
		pr.visit(s.x, f, nil)
		pr.walk(s.body, f, c)
	}
}

// classOf finds a type of Go by its name, which may be declared later.
func (pr *program) classOf(u *Unit, name string) *class {
	for _, c := range pr.classes[name] {
		if path.Dir(c.unit.Path) == path.Dir(u.Path) {
			return c
		}
	}
	c := &class{unit: u, name: name}
	pr.classes[name] = append(pr.classes[name], c)
	return c
}

func (pr *program) walkClass(s *stmt, f *fn, outer *class) {
	var c *class
	if pr.lang == Go {
		c = pr.classOf(f.unit, s.name)
	} else {
		c = &class{unit: f.unit, name: s.name}
		pr.classes[s.name] = append(pr.classes[s.name], c)
	}
	c.base, c.marks, c.params, c.outer, c.line = s.base, s.marks, s.params, outer, s.line
	for _, q := range s.params { // a record's or a primary constructor's
		pr.addWrite(&write{name: q.name, how: wField, x: q.value, fn: f, class: c, typ: q.typ, marks: q.marks, line: s.line})
	}
	for _, m := range s.body {
		if m.kind == sField || m.kind == sAssign {
			c.fields = append(c.fields, m)
		}
	}
	pr.walk(s.body, f, c)
}

// paramsOf files the defaults of parameters, and PHP's parameters that are fields.
func (pr *program) paramsOf(g *fn) {
	for _, q := range g.params {
		pr.visit(q.value, g, nil)
		for _, m := range q.marks {
			pr.visit(m, g, nil)
		}
	}
}

func (pr *program) field(s *stmt, f *fn, c *class) {
	for _, t := range s.targets {
		w := &write{name: t.text, how: wField, fn: f, class: c, typ: s.typ, tag: s.tag, marks: s.marks, line: t.line}
		if f.parent != nil || c == nil {
			w.how = wName
		}
		pr.addWrite(w)
	}
}

func (pr *program) assignment(s *stmt, f *fn, c *class) {
	for i, t := range s.targets {
		if t == nil {
			continue
		}
		w := &write{name: t.last(), fn: f, class: c, x: s.x, op: s.text, nth: i, typ: s.typ, marks: s.marks, line: t.line}
		if len(s.targets) > 1 && s.x != nil && s.x.kind == kList && i < len(s.x.args) {
			w.x, w.nth = s.x.args[i].x, 0
		}
		switch t.kind {
		case kName:
			if c != nil && f.class != c { // in a class's body, outside its methods
				w.how = wField
			}
		case kMember:
			w.how, w.object = wMember, t.x.path()
		case kIndex:
			if t.y == nil || t.y.kind != kString {
				continue
			}
			w.how, w.name, w.object = wKey, t.y.text, t.x.path()
		default:
			continue
		}
		pr.addWrite(w)
	}
}

// visit files the calls, literals and functions of an expression.
func (pr *program) visit(n *node, f *fn, keys []string) {
	if n == nil {
		return
	}
	switch n.kind {
	case kFunc:
		g := &fn{unit: f.unit, class: f.class, params: n.params, body: n.body, line: n.line, end: n.line, parent: f, node: n}
		n.scope = g
		pr.addFn(g)
		pr.paramsOf(g)
		pr.walk(n.body, g, f.class)
		return
	case kCall:
		c := callAt{n, f}
		pr.all = append(pr.all, c)
		pr.home[n] = f
		if name := n.x.last(); name != "" {
			pr.calls[name] = append(pr.calls[name], c)
		}
		pr.visit(n.x, f, nil)
		for _, a := range n.args {
			if a.name != "" && a.x != nil {
				pr.addWrite(&write{name: a.name, how: wKey, x: a.x, fn: f, class: f.class, keys: keys, owner: n.x.last(), line: a.x.line})
			}
			pr.visit(a.key, f, nil)
			pr.visit(a.x, f, nil)
			if a.x != nil && a.x.kind == kFunc && a.x.scope != nil {
				a.x.scope.given = n
			}
		}
		return
	case kDict:
		pr.visit(n.x, f, nil)
		for _, a := range n.args {
			name := a.name
			if a.key != nil && (a.key.kind == kString || a.key.kind == kName) {
				name = a.key.text
			}
			if name != "" && a.x != nil {
				pr.addWrite(&write{name: name, how: wKey, x: a.x, fn: f, class: f.class, keys: keys, owner: lastPart(strings.TrimLeft(n.x.path(), "*")), line: a.x.line})
			}
			pr.visit(a.key, f, nil)
			pr.visit(a.x, f, append(keys[:len(keys):len(keys)], name))
		}
		return
	case kIndex, kMember:
		if len(pr.indexes) < 20_000 {
			pr.indexes = append(pr.indexes, callAt{n, f})
		}
	case kBinary:
		if n.text == "==" || n.text == "===" || n.text == "!=" || n.text == "!==" {
			for _, s := range [][2]*node{{n.x, n.y}, {n.y, n.x}} {
				if s[0] != nil && s[0].kind == kString && strings.HasPrefix(s[0].text, "/") && speaksOfPath(s[1]) {
					pr.texts = append(pr.texts, textAt{s[0].text, n.line, f})
				}
			}
		}
	case kOther:
		pr.walk(n.body, f, f.class)
	}
	pr.visit(n.x, f, nil)
	pr.visit(n.y, f, nil)
	pr.visit(n.z, f, nil)
	for _, a := range n.args {
		pr.visit(a.key, f, nil)
		pr.visit(a.x, f, keys)
	}
}

// speaksOfPath tells an expression that holds a request's path.
func speaksOfPath(n *node) bool {
	found := false
	n.eachOutside(func(x *node) {
		low := strings.ToLower(x.text)
		if (x.kind == kName || x.kind == kMember || x.kind == kString) && (strings.Contains(low, "path") || strings.Contains(low, "uri") || low == "$route" || low == "route") {
			found = true
		}
	})
	return found
}

// inside reports whether a function is another, or a closure in it.
func (f *fn) inside(g *fn) bool {
	for ; f != nil; f = f.parent {
		if f == g {
			return true
		}
	}
	return false
}

// param gives a function's parameter by its name.
func (f *fn) param(name string) (param, int) {
	for i, q := range f.params {
		if q.name == name {
			return q, i
		}
	}
	return param{}, -1
}
