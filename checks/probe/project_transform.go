package probe

import (
	"strings"

	"badsig/checks/probe/jsread"
)

func (g *graph) followTemplate(m *module, at jsread.Scope, e jsread.Expr, depth int) []leaf {
	text, known := "", true
	var one []leaf
	for _, part := range e.Parts {
		ls := g.follow(m, at, part, depth-1)
		if len(ls) == 1 && ls[0].kind == leafLiteral && ls[0].transform == "" {
			if text += ls[0].text; len(text) > maxText {
				return []leaf{{mod: m, line: e.Line, text: "text"}}
			}
			continue
		}
		known = false
		one = append(one, ls...)
	}
	if known {
		return []leaf{{kind: leafLiteral, text: text, mod: m, line: e.Line}}
	}
	t := "template"
	if text != "" || len(one) > 1 && one[0].op == "" && one[len(one)-1].op == "" {
		t = "concat"
	}
	for i := range one {
		one[i].transform = joinTransforms(one[i].transform, t)
	}
	return one
}

// followCall understands helpers that hand their first argument, or the
// variable of that name, through.
func (g *graph) followCall(m *module, at jsread.Scope, e jsread.Expr, depth int) []leaf {
	random := false
	switch lastName(e.Text) {
	case "randomBytes", "randomUUID", "nanoid", "uuid", "uuidv4", "v4", "random":
		random = true
	case "toString":
		if e.On != nil {
			return g.follow(m, at, *e.On, depth-1)
		}
	case "generateSecret":
		random = true
	case "readFileSync", "readFile":
		if l, ok := g.fileLeaf(m, at, e); ok {
			return []leaf{l}
		}
	}
	if ls, ok := g.helperCall(m, at, e, depth-1); ok {
		return ls
	}
	if ls, ok := g.settingCall(m, at, e, depth-1); ok {
		return ls
	}
	if random {
		return []leaf{{mod: m, line: e.Line, text: e.Text, random: true}}
	}
	for _, a := range e.Parts {
		ls := g.follow(m, at, a, depth-1)
		if len(ls) > 0 && ls[0].kind == leafEnv {
			for i := range ls {
				ls[i].transform = joinTransforms(ls[i].transform, "through "+lastName(e.Text))
			}
			return ls
		}
	}
	return []leaf{{mod: m, line: e.Line, text: e.Text}}
}

// overEnvironment tells a call that is given the whole environment.
func overEnvironment(e jsread.Expr, depth int) bool {
	if e.Kind == jsread.Ident && (e.Text == "process.env" || e.Text == "import.meta.env" || e.Text == "env") {
		return true
	}
	if depth == 0 {
		return false
	}
	if e.Kind == jsread.CallExpr {
		switch lastName(strings.TrimPrefix(e.Text, "new ")) {
		case "createEnv", "cleanEnv", "bindEnv", "loadEnv":
			return true
		}
	}
	if e.On != nil && overEnvironment(*e.On, depth-1) {
		return true
	}
	for _, x := range e.Parts {
		if overEnvironment(x, depth-1) {
			return true
		}
	}
	return false
}

func isUpperName(s string) bool {
	for i := range len(s) {
		if c := s[i]; c != '_' && (c < 'A' || c > 'Z') && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return s != ""
}

// transformOf names what a wrapping does to the bytes; "" for nothing.
func transformOf(e jsread.Expr) string {
	arg := ""
	if len(e.Parts) > 1 && e.Parts[1].Kind == jsread.Literal {
		arg = strings.ToLower(e.Parts[1].Text)
	}
	switch e.Text {
	case "!", "as", "satisfies", "Object.freeze", "TextEncoder.encode", "createSecretKey", "crypto.createSecretKey", "await", "structuredClone", "valueOf", "Uint8Array.from":
		return ""
	case "Buffer.from":
		switch arg {
		case "base64", "base64url":
			return "base64-decode"
		case "hex":
			return "hex-decode"
		case "", "utf8", "utf-8":
			return ""
		}
		return arg
	case "toString":
		switch arg {
		case "base64", "base64url":
			return "base64-encode"
		case "hex":
			return "hex-encode"
		case "", "utf8", "utf-8":
			return "" // on a Buffer or a string
		}
		return arg
	case "atob", "base64url.decode":
		return "base64-decode"
	case "btoa", "base64url.encode":
		return "base64-encode"
	case "String":
		return "template"
	case "trim", "trimEnd", "trimStart":
		return "trim"
	case "toUpperCase":
		return "upper"
	case "toLowerCase":
		return "lower"
	}
	switch name := lastName(e.Text); name {
	case "replace", "replaceAll", "slice", "substring", "substr", "split", "join", "padEnd", "padStart", "normalize", "Number", "parseInt", "parseFloat", "Boolean",
		"stringify", "parse", "encodeURIComponent", "decodeURIComponent", "encodeURI", "decodeURI", "escape", "unescape":
		return name
	default:
		return "through " + name
	}
}

func joinTransforms(a, b string) string {
	if a == "" {
		return b
	}
	return a + "+" + b
}
