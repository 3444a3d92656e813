package langread

import (
	"slices"
	"strings"

	"badsig/checks/probe/langread/flow"
	"badsig/checks/probe/langread/syntax"
)

// Program is what the sources of one program say.
type Program struct {
	Lang   string
	Sites  []*flow.Site
	Routes []*flow.Route
	Ports  []Port
	Loads  []Load
	CORS   []flow.Place // where a browser is permitted to read the answer
	Broken []string

	Reads     []flow.VarRead // every read of the environment
	Literals  []flow.Literal // texts with a name
	Arguments []flow.Literal // texts that calls are given which sign
	Files     []flow.Literal // files that it reads; Name is "file" where Text starts at the root, "" at the working folder
	EnvFiles  []flow.Literal // .env files that it names
	Apps      []flow.Literal // apps of Python: Name is the class, Text the variable

	Frameworks []string     // as far as imports and calls tell
	Mains      []flow.Place // where a program begins
	Client     *flow.Site   // of a program that makes no tokens: with which key and secret it makes Stream's client
	Random     bool         // the secret of the first site is made anew at each start
	Spread     bool         // the sources were too many to be followed to the end
}

// Port is a port that the source names.
type Port struct {
	Port int
	Env  string // the variable that wins over it
	File string
	Line int
}

// Read reads the sources of one program, all in one language.
func Read(lang string, units []*syntax.Unit, config flow.Config) *Program {
	if config == nil {
		config = noConfig{}
	}
	pr := flow.NewProgram(lang, units, config)
	out := &Program{Lang: lang}
	out.Sites = sitesIn(pr)
	out.Routes = routes(pr)
	if len(out.Sites) == 0 {
		out.Client = clientAlone(pr)
	}
	for _, s := range out.Sites {
		lead(pr, s, out.Routes)
		wraps(pr, s)
		out.Random = out.Random || len(s.Secret) > 0 && s.Secret[0].Kind == flow.FromRandom
	}
	slices.SortStableFunc(out.Sites, func(a, b *flow.Site) int { return rank(b) - rank(a) })
	out.Ports = ports(pr)
	out.Loads = loads(pr)
	out.CORS = cors(pr)
	out.Reads, out.Literals, out.Arguments = pr.Reads(), pr.Literals(), pr.Arguments()
	out.Files, out.EnvFiles = pr.Files()
	for _, name := range []string{"FastAPI", "Flask", "Starlette"} {
		for _, c := range pr.Calls[name] {
			for variable, ws := range pr.Writes {
				for _, w := range ws {
					if w.X == c.N && w.Fn.Parent == nil {
						out.Apps = append(out.Apps, flow.Literal{Name: name, Text: variable, File: c.Fn.Unit.Path, Line: c.N.Line})
					}
				}
			}
			if c.Fn.Parent != nil && name == "Flask" { // a factory
				out.Apps = append(out.Apps, flow.Literal{Name: name, Text: "", File: c.Fn.Unit.Path, Line: c.N.Line})
			}
		}
	}
	out.Frameworks = frameworks(pr)
	out.Mains = mains(pr)
	for _, u := range units {
		if u.Broken {
			out.Broken = append(out.Broken, u.Path)
		}
	}
	out.Spread = pr.Steps > flow.MaxSteps
	return out
}

// rank prefers sites that a route leads to.
func rank(s *flow.Site) int {
	n := s.Score
	if len(s.Routes) > 0 {
		n += 6
	}
	if len(s.Secret) > 0 && s.Secret[0].Kind != flow.Unknown {
		n += 4
	}
	return n
}

