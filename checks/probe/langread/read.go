package langread

import (
	"slices"
	"strings"
)

// Program is what the sources of one program say.
type Program struct {
	Lang   string
	Sites  []*Site
	Routes []*Route
	Ports  []Port
	Loads  []Load
	CORS   []Place // where a browser is permitted to read the answer
	Broken []string

	Reads     []VarRead // every read of the environment
	Literals  []Literal // texts with a name
	Arguments []Literal // texts that calls are given which sign
	Files     []Literal // files that it reads; Name is "file" where Text starts at the root, "" at the working folder
	EnvFiles  []Literal // .env files that it names
	Apps      []Literal // apps of Python: Name is the class, Text the variable

	Frameworks []string // as far as imports and calls tell
	Mains      []Place  // where a program begins
	Random     bool     // the secret of the first site is made anew at each start
	Spread     bool     // the sources were too many to be followed to the end
}

// Place is a line.
type Place struct {
	File string
	Line int
}

// Port is a port that the source names.
type Port struct {
	Port int
	Env  string // the variable that wins over it
	File string
	Line int
}

// Guard is a line that turns a request away, or a check before the handler.
type Guard struct {
	Status int
	What   string // login, header …; "" where that isn't known
	File   string
	Line   int
}

// Read reads the sources of one program, all in one language.
func Read(lang string, units []*Unit, config Config) *Program {
	if config == nil {
		config = noConfig{}
	}
	pr := newProgram(lang, units, config)
	out := &Program{Lang: lang}
	out.Sites = pr.sites()
	out.Routes = pr.routes()
	for _, s := range out.Sites {
		pr.lead(s, out.Routes)
		pr.wraps(s)
		out.Random = out.Random || len(s.Secret) > 0 && s.Secret[0].Kind == FromRandom
	}
	slices.SortStableFunc(out.Sites, func(a, b *Site) int { return rank(b) - rank(a) })
	out.Ports = pr.ports()
	out.Loads = pr.loads()
	out.CORS = pr.cors()
	out.Reads, out.Literals, out.Arguments = pr.reads(), pr.literals(), pr.arguments()
	out.Files, out.EnvFiles = pr.files()
	for _, name := range []string{"FastAPI", "Flask", "Starlette"} {
		for _, c := range pr.calls[name] {
			for variable, ws := range pr.writes {
				for _, w := range ws {
					if w.x == c.n && w.fn.parent == nil {
						out.Apps = append(out.Apps, Literal{name, variable, c.fn.unit.Path, c.n.line})
					}
				}
			}
			if c.fn.parent != nil && name == "Flask" { // a factory
				out.Apps = append(out.Apps, Literal{name, "", c.fn.unit.Path, c.n.line})
			}
		}
	}
	out.Frameworks = pr.frameworks()
	out.Mains = pr.mains()
	for _, u := range units {
		if u.Broken {
			out.Broken = append(out.Broken, u.Path)
		}
	}
	out.Spread = pr.steps > maxSteps
	return out
}

// rank prefers sites that a route leads to.
func rank(s *Site) int {
	n := s.Score
	if len(s.Routes) > 0 {
		n += 6
	}
	if len(s.Secret) > 0 && s.Secret[0].Kind != Unknown {
		n += 4
	}
	return n
}

// lead finds the routes whose handler comes to a site.
func (pr *program) lead(s *Site, all []*Route) {
	reach := map[*fn]int{s.fn: 1}
	queue := []*fn{s.fn}
	for len(queue) > 0 && len(reach) < 200 {
		g := queue[0]
		queue = queue[1:]
		d := reach[g]
		if d > 8 {
			continue
		}
		var up []*fn
		if g.node != nil && g.parent != nil && g.parent.parent != nil { // a closure that its function gives back
			up = append(up, g.parent)
		}
		for _, c := range pr.callersOf(g) {
			up = append(up, c.fn)
		}
		for _, f := range up {
			if reach[f] == 0 {
				reach[f] = d + 1
				queue = append(queue, f)
			}
		}
	}
	for _, r := range all {
		d := reach[r.handler]
		if d == 0 || slices.ContainsFunc(s.Routes, func(x Route) bool { return x.Path == r.Path && x.Method == r.Method }) {
			continue
		}
		x := *r
		x.Fields, x.Query = pr.fields(r.handler, s)
		x.Guards = pr.guards(r, s)
		x.Writes, x.Calls = pr.effects(r.handler)
		s.Routes = append(s.Routes, x)
	}
	slices.SortStableFunc(s.Routes, func(a, b Route) int { return reach[a.handler] - reach[b.handler] })
	if len(s.Routes) == 0 && pr.lang == PHP {
		pr.script(s, reach)
	}
	if s.User.Kind == FromBody && len(s.Routes) > 0 && s.Routes[0].Method == "GET" {
		s.User.Kind = FromQuery
	}
	pr.pathUser(s)
	for i := range s.Routes {
		if s.User.Kind != FromBody && s.User.Kind != FromQuery || s.User.Name == "" {
			continue
		}
		if strings.Contains(s.Routes[i].Path, ":"+s.User.Name) || strings.Contains(s.Routes[i].Path, "{"+s.User.Name+"}") {
			s.User.Kind = FromPath
		}
	}
}

// pathUser tells a user that is a parameter of the path: the handler's own
// parameter, which its route's table names.
func (pr *program) pathUser(s *Site) {
	n := len(s.User.Links)
	if s.User.Kind != Unknown || n == 0 {
		return
	}
	name := strings.TrimPrefix(s.User.Links[n-1].Name, "$")
	for _, r := range s.Routes {
		if _, i := r.handler.param(name); i < 0 {
			if _, i = r.handler.param("$" + name); i < 0 {
				continue
			}
		}
		for part := range strings.SplitSeq(r.Path, "/") {
			inner := strings.TrimSuffix(strings.Trim(part, "{}<>:"), "?")
			if i := strings.LastIndexByte(inner, ':'); i >= 0 {
				inner = inner[i+1:]
			}
			if inner == name && inner != part {
				s.User.Kind, s.User.Name = FromPath, name
				return
			}
		}
	}
}

