package flow

import (
	"strings"

	"badsig/checks/affix"
	"badsig/checks/probe/langread/syntax"
)

// VarRead is a place where a variable of the environment is read.
type VarRead struct {
	Name     string
	Default  string // what the code uses where it isn't set
	HasValue bool   // … and that it does
	Required bool   // the program ends at its start where it isn't set
	File     string
	Line     int
}

// Literal is a string that the source gives a name, or an argument.
type Literal struct {
	Name string // "" for an argument
	Text string
	File string
	Line int
}

// Reads finds every read of the environment.
func (pr *Program) Reads() []VarRead {
	var out []VarRead
	seen := map[VarRead]bool{}
	note := func(list []Source, f *syntax.Fn, line int, n *syntax.Node) {
		for i, s := range list {
			if s.Kind != FromEnv || s.Name == "" || len(out) > 300 {
				continue
			}
			r := VarRead{Name: s.Name, File: f.Unit.Path, Line: line}
			if i+1 < len(list) && list[i+1].Kind == FromLiteral && list[i+1].Text != "" && list[i+1].Setting == "" {
				r.Default, r.HasValue = list[i+1].Text, true
			}
			r.Required = len(list) == 1 && requires(pr, n, f)
			if !seen[r] {
				seen[r] = true
				out = append(out, r)
			}
		}
	}
	for _, c := range append(pr.indexes, pr.All...) {
		if len(c.N.Args) > 0 && c.N.Kind == syntax.KCall && (c.N.Args[0].X == nil || c.N.Args[0].X.Kind != syntax.KString) {
			continue // a helper's own call; its callers name the variable
		}
		if list, ok := environment(pr, c.N, Frame{Fn: c.Fn}); ok {
			note(list, c.Fn, c.N.Line, c.N)
		}
	}
	for _, c := range pr.All { // getenv("X", "y") of the project's own
		if name := LiteralArg(c.N, 0); isUpperName(name) && c.N.X.Kind == syntax.KName {
			if fns := Reachable(pr, c.N, Frame{Fn: c.Fn}); len(fns) == 1 {
				note(pr.Sources(c.N, Frame{Fn: c.Fn}), c.Fn, c.N.Line, nil)
			}
		}
	}
	for _, ws := range pr.Writes {
		for _, w := range ws {
			if list, ok := declared(pr, w, Frame{Fn: w.Fn}); ok {
				note(list, w.Fn, w.Line, nil)
			}
		}
	}
	return out
}

// requires reports whether a read outside functions fails where the variable
// isn't set: os.environ["X"], decouple's config("X"), ENV.fetch("X").
func requires(pr *Program, n *syntax.Node, f *syntax.Fn) bool {
	switch {
	case n == nil || f.Parent != nil:
		return false
	case n.Kind == syntax.KIndex:
		return pr.Lang == syntax.Python && envMaps[syntax.Python][CalleePath(n.X)]
	case n.Kind != syntax.KCall || len(n.Args) != 1:
		return false
	case pr.Lang == syntax.Ruby:
		return CalleePath(n.X) == "ENV.fetch"
	}
	p := CalleePath(n.X)
	return pr.Lang == syntax.Python && (p == "config" && affix.Contains(f.Unit.From["config"], "decouple") || // env("X") of environ and environs, Starlette's config("X")
		n.X.Kind == syntax.KName && madeBy(pr, p, Frame{Fn: f}, "Env", "FileAwareEnv", "Config"))
}

func isUpperName(s string) bool {
	return len(s) > 2 && strings.ToUpper(s) == s && strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == ""
}

// Literals are the strings that the source gives names.
func (pr *Program) Literals() []Literal {
	var out []Literal
	for _, ws := range pr.Writes {
		for _, w := range ws {
			if w.X != nil && w.X.Kind == syntax.KString && w.X.Text != "" && len(w.X.Text) <= 300 && len(out) < 2000 {
				out = append(out, Literal{w.Name, w.X.Text, w.Fn.Unit.Path, w.X.Line})
			}
		}
	}
	return out
}

// Arguments are the strings that calls are given which sign, by their names.
func (pr *Program) Arguments() []Literal {
	var out []Literal
	for _, c := range pr.All {
		low := strings.ToLower(CalleePath(c.N.X))
		hit := false
		for _, w := range []string{"sign", "token", "hmac", "jwt", "stream", "issue"} {
			hit = hit || affix.Contains(low, w)
		}
		if !hit || len(out) > 200 {
			continue
		}
		for _, a := range c.N.Args {
			a.X.EachOutside(func(x *syntax.Node) {
				if x.Kind == syntax.KString && len(x.Text) >= 16 && len(x.Text) <= 200 && !affix.ContainsAny(x.Text, " \n") {
					out = append(out, Literal{"", x.Text, c.Fn.Unit.Path, x.Line})
				}
			})
		}
	}
	return out
}

