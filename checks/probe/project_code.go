package probe

import (
	"strings"

	"badsig/checks/probe/envfile"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/pattern"
)

// Rules of this file:
//   - a literal is a key or secret because of the name it has or the place of a call where it stands, not by its looks alone
//   - a comment's values are filed as comments

// use is one place where code puts a key or a secret to use.
type use struct {
	mod     *module
	line    int
	what    string // key, secret
	how     string // the callee
	fn      string
	scope   jsread.Scope
	leaves  []leaf
	ids     []int // of each leaf: the Value of a literal, -1 for others
	score   int
	userID  bool // the payload of a signing call names user_id
	hmac    bool
	server  bool // its call takes a secret too, in a package whose pages a server may render
	foreign bool // a JWT library's call whose payload is not Stream's
}

// readCode files the values that stand in code, and collects the uses.
func (p *project) readCode() {
	done := map[*module]bool{}
	for again := true; again; { // following names reads further modules
		again = false
		for _, m := range p.sortedMods() {
			if done[m] {
				continue
			}
			done[m], again = true, true
			p.readFields(m)
			p.readUses(m)
			p.readComments(m)
		}
	}
}

func (m *module) kind(fallback bool) Kind {
	switch {
	case fallback:
		return KindFallback
	case m.tool():
		return KindConfig
	}
	return KindLiteral
}

// readFields files literals in fields and constants with telling names.
func (p *project) readFields(m *module) {
	streamish := m.streamish()
	for _, f := range m.Fields {
		c := classifyName(f.Name)
		if c.What == "" && !c.URL && f.Expr.Kind != jsread.Either {
			continue
		}
		if c.Bare && strings.Contains(strings.ToLower(f.Object), "stream") {
			c.Bare = false
			if c.What == WhatOther && secretWord(splitWords(f.Name)) == WhatSecret {
				c.What = WhatSecret
			}
		}
		role := m.role
		if forOtherEnvironment(f.Object) { // config.production.apiKey
			m.role = RoleOther
		}
		p.fileExpr(m, f.Expr, f.Name, c, streamish, "", f.Line)
		m.role = role
	}
	for _, r := range m.Calls { // requireEnv('X', 'fallback') and process.env.X || 'fallback' as an argument
		for _, a := range r.Args {
			if a.Kind == jsread.Either || a.Kind == jsread.Wrapped {
				p.fileExpr(m, a, "", nameClass{}, streamish, "", r.Line)
			}
		}
	}
}

// forOtherEnvironment tells a path through an object that names an environment
// in which nobody develops.
func forOtherEnvironment(path string) bool {
	for _, w := range splitWords(path) {
		switch w {
		case "prod", "production", "staging", "stage", "preview", "test":
			return true
		}
	}
	return false
}

// fileExpr files the literals of an expression that a name holds. env is the
// variable whose fallback is looked at.
func (p *project) fileExpr(m *module, e jsread.Expr, name string, c nameClass, streamish bool, env string, line int) {
	switch e.Kind {
	case jsread.Literal:
		if e.Line > 0 {
			line = e.Line
		}
		if c.URL {
			p.fileStreamURL(Value{Kind: m.kind(env != ""), Role: m.role, File: m.rel, Line: line, Name: orDefault(env, name), Modified: m.mod, Public: m.role == RoleFront}, e.Text)
			return
		}
		p.fileLiteral(m, e.Text, orDefault(env, name), c, streamish, env != "", line)
	case jsread.Either:
		for i, part := range e.Parts {
			if part.Kind == jsread.Wrapped && len(part.Parts) > 0 {
				part = part.Parts[0]
			}
			if part.Kind == jsread.Env && i < len(e.Parts)-1 {
				env = part.Text
				if ec := classifyName(env); ec.What != "" || ec.URL {
					c = ec
				}
				continue
			}
			p.fileExpr(m, part, name, c, streamish, env, line)
		}
	case jsread.Wrapped:
		if len(e.Parts) > 0 && !strings.HasPrefix(e.Text, ".") {
			p.fileExpr(m, e.Parts[0], name, c, streamish, env, line)
		}
	}
}