// script makes a PHP file that signs at its top level the page that it is.
func (pr *program) script(s *Site, reach map[*fn]int) {
	var top *fn
	for f := range reach {
		if f.parent == nil && (top == nil || f.unit.Path < top.unit.Path) {
			top = f
		}
	}
	if top == nil {
		return
	}
	p := top.unit.Path
	for _, root := range []string{"public/", "public_html/", "web/", "www/", "htdocs/"} {
		if _, rest, ok := strings.Cut(p, root); ok {
			p = rest
			break
		}
	}
	r := Route{Method: "ANY", Path: "/" + p, File: top.unit.Path, Line: 1, handler: top, handlerFile: s.File, handlerLine: s.Line}
	r.Fields, r.Query = pr.fields(top, s)
	r.Guards = pr.guards(&r, s)
	s.Routes = append(s.Routes, r)
}

// fields are the fields of the body, and the parameters of the query, that a
// handler takes; the user first.
func (pr *program) fields(h *fn, s *Site) (body, query []string) {
	add := func(src Source) {
		list := &body
		switch src.Kind {
		case FromQuery:
			list = &query
		case FromBody:
		default:
			return
		}
		if src.Name != "" && !slices.Contains(*list, src.Name) && len(*list) < 12 {
			*list = append(*list, src.Name)
		}
	}
	if n := len(s.User.Links); n > 0 && (s.User.Kind == FromBody || s.User.Kind == FromQuery) {
		if l := s.User.Links[n-1]; l.File == h.unit.Path && l.Line >= h.line && (l.Line <= h.end || h.node != nil) || h.parent == nil {
			add(s.User)
		}
	}
	var look func(n *node)
	look = func(n *node) {
		if n == nil {
			return
		}
		switch n.kind {
		case kIndex, kCall, kMember:
			if src, ok := pr.input(n, frame{fn: h}); ok {
				add(src)
				for _, a := range n.args {
					look(a.x)
				}
				return
			}
		}
		if n.kind == kCall && n.x != nil && n.x.kind == kMember { // a method's name is no field
			look(n.x.x)
		} else {
			look(n.x)
		}
		look(n.y)
		look(n.z)
		for _, a := range n.args {
			look(a.key)
			look(a.x)
		}
	}
	var visit func(list []*stmt)
	visit = func(list []*stmt) {
		for _, st := range list {
			if st.kind == sFunc || st.kind == sClass {
				continue
			}
			look(st.x)
			for _, t := range st.targets {
				if t != nil && t.kind != kMember {
					look(t)
				}
			}
			visit(st.body)
		}
	}
	visit(h.body)
	return body, query
}

// wraps finds the lines of the signing function that change the token.
func (pr *program) wraps(s *Site) {
	f := s.fn
	held := map[string]bool{}
	var holds func(n *node) bool
	holds = func(n *node) bool {
		if n == nil {
			return false
		}
		if n == s.n || n.kind == kName && held[n.text] {
			return true
		}
		switch n.kind {
		case kMember:
			return holds(n.x)
		case kCall:
			_, i, ok := handsOn(n, n.x.last())
			return ok && (i < 0 && holds(n.x.x) || i >= 0 && i < len(n.args) && holds(n.args[i].x))
		}
		return false
	}
	note := func(how, as string, n *node) {
		if len(s.Wraps) < 8 {
			s.Wraps = append(s.Wraps, Wrap{How: how, As: as, File: f.unit.Path, Line: n.line})
		}
	}
	var visit func(list []*stmt)
	visit = func(list []*stmt) {
		for _, st := range list {
			if st.kind == sAssign && len(st.targets) > 0 && st.targets[0] != nil && st.targets[0].kind == kName && holds(st.x) {
				held[st.targets[0].text] = true
			}
			st.x.eachOutside(func(n *node) {
				switch n.kind {
				case kBinary:
					if (n.text == "+" || n.text == ".") && n.x != nil && n.y != nil {
						if n.x.kind == kString && holds(n.y) {
							note("prefix", n.x.text, n)
						} else if n.y.kind == kString && holds(n.x) {
							note("suffix", n.y.text, n)
						}
					}
				case kIndex:
					if holds(n.x) && (n.y == nil || n.y.kind != kString) {
						note("slice", "", n)
					}
				case kDict:
					for _, a := range n.args {
						if holds(a.x) {
							name := a.name
							if a.key != nil {
								name = a.key.text
							}
							note("field", name, a.x)
						}
					}
				case kCall:
					switch n.x.last() {
					case "substr", "substring", "Substring", "slice", "mb_substr":
						if len(n.args) > 0 && (holds(n.args[0].x) || holds(n.x.x)) {
							note("slice", "", n)
						}
					case "base64_encode", "b64encode", "urlencode", "quote", "EncodeToString", "ToBase64String":
						if len(n.args) > 0 && holds(n.args[0].x) {
							note("encode", n.x.last(), n)
						}
					case "set_cookie", "SetCookie", "setcookie":
						for _, a := range n.args {
							if holds(a.x) {
								note("cookie", literalArg(n, 0), n)
							}
						}
					default:
						for _, a := range n.args {
							if a.name != "" && holds(a.x) && a.name != "key" {
								note("field", a.name, a.x)
							}
						}
					}
				}
			})
			visit(st.body)
		}
	}
	visit(f.body)
}
