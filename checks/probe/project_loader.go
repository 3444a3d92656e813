package probe

import (
	"bytes"
	"path"
	"slices"
	"strings"

	"badsig/checks/probe/envfile"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/pattern"
)

// Rules of this file:
//   - only what the server's own modules load counts, not what a seed script or a test beside them does
//   - a path that cannot be told makes the load unknown, never a guess

// load is one moment at which a program puts .env files into its environment.
type load struct {
	kind     string // dotenv, dotenv-flow, node-env-file, next …
	dialect  envfile.Dialect
	paths    []loadPath // none: the default of its kind
	override bool
	at       place // the module and line; a zero module: before the program
	unknown  bool  // which files cannot be told
}

// loadPath is one file, relative to a folder of the project or, where cwd is
// set, to the working folder.
type loadPath struct {
	rel      string
	cwd      bool
	optional bool
}

var loaderPackages = map[string]string{
	"dotenv": "dotenv", "dotenv/config": "dotenv", "dotenv/config.js": "dotenv", "dotenv-flow": "dotenv-flow", "dotenv-flow/config": "dotenv-flow", "dotenv-expand": "dotenv-expand",
	"dotenv-expand/config": "dotenv-expand", "dotenv-safe": "dotenv", "dotenv-safe/config": "dotenv", "dotenv-defaults": "dotenv-other", "dotenv-defaults/config": "dotenv-other",
	"@dotenvx/dotenvx": "dotenv", "@dotenvx/dotenvx/config": "dotenv", "@next/env": "next", "custom-env": "dotenv-other", "env-cmd": "dotenv-other", "@nestjs/config": "nest",
	"dotenv-vault": "dotenv", "dotenv-vault/config": "dotenv", "node-env-run": "dotenv-other", "dotenv-extended": "dotenv-other", "dotenv-extended/config": "dotenv-other",
}

// loadsOf lists the loads that a module's code makes.
func (p *project) loadsOf(m *module) []load {
	if !m.loadsRead {
		m.loads, m.loadsRead = p.readLoads(m), true
	}
	return m.loads
}

func (p *project) readLoads(m *module) []load {
	var out []load
	expand := false
	for _, i := range m.Imports {
		kind := loaderPackages[i.From]
		if kind == "dotenv-expand" {
			expand = true
		}
		if kind != "" && strings.Contains(i.From, "/config") && strings.Count(i.From, "/") >= 1 && i.From != "@nestjs/config" {
			l := load{kind: kind, dialect: envfile.Dotenv, at: place{m, i.Line}, unknown: kind == "dotenv-other"}
			if kind == "dotenv-expand" {
				l.dialect = envfile.DotenvExpand
			}
			out = append(out, l)
		}
	}
	if l, ok := nestLoad(m); ok {
		out = append(out, l)
	}
	out = append(out, renamedLoads(m)...)
	for _, c := range m.Calls {
		kind := p.loaderCall(m, c)
		if kind == "" {
			continue
		}
		l := load{kind: kind, dialect: envfile.Dotenv, at: place{m, c.Line}}
		switch kind {
		case "node-env-file":
			l.dialect = envfile.NodeEnvFile
			if len(c.Args) > 0 {
				l.paths, l.unknown = p.pathsOf(m, c.Scope, c.Args[0])
			}
			out = append(out, l)
			continue
		case "next":
			l.dialect = envfile.NextEnv
			if len(c.Args) > 0 {
				dir, unknown := p.pathsOf(m, c.Scope, c.Args[0])
				l.unknown = unknown || len(dir) != 1
				if !l.unknown {
					for _, n := range nextFiles {
						l.paths = append(l.paths, loadPath{rel: path.Join(dir[0].rel, n), cwd: dir[0].cwd})
					}
				}
			}
			out = append(out, l)
			continue
		case "dotenv-other":
			l.unknown = true
		}
		if expand {
			l.dialect = envfile.DotenvExpand
		}
		if len(c.Args) > 0 {
			p.loadOptions(m, c, &l)
		}
		out = append(out, l)
	}
	return out
}

func (p *project) loadOptions(m *module, c jsread.Call, l *load) {
	o := c.Args[0]
	if o.Kind == jsread.Ident {
		if v, ok := m.Resolve(c.Scope, o.Text); ok {
			o = v
		}
	}
	if o.Kind == jsread.CallExpr && lastName(o.Text) == "config" { // expand(dotenv.config({…}))
		if len(o.Parts) == 0 {
			return
		}
		o = o.Parts[0]
	}
	if o.Kind != jsread.Object {
		l.unknown = o.Kind != jsread.Other
		return
	}
	for i, k := range o.Keys {
		v := o.Parts[i]
		switch k {
		case "path", "envFilePath":
			if l.kind == "dotenv-flow" {
				dir, unknown := p.pathsOf(m, c.Scope, v)
				l.unknown = unknown || len(dir) != 1
				if !l.unknown {
					for _, n := range flowFiles {
						l.paths = append(l.paths, loadPath{rel: path.Join(dir[0].rel, n), cwd: dir[0].cwd})
					}
				}
				continue
			}
			l.paths, l.unknown = p.pathsOf(m, c.Scope, v)
		case "override":
			l.override = v.Kind == jsread.Ident && v.Text == "true"
			if v.Kind != jsread.Ident {
				l.unknown = true
			}
		case "processEnv", "ignoreEnvFile":
			l.unknown = true
		case "expandVariables":
			l.dialect = envfile.DotenvExpand
		case "":
			l.unknown = true
		}
	}
}

