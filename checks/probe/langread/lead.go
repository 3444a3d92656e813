package langread

import (
	"sort"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/probe/langread/flow"
	"badsig/checks/probe/langread/syntax"
)

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
		if d == 0 || affix.Any(s.Routes, func(x flow.Route) bool { return x.Path == r.Path && x.Method == r.Method }) {
			continue
		}
		x := *r
		x.Fields, x.Query = fields(pr, r.HandlerOf, s)
		x.Guards = guards(pr, r, s)
		x.Writes, x.Calls = effects(pr, r.HandlerOf)
		x.Reply = reply(r.HandlerOf, s, reach)
		gives(pr, s, &x, reach)
		s.Routes = append(s.Routes, x)
	}
	sort.SliceStable(s.Routes, func(i, j int) bool { return reach[s.Routes[i].HandlerOf] < reach[s.Routes[j].HandlerOf] })
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
		if affix.Contains(s.Routes[i].Path, ":"+s.User.Name) || affix.Contains(s.Routes[i].Path, "{"+s.User.Name+"}") {
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
	name := affix.TrimPrefix(s.User.Links[n-1].Name, "$")
	for _, r := range s.Routes {
		if _, i := r.HandlerOf.Param(name); i < 0 {
			if _, i = r.HandlerOf.Param("$" + name); i < 0 {
				continue
			}
		}
		for part := range strings.SplitSeq(r.Path, "/") {
			inner := affix.TrimSuffix(strings.Trim(part, "{}<>:"), "?")
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
		if _, rest, ok := affix.Cut(p, root); ok {
			p = rest
			break
		}
	}
	r := flow.Route{Method: "ANY", Path: "/" + p, File: top.Unit.Path, Line: 1, HandlerOf: top, HandlerFile: s.File, HandlerLine: s.Line}
	r.Fields, r.Query = fields(pr, top, s)
	r.Guards = guards(pr, &r, s)
	s.Routes = append(s.Routes, r)
}
