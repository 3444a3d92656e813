package probe

import (
	"cmp"
	"strings"

	"badsig/checks/probe/envfile"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/pattern"
)

// Rules of this file:
//   - a literal is a key or secret because of the name it has or the place of a call where it stands, not by its looks alone
//   - a comment's values are filed as comments

// readCode files the values that stand in code, and collects the uses.
func (p *project) readCode() {
	done := map[*module]bool{}
	for again := true; again; { // following names reads further modules
		again = false
		for _, m := range p.sortedMods() {
			if done[m] || p.over() {
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
		p.fileExpr(m, f.Expr, heldBy{name: f.Name, class: c, line: f.Line})
		m.role = role
	}
	for _, r := range m.Calls { // requireEnv('X', 'fallback') and process.env.X || 'fallback' as an argument
		for _, a := range r.Args {
			if a.Kind == jsread.Either || a.Kind == jsread.Wrapped {
				p.fileExpr(m, a, heldBy{line: r.Line})
			}
		}
	}
}

// nameVariables notes the variables that code gives to Stream's client, or
// signs a user's token with: they are keys and secrets whatever their name says.
func (p *project) nameVariables() {
	p.named, p.placed = map[string]string{}, nil
	for i := range p.uses {
		u := &p.uses[i]
		signs := strings.Contains(u.how, "sign") || strings.Contains(u.how, "encode")
		if roleOfPath(u.mod.rel) != RoleUnknown || u.hmac || signs && !u.userID {
			continue
		}
		for _, l := range u.leaves {
			if l.kind == leafEnv && classifyName(l.text).What != otherThan(u.what) {
				p.named[l.text] = u.what
			} else if l.kind == leafEnv {
				p.placed = append(p.placed, placedName{l.text, u.what})
			}
		}
	}
}

// otherThan is the other of key and secret: a name that says so keeps its
// meaning where code gives it in the other's place.
func otherThan(what string) string {
	if what == WhatKey {
		return WhatSecret
	}
	return WhatKey
}

// classOf is classifyName with what the code makes of a variable.
func (p *project) classOf(name string) nameClass {
	c := classifyName(name)
	if what := p.named[name]; what != "" {
		c.What, c.Bare = what, false
	}
	return c
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

// heldBy is what an expression's literals are filed under.
type heldBy struct {
	name  string
	class nameClass
	env   string // the variable whose fallback is looked at; "" for none
	line  int
}

// fileExpr files the literals of an expression.
func (p *project) fileExpr(m *module, e jsread.Expr, h heldBy) {
	switch e.Kind {
	case jsread.Literal:
		if e.Line > 0 {
			h.line = e.Line
		}
		if h.class.URL {
			p.fileStreamURL(Value{Kind: m.kind(h.env != ""), Role: m.role, File: m.rel, Line: h.line, Name: cmp.Or(h.env, h.name), Modified: m.mod, Public: m.role == RoleFront}, e.Text)
			return
		}
		p.fileLiteral(m, e.Text, h)
	case jsread.Either:
		for i, part := range e.Parts {
			if part.Kind == jsread.Wrapped && len(part.Parts) > 0 {
				part = part.Parts[0]
			}
			if part.Kind == jsread.Env && i < len(e.Parts)-1 {
				h.env = part.Text
				if c := classifyName(h.env); c.What != "" || c.URL {
					h.class = c
				}
				continue
			}
			p.fileExpr(m, part, h)
		}
	case jsread.Wrapped:
		if len(e.Parts) > 0 && !strings.HasPrefix(e.Text, ".") {
			p.fileExpr(m, e.Parts[0], h)
		}
	}
}

// fileLiteral files one literal under a name, if the name is Stream's, or the
// place makes it so.
func (p *project) fileLiteral(m *module, text string, h heldBy) {
	c := h.class
	if c.What == "" || len(text) > 4096 {
		return
	}
	if c.Bare && c.What != WhatOther {
		shaped := p.bareIsStreams(c.What, []byte(text))
		switch {
		case m.streamish() && (shaped || c.What == WhatSecret):
		case shaped && c.What == WhatKey && len(text) == 12:
		case c.What == WhatSecret && m.role != RoleFront:
			c.What = WhatOther
		default:
			return
		}
	}
	if c.What == WhatOther && (m.role == RoleFront || len(text) < 3 || strings.ContainsAny(text, " \n")) {
		return // a label, a message
	}
	if strings.ContainsAny(text, "\n") && len(text) > 200 {
		return
	}
	fallback := h.env != ""
	p.add(Value{
		What: c.What, Name: cmp.Or(h.env, h.name), Kind: m.kind(fallback), Role: m.role, File: m.rel, Line: h.line, Modified: m.mod,
		Public: m.role == RoleFront || c.Prefix != "" && fallback,
	}, []byte(text))
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
