// Package values finds keys and secrets in env files, configuration and code, and the loads that bring them into a process.
package values

import (
	"cmp"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/envfile"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/names"
	"badsig/checks/probe/pattern"
	"badsig/checks/probe/project/picture"
)

// Rules of this file:
//   - a literal is a key or secret because of the name it has or the place of a call where it is, not by its looks alone
//   - a comment's values are filed as comments

// ReadCode files the values that are in code, and collects the uses.
func ReadCode(p *picture.Reader) {
	done := map[*modules.Module]bool{}
	for again := true; again; { // following names reads further modules
		again = false
		for _, m := range p.SortedMods() {
			if done[m] || p.Over() {
				continue
			}
			done[m], again = true, true
			readFields(p, m)
			readUses(p, m)
			readComments(p, m)
		}
	}
}

// readFields files literals in fields and constants with telling names.
func readFields(p *picture.Reader, m *modules.Module) {
	for _, f := range m.Fields {
		c := names.Classify(f.Name)
		if c.What == "" && !c.URL && f.Expr.Kind != jsread.Either {
			continue
		}
		if c.Bare && affix.Contains(strings.ToLower(f.Object), "stream") {
			c.Bare = false
			if c.What == facts.WhatOther && names.SecretWord(names.SplitWords(f.Name)) == facts.WhatSecret {
				c.What = facts.WhatSecret
			}
		}
		role := m.Role
		if forOtherEnvironment(f.Object) { // config.production.apiKey
			m.Role = facts.RoleOther
		}
		fileExpr(p, m, f.Expr, heldBy{name: f.Name, class: c, line: f.Line})
		m.Role = role
	}
	for _, r := range m.Calls { // requireEnv('X', 'fallback') and process.env.X || 'fallback' as an argument
		for _, a := range r.Args {
			if a.Kind == jsread.Either || a.Kind == jsread.Wrapped {
				fileExpr(p, m, a, heldBy{line: r.Line})
			}
		}
	}
}

// NameVariables notes the variables that code gives to Stream's client, or
// signs a user's token with: they are keys and secrets no matter what their name says.
func NameVariables(p *picture.Reader) {
	p.Named, p.Placed = map[string]string{}, nil
	for i := range p.Uses {
		u := &p.Uses[i]
		signs := affix.Contains(u.How, "sign") || affix.Contains(u.How, "encode")
		if u.Mod.Aside() || signs && !u.UserID {
			continue
		}
		for _, l := range u.Leaves {
			if u.Hmac && !names.SaysStream(l.Text) { // a webhook's
				continue
			}
			if l.Kind == modules.LeafEnv && names.Classify(l.Text).What != OtherThan(u.What) {
				p.Named[l.Text] = u.What
			} else if l.Kind == modules.LeafEnv {
				p.Placed = append(p.Placed, picture.PlacedName{Name: l.Text, What: u.What})
			}
		}
	}
}

// OtherThan is the other of key and secret: a name that says so keeps its
// meaning where code gives it in the other's place.
func OtherThan(what string) string {
	if what == facts.WhatKey {
		return facts.WhatSecret
	}
	return facts.WhatKey
}

// ClassOf is names.Classify with what the code makes of a variable.
func ClassOf(p *picture.Reader, name string) names.Class {
	c := names.Classify(name)
	if what := p.Named[name]; what != "" {
		c.What, c.Bare = what, false
	}
	return c
}