// Files are the files that the source reads, and the .env files that it names
// without a library that loads them.
func (pr *Program) Files() (read []Literal, env []Literal) {
	note := func(n *syntax.Node, f *syntax.Fn) {
		n.EachOutside(func(x *syntax.Node) {
			if x.Kind != syntax.KString || x.Text == "" || len(x.Text) > 200 || affix.ContainsAny(x.Text, " \n*") {
				return
			}
			base := affix.Base(affix.ReplaceAll(x.Text, `\`, "/"))
			if affix.HasPrefix(base, ".env") || affix.HasSuffix(base, ".env") {
				env = append(env, Literal{"", x.Text, f.Unit.Path, x.Line})
			}
		})
	}
	for _, f := range pr.Fns {
		var visit func(list []*syntax.Stmt)
		visit = func(list []*syntax.Stmt) {
			for _, s := range list {
				if s.Kind == syntax.SFunc || s.Kind == syntax.SClass && len(env) > 40 {
					continue
				}
				note(s.X, f)
				visit(s.Body)
			}
		}
		visit(f.Body)
	}
	for _, c := range pr.All {
		switch c.N.X.Last() {
		case "open", "Path", "ReadFile", "file_get_contents", "read", "readString", "readText", "ReadAllText", "File", "get":
			p, base, ok := FilePath(pr, FirstArg(c.N), Frame{Fn: c.Fn})
			if !ok || p == "" || !affix.Contains(p, ".") && c.N.X.Last() == "get" || len(read) > 60 {
				continue
			}
			if base == "cwd" {
				base = ""
			}
			read = append(read, Literal{base, p, c.Fn.Unit.Path, c.N.Line})
		}
	}
	return read, env
}

func FirstArg(n *syntax.Node) *syntax.Node {
	if len(n.Args) == 0 {
		return nil
	}
	return n.Args[0].X
}

// HmacSite reads a token that the project signs by itself: HMAC over a string
// that its file calls a JWT with a user_id.
func (pr *Program) HmacSite(n *syntax.Node, f *syntax.Fn, name string) *Site {
	secret := -1
	p := CalleePath(n.X)
	switch {
	case pr.Lang == syntax.Python && (p == "hmac.new" || p == "hmac.digest" || p == "new" && f.Unit.From["new"] == "hmac"):
		secret = 0
	case pr.Lang == syntax.PHP && name == "hash_hmac":
		secret = 2
	case pr.Lang == syntax.Ruby && affix.Contains(p, "HMAC") && (name == "digest" || name == "hexdigest" || name == "base64digest"):
		secret = 1
	case pr.Lang == syntax.Go && p == "hmac.New":
		secret = 1
	case (pr.Lang == syntax.Java || pr.Lang == syntax.Kotlin) && name == "SecretKeySpec":
		secret = 0
	case pr.Lang == syntax.CSharp && name == "HMACSHA256":
		secret = 0
	}
	var x *syntax.Node
	if pr.Lang == syntax.Python {
		x, _ = KeyAndSecret(n, 0, -1)
	}
	if x == nil && secret >= 0 && secret < len(n.Args) {
		x = n.Args[secret].X
	}
	if secret < 0 || x == nil || !f.Unit.Says["HS256"] && !(f.Unit.Says["user_id"] && f.Unit.Says["JWT"]) {
		return nil
	}
	fr := Frame{Fn: f}
	s := &Site{Callee: name, Lang: pr.Lang, File: f.Unit.Path, Line: n.Line, Fn: f, N: n, Score: 6}
	if p != "" {
		s.Callee = p
	}
	s.Secret = pr.Sources(x, fr)
	for _, src := range s.Secret {
		if StreamName(src.Name) {
			s.Sure, s.Score = true, 14
		}
		for _, l := range src.Links {
			if StreamName(l.Name) {
				s.Sure, s.Score = true, 14
			}
		}
	}
	pr.nearbyClaims(s, f)
	return s
}

// nearbyClaims reads the claims of the dictionary in the signing function that
// has a user_id.
func (pr *Program) nearbyClaims(s *Site, f *syntax.Fn) {
	for _, w := range pr.Writes["user_id"] {
		if w.How != WKey || !w.Fn.Inside(f) && !f.Inside(w.Fn) || w.Fn.Parent == nil && f.Parent != nil {
			continue
		}
		AddClaim(pr, s, "user_id", w.X, Frame{Fn: w.Fn})
		for _, name := range []string{"exp", "iat", "nbf"} {
			for _, o := range pr.Writes[name] {
				if o.How == WKey && o.Fn == w.Fn {
					AddClaim(pr, s, name, o.X, Frame{Fn: o.Fn})
				}
			}
		}
		return
	}
}
