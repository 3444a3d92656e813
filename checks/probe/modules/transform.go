package modules

import (
	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
)

func followTemplate(g *Graph, v View, depth int) []Leaf {
	m, e := v.M, v.E
	text, known := "", true
	var one []Leaf
	for _, part := range e.Parts {
		ls := g.follow(v.Of(&part), depth-1)
		if len(ls) == 1 && ls[0].Kind == LeafLiteral && ls[0].Transform == "" {
			if text += ls[0].Text; len(text) > MaxText {
				return []Leaf{{Mod: m, Line: e.Line, Text: "text"}}
			}
			continue
		}
		known = false
		one = append(one, ls...)
	}
	if known {
		return []Leaf{{Kind: LeafLiteral, Text: text, Mod: m, Line: e.Line}}
	}
	t := "template"
	if text != "" || len(one) > 1 && one[0].Op == "" && one[len(one)-1].Op == "" {
		t = "concat"
	}
	for i := range one {
		one[i].Transform = joinTransforms(one[i].Transform, t)
	}
	return one
}

// followCall understands helpers that hand their first argument, or the
// variable of that name, through.
func followCall(g *Graph, v View, depth int) []Leaf {
	m, at, e := v.M, v.At, v.E
	random := false
	switch facts.LastName(e.Text) {
	case "randomBytes", "randomUUID", "nanoid", "uuid", "uuidv4", "v4", "random":
		random = true
	case "toString":
		if e.On() != nil {
			return g.follow(v.Of(e.On()), depth-1)
		}
	case "generateSecret":
		random = true
	case "readFileSync", "readFile":
		if l, ok := fileLeaf(g, m, at, e); ok {
			return []Leaf{l}
		}
	}
	if ls, ok := helperCall(g, v, depth-1); ok {
		return ls
	}
	if ls, ok := settingCall(g, v, depth-1); ok {
		return ls
	}
	if random {
		return []Leaf{{Mod: m, Line: e.Line, Text: e.Text, Random: true}}
	}
	for _, a := range e.Parts {
		ls := g.follow(v.Of(&a), depth-1)
		if len(ls) > 0 && ls[0].Kind == LeafEnv {
			for i := range ls {
				ls[i].Transform = joinTransforms(ls[i].Transform, "through "+facts.LastName(e.Text))
			}
			return ls
		}
	}
	return []Leaf{{Mod: m, Line: e.Line, Text: e.Text}}
}

// overEnvironment tells a call that gets the whole environment.
func overEnvironment(e jsread.Expr, depth int) bool {
	if e.Kind == jsread.Ident && (e.Text == "process.env" || e.Text == "import.meta.env" || e.Text == "env") {
		return true
	}
	if depth == 0 {
		return false
	}
	if e.Kind == jsread.CallExpr {
		switch facts.LastName(affix.TrimPrefix(e.Text, "new ")) {
		case "createEnv", "cleanEnv", "bindEnv", "loadEnv":
			return true
		}
	}
	if e.On() != nil && overEnvironment(*e.On(), depth-1) {
		return true
	}
	for _, x := range e.Parts {
		if overEnvironment(x, depth-1) {
			return true
		}
	}
	return false
}

//go:noinline
func isUpperName(s string) bool {
	for i := range len(s) {
		if c := s[i]; c != '_' && (c < 'A' || c > 'Z') && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return s != ""
}

func joinTransforms(a, b string) string {
	if a == "" {
		return b
	}
	return a + "+" + b
}
