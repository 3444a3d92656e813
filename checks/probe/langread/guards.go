package langread

import (
	"strconv"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/probe/langread/flow"
	"badsig/checks/probe/langread/syntax"
)

// guardMarks are decorators, annotations and attributes that want a login.
var guardMarks = syntax.Set("login_required", "jwt_required", "token_required", "requires_auth", "auth_required", "permission_required", "staff_member_required", "authenticated", "PreAuthorize", "Secured", "RolesAllowed", "Authorize", "user_passes_test",
	"authentication_classes", "IsGranted", "authenticate", "require_login", "require_auth")

// guards are what may turn a request away before a route's token is made.
func guards(pr *flow.Program, r *flow.Route, s *flow.Site) []flow.Guard {
	var out []flow.Guard
	add := func(g flow.Guard) {
		if len(out) < 12 {
			out = append(out, g)
		}
	}
	h := r.HandlerOf
	for _, m := range h.Marks {
		if guardMarks[m.Last()] || m.Last() == "permission_classes" && guarded(m) || userGuard(m) {
			add(flow.Guard{Status: 401, What: "login", File: h.Unit.Path, Line: m.Line})
		}
	}
	if h.Class != nil {
		for _, m := range h.Class.Marks {
			if guardMarks[m.Last()] {
				add(flow.Guard{Status: 401, What: "login", File: h.Class.Unit.Path, Line: m.Line})
			}
		}
		for _, w := range h.Class.Fields { // REST framework
			for _, t := range w.Targets {
				if t != nil && t.Text == "permission_classes" && guarded(w.X) {
					add(flow.Guard{Status: 401, What: "login", File: h.Class.Unit.Path, Line: w.Line})
				}
			}
		}
		for _, b := range h.Class.Base {
			if b == "LoginRequiredMixin" {
				add(flow.Guard{Status: 401, What: "login", File: h.Class.Unit.Path, Line: h.Class.Line})
			}
		}
		classGuards(pr, h, add)
	}
	for _, q := range h.Params { // FastAPI's dependencies
		for _, x := range append(q.Marks, q.Value) {
			x.EachOutside(func(n *syntax.Node) {
				if n.Kind == syntax.KCall && (n.X.Last() == "Depends" || n.X.Last() == "Security") && len(n.Args) > 0 && flow.Userish(n.Args[0].X.Last()) && clientOf(pr, n, flow.Frame{Fn: h}, 0) == nil {
					add(flow.Guard{Status: 401, What: "login", File: h.Unit.Path, Line: n.Line})
				}
			})
		}
	}
	aroundRoute(pr, r, add)
	refusals(pr, h, add)
	if s.Fn != h {
		refusals(pr, s.Fn, add)
	}
	return out
}

// guarded tells permission classes that want a login.
func guarded(n *syntax.Node) bool {
	want := false
	n.EachOutside(func(x *syntax.Node) {
		want = want || affix.HasPrefix(x.Text, "IsAuth") || affix.HasPrefix(x.Text, "IsAdmin")
	})
	return want
}

// userGuard tells @router.post("/x", dependencies=[Depends(get_current_user)]).
func userGuard(m *syntax.Node) bool {
	hit := false
	for _, a := range m.Args {
		if a.Name == "dependencies" {
			a.X.EachOutside(func(x *syntax.Node) { hit = hit || x.Kind == syntax.KName && flow.Userish(x.Text) })
		}
	}
	return hit
}

// classGuards reads Rails' before_action and Laravel's $this->middleware('auth').
func classGuards(pr *flow.Program, h *syntax.Fn, add func(flow.Guard)) {
	for c, i := h.Class, 0; c != nil && i < 3; c, i = flow.BaseOf(pr, c), i+1 {
		for _, name := range []string{"before_action", "middleware"} {
			for _, k := range pr.Calls[name] {
				if k.Fn.Class != c && !(k.Fn.Parent == nil && k.Fn.Unit == c.Unit && k.N.Line >= c.Line) {
					continue
				}
				a := flow.LiteralArg(k.N, 0)
				if !flow.Userish(a) && !affix.Contains(a, "login") || skipped(k.N, h.Name) {
					continue
				}
				add(flow.Guard{Status: 401, What: "login", File: k.Fn.Unit.Path, Line: k.N.Line})
			}
		}
	}
}

// skipped reports whether only: or except: leave an action out.
func skipped(n *syntax.Node, action string) bool {
	for _, a := range n.Args {
		list := stringsOf(a.X)
		has := false
		for _, x := range list {
			has = has || x == action
		}
		if a.Name == "only" && len(list) > 0 && !has || a.Name == "except" && has {
			return true
		}
	}
	return false
}

