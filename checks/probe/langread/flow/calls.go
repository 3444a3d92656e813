package flow

import (
	"path"
	"slices"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/probe/langread/syntax"
)

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
				list[k].Transform, list[k].Changed = t, f.Link(n)
			}
		}
		return list
	}
	if n.X.Kind == syntax.KFunc && n.X.Scope != nil { // by lazy { … }
		return returned(pr, n.X.Scope, f.in(n.X.Scope))
	}
	if len(pr.Classes[name]) > 0 { // the making of an object isn't a value
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
	if rest, ok := affix.CutPrefix(name, "get"); ok && rest != "" {
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
			return g.Class == nil && (pr.Lang == syntax.Go && affix.HasSuffix(module, "/"+affix.Base(path.Dir(g.Unit.Path))) || IsModule(g.Unit.Path, module))
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
