package sites

import (
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/project/servers"
)

// Rules of this file:
//   - what tells who sent a request: the name of a cookie, a header, or the library that keeps sessions

// reading is what a function reads of a request to know who sent it.
type reading struct {
	session string
	headers []string
}

// readsOf tells what a function reads of a request to know who sent it.
func (g *guarding) readsOf(f modules.FnRef, depth int) reading {
	var out reading
	m := f.Mod
	note := func(session string, header string) {
		if out.session == "" && session != "" {
			out.session = session
		}
		if header != "" && !facts.OneOf(out.headers, header) {
			out.headers = append(out.headers, header)
		}
	}
	look := func(e jsread.Expr) {
		if s, h := sessionIn(m, e, 5); s != "" {
			note(s, h)
		}
	}
	jsread.Functions(&m.Module, func(x *jsread.Function) bool {
		if jsread.Inside(&m.Module, x.Own, f.Fn.Own) {
			jsread.Vars(&m.Module, x.Own, func(_ string, e jsread.Expr) { look(e) })
		}
		return true
	})
	for _, list := range [][]jsread.Call{m.Calls, m.Others} {
		for i := range list {
			c := &list[i]
			if !jsread.Inside(&m.Module, c.Scope, f.Fn.Own) {
				continue
			}
			look(c.Expr())
			if depth > 0 && sessionCalls[facts.LastName(c.Callee)] {
				end := g.p.Ask()
				own, ok := g.p.CalledFunction(m, c.Scope, c.Expr(), 8)
				end()
				if from := servers.ImportedAs(g.p, m, c.Callee); !ok && from != nil {
					for _, k := range guardPackages {
						if affix.Any(from.Imports, func(i jsread.Import) bool { return affix.HasPrefix(i.From, k.from) }) {
							note(k.session, "")
							break
						}
					}
				}
				if ok && own.Fn != f.Fn {
					r := g.readsOf(own, depth-1)
					if r.session != "" {
						note(r.session, "")
						out.headers = append(out.headers, r.headers...)
					}
				}
			}
		}
	}
	for _, i := range m.Ifs {
		if jsread.Inside(&m.Module, i.Scope, f.Fn.Own) {
			look(i.Cond)
		}
	}
	for _, r := range f.Fn.Returns {
		look(r.Expr)
	}
	return out
}

// conditionReads tells what a condition requires of the request's sender.
func (g *guarding) conditionReads(m *modules.Module, at jsread.Scope, e jsread.Expr, all reading) (string, []string) {
	if s, h := sessionIn(m, e, 6); s != "" {
		if s == "session" && h == "" && all.session != "" {
			return all.session, all.headers
		}
		if h != "" {
			return s, []string{h}
		}
		return s, nil
	}
	session, headers := "", []string(nil)
	var walk func(e jsread.Expr, depth int)
	walk = func(e jsread.Expr, depth int) {
		if depth == 0 || session != "" {
			return
		}
		if e.Kind == jsread.Ident {
			head, _, _ := affix.Cut(e.Text, ".")
			v, ok := m.Resolve(at, head)
			if ok || v.Kind == jsread.Ident && v.Text != head {
				if s, h := sessionIn(m, v, 5); s != "" {
					session = s
					if h != "" {
						headers = []string{h}
					}
					return
				}
				if v.Kind == jsread.CallExpr && sessionCalls[facts.LastName(v.Text)] {
					session, headers = all.session, all.headers
					if session == "" {
						session = facts.LastName(v.Text)
					}
					return
				}
			}
			switch strings.ToLower(head) {
			case "session", "user", "currentuser", "auth", "token", "decoded", "payload", "userid":
				session, headers = all.session, all.headers
			}
		}
		for _, x := range e.Parts {
			walk(x, depth-1)
		}
		if e.On() != nil {
			walk(*e.On(), depth-1)
		}
	}
	walk(e, 6)
	return session, headers
}