// forOtherEnvironment tells a path through an object that names an environment
// in which no one develops.
func forOtherEnvironment(path string) bool {
	for _, w := range names.SplitWords(path) {
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
	class names.Class
	env   string // the variable whose fallback is looked at; "" for none
	line  int
}

// fileExpr files the literals of an expression.
func fileExpr(p *picture.Reader, m *modules.Module, e jsread.Expr, h heldBy) {
	switch e.Kind {
	case jsread.Literal:
		if e.Line > 0 {
			h.line = e.Line
		}
		if h.class.URL {
			fileStreamURL(p, facts.Value{Kind: m.Kind(h.env != ""), Role: m.Role, File: m.Rel, Line: h.line, Name: cmp.Or(h.env, h.name), Modified: m.Modified, Public: m.Role == facts.RoleFront}, e.Text)
			return
		}
		fileLiteral(p, m, e.Text, h)
	case jsread.Either:
		for i, part := range e.Parts {
			if part.Kind == jsread.Wrapped && len(part.Parts) > 0 {
				part = part.Parts[0]
			}
			if part.Kind == jsread.Env && i < len(e.Parts)-1 {
				h.env = part.Text
				if c := names.Classify(h.env); c.What != "" || c.URL {
					h.class = c
				}
				continue
			}
			fileExpr(p, m, part, h)
		}
	case jsread.Wrapped:
		if len(e.Parts) > 0 && !affix.HasPrefix(e.Text, ".") {
			fileExpr(p, m, e.Parts[0], h)
		}
	}
}

// fileLiteral files one literal under a name, if the name is Stream's, or the
// place makes it so.
func fileLiteral(p *picture.Reader, m *modules.Module, text string, h heldBy) {
	c := h.class
	if c.What == "" || len(text) > 4096 || modules.FilledIn(text) {
		return
	}
	if c.Bare && c.What != facts.WhatOther {
		shaped := BareIsStreams(p, c.What, []byte(text))
		switch {
		case m.Streamish() && (shaped || c.What == facts.WhatSecret):
		case shaped && c.What == facts.WhatKey && len(text) == 12:
		case c.What == facts.WhatSecret && m.Role != facts.RoleFront:
			c.What = facts.WhatOther
		default:
			return
		}
	}
	if c.What == facts.WhatOther && (m.Role == facts.RoleFront || len(text) < 3 || affix.ContainsAny(text, " \n")) {
		return // a label, a message
	}
	if affix.ContainsAny(text, "\n") && len(text) > 200 {
		return
	}
	fallback := h.env != ""
	p.Add(facts.Value{
		What: c.What, Name: cmp.Or(h.env, h.name), Kind: m.Kind(fallback), Role: m.Role, File: m.Rel, Line: h.line, Modified: m.Modified,
		Public: m.Role == facts.RoleFront || c.Prefix != "" && fallback,
	}, []byte(text))
}

// commentedCall is compiled for a few comments only: each of its bounds is hundreds of steps.
var commentedCall = pattern.New(`(?:getInstance|StreamChat|StreamClient)\(\s*['"` + "`" + `]([^'"` + "`" + `\s]{6,200})['"` + "`" + `](?:\s*,\s*['"` + "`" + `]([^'"` + "`" + `\s]{6,200})['"` + "`" + `])?`)

// readComments files the keys and secrets of commented-out code, as comments.
func readComments(p *picture.Reader, m *modules.Module) {
	for _, c := range m.Comments {
		if len(c.Text) > 16<<10 || !affix.ContainsAny(c.Text, quotes) {
			continue
		}
		v := facts.Value{Role: m.Role, File: m.Rel, Kind: facts.KindLiteral, Comment: true, Modified: m.Modified}
		eachCommented(c.Text, 50, func(at int, name, text string) {
			cl := names.Classify(facts.LastName(name))
			if cl.What == "" || cl.Bare && !BareIsStreams(p, cl.What, []byte(text)) {
				return
			}
			v.What, v.Name, v.Line = cl.What, facts.LastName(name), c.Line+strings.Count(c.Text[:at], "\n")
			p.Add(v, []byte(text))
		})
		if !affix.Contains(c.Text, "getInstance(") && !affix.Contains(c.Text, "StreamChat(") && !affix.Contains(c.Text, "StreamClient(") {
			continue
		}
		for _, g := range commentedCall.FindAllStringSubmatchIndex(c.Text, 20) {
			v.Line = c.Line + strings.Count(c.Text[:g[0]], "\n")
			v.What, v.Name = facts.WhatKey, "StreamChat"
			p.Add(v, []byte(c.Text[g[2]:g[3]]))
			if g[4] >= 0 {
				v.What = facts.WhatSecret
				p.Add(v, []byte(c.Text[g[4]:g[5]]))
			}
		}
	}
}

const quotes = "'\"`"

// eachCommented gives the first most of a comment's name = "text" and name: 'text', each with where its name begins.
func eachCommented(comment string, most int, do func(at int, name, text string)) {
	for from := 0; most > 0; {
		i := strings.IndexAny(comment[from:], ":=")
		if i < 0 {
			return
		}
		before := strings.TrimRight(comment[from:from+i], " \t\r\n\f")
		name := strings.TrimLeft(before[len(strings.TrimRightFunc(before, ofName)):], "0123456789.")
		at := from + len(before) - len(name)
		from += i + 1
		after := strings.TrimLeft(comment[from:], " \t\r\n\f")
		if name == "" || after == "" || !affix.Contains(quotes, after[:1]) {
			continue
		}
		n := strings.IndexAny(after[1:], quotes+"\n")
		if n < 1 || n > 300 || after[1+n] == '\n' {
			continue
		}
		do(at, name, after[1:1+n])
		most--
		from = len(comment) - len(after) + n + 2
	}
}

func ofName(r rune) bool {
	return r == '_' || r == '$' || r == '.' || '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
}

// ReadsFile tells whether a dialect of a loader would see a name in a file.
func ReadsFile(e *picture.EnvSource, name string, d envfile.Dialect) ([]byte, bool) {
	if d == e.Dialect || d == "" {
		return e.Get(name)
	}
	return envfile.Read(e.Data, d, nil).Get(name)
}
