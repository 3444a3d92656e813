package flow

import (
	"path"
	"slices"
	"strings"

	"badsig/checks/probe/langread/syntax"
)

// memberSources follows x.name: a field of the object itself, a name of a
// module, a setting, and else whatever sets a field of that name.
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
	if p == "settings" || strings.HasSuffix(p, ".settings") { // Django's
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
	if ws := pr.fieldWrites(n.Text, nil, true); len(ws) > 0 {
		return pr.ofWrites(ws, f, nil)
	}
	return nil
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

// settings are the assignments of a name in Django's settings: in the module
// that the project names, and those that it takes everything of, else in those
// that are called settings.
func settings(pr *Program, name string) []*Write {
	units := settingsUnits(pr)
	var out []*Write
	for _, w := range pr.Writes[name] {
		if w.Fn.Parent != nil || w.Class != nil || w.How != WName {
			continue
		}
		base, dir := strings.TrimSuffix(path.Base(w.Fn.Unit.Path), ".py"), path.Base(path.Dir(w.Fn.Unit.Path))
		switch {
		case units != nil:
			if !units[w.Fn.Unit] {
				continue
			}
		case base == "settings" || dir == "settings" && base != "production" && base != "prod" && base != "staging" && base != "test" || strings.HasPrefix(base, "settings_"):
		default:
			continue
		}
		out = append(out, w)
	}
	return out
}

// settingsUnits are the files of Django's settings, as DJANGO_SETTINGS_MODULE
// names them; nil where it names none that is there.
func settingsUnits(pr *Program) map[*syntax.Unit]bool {
	if pr.settingsOf != nil {
		return *pr.settingsOf
	}
	var out map[*syntax.Unit]bool
	add := func(module string) {
		for _, u := range pr.Units {
			at := strings.TrimSuffix(strings.TrimSuffix(u.Path, ".py"), "/__init__")
			if want := strings.ReplaceAll(module, ".", "/"); at == want || strings.HasSuffix(at, "/"+want) {
				if out == nil {
					out = map[*syntax.Unit]bool{}
				}
				out[u] = true
			}
		}
	}
	for _, c := range pr.Calls["setdefault"] {
		if LiteralArg(c.N, 0) == "DJANGO_SETTINGS_MODULE" && !otherEnvironment(LiteralArg(c.N, 1)) {
			add(LiteralArg(c.N, 1))
		}
	}
	for range 3 { // from .base import *
		for u := range out {
			if m := u.From["*"]; m != "" {
				for _, v := range pr.Units {
					if v != u && IsModule(v.Path, m) && path.Dir(v.Path) == path.Dir(u.Path) {
						out[v] = true
					}
				}
			}
		}
	}
	pr.settingsOf = &out
	return out
}

// otherEnvironment tells settings in which nobody develops.
func otherEnvironment(module string) bool {
	low := strings.ToLower(syntax.LastPart(module))
	return strings.Contains(low, "prod") || strings.Contains(low, "staging") || strings.Contains(low, "test")
}

// ofModule are the assignments of a name at the top of a module.
func ofModule(pr *Program, name, module string) []*Write {
	var out []*Write
	for _, w := range pr.Writes[name] {
		if w.How != WName || w.Fn.Parent != nil || w.Class != nil {
			continue
		}
		if pr.Lang == syntax.Go && strings.HasSuffix(module, "/"+path.Base(path.Dir(w.Fn.Unit.Path))) || pr.Lang == syntax.Python && IsModule(w.Fn.Unit.Path, module) {
			out = append(out, w)
		}
	}
	return out
}

// Method finds a class's method by its name.
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

// callSources follows a call: what a function of the project gives back, and
// functions of libraries that hand on their argument.
func callSources(pr *Program, n *syntax.Node, f Frame) []Source {
	name := n.X.Last()
	if t, i, ok := HandsOn(n, name); ok {
		var list []Source
		if i < 0 {
			list = pr.Sources(n.X.X, f)
		} else {
			list = pr.Sources(n.Args[i].X, f)
		}
		for k := range list {
			if t != "" {
				list[k].Transform = t
			}
		}
		return list
	}
	if n.X.Kind == syntax.KFunc && n.X.Scope != nil { // by lazy { … }
		return returned(pr, n.X.Scope, f.in(n.X.Scope))
	}
	if len(pr.Classes[name]) > 0 { // the making of an object is no value
		return nil
	}
	fns := Reachable(pr, n, f)
	if len(fns) == 0 || len(fns) > 4 {
		return getter(pr, n, f)
	}
	var out []Source
	for _, g := range fns {
		out = append(out, returned(pr, g, Bind(pr, g, n, f))...)
	}
	return sureOf(out)
}

// getter reads x.getName() and x.name() as x.name.
func getter(pr *Program, n *syntax.Node, f Frame) []Source {
	if n.X.Kind != syntax.KMember || len(n.Args) > 1 {
		return nil
	}
	name := n.X.Text
	if rest, ok := strings.CutPrefix(name, "get"); ok && rest != "" {
		name = strings.ToLower(rest[:1]) + rest[1:]
	}
	if len(n.Args) == 1 && (n.X.Text == "get" || n.X.Text == "Get" || n.X.Text == "GetValue" || n.X.Text == "fetch" || n.X.Text == "dig") {
		if k := n.Args[0].X; k != nil && k.Kind == syntax.KString {
			return keyed(pr, []string{k.Text}, f)
		}
		return nil
	}
	if len(n.Args) > 0 || pr.Lang != syntax.Java && pr.Lang != syntax.Kotlin && pr.Lang != syntax.PHP {
		return nil
	}
	return memberSources(pr, &syntax.Node{Kind: syntax.KMember, X: n.X.X, Text: name, Line: n.Line}, f)
}

// Bind gives a function's frame in which its parameters are a call's arguments.
func Bind(pr *Program, g *syntax.Fn, n *syntax.Node, f Frame) Frame {
	b := map[string]boundTo{}
	params := g.Params
	if len(params) > 0 && (params[0].Typ == "recv" || params[0].Name == "self" || params[0].Name == "cls") {
		params = params[1:]
	}
	for i, a := range n.Args {
		switch {
		case a.Name != "":
			b[a.Name] = boundTo{a.X, f}
			b["$"+a.Name] = boundTo{a.X, f}
		case i < len(params):
			b[params[i].Name] = boundTo{a.X, f}
		}
	}
	for _, q := range params {
		if _, ok := b[q.Name]; !ok && q.Value != nil {
			b[q.Name] = boundTo{q.Value, Frame{Fn: g, depth: f.depth}}
		}
	}
	return Frame{Fn: g, Bound: b, depth: f.depth}
}

// returned gives what a function may give back.
func returned(pr *Program, g *syntax.Fn, f Frame) []Source {
	f.Fn = g
	var out []Source
	var last *syntax.Stmt
	var visit func(list []*syntax.Stmt)
	visit = func(list []*syntax.Stmt) {
		for _, s := range list {
			if s.Kind == syntax.SFunc || s.Kind == syntax.SClass {
				continue
			}
			if s.Kind == syntax.SReturn && s.X != nil && s.Text != "throw" && s.Text != "raise" {
				x := s.X
				if x.Kind == syntax.KList && len(x.Args) > 0 && pr.Lang == syntax.Go {
					x = x.Args[0].X
				}
				if !IsNothing(x) {
					out = append(out, pr.Sources(x, f)...)
				}
			}
			visit(s.Body)
		}
	}
	visit(g.Body)
	if n := len(g.Body); n > 0 {
		last = g.Body[n-1]
	}
	if last != nil && (pr.Lang == syntax.Ruby || pr.Lang == syntax.Kotlin && g.Node != nil) && (last.Kind == syntax.SExpr || last.Kind == syntax.SAssign) { // its last expression
		out = append(out, pr.Sources(last.X, f)...)
	}
	for i := range out {
		if i > 0 && out[i].Kind == FromLiteral {
			out[i].Fallback = true
		}
	}
	return sureOf(out)
}

func IsNothing(n *syntax.Node) bool {
	return n.Kind == syntax.KName && slices.Contains([]string{"nil", "null", "None", "undefined"}, n.Text) || n.Kind == syntax.KString && n.Text == ""
}

// Reachable gives the functions of the project that a call or member may mean.
func Reachable(pr *Program, n *syntax.Node, f Frame) []*syntax.Fn {
	callee := n
	if n.Kind == syntax.KCall {
		callee = n.X
	}
	list := pr.Named[callee.Last()]
	if len(list) == 0 {
		return nil
	}
	pick := func(ok func(*syntax.Fn) bool) []*syntax.Fn {
		var out []*syntax.Fn
		for _, g := range list {
			if ok(g) {
				out = append(out, g)
			}
		}
		return out
	}
	if callee.Kind == syntax.KName {
		name := callee.Text
		if f.Fn.Class != nil {
			if m := Method(pr, f.Fn.Class, name); m != nil {
				return []*syntax.Fn{m}
			}
		}
		if out := pick(func(g *syntax.Fn) bool { return g.Class == nil && g.Unit == f.Fn.Unit }); len(out) > 0 {
			return out
		}
		if m, ok := f.Fn.Unit.From[name]; ok {
			if out := pick(func(g *syntax.Fn) bool { return g.Class == nil && IsModule(g.Unit.Path, m) }); len(out) > 0 {
				return out
			}
		}
		return pick(func(g *syntax.Fn) bool {
			return (g.Class == nil || pr.Lang == syntax.Ruby) && (pr.Lang != syntax.Go || path.Dir(g.Unit.Path) == path.Dir(f.Fn.Unit.Path))
		})
	}
	p := callee.X.Path()
	if isSelf(p, f.Fn) && f.Fn.Class != nil {
		if m := Method(pr, f.Fn.Class, callee.Text); m != nil {
			return []*syntax.Fn{m}
		}
	}
	if c := pr.typeOf(callee.X, f, 0); c != nil {
		if m := Method(pr, c, callee.Text); m != nil {
			if len(m.Body) == 0 { // an interface's
				if made := pr.implementations(c, callee.Text); len(made) > 0 {
					return made
				}
			}
			return []*syntax.Fn{m}
		}
	}
	if cs := pr.Classes[syntax.LastPart(p)]; len(cs) > 0 { // Class.method()
		for _, c := range cs {
			if m := Method(pr, c, callee.Text); m != nil {
				return []*syntax.Fn{m}
			}
		}
	}
	if module := f.Fn.Unit.Imports[p]; module != "" {
		out := pick(func(g *syntax.Fn) bool {
			return g.Class == nil && (pr.Lang == syntax.Go && strings.HasSuffix(module, "/"+path.Base(path.Dir(g.Unit.Path))) || IsModule(g.Unit.Path, module))
		})
		if len(out) > 0 || pr.Lang == syntax.Go {
			return out
		}
	}
	if len(list) == 1 && !common[callee.Text] {
		return list
	}
	return nil
}

// implementations are the methods of the classes that are declared to have an
// interface, or to extend a class.
func (pr *Program) implementations(of *syntax.Class, name string) []*syntax.Fn {
	var out []*syntax.Fn
	for _, m := range pr.Named[name] {
		if m.Class == nil || len(m.Body) == 0 || len(out) > 4 {
			continue
		}
		for _, b := range m.Class.Base {
			if syntax.LastPart(b) == of.Name {
				out = append(out, m)
				break
			}
		}
	}
	return out
}

// common are names of methods that any object may have.
var common = syntax.Set("get", "post", "put", "delete", "create", "update", "save", "find", "index", "show", "store", "handle", "run", "execute", "call", "init", "build", "encode", "decode",
	"sign", "send", "json", "add", "all", "first", "map", "filter", "write", "read", "close", "open", "start", "stop", "render", "validate", "user", "id", "name", "token", "Get", "Post", "Create")
