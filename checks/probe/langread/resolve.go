package langread

import (
	"path"
	"strings"
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
	Transform string // trim, base64-decode …: what the code does with it on the way
	Guess     bool   // one step was taken by a name alone, or one of several was chosen
	Fallback  bool   // it is used where what stands before it is missing
	Links     []Link
}

// Link is one step of the way.
type Link struct {
	Name string
	File string
	Line int
}

// maxSteps bounds what is followed for one program.
const maxSteps = 60_000

// frame is a function, with what its parameters are in the call that is followed.
type frame struct {
	fn    *fn
	bound map[string]boundTo
	depth int
}

type boundTo struct {
	n *node
	f frame
}

func (f frame) in(g *fn) frame { return frame{fn: g, bound: f.bound, depth: f.depth + 1} }

func (f frame) link(n *node) Link {
	name := n.path()
	if n.kind == kCall {
		name = n.x.path()
	}
	return Link{Name: name, File: f.fn.unit.Path, Line: n.line}
}

// sources gives what an expression may hold, the first choice first.
func (pr *program) sources(n *node, f frame) []Source {
	pr.steps++
	if n == nil || f.depth > 24 || pr.steps > maxSteps {
		return []Source{{}}
	}
	q := asked{n, f.fn}
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
	l := f.link(n)
	for i := range list {
		if k := list[i].Links; len(k) == 0 || k[0].Line != l.Line || k[0].File != l.File || k[0].Name != l.Name {
			list[i].Links = append([]Link{l}, k...)
		}
	}
	return list
}

func (pr *program) sourcesOf(n *node, f frame) []Source {
	if s, ok := pr.environment(n, f); ok {
		return s
	}
	if s, ok := pr.input(n, f); ok {
		return []Source{s}
	}
	switch n.kind {
	case kString:
		return []Source{{Kind: FromLiteral, Text: n.text}}
	case kNumber:
		return []Source{{Kind: FromLiteral, Text: n.text}}
	case kTemplate:
		return pr.template(n, f)
	case kEither:
		first := pr.sources(n.x, f)
		rest := pr.sources(n.y, f)
		for i := range rest {
			rest[i].Fallback = true
		}
		return append(first, rest...)
	case kChoice:
		return guesses(append(pr.sources(n.x, f), pr.sources(n.y, f)...))
	case kName:
		return pr.nameSources(n, f)
	case kMember:
		return pr.memberSources(n, f)
	case kIndex:
		return pr.indexSources(n, f)
	case kCall:
		return pr.callSources(n, f)
	}
	return nil
}

