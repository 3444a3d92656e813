package flow

import (
	"badsig/checks/affix"
	"badsig/checks/probe/langread/syntax"
)

// memberSources follows x.name: a field of the object itself, a name of a
// module, a setting, and else everything that sets a field of that name.
func memberSources(pr *Program, n *syntax.Node, f Frame) []Source {
	p := n.X.Path()
	if f.Fn != nil && isSelf(p, f.Fn) && f.Fn.Class != nil {
		if ws := FieldsOf(pr, n.Text, f.Fn.Class); len(ws) > 0 {
			return pr.ofWrites(ws, f, nil)
		}
		if ms := Method(pr, f.Fn.Class, n.Text); ms != nil && (pr.Lang == syntax.Python || pr.Lang == syntax.Ruby || pr.Lang == syntax.CSharp) { // a property
			return returned(pr, ms, Frame{depth: f.depth})
		}
	}
	if pr.Lang == syntax.Ruby {
		if ms := Reachable(pr, n, f); len(ms) == 1 {
			return returned(pr, ms[0], Frame{depth: f.depth})
		}
	}
	if p == "settings" || affix.HasSuffix(p, ".settings") { // Django's
		if ws := settings(pr, n.Text); len(ws) > 0 {
			return pr.ofWrites(ws, f, nil)
		}
	}
	if module := f.Fn.Unit.Imports[p]; module != "" { // config.SECRET of an imported module
		if ws := ofModule(pr, n.Text, module); len(ws) > 0 {
			return pr.ofWrites(ws, f, nil)
		}
	}
	if c := pr.typeOf(n.X, f, 0); c != nil {
		if ws := FieldsOf(pr, n.Text, c); len(ws) > 0 {
			return pr.ofWrites(ws, f, nil)
		}
	}
	if _, ok := onReceiver[n.Text]; ok && pr.Lang == syntax.Ruby { // x.to_s, which is a call
		return pr.Sources(n.X, f)
	}
	if n.X.Kind == syntax.KName || n.X.Kind == syntax.KCall { // a part of what the session holds
		for _, s := range pr.Sources(n.X, f) {
			if s.Kind == FromSession {
				s.Name += "." + n.Text
				return []Source{s}
			}
		}
	}
	switch n.Text { // what is a part of the value, or the value itself
	case "Value", "value", "CurrentValue", "Secret", "plaintext":
		if n.X.Kind == syntax.KCall || n.X.Kind == syntax.KMember || n.X.Kind == syntax.KName {
			if list := pr.Sources(n.X, f); len(list) > 0 && list[0].Kind != Unknown {
				return list
			}
		}
	}
	if ws := heldFields(pr, n); len(ws) > 0 {
		return pr.ofWrites(ws, f, nil)
	}
	if ws := pr.fieldWrites(n.Text, nil, true); len(ws) > 0 {
		return pr.ofWrites(ws, f, nil)
	}
	return nil
}

// heldFields are the declarations of a field of a struct of Go's that has no
// name, by the field that holds it: cfg.Stream.Secret.
func heldFields(pr *Program, n *syntax.Node) []*Write {
	if pr.Lang != syntax.Go || n.X.Kind != syntax.KMember {
		return nil
	}
	var out []*Write
	for _, w := range pr.Writes[n.Text] {
		if w.How == WField && w.holder == n.X.Text {
			out = append(out, w)
		}
	}
	return out
}

// FieldsOf are the writes of a class's field, or of one of its bases'.
func FieldsOf(pr *Program, name string, c *syntax.Class) []*Write {
	for range 4 {
		if ws := pr.fieldWrites(name, c, false); len(ws) > 0 {
			return ws
		}
		if c = BaseOf(pr, c); c == nil {
			return nil
		}
	}
	return nil
}

func BaseOf(pr *Program, c *syntax.Class) *syntax.Class {
	for _, b := range c.Base {
		if list := pr.Classes[b]; len(list) == 1 && list[0] != c {
			return list[0]
		}
	}
	return nil
}

// Method finds a class's method by its name.
//
//go:noinline
func Method(pr *Program, c *syntax.Class, name string) *syntax.Fn {
	for range 4 {
		for _, m := range c.Methods {
			if m.Name == name {
				return m
			}
		}
		if c = BaseOf(pr, c); c == nil {
			return nil
		}
	}
	return nil
}

// indexSources follows x["name"] by the name and those before it.
func indexSources(pr *Program, n *syntax.Node, f Frame) []Source {
	if n.Y == nil || n.Y.Kind != syntax.KString {
		return nil
	}
	keys := []string{n.Y.Text}
	x := n.X
	for x != nil && x.Kind == syntax.KIndex && x.Y != nil && x.Y.Kind == syntax.KString {
		keys = append([]string{x.Y.Text}, keys...)
		x = x.X
	}
	return keyed(pr, keys, f)
}

// keyed finds the dictionary's entry at a path of keys, by the longest end of it.
func keyed(pr *Program, keys []string, f Frame) []Source {
	name := keys[len(keys)-1]
	outer := keys[:len(keys)-1]
	best, long := []*Write(nil), -1
	for _, w := range pr.Writes[name] {
		if w.How != WKey {
			continue
		}
		k := 0
		for k < len(outer) && k < len(w.keys) && outer[len(outer)-1-k] == w.keys[len(w.keys)-1-k] {
			k++
		}
		if len(outer) > 0 && k == 0 {
			continue
		}
		switch {
		case k > long:
			best, long = []*Write{w}, k
		case k == long:
			best = append(best, w)
		}
	}
	return pr.ofWrites(best, f, nil)
}
