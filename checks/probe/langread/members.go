package langread

import (
	"path"
	"slices"
	"strings"
)

// memberSources follows x.name: a field of the object itself, a name of a
// module, a setting, and else whatever sets a field of that name.
func (pr *program) memberSources(n *node, f frame) []Source {
	p := n.x.path()
	if f.fn != nil && isSelf(p, f.fn) && f.fn.class != nil {
		if ws := pr.fieldsOf(n.text, f.fn.class); len(ws) > 0 {
			return pr.ofWrites(ws, f, nil)
		}
		if ms := pr.method(f.fn.class, n.text); ms != nil && (pr.lang == Python || pr.lang == Ruby || pr.lang == CSharp) { // a property
			return pr.returned(ms, frame{depth: f.depth})
		}
	}
	if pr.lang == Ruby {
		if ms := pr.reachable(n, f); len(ms) == 1 {
			return pr.returned(ms[0], frame{depth: f.depth})
		}
	}
	if p == "settings" || strings.HasSuffix(p, ".settings") { // Django's
		if ws := pr.settings(n.text); len(ws) > 0 {
			return pr.ofWrites(ws, f, nil)
		}
	}
	if module := f.fn.unit.imports[p]; module != "" { // config.SECRET of an imported module
		if ws := pr.ofModule(n.text, module); len(ws) > 0 {
			return pr.ofWrites(ws, f, nil)
		}
	}
	if c := pr.typeOf(n.x, f, 0); c != nil {
		if ws := pr.fieldsOf(n.text, c); len(ws) > 0 {
			return pr.ofWrites(ws, f, nil)
		}
	}
	if _, ok := onReceiver[n.text]; ok && pr.lang == Ruby { // x.to_s, which is a call
		return pr.sources(n.x, f)
	}
	if n.x.kind == kName || n.x.kind == kCall { // a part of what the session holds
		for _, s := range pr.sources(n.x, f) {
			if s.Kind == FromSession {
				s.Name += "." + n.text
				return []Source{s}
			}
		}
	}
	switch n.text { // what is a part of the value, or the value itself
	case "Value", "value", "CurrentValue", "Secret", "plaintext":
		if n.x.kind == kCall || n.x.kind == kMember || n.x.kind == kName {
			if list := pr.sources(n.x, f); len(list) > 0 && list[0].Kind != Unknown {
				return list
			}
		}
	}
	if ws := pr.fieldWrites(n.text, nil, true); len(ws) > 0 {
		return pr.ofWrites(ws, f, nil)
	}
	return nil
}

// fieldsOf are the writes of a class's field, or of one of its bases'.
func (pr *program) fieldsOf(name string, c *class) []*write {
	for range 4 {
		if ws := pr.fieldWrites(name, c, false); len(ws) > 0 {
			return ws
		}
		if c = pr.baseOf(c); c == nil {
			return nil
		}
	}
	return nil
}

func (pr *program) baseOf(c *class) *class {
	for _, b := range c.base {
		if list := pr.classes[b]; len(list) == 1 && list[0] != c {
			return list[0]
		}
	}
	return nil
}