// fileLiteral files one literal under a name, if the name is Stream's, or the
// place makes it so.
func (p *project) fileLiteral(m *module, text, name string, c nameClass, streamish, fallback bool, line int) int {
	if c.What == "" || len(text) > 4096 {
		return -1
	}
	if c.Bare && c.What != WhatOther {
		shaped := p.bareIsStreams(c.What, []byte(text))
		switch {
		case streamish && (shaped || c.What == WhatSecret):
		case shaped && c.What == WhatKey && len(text) == 12:
		case c.What == WhatSecret && m.role != RoleFront:
			c.What = WhatOther
		default:
			return -1
		}
	}
	if c.What == WhatOther && (m.role == RoleFront || len(text) < 3 || strings.ContainsAny(text, " \n")) {
		return -1 // a label, a message
	}
	if strings.ContainsAny(text, "\n") && len(text) > 200 {
		return -1
	}
	return p.add(Value{
		What: c.What, Name: name, Kind: m.kind(fallback), Role: m.role, File: m.rel, Line: line, Modified: m.mod,
		Public: m.role == RoleFront || c.Prefix != "" && fallback,
	}, []byte(text))
}

// readUses collects the calls that take a key or a secret.
func (p *project) readUses(m *module) {
	for _, c := range m.Calls {
		switch name := lastName(c.Callee); {
		case p.streamClient(m, c):
			p.clientUse(m, c)
		case objectCallees[name]:
			if len(c.Args) > 0 {
				p.objectUse(m, c, c.Args[0])
			}
		case name == "sign" || name == "encode" && strings.Contains(strings.ToLower(c.Callee), "jwt"):
			p.signUse(m, c)
		case name == "createHmac" && len(c.Args) > 1:
			u := use{mod: m, line: c.Line, what: WhatSecret, how: c.Callee, fn: c.Func, scope: c.Scope, hmac: true}
			p.addUse(u, c.Args[1])
		}
	}
	if m.role == RoleFront || m.role == RoleShared || m.role == RoleUnknown {
		for _, f := range m.Fields { // <Chat apiKey={…}>, <StreamApp apiKey=…>
			if f.Object != "" && f.Object[0] >= 'A' && f.Object[0] <= 'Z' && f.Name == "apiKey" && m.streamish() && !strings.Contains(f.Object, ".") {
				u := use{mod: m, line: f.Line, what: WhatKey, how: "<" + f.Object + ">", scope: f.Scope, server: m.onServerToo()}
				p.addUse(u, f.Expr)
			}
		}
	}
}

var objectCallees = wordSet("useCreateChatClient", "StreamVideoClient", "getOrCreateInstance", "useCreateFeedsClient", "useCreateVideoClient", "useCreateStreamClient")

// streamClient tells a call that makes a client of Stream's from key and secret.
func (p *project) streamClient(m *module, c jsread.Call) bool {
	head, _, dotted := strings.Cut(c.Callee, ".")
	name := lastName(c.Callee)
	imported := ""
	for _, i := range m.Imports {
		if n, ok := i.Names[head]; ok {
			imported = i.From
			if !dotted && n != "default" && n != "*" {
				name = n
			}
			if dotted && name == "getInstance" {
				head = n
			}
		}
	}
	switch {
	case c.New:
		switch name {
		case "StreamChat", "StreamClient", "StreamServerClient", "FeedsClient", "StreamFeeds":
			return imported == "" || streamPackage.MatchString(imported) || name == "StreamChat"
		}
	case name == "getInstance" && dotted:
		return strings.Contains(head, "Stream") || streamPackage.MatchString(imported)
	case name == "connect" && (imported == "getstream" || head == "getstream"):
		return true
	}
	return false
}

// onServerToo tells a module that its framework may run on the server.
func (m *module) onServerToo() bool {
	switch m.pkg.framework {
	case "next", "remix", "sveltekit", "astro", "nuxt":
		return !m.directive("use client")
	}
	return false
}