// lead finds the routes whose handler comes to a site.
func lead(pr *flow.Program, s *flow.Site, all []*flow.Route) {
	reach := map[*syntax.Fn]int{s.Fn: 1}
	queue := []*syntax.Fn{s.Fn}
	for len(queue) > 0 && len(reach) < 200 {
		g := queue[0]
		queue = queue[1:]
		d := reach[g]
		if d > 8 {
			continue
		}
		var up []*syntax.Fn
		if g.Node != nil && g.Parent != nil && g.Parent.Parent != nil { // a closure that its function gives back
			up = append(up, g.Parent)
		}
		for _, c := range pr.CallersOf(g) {
			up = append(up, c.Fn)
		}
		for _, f := range up {
			if reach[f] == 0 {
				reach[f] = d + 1
				queue = append(queue, f)
			}
		}
	}
	for _, r := range all {
		d := reach[r.HandlerOf]
		if d == 0 || slices.ContainsFunc(s.Routes, func(x flow.Route) bool { return x.Path == r.Path && x.Method == r.Method }) {
			continue
		}
		x := *r
		x.Fields, x.Query = fields(pr, r.HandlerOf, s)
		x.Guards = guards(pr, r, s)
		x.Writes, x.Calls = effects(pr, r.HandlerOf)
		s.Routes = append(s.Routes, x)
	}
	slices.SortStableFunc(s.Routes, func(a, b flow.Route) int { return reach[a.HandlerOf] - reach[b.HandlerOf] })
	if len(s.Routes) == 0 && pr.Lang == syntax.PHP {
		script(pr, s, reach)
	}
	if s.User.Kind == flow.FromBody && len(s.Routes) > 0 && s.Routes[0].Method == "GET" {
		s.User.Kind = flow.FromQuery
	}
	pathUser(pr, s)
	for i := range s.Routes {
		if s.User.Kind != flow.FromBody && s.User.Kind != flow.FromQuery || s.User.Name == "" {
			continue
		}
		if strings.Contains(s.Routes[i].Path, ":"+s.User.Name) || strings.Contains(s.Routes[i].Path, "{"+s.User.Name+"}") {
			s.User.Kind = flow.FromPath
		}
	}
}

// pathUser tells a user that is a parameter of the path: the handler's own
// parameter, which its route's table names.
func pathUser(pr *flow.Program, s *flow.Site) {
	n := len(s.User.Links)
	if s.User.Kind != flow.Unknown || n == 0 {
		return
	}
	name := strings.TrimPrefix(s.User.Links[n-1].Name, "$")
	for _, r := range s.Routes {
		if _, i := r.HandlerOf.Param(name); i < 0 {
			if _, i = r.HandlerOf.Param("$" + name); i < 0 {
				continue
			}
		}
		for part := range strings.SplitSeq(r.Path, "/") {
			inner := strings.TrimSuffix(strings.Trim(part, "{}<>:"), "?")
			if i := strings.LastIndexByte(inner, ':'); i >= 0 {
				inner = inner[i+1:]
			}
			if inner == name && inner != part {
				s.User.Kind, s.User.Name = flow.FromPath, name
				return
			}
		}
	}
}

// script makes a PHP file that signs at its top level the page that it is.
func script(pr *flow.Program, s *flow.Site, reach map[*syntax.Fn]int) {
	var top *syntax.Fn
	for f := range reach {
		if f.Parent == nil && (top == nil || f.Unit.Path < top.Unit.Path) {
			top = f
		}
	}
	if top == nil {
		return
	}
	p := top.Unit.Path
	for _, root := range []string{"public/", "public_html/", "web/", "www/", "htdocs/"} {
		if _, rest, ok := strings.Cut(p, root); ok {
			p = rest
			break
		}
	}
	r := flow.Route{Method: "ANY", Path: "/" + p, File: top.Unit.Path, Line: 1, HandlerOf: top, HandlerFile: s.File, HandlerLine: s.Line}
	r.Fields, r.Query = fields(pr, top, s)
	r.Guards = guards(pr, &r, s)
	s.Routes = append(s.Routes, r)
}

