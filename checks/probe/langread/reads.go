package langread

import (
	"path"
	"strings"
)

// VarRead is a place where a variable of the environment is read.
type VarRead struct {
	Name     string
	Default  string // what the code takes where it isn't set
	HasValue bool   // … and that it does
	File     string
	Line     int
}

// Literal is a text that the source gives a name, or an argument.
type Literal struct {
	Name string // "" for an argument
	Text string
	File string
	Line int
}

// reads finds every read of the environment.
func (pr *program) reads() []VarRead {
	var out []VarRead
	seen := map[VarRead]bool{}
	note := func(list []Source, f *fn, line int) {
		for i, s := range list {
			if s.Kind != FromEnv || s.Name == "" || len(out) > 300 {
				continue
			}
			r := VarRead{Name: s.Name, File: f.unit.Path, Line: line}
			if i+1 < len(list) && list[i+1].Kind == FromLiteral && list[i+1].Text != "" {
				r.Default, r.HasValue = list[i+1].Text, true
			}
			if !seen[r] {
				seen[r] = true
				out = append(out, r)
			}
		}
	}
	for _, c := range append(pr.indexes, pr.all...) {
		if len(c.n.args) > 0 && c.n.kind == kCall && (c.n.args[0].x == nil || c.n.args[0].x.kind != kString) {
			continue // a helper's own call; its callers name the variable
		}
		if list, ok := pr.environment(c.n, frame{fn: c.fn}); ok {
			note(list, c.fn, c.n.line)
		}
	}
	for _, c := range pr.all { // getenv("X", "y") of the project's own
		if name := literalArg(c.n, 0); isUpperName(name) && c.n.x.kind == kName {
			if fns := pr.reachable(c.n, frame{fn: c.fn}); len(fns) == 1 {
				note(pr.sources(c.n, frame{fn: c.fn}), c.fn, c.n.line)
			}
		}
	}
	for _, ws := range pr.writes {
		for _, w := range ws {
			if list, ok := pr.declared(w, frame{fn: w.fn}); ok {
				note(list, w.fn, w.line)
			}
		}
	}
	return out
}

func isUpperName(s string) bool {
	return len(s) > 2 && strings.ToUpper(s) == s && strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == ""
}

// literals are the texts that the source gives names.
func (pr *program) literals() []Literal {
	var out []Literal
	for _, ws := range pr.writes {
		for _, w := range ws {
			if w.x != nil && w.x.kind == kString && w.x.text != "" && len(w.x.text) <= 300 && len(out) < 2000 {
				out = append(out, Literal{w.name, w.x.text, w.fn.unit.Path, w.x.line})
			}
		}
	}
	return out
}

// arguments are the texts that calls are given which sign, by their names.
func (pr *program) arguments() []Literal {
	var out []Literal
	for _, c := range pr.all {
		low := strings.ToLower(calleePath(c.n.x))
		hit := false
		for _, w := range []string{"sign", "token", "hmac", "jwt", "stream", "issue"} {
			hit = hit || strings.Contains(low, w)
		}
		if !hit || len(out) > 200 {
			continue
		}
		for _, a := range c.n.args {
			a.x.eachOutside(func(x *node) {
				if x.kind == kString && len(x.text) >= 16 && len(x.text) <= 200 && !strings.ContainsAny(x.text, " \n") {
					out = append(out, Literal{"", x.text, c.fn.unit.Path, x.line})
				}
			})
		}
	}
	return out
}

// files are the files that the source reads, and the .env files that it names
// without a library that loads them.
func (pr *program) files() (read []Literal, env []Literal) {
	note := func(n *node, f *fn) {
		n.eachOutside(func(x *node) {
			if x.kind != kString || x.text == "" || len(x.text) > 200 || strings.ContainsAny(x.text, " \n*") {
				return
			}
			base := path.Base(strings.ReplaceAll(x.text, `\`, "/"))
			if strings.HasPrefix(base, ".env") || strings.HasSuffix(base, ".env") {
				env = append(env, Literal{"", x.text, f.unit.Path, x.line})
			}
		})
	}
	for _, f := range pr.fns {
		var visit func(list []*stmt)
		visit = func(list []*stmt) {
			for _, s := range list {
				if s.kind == sFunc || s.kind == sClass && len(env) > 40 {
					continue
				}
				note(s.x, f)
				visit(s.body)
			}
		}
		visit(f.body)
	}
	for _, c := range pr.all {
		switch c.n.x.last() {
		case "open", "Path", "ReadFile", "file_get_contents", "read", "readString", "readText", "ReadAllText", "File", "get":
			p, base, ok := pr.filePath(firstArg(c.n), frame{fn: c.fn})
			if !ok || p == "" || !strings.Contains(p, ".") && c.n.x.last() == "get" || len(read) > 60 {
				continue
			}
			if base == "cwd" {
				base = ""
			}
			read = append(read, Literal{base, p, c.fn.unit.Path, c.n.line})
		}
	}
	return read, env
}

func firstArg(n *node) *node {
	if len(n.args) == 0 {
		return nil
	}
	return n.args[0].x
}

// hmacSite reads a token that the project signs by itself: HMAC over a text
// that its file calls a JWT with a user_id.
func (pr *program) hmacSite(n *node, f *fn, name string) *Site {
	secret := -1
	p := calleePath(n.x)
	switch {
	case pr.lang == Python && (p == "hmac.new" || p == "hmac.digest" || p == "new" && f.unit.from["new"] == "hmac"):
		secret = 0
	case pr.lang == PHP && name == "hash_hmac":
		secret = 2
	case pr.lang == Ruby && strings.Contains(p, "HMAC") && (name == "digest" || name == "hexdigest" || name == "base64digest"):
		secret = 1
	case pr.lang == Go && p == "hmac.New":
		secret = 1
	case (pr.lang == Java || pr.lang == Kotlin) && name == "SecretKeySpec":
		secret = 0
	case pr.lang == CSharp && name == "HMACSHA256":
		secret = 0
	}
	var x *node
	if pr.lang == Python {
		x, _ = keyAndSecret(n, 0, -1)
	}
	if x == nil && secret >= 0 && secret < len(n.args) {
		x = n.args[secret].x
	}
	if secret < 0 || x == nil || !f.unit.says["user_id"] || !f.unit.says["HS256"] && !f.unit.says["JWT"] {
		return nil
	}
	fr := frame{fn: f}
	s := &Site{Callee: name, Lang: pr.lang, File: f.unit.Path, Line: n.line, fn: f, n: n, Score: 6}
	if p != "" {
		s.Callee = p
	}
	s.Secret = pr.sources(x, fr)
	for _, src := range s.Secret {
		if streamName(src.Name) {
			s.Sure, s.Score = true, 14
		}
		for _, l := range src.Links {
			if streamName(l.Name) {
				s.Sure, s.Score = true, 14
			}
		}
	}
	pr.nearbyClaims(s, f)
	return s
}

// nearbyClaims reads the claims of the dictionary in the signing function that
// has a user_id.
func (pr *program) nearbyClaims(s *Site, f *fn) {
	for _, w := range pr.writes["user_id"] {
		if w.how != wKey || !w.fn.inside(f) && !f.inside(w.fn) || w.fn.parent == nil && f.parent != nil {
			continue
		}
		pr.addClaim(s, "user_id", w.x, frame{fn: w.fn})
		for _, name := range []string{"exp", "iat", "nbf"} {
			for _, o := range pr.writes[name] {
				if o.how == wKey && o.fn == w.fn {
					pr.addClaim(s, name, o.x, frame{fn: o.fn})
				}
			}
		}
		return
	}
}