// template reads a string with parts put in as that part, where it is nothing else.
func (pr *program) template(n *node, f frame) []Source {
	if n.x != nil {
		return pr.sources(n.x, f)
	}
	return []Source{{Text: n.text}}
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
func (pr *program) nameSources(n *node, f frame) []Source {
	name := n.text
	if b, ok := f.bound[name]; ok && f.fn != nil {
		if _, i := f.fn.param(name); i >= 0 {
			return pr.sources(b.n, b.f)
		}
	}
	for g := f.fn; g != nil; g = g.parent {
		if ws := pr.writesIn(name, g); len(ws) > 0 {
			return pr.ofWrites(ws, f, g)
		}
		if q, i := g.param(name); i >= 0 {
			return pr.paramSources(g, q, i, f)
		}
	}
	if f.fn.class != nil {
		if ws := pr.fieldsOf(name, f.fn.class); len(ws) > 0 {
			return pr.ofWrites(ws, f, nil)
		}
	}
	ws := pr.topWrites(name, f.fn.unit)
	return pr.ofWrites(ws, f, nil)
}

// writesIn are the assignments of a variable in a function, without those of
// functions in it.
func (pr *program) writesIn(name string, g *fn) []*write {
	var out []*write
	for _, w := range pr.writes[name] {
		if w.how == wName && w.fn == g {
			out = append(out, w)
		}
	}
	return out
}

// topWrites are the assignments of a name outside functions: of the file, of
// the package, or of the module that it is imported from.
func (pr *program) topWrites(name string, u *Unit) []*write {
	var same, elsewhere []*write
	module, imported := u.from[name]
	for _, w := range pr.writes[name] {
		if w.fn == nil || w.fn.parent != nil || w.how != wName && !(w.how == wField && w.class != nil && pr.lang == Ruby) {
			continue
		}
		switch {
		case w.fn.unit == u:
			same = append(same, w)
		case imported && isModule(w.fn.unit.Path, module):
			elsewhere = append(elsewhere, w)
		case pr.lang == Go && path.Dir(w.fn.unit.Path) == path.Dir(u.Path):
			elsewhere = append(elsewhere, w)
		case pr.lang == Ruby && name[0] >= 'A' && name[0] <= 'Z', pr.lang == Ruby && name[0] == '$':
			elsewhere = append(elsewhere, w)
		case (pr.lang == Kotlin || pr.lang == CSharp || pr.lang == Python && u.imports["*"] != "") && !imported:
			elsewhere = append(elsewhere, w)
		}
	}
	if len(same) > 0 {
		return same
	}
	return elsewhere
}

// isModule reports whether a file is the module that an import names: the
// module's last part is the file's name, or its folder's.
func isModule(file, module string) bool {
	if i := strings.LastIndexByte(module, '.'); i >= 0 {
		module = module[i+1:]
	}
	base := strings.TrimSuffix(path.Base(file), path.Ext(file))
	return base == module || base == "__init__" && path.Base(path.Dir(file)) == module || module == ""
}

// fieldWrites are the places that set a field of a class: its declaration, its
// methods, literals of its type, and, with any, those of other types.
func (pr *program) fieldWrites(name string, c *class, anyType bool) []*write {
	keys := []string{name}
	if pr.lang == PHP { // $this->x, and private $x
		bare := strings.TrimPrefix(name, "$")
		keys = []string{bare, "$" + bare}
	}
	var out []*write
	for _, key := range keys {
		for _, w := range pr.writes[key] {
			if pr.setsField(w, c, anyType) {
				out = append(out, w)
			}
		}
	}
	return out
}

func (pr *program) setsField(w *write, c *class, anyType bool) bool {
	switch w.how {
	case wField:
		return anyType || w.class == c && (w.x != nil || w.tag != "" || w.typ != "" || len(w.marks) > 0)
	case wMember:
		return anyType || w.class == c && isSelf(w.object, w.fn)
	case wName: // @x of Ruby, x = … of a Java constructor
		return c != nil && w.class == c && (w.name[0] == '@' || pr.lang != Python && pr.lang != PHP && pr.lang != Go && !localName(w))
	case wKey:
		return anyType || c != nil && w.owner != "" && w.owner == c.name
	}
	return false
}

// localName reports whether an assignment is of a variable of its function.
func localName(w *write) bool { return w.op == ":=" || w.typ != "" && w.fn.parent != nil }

// isSelf tells the names by which a method calls its object.
func isSelf(path string, f *fn) bool {
	switch path {
	case "self", "this", "$this", "cls", "self.class", "static":
		return true
	}
	for ; f != nil; f = f.parent {
		if len(f.params) > 0 && f.params[0].typ == "recv" && f.params[0].name == path {
			return true
		}
	}
	return false
}

// ofWrites gives the values of some assignments. One that only fills in what
// is missing (if x == "" { x = … }) is a fallback, not a second choice.
func (pr *program) ofWrites(ws []*write, f frame, g *fn) []Source {
	var out []Source
	for i, w := range ws {
		if i > 8 {
			break
		}
		sc := frame{fn: w.fn, depth: f.depth}
		if g != nil && f.fn.inside(g) {
			sc.bound = f.bound
		}
		list := pr.ofWrite(w, sc)
		if i > 0 && len(out) > 0 {
			for k := range list {
				list[k].Fallback = true
			}
		}
		out = append(out, list...)
	}
	return sureOf(out)
}

// sureOf marks sources as guesses, where they differ and none is a fallback literal.
func sureOf(list []Source) []Source {
	first := -1
	for i, s := range list {
		if s.Kind == Unknown || s.Kind == FromLiteral && s.Text == "" {
			continue
		}
		switch {
		case first < 0:
			first = i
		case s.Kind == list[first].Kind && s.Name == list[first].Name && s.Text == list[first].Text:
		case s.Fallback && s.Kind == FromLiteral && list[first].Kind != FromLiteral:
		default:
			for k := range list {
				list[k].Guess = true
			}
			return list
		}
	}
	return list
}

func (pr *program) ofWrite(w *write, sc frame) []Source {
	if s, ok := pr.declared(w, sc); ok {
		return s
	}
	if w.x == nil {
		return nil
	}
	if w.nth > 0 { // the second of what a call gives
		return []Source{{Links: []Link{{Name: w.name, File: w.fn.unit.Path, Line: w.line}}}}
	}
	list := pr.sources(w.x, sc)
	l := Link{Name: w.name, File: w.fn.unit.Path, Line: w.line}
	for i := range list {
		if len(list[i].Links) == 0 || list[i].Links[0].Line != l.Line || list[i].Links[0].File != l.File {
			list[i].Links = append([]Link{l}, list[i].Links...)
		}
	}
	return list
}