// fields are the fields of the body, and the parameters of the query, that a
// handler takes; the user first.
func fields(pr *flow.Program, h *syntax.Fn, s *flow.Site) (body, query []string) {
	add := func(src flow.Source) {
		list := &body
		switch src.Kind {
		case flow.FromQuery:
			list = &query
		case flow.FromBody:
		default:
			return
		}
		if src.Name != "" && !slices.Contains(*list, src.Name) && len(*list) < 12 {
			*list = append(*list, src.Name)
		}
	}
	if n := len(s.User.Links); n > 0 && (s.User.Kind == flow.FromBody || s.User.Kind == flow.FromQuery) {
		if l := s.User.Links[n-1]; l.File == h.Unit.Path && l.Line >= h.Line && (l.Line <= h.End || h.Node != nil) || h.Parent == nil {
			add(s.User)
		}
	}
	var look func(n *syntax.Node)
	look = func(n *syntax.Node) {
		if n == nil {
			return
		}
		switch n.Kind {
		case syntax.KIndex, syntax.KCall, syntax.KMember:
			if src, ok := flow.Input(pr, n, flow.Frame{Fn: h}); ok {
				add(src)
				for _, a := range n.Args {
					look(a.X)
				}
				return
			}
		}
		if n.Kind == syntax.KCall && n.X != nil && n.X.Kind == syntax.KMember { // a method's name is no field
			look(n.X.X)
		} else {
			look(n.X)
		}
		look(n.Y)
		look(n.Z)
		for _, a := range n.Args {
			look(a.Key)
			look(a.X)
		}
	}
	var visit func(list []*syntax.Stmt)
	visit = func(list []*syntax.Stmt) {
		for _, st := range list {
			if st.Kind == syntax.SFunc || st.Kind == syntax.SClass {
				continue
			}
			look(st.X)
			for _, t := range st.Targets {
				if t != nil && t.Kind != syntax.KMember {
					look(t)
				}
			}
			visit(st.Body)
		}
	}
	visit(h.Body)
	return body, query
}

// wraps finds the lines of the signing function that change the token.
func wraps(pr *flow.Program, s *flow.Site) {
	f := s.Fn
	held := map[string]bool{}
	var holds func(n *syntax.Node) bool
	holds = func(n *syntax.Node) bool {
		if n == nil {
			return false
		}
		if n == s.N || n.Kind == syntax.KName && held[n.Text] {
			return true
		}
		switch n.Kind {
		case syntax.KMember:
			return holds(n.X)
		case syntax.KCall:
			_, i, ok := flow.HandsOn(n, n.X.Last())
			return ok && (i < 0 && holds(n.X.X) || i >= 0 && i < len(n.Args) && holds(n.Args[i].X))
		}
		return false
	}
	note := func(how, as string, n *syntax.Node) {
		if len(s.Wraps) < 8 {
			s.Wraps = append(s.Wraps, flow.Wrap{How: how, As: as, File: f.Unit.Path, Line: n.Line})
		}
	}
	var visit func(list []*syntax.Stmt)
	visit = func(list []*syntax.Stmt) {
		for _, st := range list {
			if st.Kind == syntax.SAssign && len(st.Targets) > 0 && st.Targets[0] != nil && st.Targets[0].Kind == syntax.KName && holds(st.X) {
				held[st.Targets[0].Text] = true
			}
			st.X.EachOutside(func(n *syntax.Node) {
				switch n.Kind {
				case syntax.KBinary:
					if (n.Text == "+" || n.Text == ".") && n.X != nil && n.Y != nil {
						if n.X.Kind == syntax.KString && holds(n.Y) {
							note("prefix", n.X.Text, n)
						} else if n.Y.Kind == syntax.KString && holds(n.X) {
							note("suffix", n.Y.Text, n)
						}
					}
				case syntax.KIndex:
					if holds(n.X) && (n.Y == nil || n.Y.Kind != syntax.KString) {
						note("slice", "", n)
					}
				case syntax.KDict:
					for _, a := range n.Args {
						if holds(a.X) {
							name := a.Name
							if a.Key != nil {
								name = a.Key.Text
							}
							note("field", name, a.X)
						}
					}
				case syntax.KCall:
					switch n.X.Last() {
					case "substr", "substring", "Substring", "slice", "mb_substr":
						if len(n.Args) > 0 && (holds(n.Args[0].X) || holds(n.X.X)) {
							note("slice", "", n)
						}
					case "base64_encode", "b64encode", "urlencode", "quote", "EncodeToString", "ToBase64String":
						if len(n.Args) > 0 && holds(n.Args[0].X) {
							note("encode", n.X.Last(), n)
						}
					case "set_cookie", "SetCookie", "setcookie":
						for _, a := range n.Args {
							if holds(a.X) {
								note("cookie", flow.LiteralArg(n, 0), n)
							}
						}
					default:
						for _, a := range n.Args {
							if a.Name != "" && holds(a.X) && a.Name != "key" {
								note("field", a.Name, a.X)
							}
						}
					}
				}
			})
			visit(st.Body)
		}
	}
	visit(f.Body)
}
