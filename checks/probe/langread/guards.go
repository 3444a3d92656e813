package langread

import (
	"strconv"
	"strings"
)

// guardMarks are decorators, annotations and attributes that want a login.
var guardMarks = set("login_required", "jwt_required", "token_required", "requires_auth", "auth_required", "permission_required", "staff_member_required", "authenticated", "PreAuthorize", "Secured", "RolesAllowed", "Authorize", "user_passes_test",
	"authentication_classes", "IsGranted", "authenticate", "require_login", "require_auth")

// guards are what may turn a request away before a route's token is made.
func (pr *program) guards(r *Route, s *Site) []Guard {
	var out []Guard
	add := func(g Guard) {
		if len(out) < 12 {
			out = append(out, g)
		}
	}
	h := r.handler
	for _, m := range h.marks {
		if guardMarks[m.last()] || m.last() == "permission_classes" && guarded(m) || userGuard(m) {
			add(Guard{Status: 401, What: "login", File: h.unit.Path, Line: m.line})
		}
	}
	if h.class != nil {
		for _, m := range h.class.marks {
			if guardMarks[m.last()] {
				add(Guard{Status: 401, What: "login", File: h.class.unit.Path, Line: m.line})
			}
		}
		for _, w := range h.class.fields { // REST framework
			for _, t := range w.targets {
				if t != nil && t.text == "permission_classes" && guarded(w.x) {
					add(Guard{Status: 401, What: "login", File: h.class.unit.Path, Line: w.line})
				}
			}
		}
		for _, b := range h.class.base {
			if b == "LoginRequiredMixin" {
				add(Guard{Status: 401, What: "login", File: h.class.unit.Path, Line: h.class.line})
			}
		}
		pr.classGuards(h, add)
	}
	for _, q := range h.params { // FastAPI's dependencies
		for _, x := range append(q.marks, q.value) {
			x.eachOutside(func(n *node) {
				if n.kind == kCall && (n.x.last() == "Depends" || n.x.last() == "Security") && len(n.args) > 0 && userish(n.args[0].x.last()) && pr.clientOf(n, frame{fn: h}, 0) == nil {
					add(Guard{Status: 401, What: "login", File: h.unit.Path, Line: n.line})
				}
			})
		}
	}
	pr.aroundRoute(r, add)
	pr.refusals(h, add)
	if s.fn != h {
		pr.refusals(s.fn, add)
	}
	return out
}

// guarded tells permission classes that want a login.
func guarded(n *node) bool {
	want := false
	n.eachOutside(func(x *node) {
		want = want || strings.HasPrefix(x.text, "IsAuth") || strings.HasPrefix(x.text, "IsAdmin")
	})
	return want
}

// userGuard tells @router.post("/x", dependencies=[Depends(get_current_user)]).
func userGuard(m *node) bool {
	hit := false
	for _, a := range m.args {
		if a.name == "dependencies" {
			a.x.eachOutside(func(x *node) { hit = hit || x.kind == kName && userish(x.text) })
		}
	}
	return hit
}

// classGuards reads Rails' before_action and Laravel's $this->middleware('auth').
func (pr *program) classGuards(h *fn, add func(Guard)) {
	for c, i := h.class, 0; c != nil && i < 3; c, i = pr.baseOf(c), i+1 {
		for _, name := range []string{"before_action", "middleware"} {
			for _, k := range pr.calls[name] {
				if k.fn.class != c && !(k.fn.parent == nil && k.fn.unit == c.unit && k.n.line >= c.line) {
					continue
				}
				a := literalArg(k.n, 0)
				if !userish(a) && !strings.Contains(a, "login") || skipped(k.n, h.name) {
					continue
				}
				add(Guard{Status: 401, What: "login", File: k.fn.unit.Path, Line: k.n.line})
			}
		}
	}
}

// skipped reports whether only: or except: leave an action out.
func skipped(n *node, action string) bool {
	for _, a := range n.args {
		list := stringsOf(a.x)
		has := false
		for _, x := range list {
			has = has || x == action
		}
		if a.name == "only" && len(list) > 0 && !has || a.name == "except" && has {
			return true
		}
	}
	return false
}

