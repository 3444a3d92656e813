package jsread

import (
	"badsig/checks/affix"
	"badsig/checks/probe/pattern"
)

// envBase tells whether a value is the environment itself, and whether it is
// the bundler's (import.meta.env).
func envBase(p *parser, e Expr) (meta, ok bool) {
	for n := 0; n < 4; n++ {
		switch e.Kind {
		case Wrapped:
			if len(e.Parts) > 0 && (e.Text == "as" || e.Text == "!") {
				e = e.Parts[0]
				continue
			}
			// dotenv.config().parsed
			return false, e.Text == ".parsed" && len(e.Parts) > 0 && e.Parts[0].Kind == CallExpr && last(e.Parts[0].Text) == "config"
		case CallExpr:
			return false, e.Text == "loadEnv" && len(e.Parts) >= 2 // Vite
		case Ident:
			switch e.Text {
			case "process.env", "Bun.env", "globalThis.process.env", "global.process.env", "window.process.env", "self.process.env":
				return false, true
			case "import.meta.env":
				return true, true
			}
			// A name that means it: const env = process.env.
			if !p.aliases[e.Text] {
				return false, false
			}
			v, found := p.m.lookup(p.scope, e.Text)
			if !found || v.Kind == Ident && v.Text == e.Text {
				return false, false
			}
			e = v
		default:
			return false, false
		}
	}
	return false, false
}

// read files one environment read.
func read(p *parser, name string, meta bool, line int) Expr {
	e := Expr{Kind: Env, Text: name, Meta: meta, Line: line}
	if len(p.m.Reads) < maxCalls && p.keeps(entrySize) {
		p.m.Reads = append(p.m.Reads, e)
	}
	return e
}

var (
	envHelper = pattern.New(`(?i)^(get|require|required|must|must_?get|read|load|need|ensure|assert|expect)?_?env(ironment)?_?(var|variable|value|string|or_?throw|or_?die|or_?default|required|\$)?$`)
	envStore  = pattern.New(`(?i)(^|\.)_?(config|cfg|configuration|config_?service|env|nconf)(\(\))?\.(get|getOrThrow|require|getString)$`)
	envName   = pattern.New(`^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$`)
)

// envCall understands calls that read the environment: Deno.env.get('X'), and
// helpers like requireEnv('X') or config.get('X', 'fallback'), which wrap the
// read, for what they do with it cannot be seen from here.
func envCall(p *parser, callee string, args []Expr, line int) (Expr, bool) {
	if len(args) == 0 || args[0].Kind != Literal {
		return Expr{}, false
	}
	name := args[0].Text
	if callee == "Deno.env.get" || callee == "Netlify.env.get" {
		return read(p, name, false, line), true
	}
	// Names with an underscore only: config.get('PORT') may be anything's port.
	if !envName.MatchString(name) || !factsIn(p, last(callee)).helper && !envStore.MatchString(callee) {
		return Expr{}, false
	}
	e := read(p, name, false, line)
	if len(args) > 1 && !affix.HasSuffix(callee, "OrThrow") && args[1].Kind != Object && args[1].Kind != Func {
		e = Expr{Kind: Either, Text: "??", Parts: []Expr{e, args[1]}, Line: line}
	}
	return Expr{Kind: Wrapped, Text: callee, Parts: []Expr{e}, Line: line}, true
}