func (p *project) clientUse(m *module, c jsread.Call) {
	if len(c.Args) == 0 {
		return
	}
	if c.Args[0].Kind == jsread.Object {
		p.objectUse(m, c, c.Args[0])
		return
	}
	base := use{mod: m, line: c.Line, how: c.Callee, fn: c.Func, scope: c.Scope}
	if c.New {
		base.how = "new " + c.Callee
	}
	k := base
	k.what = WhatKey
	if len(c.Args) > 1 && c.Args[1].Kind != jsread.Object && c.Args[1].Kind != jsread.Func {
		k.server = m.onServerToo()
	}
	p.addUse(k, c.Args[0])
	if len(c.Args) > 1 {
		switch a := c.Args[1]; {
		case a.Kind == jsread.Object || a.Kind == jsread.Func, a.Kind == jsread.Ident && (a.Text == "undefined" || a.Text == "null" || strings.Contains(strings.ToLower(a.Text), "option")):
		default:
			s := base
			s.what = WhatSecret
			p.addUse(s, a)
		}
	}
}

// objectUse reads { apiKey, secret } given to a client.
func (p *project) objectUse(m *module, c jsread.Call, o jsread.Expr) {
	if o.Kind == jsread.Ident {
		if v, ok := m.Resolve(c.Scope, o.Text); ok {
			o = v
		}
	}
	for i, k := range o.Keys {
		u := use{mod: m, line: c.Line, how: c.Callee, fn: c.Func, scope: c.Scope}
		switch k {
		case "apiKey", "api_key", "key":
			u.what = WhatKey
		case "secret", "apiSecret", "api_secret":
			u.what = WhatSecret
		default:
			continue
		}
		p.addUse(u, o.Parts[i])
	}
}

// signUse reads jwt.sign(payload, secret), jose's chain and jwt-simple's encode.
func (p *project) signUse(m *module, c jsread.Call) {
	u := use{mod: m, line: c.Line, what: WhatSecret, how: c.Callee, fn: c.Func, scope: c.Scope}
	var payload, secret jsread.Expr
	switch {
	case len(c.Args) >= 2:
		payload, secret = c.Args[0], c.Args[1]
		low := strings.ToLower(c.Callee)
		if !strings.Contains(low, "jwt") && !strings.Contains(low, "jsonwebtoken") && !m.importsFrom(strings.Split(c.Callee, ".")[0], "jsonwebtoken", "jwt-simple", "njwt", "fast-jwt", "@hapi/jwt", "hono/jwt", "@tsndr/cloudflare-worker-jwt") {
			return
		}
		u.how = "jwt.sign"
		if lastName(c.Callee) == "encode" {
			u.how = "jwt.encode"
		}
	case len(c.Args) == 1 && (strings.Contains(c.Callee, "SignJWT") || c.On != nil && chainHas(*c.On, "new SignJWT", 8)):
		secret = c.Args[0]
		u.how = "new SignJWT().sign"
		if c.On != nil {
			payload = chainRoot(*c.On, "new SignJWT", 8)
		}
	default:
		return
	}
	u.userID, u.foreign = p.payloadOf(m, c.Scope, payload)
	p.addUse(u, secret)
}

func chainHas(e jsread.Expr, callee string, depth int) bool {
	if e.Kind == jsread.CallExpr && (e.Text == callee || strings.HasSuffix(e.Text, "SignJWT")) {
		return true
	}
	return e.On != nil && depth > 0 && chainHas(*e.On, callee, depth-1)
}

func chainRoot(e jsread.Expr, callee string, depth int) jsread.Expr {
	if e.Kind == jsread.CallExpr && (e.Text == callee || strings.HasSuffix(e.Text, "SignJWT")) && len(e.Parts) > 0 {
		return e.Parts[0]
	}
	if e.On != nil && depth > 0 {
		return chainRoot(*e.On, callee, depth-1)
	}
	return jsread.Expr{}
}

// payloadOf tells whether a payload names user_id, and whether it can be seen
// to name something else instead.
func (p *project) payloadOf(m *module, at jsread.Scope, e jsread.Expr) (userID, foreign bool) {
	if e.Kind == jsread.Ident {
		if v, ok := m.Resolve(at, e.Text); ok {
			e = v
		}
	}
	if e.Kind != jsread.Object {
		return false, false
	}
	for i, k := range e.Keys {
		if k == "user_id" {
			return true, false
		}
		if k == "" && e.Parts[i].Kind == jsread.Ident {
			if id, _ := p.payloadOf(m, at, e.Parts[i]); id {
				return true, false
			}
		}
	}
	return false, true
}