// settings are the assignments of a name in Django's settings: in the module
// that the project names, and those that it takes everything of, else in those
// that are called settings.
func (pr *program) settings(name string) []*write {
	units := pr.settingsUnits()
	var out []*write
	for _, w := range pr.writes[name] {
		if w.fn.parent != nil || w.class != nil || w.how != wName {
			continue
		}
		base, dir := strings.TrimSuffix(path.Base(w.fn.unit.Path), ".py"), path.Base(path.Dir(w.fn.unit.Path))
		switch {
		case units != nil:
			if !units[w.fn.unit] {
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
func (pr *program) settingsUnits() map[*Unit]bool {
	if pr.settingsOf != nil {
		return *pr.settingsOf
	}
	var out map[*Unit]bool
	add := func(module string) {
		for _, u := range pr.units {
			at := strings.TrimSuffix(strings.TrimSuffix(u.Path, ".py"), "/__init__")
			if want := strings.ReplaceAll(module, ".", "/"); at == want || strings.HasSuffix(at, "/"+want) {
				if out == nil {
					out = map[*Unit]bool{}
				}
				out[u] = true
			}
		}
	}
	for _, c := range pr.calls["setdefault"] {
		if literalArg(c.n, 0) == "DJANGO_SETTINGS_MODULE" && !otherEnvironment(literalArg(c.n, 1)) {
			add(literalArg(c.n, 1))
		}
	}
	for range 3 { // from .base import *
		for u := range out {
			if m := u.from["*"]; m != "" {
				for _, v := range pr.units {
					if v != u && isModule(v.Path, m) && path.Dir(v.Path) == path.Dir(u.Path) {
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
	low := strings.ToLower(lastPart(module))
	return strings.Contains(low, "prod") || strings.Contains(low, "staging") || strings.Contains(low, "test")
}

// ofModule are the assignments of a name at the top of a module.
func (pr *program) ofModule(name, module string) []*write {
	var out []*write
	for _, w := range pr.writes[name] {
		if w.how != wName || w.fn.parent != nil || w.class != nil {
			continue
		}
		if pr.lang == Go && strings.HasSuffix(module, "/"+path.Base(path.Dir(w.fn.unit.Path))) || pr.lang == Python && isModule(w.fn.unit.Path, module) {
			out = append(out, w)
		}
	}
	return out
}

// method finds a class's method by its name.
func (pr *program) method(c *class, name string) *fn {
	for range 4 {
		for _, m := range c.methods {
			if m.name == name {
				return m
			}
		}
		if c = pr.baseOf(c); c == nil {
			return nil
		}
	}
	return nil
}

// indexSources follows x["name"] by the name and those before it.
func (pr *program) indexSources(n *node, f frame) []Source {
	if n.y == nil || n.y.kind != kString {
		return nil
	}
	keys := []string{n.y.text}
	x := n.x
	for x != nil && x.kind == kIndex && x.y != nil && x.y.kind == kString {
		keys = append([]string{x.y.text}, keys...)
		x = x.x
	}
	return pr.keyed(keys, f)
}

// keyed finds the dictionary's entry at a path of keys, by the longest end of it.
func (pr *program) keyed(keys []string, f frame) []Source {
	name := keys[len(keys)-1]
	outer := keys[:len(keys)-1]
	best, long := []*write(nil), -1
	for _, w := range pr.writes[name] {
		if w.how != wKey {
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
			best, long = []*write{w}, k
		case k == long:
			best = append(best, w)
		}
	}
	return pr.ofWrites(best, f, nil)
}

// callSources follows a call: what a function of the project gives back, and
// functions of libraries that hand on their argument.
func (pr *program) callSources(n *node, f frame) []Source {
	name := n.x.last()
	if t, i, ok := handsOn(n, name); ok {
		var list []Source
		if i < 0 {
			list = pr.sources(n.x.x, f)
		} else {
			list = pr.sources(n.args[i].x, f)
		}
		for k := range list {
			if t != "" {
				list[k].Transform = t
			}
		}
		return list
	}
	if n.x.kind == kFunc && n.x.scope != nil { // by lazy { … }
		return pr.returned(n.x.scope, f.in(n.x.scope))
	}
	if len(pr.classes[name]) > 0 { // the making of an object is no value
		return nil
	}
	fns := pr.reachable(n, f)
	if len(fns) == 0 || len(fns) > 4 {
		return pr.getter(n, f)
	}
	var out []Source
	for _, g := range fns {
		out = append(out, pr.returned(g, pr.bind(g, n, f))...)
	}
	return sureOf(out)
}

// getter reads x.getName() and x.name() as x.name.
func (pr *program) getter(n *node, f frame) []Source {
	if n.x.kind != kMember || len(n.args) > 1 {
		return nil
	}
	name := n.x.text
	if rest, ok := strings.CutPrefix(name, "get"); ok && rest != "" {
		name = strings.ToLower(rest[:1]) + rest[1:]
	}
	if len(n.args) == 1 && (n.x.text == "get" || n.x.text == "Get" || n.x.text == "GetValue" || n.x.text == "fetch" || n.x.text == "dig") {
		if k := n.args[0].x; k != nil && k.kind == kString {
			return pr.keyed([]string{k.text}, f)
		}
		return nil
	}
	if len(n.args) > 0 || pr.lang != Java && pr.lang != Kotlin && pr.lang != PHP {
		return nil
	}
	return pr.memberSources(&node{kind: kMember, x: n.x.x, text: name, line: n.line}, f)
}

// bind gives a function's frame in which its parameters are a call's arguments.
func (pr *program) bind(g *fn, n *node, f frame) frame {
	b := map[string]boundTo{}
	params := g.params
	if len(params) > 0 && (params[0].typ == "recv" || params[0].name == "self" || params[0].name == "cls") {
		params = params[1:]
	}
	for i, a := range n.args {
		switch {
		case a.name != "":
			b[a.name] = boundTo{a.x, f}
			b["$"+a.name] = boundTo{a.x, f}
		case i < len(params):
			b[params[i].name] = boundTo{a.x, f}
		}
	}
	for _, q := range params {
		if _, ok := b[q.name]; !ok && q.value != nil {
			b[q.name] = boundTo{q.value, frame{fn: g, depth: f.depth}}
		}
	}
	return frame{fn: g, bound: b, depth: f.depth}
}

// returned gives what a function may give back.
func (pr *program) returned(g *fn, f frame) []Source {
	f.fn = g
	var out []Source
	var last *stmt
	var visit func(list []*stmt)
	visit = func(list []*stmt) {
		for _, s := range list {
			if s.kind == sFunc || s.kind == sClass {
				continue
			}
			if s.kind == sReturn && s.x != nil && s.text != "throw" && s.text != "raise" {
				x := s.x
				if x.kind == kList && len(x.args) > 0 && pr.lang == Go {
					x = x.args[0].x
				}
				if !isNothing(x) {
					out = append(out, pr.sources(x, f)...)
				}
			}
			visit(s.body)
		}
	}
	visit(g.body)
	if n := len(g.body); n > 0 {
		last = g.body[n-1]
	}
	if last != nil && (pr.lang == Ruby || pr.lang == Kotlin && g.node != nil) && (last.kind == sExpr || last.kind == sAssign) { // its last expression
		out = append(out, pr.sources(last.x, f)...)
	}
	for i := range out {
		if i > 0 && out[i].Kind == FromLiteral {
			out[i].Fallback = true
		}
	}
	return sureOf(out)
}

func isNothing(n *node) bool {
	return n.kind == kName && slices.Contains([]string{"nil", "null", "None", "undefined"}, n.text) || n.kind == kString && n.text == ""
}

// reachable gives the functions of the project that a call or member may mean.
func (pr *program) reachable(n *node, f frame) []*fn {
	callee := n
	if n.kind == kCall {
		callee = n.x
	}
	list := pr.named[callee.last()]
	if len(list) == 0 {
		return nil
	}
	pick := func(ok func(*fn) bool) []*fn {
		var out []*fn
		for _, g := range list {
			if ok(g) {
				out = append(out, g)
			}
		}
		return out
	}
	if callee.kind == kName {
		name := callee.text
		if f.fn.class != nil {
			if m := pr.method(f.fn.class, name); m != nil {
				return []*fn{m}
			}
		}
		if out := pick(func(g *fn) bool { return g.class == nil && g.unit == f.fn.unit }); len(out) > 0 {
			return out
		}
		if m, ok := f.fn.unit.from[name]; ok {
			if out := pick(func(g *fn) bool { return g.class == nil && isModule(g.unit.Path, m) }); len(out) > 0 {
				return out
			}
		}
		return pick(func(g *fn) bool {
			return (g.class == nil || pr.lang == Ruby) && (pr.lang != Go || path.Dir(g.unit.Path) == path.Dir(f.fn.unit.Path))
		})
	}
	p := callee.x.path()
	if isSelf(p, f.fn) && f.fn.class != nil {
		if m := pr.method(f.fn.class, callee.text); m != nil {
			return []*fn{m}
		}
	}
	if c := pr.typeOf(callee.x, f, 0); c != nil {
		if m := pr.method(c, callee.text); m != nil {
			return []*fn{m}
		}
	}
	if cs := pr.classes[lastPart(p)]; len(cs) > 0 { // Class.method()
		for _, c := range cs {
			if m := pr.method(c, callee.text); m != nil {
				return []*fn{m}
			}
		}
	}
	if module := f.fn.unit.imports[p]; module != "" {
		out := pick(func(g *fn) bool {
			return g.class == nil && (pr.lang == Go && strings.HasSuffix(module, "/"+path.Base(path.Dir(g.unit.Path))) || isModule(g.unit.Path, module))
		})
		if len(out) > 0 || pr.lang == Go {
			return out
		}
	}
	if len(list) == 1 && !common[callee.text] {
		return list
	}
	return nil
}

// common are names of methods that any object may have.
var common = set("get", "post", "put", "delete", "create", "update", "save", "find", "index", "show", "store", "handle", "run", "execute", "call", "init", "build", "encode", "decode",
	"sign", "send", "json", "add", "all", "first", "map", "filter", "write", "read", "close", "open", "start", "stop", "render", "validate", "user", "id", "name", "token", "Get", "Post", "Create")