// loaderCall tells whether a call loads .env files.
func (p *project) loaderCall(m *module, c jsread.Call) string {
	name := lastName(c.Callee)
	head, _, dotted := strings.Cut(c.Callee, ".")
	if c.Callee == "process.loadEnvFile" || name == "loadEnvFile" && m.importsFrom(head, "process", "node:process") {
		return "node-env-file"
	}
	switch name {
	case "config", "configDotenv", "load":
		if spec, ok := requiredSpec(c.Callee); ok {
			if kind := loaderPackages[spec]; kind != "dotenv-expand" {
				return kind
			}
			return ""
		}
		for _, i := range m.Imports {
			if kind := loaderPackages[i.From]; kind != "" && kind != "dotenv-expand" {
				if _, ok := i.Names[head]; ok && (dotted || i.Names[head] == name) {
					return kind
				}
			}
		}
	case "loadEnvConfig":
		return "next"
	}
	return ""
}

// renamedLoads finds the calls of import { config as load } from 'dotenv',
// which have a name of the project's own.
func renamedLoads(m *module) []load {
	var out []load
	for _, i := range m.Imports {
		kind := loaderPackages[i.From]
		if kind == "" || kind == "dotenv-expand" {
			continue
		}
		for local, exported := range i.Names {
			if exported != "config" && exported != "configDotenv" || local == "config" || local == "configDotenv" {
				continue
			}
			for at := 0; ; {
				n := bytes.Index(m.src[at:], []byte(local+"("))
				if n < 0 {
					break
				}
				at += n + len(local) + 1
				if n > 0 && isWordByte(m.src[at-len(local)-2]) {
					continue
				}
				plain := at < len(m.src) && m.src[at] == ')'
				out = append(out, load{kind: kind, dialect: envfile.Dotenv, unknown: !plain || kind == "dotenv-other", at: place{m, 1 + bytes.Count(m.src[:at], []byte{'\n'})}})
			}
		}
	}
	return out
}