// addUse follows the expression and files the literals it leads to.
func (p *project) addUse(u use, e jsread.Expr) {
	u.leaves = p.eval(u.mod, u.scope, e)
	if u.scope == 0 || u.mod.callsAtTop(u.fn) {
		for i := range u.leaves {
			if l := &u.leaves[i]; l.kind == leafEnv && len(l.self) == 0 {
				l.top = append(l.top, place{u.mod, u.line})
			}
		}
	}
	u.ids = make([]int, len(u.leaves))
	env := ""
	for i, l := range u.leaves {
		u.ids[i] = -1
		if l.kind == leafEnv {
			env = l.text
		}
		if l.kind != leafLiteral {
			continue
		}
		name, fallback := l.name, i > 0 && env != "" && l.op != ""
		if fallback {
			name = env
		}
		if name == "" {
			name = u.how
		}
		m := l.mod
		role := m.role
		if role == RoleUnknown && u.mod.role != RoleUnknown {
			role = u.mod.role
		}
		if u.hmac && !u.mod.streamish() || u.foreign {
			u.ids[i] = p.add(Value{What: WhatOther, Name: name, Kind: m.kind(fallback), Role: role, File: m.rel, Line: l.line, Modified: m.mod, Public: role == RoleFront}, []byte(l.text))
			continue
		}
		u.ids[i] = p.add(Value{What: u.what, Name: name, Kind: m.kind(fallback), Role: role, File: m.rel, Line: l.line, Modified: m.mod, Public: role == RoleFront}, []byte(l.text))
	}
	p.uses = append(p.uses, u)
}

// callsAtTop tells whether a module calls one of its functions when it is
// loaded: export const client = makeClient().
func (m *module) callsAtTop(fn string) bool {
	if fn == "" {
		return false
	}
	calls := func(e jsread.Expr) bool { return e.Kind == jsread.CallExpr && e.Text == fn }
	for _, e := range m.Consts {
		if calls(e) {
			return true
		}
	}
	for _, e := range m.Exports {
		if calls(e) {
			return true
		}
	}
	return false
}

var commentedCall = pattern.New(`(?:getInstance|StreamChat|StreamClient)\(\s*['"` + "`" + `]([^'"` + "`" + `\s]{6,200})['"` + "`" + `](?:\s*,\s*['"` + "`" + `]([^'"` + "`" + `\s]{6,200})['"` + "`" + `])?`)
var commentedField = pattern.New(`([A-Za-z_$][\w$.]*)\s*[:=]\s*['"` + "`" + `]([^'"` + "`" + `\n]{1,300})['"` + "`" + `]`)

// readComments files the keys and secrets of commented-out code, as comments.
func (p *project) readComments(m *module) {
	for _, c := range m.Comments {
		if len(c.Text) > 16<<10 {
			continue
		}
		v := Value{Role: m.role, File: m.rel, Kind: KindLiteral, Comment: true, Modified: m.mod}
		for _, g := range commentedField.FindAllStringSubmatchIndex(c.Text, 50) {
			name := c.Text[g[2]:g[3]]
			cl := classifyName(lastName(name))
			text := c.Text[g[4]:g[5]]
			if cl.What == "" || cl.Bare && !p.bareIsStreams(cl.What, []byte(text)) {
				continue
			}
			v.What, v.Name, v.Line = cl.What, lastName(name), c.Line+strings.Count(c.Text[:g[0]], "\n")
			p.add(v, []byte(text))
		}
		for _, g := range commentedCall.FindAllStringSubmatchIndex(c.Text, 20) {
			v.Line = c.Line + strings.Count(c.Text[:g[0]], "\n")
			v.What, v.Name = WhatKey, "StreamChat"
			p.add(v, []byte(c.Text[g[2]:g[3]]))
			if g[4] >= 0 {
				v.What = WhatSecret
				p.add(v, []byte(c.Text[g[4]:g[5]]))
			}
		}
	}
}

// readsFile tells whether a dialect of a loader would see a name in a file.
func readsFile(e *envSource, name string, d envfile.Dialect) ([]byte, bool) {
	if d == e.dialect || d == "" {
		return e.Get(name)
	}
	return envfile.Read(e.data, d, nil).Get(name)
}
