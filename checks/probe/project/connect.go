package project

import (
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/names"
	"badsig/checks/probe/project/fronts"
	"badsig/checks/probe/project/picture"
	"badsig/checks/probe/project/sites"
)

// withoutToken tells a call of connectUser that gets no token: it has one
// argument, or the second is null. Anonymous users and guests need none.
func withoutToken(p *picture.Reader, m *modules.Module, c jsread.Call) bool {
	if n := facts.LastName(c.Callee); n != "connectUser" && n != "setUser" || len(c.Args) == 0 || m.Aside() || m.Role == facts.RoleServer {
		return false
	}
	if len(c.Args) > 1 {
		a := c.Args[1]
		if a.Kind != jsread.Ident || a.Text != "undefined" && a.Text != "null" {
			return false
		}
	}
	defer p.Ask()()
	user := sites.ObjectBehind(p, m, c.Scope, c.Args[0])
	if low := strings.ToLower(user.Text); user.Kind != jsread.Object && (user.Kind != jsread.Ident || affix.Contains(low, "anon") || affix.Contains(low, "guest")) {
		return false
	}
	for i, k := range user.Keys() {
		if k == "" || k == "type" || k == "anon" || k == "id" && affix.HasPrefix(user.Parts[i].Text, "!anon") {
			return false
		}
	}
	on, _ := modules.Receiver(c.Callee)
	e := jsread.Expr{Kind: jsread.Ident, Text: on}
	if c.On != nil {
		e = *c.On
	}
	_, ok := sites.ClientBehind(p, m, c.Scope, e, 8)
	return ok
}

// connected is the user and the token that a call hands to Stream's client, each empty where the call has none.
func connected(p *picture.Reader, m *modules.Module, c jsread.Call) (user, token jsread.Expr) {
	arg := func(i int) (e jsread.Expr) {
		if i < len(c.Args) {
			e = c.Args[i]
		}
		return e
	}
	switch facts.LastName(c.Callee) {
	case "connectUser", "setUser":
		return sites.ObjectBehind(p, m, c.Scope, arg(0)), arg(1)
	case "init": // of Angular's service
		if len(c.Args) > 2 && modules.ImportsFrom(m, "ChatClientService", "stream-chat-angular") {
			return sites.ObjectBehind(p, m, c.Scope, c.Args[1]), c.Args[2]
		}
	case "useCreateChatClient", "StreamVideoClient", "getOrCreateInstance":
		options := sites.ObjectBehind(p, m, c.Scope, arg(0))
		for i, k := range options.Keys() {
			switch k {
			case "user", "userData":
				user = sites.ObjectBehind(p, m, c.Scope, options.Parts[i])
			case "token", "tokenOrProvider", "tokenProvider":
				token = options.Parts[i]
			}
		}
	}
	return user, token
}

// connectedID is the ID of the user that a call of a page connects.
func connectedID(m *modules.Module, p *picture.Reader, c jsread.Call) (id jsread.Expr, ok bool) {
	user, _ := connected(p, m, c)
	if m.Role == facts.RoleServer || user.Kind == jsread.None {
		return id, false
	}
	if user.Kind != jsread.Object { // Angular's init accepts the ID alone
		return user, facts.LastName(c.Callee) == "init"
	}
	for i, k := range user.Keys() {
		if k == "id" {
			id, ok = user.Parts[i], true
		}
	}
	return id, ok
}

// connectsAs is the name in which a call has the ID that it connects; "" where it isn't a name.
func connectsAs(p *picture.Reader, m *modules.Module, c jsread.Call) string {
	id, ok := connectedID(m, p, c)
	if id.Kind == jsread.Wrapped && len(id.Parts) == 1 { // user._id.toString(), String(user.id)
		id = id.Parts[0]
	}
	if fronts.OrEmpty(&id) {
		id = id.Parts[0]
	}
	if ok && id.Kind == jsread.Ident {
		return id.Text
	}
	return ""
}

// namedBehind is the path that the variable holds which a call connects as, and the line of the user's name, email or
// other service's ID, where it is that; 0 where it isn't.
func namedBehind(p *picture.Reader, m *modules.Module, c jsread.Call) (of string, line int) {
	as := connectsAs(p, m, c)
	id, _ := connectedID(m, p, c)
	line = id.Line
	if x, ok := m.Resolve(c.Scope, as); as != "" && x.Text != as && (ok || x.Kind == jsread.Ident) && !affix.Contains(as, ".") {
		for x.Kind == jsread.Wrapped && len(x.Parts) == 1 && (x.Text == "!" || x.Text == "as" || x.Text == "String") {
			x.Kind, x.Text, x.Parts = x.Parts[0].Kind, x.Parts[0].Text, x.Parts[0].Parts
		}
		path := x.Text
		switch {
		case x.Param() != nil && x.Param().Key != "":
			path = "…." + x.Param().Key
		case x.Kind == jsread.Wrapped && affix.HasPrefix(path, ".") && len(x.Parts) > 0:
			path = x.Parts[0].Text + path
		case x.Kind != jsread.Ident:
			path = ""
		}
		if affix.Contains(path, ".") {
			of = path
			if _, _, _, head := jsread.ParamAt(&m.Module, c.Scope, as); !head && x.Line > 0 {
				line = x.Line
			}
		}
	}
	if n := facts.First(of, as); !facts.Naming(n) && !facts.OtherKey(n) {
		line = 0
	}
	return of, line
}

