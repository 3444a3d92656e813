package flow

import (
	"path"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/probe/langread/syntax"
)

// WritesIn are the assignments of a variable in a function, without those of
// functions in it.
func (pr *Program) WritesIn(name string, g *syntax.Fn) []*Write {
	var out []*Write
	for _, w := range pr.Writes[name] {
		if w.How == WName && w.Fn == g {
			out = append(out, w)
		}
	}
	return out
}

// TopWrites are the assignments of a name outside functions: of the file, of
// the package, or of the module that it is imported from.
func (pr *Program) TopWrites(name string, u *syntax.Unit) []*Write {
	var same, elsewhere []*Write
	module, imported := u.From[name]
	for _, w := range pr.Writes[name] {
		if w.Fn == nil || w.Fn.Parent != nil || w.How != WName && !(w.How == WField && w.Class != nil && pr.Lang == syntax.Ruby) {
			continue
		}
		switch {
		case w.Fn.Unit == u:
			same = append(same, w)
		case imported && IsModule(w.Fn.Unit.Path, module):
			elsewhere = append(elsewhere, w)
		case pr.Lang == syntax.Go && path.Dir(w.Fn.Unit.Path) == path.Dir(u.Path):
			elsewhere = append(elsewhere, w)
		case pr.Lang == syntax.Ruby && name[0] >= 'A' && name[0] <= 'Z', pr.Lang == syntax.Ruby && name[0] == '$':
			elsewhere = append(elsewhere, w)
		case (pr.Lang == syntax.Kotlin || pr.Lang == syntax.CSharp || pr.Lang == syntax.Python && u.Imports["*"] != "") && !imported:
			elsewhere = append(elsewhere, w)
		}
	}
	if len(same) > 0 {
		return same
	}
	return elsewhere
}

// IsModule reports whether a file is the module that an import names: the
// module's last part is the file's name, or its folder's.
func IsModule(file, module string) bool {
	if i := strings.LastIndexByte(module, '.'); i >= 0 {
		module = module[i+1:]
	}
	base := affix.TrimSuffix(affix.Base(file), affix.Ext(file))
	return base == module || base == "__init__" && affix.Base(path.Dir(file)) == module || module == ""
}

// fieldWrites are the places that set a field of a class: its declaration, its
// methods, literals of its type, and, with any, those of other types.
func (pr *Program) fieldWrites(name string, c *syntax.Class, anyType bool) []*Write {
	keys := []string{name}
	if pr.Lang == syntax.PHP { // $this->x, and private $x
		bare := affix.TrimPrefix(name, "$")
		keys = []string{bare, "$" + bare}
	}
	var out []*Write
	for _, key := range keys {
		for _, w := range pr.Writes[key] {
			if pr.setsField(w, c, anyType) {
				out = append(out, w)
			}
		}
	}
	return out
}

func (pr *Program) setsField(w *Write, c *syntax.Class, anyType bool) bool {
	switch w.How {
	case WField:
		return anyType || w.Class == c && (w.X != nil || w.Tag != "" || w.Typ != "" || len(w.marks) > 0)
	case wMember:
		return anyType || w.Class == c && isSelf(w.Object, w.Fn)
	case WName: // @x of Ruby, x = … of a Java constructor
		return c != nil && w.Class == c && (w.Name[0] == '@' || pr.Lang != syntax.Python && pr.Lang != syntax.PHP && pr.Lang != syntax.Go && !localName(w))
	case WKey:
		return anyType || c != nil && w.Owner != "" && w.Owner == c.Name
	}
	return false
}

// localName reports whether an assignment is of a variable of its function.
func localName(w *Write) bool { return w.op == ":=" || w.Typ != "" && w.Fn.Parent != nil }

// isSelf tells the names by which a method calls its object.
func isSelf(path string, f *syntax.Fn) bool {
	switch path {
	case "self", "this", "$this", "cls", "self.class", "static":
		return true
	}
	for ; f != nil; f = f.Parent {
		if len(f.Params) > 0 && f.Params[0].Typ == "recv" && f.Params[0].Name == path {
			return true
		}
	}
	return false
}

// ofWrites gives the values of some assignments. One that only fills in what
// is missing (if x == "" { x = … }) is a fallback, not a second choice.
func (pr *Program) ofWrites(ws []*Write, f Frame, g *syntax.Fn) []Source {
	var out []Source
	for i, w := range ws {
		if i > 8 {
			break
		}
		if len(ws) > 1 && w.X != nil && IsNothing(w.X) { // what it is before it gets a value
			continue
		}
		sc := Frame{Fn: w.Fn, depth: f.depth}
		if g != nil && f.Fn.Inside(g) {
			sc.Bound = f.Bound
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
		case s.Fallback && (s.Kind == FromRandom || s.Kind == FromLiteral && list[first].Kind != FromLiteral || s.Kind == FromVault && list[first].Kind == FromEnv):
		default:
			for k := range list {
				list[k].Guess = true
			}
			return list
		}
	}
	return list
}

func (pr *Program) ofWrite(w *Write, sc Frame) []Source {
	if s, ok := declared(pr, w, sc); ok {
		return s
	}
	if w.X == nil {
		return nil
	}
	if w.Nth > 0 { // the second of what a call gives
		return []Source{{Links: []Link{{Name: w.Name, File: w.Fn.Unit.Path, Line: w.Line}}}}
	}
	list := pr.Sources(w.X, sc)
	l := Link{Name: w.Name, File: w.Fn.Unit.Path, Line: w.Line}
	for i := range list {
		if len(list[i].Links) == 0 || list[i].Links[0].Line != l.Line || list[i].Links[0].File != l.File {
			list[i].Links = append([]Link{l}, list[i].Links...)
		}
	}
	return list
}