func isWordByte(c byte) bool {
	return c == '_' || c == '$' || c == '.' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

var (
	nestOptions = pattern.New(`ConfigModule\.forRoot\(\s*(?:\{([^}]*)\})?`)
	nestPath    = pattern.New(`envFilePath\s*:\s*(\[[^\]]*\]|[^,\n]+)`)
	plainText   = pattern.New(`^\s*['"` + "`" + `]([^'"` + "`" + `$]+)['"` + "`" + `]\s*$`)
)

// nestLoad reads ConfigModule.forRoot, which stands in a decorator.
func nestLoad(m *module) (load, bool) {
	if !m.importsFrom("ConfigModule", "@nestjs/config") {
		return load{}, false
	}
	g := nestOptions.FindSubmatchIndex(m.src)
	if g == nil {
		return load{}, false
	}
	l := load{kind: "nest", dialect: envfile.Dotenv, at: place{m, 1 + bytes.Count(m.src[:g[0]], []byte{'\n'})}}
	if g[2] < 0 {
		return l, true
	}
	options := string(m.src[g[2]:g[3]])
	l.unknown = strings.Contains(options, "ignoreEnvFile") || strings.Contains(options, "...")
	if strings.Contains(options, "expandVariables") {
		l.dialect = envfile.DotenvExpand
	}
	if x := nestPath.FindStringSubmatch(options); x != nil {
		for part := range strings.SplitSeq(strings.Trim(x[1], "[] \n\t"), ",") {
			t := plainText.FindStringSubmatch(part)
			switch {
			case t != nil:
				l.paths = append(l.paths, loadPath{rel: t[1], cwd: true, optional: true})
			case strings.TrimSpace(part) != "":
				l.unknown = true
			}
		}
	}
	return l, true
}

// requiredSpec reads the package of require('dotenv').config.
func requiredSpec(callee string) (string, bool) {
	rest, ok := strings.CutPrefix(callee, "require(")
	if !ok || len(rest) < 3 {
		return "", false
	}
	spec, _, ok := strings.Cut(rest[1:], rest[:1]+")")
	return spec, ok
}

func (m *module) importsFrom(local string, from ...string) bool {
	for _, i := range m.Imports {
		if _, ok := i.Names[local]; ok && slices.Contains(from, i.From) {
			return true
		}
	}
	return false
}

// pathsOf evaluates an expression of paths.
func (p *project) pathsOf(m *module, at jsread.Scope, e jsread.Expr) (paths []loadPath, unknown bool) {
	if e.Kind == jsread.Ident {
		if v, ok := m.Resolve(at, e.Text); ok {
			e = v
		}
	}
	if e.Kind == jsread.Array {
		for _, part := range e.Parts {
			ps, u := p.pathsOf(m, at, part)
			if u {
				return nil, true
			}
			paths = append(paths, ps...)
		}
		return paths, false
	}
	lp, ok := p.pathOf(m, at, e, 8)
	if !ok {
		return nil, true
	}
	return []loadPath{lp}, false
}

func (p *project) pathOf(m *module, at jsread.Scope, e jsread.Expr, depth int) (loadPath, bool) {
	if depth == 0 {
		return loadPath{}, false
	}
	here := loadPath{rel: dirOf(m.rel)}
	switch e.Kind {
	case jsread.Literal:
		if path.IsAbs(e.Text) {
			return loadPath{}, false
		}
		return loadPath{rel: e.Text, cwd: true}, true
	case jsread.Ident:
		switch e.Text {
		case "__dirname", "import.meta.dirname", "import.meta.dir":
			return here, true
		case "import.meta.url", "__filename", "import.meta.filename":
			return loadPath{rel: m.rel}, true
		}
		if v, ok := m.Resolve(at, e.Text); ok && v.Kind != jsread.Ident {
			return p.pathOf(m, at, v, depth-1)
		}
	case jsread.Wrapped:
		if len(e.Parts) > 0 && (e.Text == "as" || e.Text == "!" || e.Text == "String") {
			return p.pathOf(m, at, e.Parts[0], depth-1)
		}
	case jsread.Env:
		if plainVariableName(e.Text) {
			return loadPath{rel: "${" + e.Text + ":-undefined}", cwd: true}, true
		}
	case jsread.Either:
		if len(e.Parts) == 2 && e.Parts[0].Kind == jsread.Env && e.Parts[1].Kind == jsread.Literal && plainVariableName(e.Parts[0].Text) && e.Text != "?:" && e.Text != "&&" {
			return loadPath{rel: "${" + e.Parts[0].Text + ":-" + e.Parts[1].Text + "}", cwd: true}, true
		}
	case jsread.Template:
		out, started := loadPath{}, false
		text := ""
		for _, part := range e.Parts {
			if part.Kind == jsread.Literal {
				text += part.Text
				continue
			}
			q, ok := p.pathOf(m, at, part, depth-1)
			if ok && strings.HasPrefix(q.rel, "${") { // .env.${NODE_ENV}
				text += q.rel
				continue
			}
			if !ok || started || text != "" {
				return loadPath{}, false
			}
			out, started = q, true
		}
		if !started {
			return loadPath{rel: text, cwd: true}, true
		}
		out.rel = path.Join(out.rel, text)
		return out, true
	case jsread.CallExpr:
		switch name := lastName(e.Text); name {
		case "cwd":
			return loadPath{rel: ".", cwd: true}, true
		case "join", "resolve", "normalize":
			out, rest := loadPath{rel: ".", cwd: true}, e.Parts
			for i, part := range rest {
				q, ok := p.pathOf(m, at, part, depth-1)
				if !ok {
					return loadPath{}, false
				}
				if i == 0 || !q.cwd {
					out = q
					continue
				}
				out.rel = path.Join(out.rel, q.rel)
			}
			return out, true
		case "dirname":
			if len(e.Parts) == 1 {
				q, ok := p.pathOf(m, at, e.Parts[0], depth-1)
				q.rel = path.Dir(q.rel)
				return q, ok
			}
		case "fileURLToPath", "pathToFileURL", "toString":
			if len(e.Parts) >= 1 {
				return p.pathOf(m, at, e.Parts[0], depth-1)
			}
		case "new URL":
			if len(e.Parts) == 2 && e.Parts[0].Kind == jsread.Literal {
				base, ok := p.pathOf(m, at, e.Parts[1], depth-1)
				return loadPath{rel: path.Join(path.Dir(base.rel), e.Parts[0].Text), cwd: base.cwd}, ok
			}
		}
	}
	return loadPath{}, false
}

// plainVariableName tells variables that choose between files.
func plainVariableName(name string) bool {
	return name == "NODE_ENV" || name == "APP_ENV" || name == "ENV" || name == "ENVIRONMENT" || name == "STAGE" || name == "MODE"
}

var variableInPath = pattern.New(`\$\{(\w+):-([^}]*)\}`)

// fillPath puts the values of variables into a path that has some.
func (s *server) fillPath(rel string) string {
	if !strings.Contains(rel, "${") {
		return rel
	}
	return variableInPath.ReplaceAllStringFunc(rel, func(x string) string {
		g := variableInPath.FindStringSubmatch(x)
		if v := s.plainEnv(g[1]); v != "" {
			return v
		}
		return g[2]
	})
}

// The files of the loaders that have a list, the winning one first.
var (
	nextFiles = []string{".env.development.local", ".env.local", ".env.development", ".env"}
	flowFiles = []string{".env.local", ".env", ".env.defaults"}
	viteFiles = []string{".env.development.local", ".env.development", ".env.local", ".env"}
)