// sessionIn finds in an expression what tells a request's sender: the name of
// a cookie, of a header, or of the library that keeps sessions.
func sessionIn(m *modules.Module, e jsread.Expr, depth int) (session, header string) {
	if depth == 0 {
		return "", ""
	}
	arg := ""
	if len(e.Parts) > 0 && e.Parts[0].Kind == jsread.Literal {
		arg = e.Parts[0].Text
	}
	switch e.Kind {
	case jsread.Ident:
		low := strings.ToLower(e.Text)
		if i := strings.Index(low, "cookies."); i >= 0 {
			return e.Text[i+len("cookies."):], "cookie"
		}
		if i := strings.Index(low, "headers."); i >= 0 {
			return headerSession(e.Text[i+len("headers."):])
		}
		if affix.Contains(low, ".session.") || affix.HasSuffix(low, "req.session") {
			return "session", "cookie"
		}
		if affix.HasSuffix(low, ".user") || affix.HasSuffix(low, "context.auth") || affix.HasSuffix(low, "request.auth") || affix.HasSuffix(low, "req.auth") || affix.HasSuffix(low, ".auth.userid") || affix.Contains(low, "req.user.") || affix.HasSuffix(low, ".isauthenticated") {
			return "session", ""
		}
	case jsread.CallExpr:
		on, name := modules.Receiver(e.Text)
		low := strings.ToLower(e.Text)
		if e.On() != nil {
			low = strings.ToLower(rootOf(e))
			on = rootOf(*e.On())
		}
		switch {
		case arg != "" && (name == "get" || name == "has") && affix.Contains(low, "cookie"), name == "getCookie" && arg != "":
			return arg, "cookie"
		case name == "getCookie" && len(e.Parts) > 1 && e.Parts[1].Kind == jsread.Literal:
			return e.Parts[1].Text, "cookie"
		case arg != "" && (name == "get" && affix.Contains(low, "header") || name == "header" || name == "getHeader" || name == "get" && (affix.HasSuffix(strings.ToLower(on), "req") || on == "ctx" || on == "request")):
			return headerSession(arg)
		case name == "isAuthenticated":
			return "passport", ""
		case name == "getServerSession" || name == "getServerAuthSession" || name == "unstable_getServerSession":
			return "next-auth", ""
		case name == "verifyIdToken":
			return "Authorization", "authorization"
		case name == "auth" || name == "currentUser" || name == "getAuth" || name == "protect":
			for _, i := range m.Imports {
				if affix.HasPrefix(i.From, "@clerk/") {
					return "clerk", ""
				}
				if affix.HasPrefix(i.From, "next-auth") {
					return "next-auth", ""
				}
			}
		case name == "getUser" && affix.Contains(low, "supabase"):
			return "supabase", ""
		}
	case jsread.Other:
		if e.Param() != nil && e.Param().Key != "" { // of a parameter: const sid = request.cookies.sid
			return sessionIn(m, jsread.Expr{Kind: jsread.Ident, Text: "req." + e.Param().Key}, depth-1)
		}
		if e.Text == "[]" && len(e.Parts) == 2 && affix.HasSuffix(strings.ToLower(e.Parts[0].Text), "headers") && e.Parts[1].Kind == jsread.Literal {
			return headerSession(e.Parts[1].Text)
		}
	}
	for _, x := range e.Parts {
		if s, h := sessionIn(m, x, depth-1); s != "" {
			return s, h
		}
	}
	if e.On() != nil {
		return sessionIn(m, *e.On(), depth-1)
	}
	return "", ""
}

func headerSession(name string) (session, header string) {
	name = strings.ToLower(strings.SplitN(name, ".", 2)[0])
	switch name {
	case "get", "has", "host", "origin", "content-type", "referer", "accept", "user-agent":
		return "", ""
	case "authorization":
		return "Authorization", name
	}
	if affix.HasPrefix(name, "x-") {
		return name, name
	}
	return "session", name
}

// promises are the calls for who is signed in that always give a promise, by the packages that they are of.
var promises = map[string]string{"currentUser": "@clerk/nextjs", "getServerSession": "next-auth", "unstable_getServerSession": "next-auth"}

// unawaited tells a variable that holds the promise of who is signed in, or of a request's body, as nothing in its module awaits a variable.
func unawaited(m *modules.Module, held jsread.Expr) bool {
	from := promises[held.Text]
	json := facts.LastName(held.Text) == "json" && len(held.Parts) == 0
	if held.Kind != jsread.CallExpr || held.Await || m.Holds("Promise . all") || m.Holds(". then (") ||
		!json && (from == "" || !modules.ImportsFrom(m, held.Text, from, from+"/server", from+"/next", from+"/app-beta")) {
		return false
	}
	w := m.Words()
	for i := range w {
		if w[i].Text == "await" && !w[i].String && i+2 < len(w) && w[i+2].Text != "(" && w[i+2].Text != "." && w[i+2].Text != "<" && w[i+1].Text != "(" {
			return false
		}
	}
	return true
}