// aroundRoute reads middleware that is given with a route, or with a group around it.
func (pr *program) aroundRoute(r *Route, add func(Guard)) {
	call := func(n *node, f *fn) {
		for x := n; x != nil; x = x.x {
			if x.kind != kCall {
				continue
			}
			switch x.x.last() {
			case "middleware", "Use", "With", "RequireAuthorization", "authenticate", "withMiddleware", "before":
				text := x.x.last()
				for _, a := range x.args {
					for _, s := range stringsOf(a.x) {
						text += " " + s
					}
					if a.x != nil && (a.x.kind == kName || a.x.kind == kMember || a.x.kind == kCall) {
						text += " " + a.x.last()
					}
				}
				if low := strings.ToLower(text); strings.Contains(low, "auth") || strings.Contains(low, "jwt") || strings.Contains(low, "session") || strings.Contains(low, "login") || strings.Contains(low, "protect") {
					add(Guard{Status: 401, What: "login", File: f.unit.Path, Line: x.line})
				}
			}
		}
	}
	for _, c := range pr.all {
		if c.fn.unit.Path != r.File || c.n.line != r.Line {
			continue
		}
		call(c.n, c.fn)
		if pr.lang == Go && verbs[c.n.x.last()] != "" {
			for i, a := range c.n.args { // r.POST("/x", auth(), handler)
				if i == 0 || a.x == nil || i == len(c.n.args)-1 && a.x.kind != kCall {
					continue
				}
				if low := strings.ToLower(a.x.last()); strings.Contains(low, "auth") || strings.Contains(low, "jwt") || strings.Contains(low, "protect") {
					add(Guard{Status: 401, What: "login", File: c.fn.unit.Path, Line: c.n.line})
				}
			}
			pr.usedOn(c.n.x.x, c.fn, add)
		}
		for g := c.fn; g != nil; g = g.parent {
			if g.given != nil {
				call(g.given, g.parent)
				if g.given.x.last() == "group" { // ['middleware' => 'auth']
					for _, a := range g.given.args {
						if a.x == nil || a.x.kind != kDict {
							continue
						}
						for _, e := range a.x.args {
							if e.key != nil && e.key.text == "middleware" && strings.Contains(strings.Join(stringsOf(e.x), " "), "auth") {
								add(Guard{Status: 401, What: "login", File: g.parent.unit.Path, Line: g.given.line})
							}
						}
					}
				}
			}
		}
	}
}

// usedOn finds group.Use(auth) on the router of a route.
func (pr *program) usedOn(n *node, f *fn, add func(Guard)) {
	if n == nil || n.kind != kName {
		return
	}
	for _, c := range pr.calls["Use"] {
		if c.n.x.kind != kMember || c.n.x.x.path() != n.text || c.fn.unit != f.unit || !f.inside(c.fn) {
			continue
		}
		for _, a := range c.n.args {
			if low := strings.ToLower(a.x.last()); strings.Contains(low, "auth") || strings.Contains(low, "jwt") || strings.Contains(low, "protect") {
				add(Guard{Status: 401, What: "login", File: c.fn.unit.Path, Line: c.n.line})
			}
		}
	}
}

// statusNames are the constants for 401 and 403.
var statusNames = map[string]int{
	"StatusUnauthorized": 401, "HTTP_401_UNAUTHORIZED": 401, "UNAUTHORIZED": 401, "Unauthorized": 401, "HTTP_UNAUTHORIZED": 401, "HttpResponseForbidden": 403, "unauthorized": 401, "UnauthorizedObjectResult": 401,
	"StatusForbidden": 403, "HTTP_403_FORBIDDEN": 403, "FORBIDDEN": 403, "Forbidden": 403, "HTTP_FORBIDDEN": 403, "forbidden": 403, "Forbid": 403, "PermissionDenied": 403, "NotAuthenticated": 401, "AuthenticationFailed": 401, "ErrUnauthorized": 401,
}

// refusals finds where a function itself answers 401 or 403.
func (pr *program) refusals(h *fn, add func(Guard)) {
	var visit func(list []*stmt)
	look := func(n *node) {
		n.eachOutside(func(x *node) {
			switch x.kind {
			case kNumber:
				if v, _ := strconv.Atoi(x.text); v == 401 || v == 403 {
					add(Guard{Status: v, File: h.unit.Path, Line: x.line})
				}
			case kName, kMember, kString:
				if v := statusNames[lastPart(x.text)]; v != 0 {
					add(Guard{Status: v, File: h.unit.Path, Line: x.line})
				}
			}
		})
	}
	visit = func(list []*stmt) {
		for _, st := range list {
			if st.kind == sFunc || st.kind == sClass {
				continue
			}
			look(st.x)
			visit(st.body)
		}
	}
	visit(h.body)
}