// aroundRoute reads middleware that belongs to a route, or to a group around it.
func aroundRoute(pr *flow.Program, r *flow.Route, add func(flow.Guard)) {
	call := func(n *syntax.Node, f *syntax.Fn) {
		for x := n; x != nil; x = x.X {
			if x.Kind != syntax.KCall {
				continue
			}
			switch x.X.Last() {
			case "middleware", "Use", "With", "RequireAuthorization", "authenticate", "withMiddleware", "before":
				text := x.X.Last()
				for _, a := range x.Args {
					for _, s := range stringsOf(a.X) {
						text += " " + s
					}
					if a.X != nil && (a.X.Kind == syntax.KName || a.X.Kind == syntax.KMember || a.X.Kind == syntax.KCall) {
						text += " " + a.X.Last()
					}
				}
				if low := strings.ToLower(text); affix.Contains(low, "auth") || affix.Contains(low, "jwt") || affix.Contains(low, "session") || affix.Contains(low, "login") || affix.Contains(low, "protect") {
					add(flow.Guard{Status: 401, What: "login", File: f.Unit.Path, Line: x.Line})
				}
			}
		}
	}
	for _, c := range pr.All {
		if c.Fn.Unit.Path != r.File || c.N.Line != r.Line {
			continue
		}
		call(c.N, c.Fn)
		if pr.Lang == syntax.Go && verbs[c.N.X.Last()] != "" {
			for i, a := range c.N.Args { // r.POST("/x", auth(), handler)
				if i == 0 || a.X == nil || i == len(c.N.Args)-1 && a.X.Kind != syntax.KCall {
					continue
				}
				if low := strings.ToLower(a.X.Last()); affix.Contains(low, "auth") || affix.Contains(low, "jwt") || affix.Contains(low, "protect") {
					add(flow.Guard{Status: 401, What: "login", File: c.Fn.Unit.Path, Line: c.N.Line})
				}
			}
			usedOn(pr, c.N.X.X, c.Fn, add)
		}
		for g := c.Fn; g != nil; g = g.Parent {
			if g.Given != nil {
				call(g.Given, g.Parent)
				if g.Given.X.Last() == "group" { // ['middleware' => 'auth']
					for _, a := range g.Given.Args {
						if a.X == nil || a.X.Kind != syntax.KDict {
							continue
						}
						for _, e := range a.X.Args {
							if e.Key != nil && e.Key.Text == "middleware" && affix.Contains(strings.Join(stringsOf(e.X), " "), "auth") {
								add(flow.Guard{Status: 401, What: "login", File: g.Parent.Unit.Path, Line: g.Given.Line})
							}
						}
					}
				}
			}
		}
	}
}

// usedOn finds group.Use(auth) on the router of a route.
func usedOn(pr *flow.Program, n *syntax.Node, f *syntax.Fn, add func(flow.Guard)) {
	if n == nil || n.Kind != syntax.KName {
		return
	}
	for _, c := range pr.Calls["Use"] {
		if c.N.X.Kind != syntax.KMember || c.N.X.X.Path() != n.Text || c.Fn.Unit != f.Unit || !f.Inside(c.Fn) {
			continue
		}
		for _, a := range c.N.Args {
			if low := strings.ToLower(a.X.Last()); affix.Contains(low, "auth") || affix.Contains(low, "jwt") || affix.Contains(low, "protect") {
				add(flow.Guard{Status: 401, What: "login", File: c.Fn.Unit.Path, Line: c.N.Line})
			}
		}
	}
}

// statusNames are the constants for 401 and 403. A literal of a map would be code for each of them.
var statusNames = func() map[string]int {
	m := map[string]int{}
	for _, w := range strings.Fields(`StatusUnauthorized HTTP_401_UNAUTHORIZED UNAUTHORIZED Unauthorized HTTP_UNAUTHORIZED
		unauthorized UnauthorizedObjectResult NotAuthenticated AuthenticationFailed ErrUnauthorized`) {
		m[w] = 401
	}
	for _, w := range strings.Fields(`HttpResponseForbidden StatusForbidden HTTP_403_FORBIDDEN FORBIDDEN Forbidden HTTP_FORBIDDEN
		forbidden Forbid PermissionDenied`) {
		m[w] = 403
	}
	return m
}()

// refusals finds where a function itself returns 401 or 403.
func refusals(pr *flow.Program, h *syntax.Fn, add func(flow.Guard)) {
	var visit func(list []*syntax.Stmt)
	look := func(n *syntax.Node) {
		n.EachOutside(func(x *syntax.Node) {
			switch x.Kind {
			case syntax.KNumber:
				if v, _ := strconv.Atoi(x.Text); v == 401 || v == 403 {
					add(flow.Guard{Status: v, File: h.Unit.Path, Line: x.Line})
				}
			case syntax.KName, syntax.KMember, syntax.KString:
				if v := statusNames[syntax.LastPart(x.Text)]; v != 0 {
					add(flow.Guard{Status: v, File: h.Unit.Path, Line: x.Line})
				}
			}
		})
	}
	visit = func(list []*syntax.Stmt) {
		for _, st := range list {
			if st.Kind == syntax.SFunc || st.Kind == syntax.SClass {
				continue
			}
			look(st.X)
			visit(st.Body)
		}
	}
	visit(h.Body)
}
