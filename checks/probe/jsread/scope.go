package jsread

import "badsig/checks/affix"

// Scope names the function that a call or field is in; 0 is the module.
type Scope int32

type scope struct {
	parent Scope
	vars   map[string]Expr
	names  []string  // of vars, in the order in which they are declared
	fn     *Function // nil for the module
}

// maxHops is how many names are followed to find a value.
const maxHops = 16

// lookup gives what a plain name holds at a place.
func (m *Module) lookup(at Scope, name string) (Expr, bool) {
	for s := at; s >= 0 && int(s) < len(m.scopes); s = m.scopes[s].parent {
		if e, ok := m.scopes[s].vars[name]; ok {
			return e, true
		}
	}
	return Expr{}, false
}

// Held gives what a plain name was declared with, one step on, and the scope that declares it.
func Held(m *Module, at Scope, name string) (Expr, Scope, bool) {
	e, ok := m.lookup(at, name)
	return e, DeclaredIn(m, at, name), ok
}

// Resolve follows a name or member path (config.stream.apiKey, this.secret)
// through the variables and objects that are visible at a place of this file.
// It gives the value and true; where the path leads out of the file or into
// something that is not understood, it gives the last path it came to, as an
// Ident, and false. A parameter is Other, with a Param where its function has a name.
func (m *Module) Resolve(at Scope, path string) (Expr, bool) {
	e := Expr{Kind: Ident, Text: path}
	for range maxHops {
		if e.Kind != Ident {
			return e, true
		}
		head, rest, _ := affix.Cut(e.Text, ".")
		if head == "this" {
			v, scope, ok := m.property(e.Text[min(5, len(e.Text)):])
			if !ok || v.Kind == Ident && v.Text == e.Text {
				return e, false
			}
			e, at = v, scope
			continue
		}
		v, ok := m.lookup(at, head)
		if !ok || v.Kind == Ident && v.Text == head {
			return e, false
		}
		at := head
		for rest != "" {
			var name string
			name, rest, _ = affix.Cut(rest, ".")
			next, ok := memberOf(v, name)
			if !ok {
				if next, ok = m.assigned(at, name); !ok || v.Kind != Object {
					return e, false
				}
			}
			v, at = next, at+"."+name
		}
		if v.Line = max(v.Line, 1); v.Param() != nil { // the line that reads the member, not that of the parameter
			v.Line = max(v.Line, e.Line)
		}
		e = v
	}
	return e, false
}

// property gives the value of a class field, or of this.x = value, where there
// is one only, and the scope in which it is set.
func (m *Module) property(name string) (Expr, Scope, bool) {
	i, ok := m.own[name]
	if !ok || i < 0 {
		return Expr{}, 0, false
	}
	return m.Assigned[i].Expr, m.Assigned[i].Scope, true
}

// assigned gives what assignments put into a member of an object: each of
// several may be what it holds.
func (m *Module) assigned(object, name string) (Expr, bool) {
	var all []Expr
	for _, f := range m.Assigned {
		if f.Name == name && f.Object == object && len(all) < 16 {
			all = append(all, f.Expr)
		}
	}
	switch len(all) {
	case 0:
		return Expr{}, false
	case 1:
		return all[0], true
	}
	return Expr{Kind: Either, Text: "?:", Parts: all, Line: all[0].Line}, true
}

// memberOf gives e.name where that can be told.
func memberOf(e Expr, name string) (Expr, bool) {
	for e.Kind == Wrapped && len(e.Parts) > 0 && (e.Text == "as" || e.Text == "!" || e.Text == "Object.freeze") {
		e = e.Parts[0]
	}
	switch e.Kind {
	case Other:
		if e.Param() != nil {
			return Expr{Kind: Other, Line: e.Line, Rest: e.Param().member(name)}, true
		}
	case Object:
		// The last one wins, and a spread after it may change it.
		for i := len(e.Keys()) - 1; i >= 0; i-- {
			if e.Keys()[i] == name {
				return e.Parts[i], true
			}
			if e.Keys()[i] == "" {
				return Expr{}, false
			}
		}
	case Ident:
		if len(e.Text)+len(name) < maxPath {
			return Expr{Kind: Ident, Text: e.Text + "." + name, Line: e.Line}, true
		}
	}
	return Expr{}, false
}