// connectsAsText is the ID that a call connects, where it is written out.
func connectsAsText(p *picture.Reader, m *modules.Module, c jsread.Call) string {
	if id, ok := connectedID(m, p, c); ok && id.Kind == jsread.Literal {
		return id.Text
	}
	return ""
}

// connectedForm is the form of the ID that a call connects.
func connectedForm(p *picture.Reader, m *modules.Module, c jsread.Call) (f facts.IDForm) {
	if id, ok := connectedID(m, p, c); ok {
		v := modules.View{M: m, At: c.Scope, E: id}
		p.Facts.IDs = append(p.Facts.IDs, fronts.HandedForms(p, v, 4)...)
		return fronts.UserForm(p, v)
	}
	if user, token := connected(p, m, c); user.Kind == jsread.Ident && token.Kind != jsread.None && m.Role != facts.RoleServer && !modules.IsUndefined(user) { // connectUser(user, token)
		user.Text += ".id"
		p.Facts.IDs = append(p.Facts.IDs, fronts.UserForm(p, modules.View{M: m, At: c.Scope, E: user}))
	}
	return f
}

// makesID tells a call that connects a user by an ID that the page itself makes
// of another one, and sends no one: connectUser({ id: `member_${login}` }).
func makesID(p *picture.Reader, m *modules.Module, c jsread.Call) bool {
	id, ok := connectedID(m, p, c)
	if !ok || id.Kind == jsread.Ident && sentElsewhere(m, id.Text) {
		return false
	}
	defer p.Ask()()
	if decoded(p, modules.View{M: m, At: c.Scope, E: id}, 6) {
		return true
	}
	return sites.ChangesID(p, modules.Settle(p.Graph, modules.View{M: m, At: c.Scope, E: id}))
}

// decoders are functions that read a token's payload.
var decoders = names.Words("jwtDecode", "jwt_decode", "decodeJwt", "decodeJWT", "parseJwt", "parseJWT", "decodeToken", "getTokenPayload", "parseToken")

// decoded tells an ID that is read from a token: the page connects as the user whom the token is for.
func decoded(p *picture.Reader, v modules.View, depth int) bool {
	if depth == 0 {
		return false
	}
	e := v.E
	switch e.Kind {
	case jsread.CallExpr:
		return decoders[facts.LastName(e.Text)]
	case jsread.Wrapped:
		return decoders[facts.LastName(e.Text)] || len(e.Parts) > 0 && decoded(p, v.Of(&e.Parts[0]), depth-1)
	case jsread.Ident:
		if root, _, ok := affix.Cut(e.Text, "."); ok {
			return decoded(p, v.Of(&jsread.Expr{Kind: jsread.Ident, Text: root, Line: e.Line}), depth-1)
		}
		x, ok := v.M.Resolve(v.At, e.Text)
		return ok && (x.Kind != jsread.Ident || x.Text != e.Text) && decoded(p, v.Of(&x), depth-1)
	}
	return false
}

// sendsID tells a call that connects a user by the very ID that a request of the module carries.
func sendsID(p *picture.Reader, m *modules.Module, c jsread.Call) bool {
	id, ok := connectedID(m, p, c)
	return ok && id.Kind == jsread.Ident && sentElsewhere(m, id.Text)
}

// sentElsewhere tells a name that a request of the module carries too.
func sentElsewhere(m *modules.Module, name string) bool {
	for _, list := range [][]jsread.Call{m.Calls, m.Others} {
		for _, c := range list {
			switch facts.LastName(c.Callee) {
			case "connectUser", "setUser", "useCreateChatClient", "StreamVideoClient", "getOrCreateInstance":
				continue
			}
			for _, a := range c.Args {
				if a.Kind == jsread.Ident && a.Text == name || a.Kind == jsread.Object && affix.Any(a.Parts, func(x jsread.Expr) bool { return x.Kind == jsread.Ident && x.Text == name }) {
					return true
				}
			}
		}
	}
	return false
}

// pageModules visits the modules that pages run, until visit gives false.
func pageModules(p *picture.Reader, visit func(m *modules.Module) bool) {
	for _, m := range p.SortedMods() {
		if !m.Unused && m.Role != facts.RoleServer && !m.Aside() && !visit(m) {
			return
		}
	}
}

// connection is a call that hands a token to Stream's client, and the user with it where the call has both.
type connection struct {
	m           *modules.Module
	c           jsread.Call
	user, token jsread.Expr
}

// connections lists those of the pages.
func connections(p *picture.Reader) (all []connection) {
	pageModules(p, func(m *modules.Module) bool {
		for _, c := range m.Calls {
			if user, token := handed(p, m, c); token.Kind != jsread.None {
				all = append(all, connection{m, c, user, token})
			}
		}
		return true
	})
	return all
}

// handed is what a call hands to Stream's client.
func handed(p *picture.Reader, m *modules.Module, c jsread.Call) (user, token jsread.Expr) {
	name := facts.LastName(c.Callee)
	if _, own := p.CalledFunction(m, c.Scope, c.Expr(), 8); own && name != "getOrCreateInstance" {
		return user, token
	}
	if name == "connect" && len(c.Args) > 1 && (modules.ImportsFrom(m, c.Callee, "getstream") || affix.HasPrefix(c.Callee, "stream.") && modules.ImportsFrom(m, "stream", "getstream")) {
		return user, c.Args[1]
	}
	return connected(p, m, c)
}
