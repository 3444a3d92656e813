package probe

import (
	"path"
	"strconv"
	"strings"

	"badsig/checks/probe/envfile"
	"badsig/checks/probe/pattern"
)

// Rules of this file:
//   - other languages are read by lines and patterns: enough to know what they read and where they listen
//   - what they sign with is never certain

var otherReads = map[string]*pattern.Pattern{
	".py":  pattern.New(`(?:os\.environ(?:\.get)?|os\.getenv|getenv|environ\.get|config|env(?:\.str)?)\s*[\[(]\s*['"]([A-Z][A-Z0-9_]+)['"]\s*(?:,\s*(?:default\s*=\s*)?['"]([^'"\n]*)['"])?`),
	".go":  pattern.New(`(?:os\.Getenv|os\.LookupEnv|getEnv|GetEnv|getenv|viper\.GetString)\(\s*"([A-Za-z][A-Za-z0-9_]+)"(?:\s*,\s*"([^"\n]*)")?`),
	".rb":  pattern.New(`ENV(?:\.fetch)?\s*[\[(]\s*['"]([A-Z][A-Z0-9_]+)['"](?:\s*,\s*['"]([^'"\n]*)['"])?`),
	".php": pattern.New(`(?:getenv|env|\$_ENV\[|\$_SERVER\[)\s*\(?\s*['"]([A-Z][A-Z0-9_]+)['"](?:\s*,\s*['"]([^'"\n]*)['"])?`),
}

var (
	otherAssign = pattern.New(`([A-Za-z_$][A-Za-z0-9_]*)\s*(?::=|=>|=|:)\s*['"` + "`" + `]([^'"` + "`" + `\n]{1,300})['"` + "`" + `]`)
	otherRoute  = map[string]*pattern.Pattern{
		".py":  pattern.New(`@\w+\.(route|get|post|put|api_route)\(\s*['"](/[^'"]*)['"](?:.*methods\s*=\s*\[([^\]]*)\])?`),
		".go":  pattern.New(`\.(HandleFunc|Handle|GET|POST|Get|Post|PUT|Any|All)\(\s*"((?:[A-Z]+ )?/[^"]*)"`),
		".rb":  pattern.New(`^\s*(get|post|put)\s+['"](/[^'"]*)['"]`),
		".php": pattern.New(`(?:Route::|\$app->|\$router->)(get|post|put|any)\(\s*['"](/?[^'"]*)['"]`),
	}
	otherPort = map[string]*pattern.Pattern{
		".py":  pattern.New(`\bport\s*=\s*(?:int\()?(?:os\.(?:environ\.get|getenv)\(\s*['"](\w+)['"]\s*,\s*)?['"]?(\d{2,5})`),
		".go":  pattern.New(`(?:ListenAndServe\w*|\.Run|\.Start|\.Listen)\(\s*()"[^":]*:(\d{2,5})"`),
		".rb":  pattern.New(`set\s+:port,\s*(?:ENV\[['"](\w+)['"]\]\s*\|\|\s*)?(\d{2,5})`),
		".php": pattern.New(`()(?:localhost|127\.0\.0\.1|0\.0\.0\.0):(\d{2,5})`),
	}
	otherLoads = map[string]*pattern.Pattern{
		".py":  pattern.New(`\bload_dotenv\(\s*(?:dotenv_path\s*=\s*)?([^)]*)`),
		".go":  pattern.New(`godotenv\.(?:Load|Overload)\(([^)]*)\)|godotenv/autoload()`),
		".rb":  pattern.New(`(?:Dotenv\.load|require ['"]dotenv/load)()`),
		".php": pattern.New(`Dotenv::create\w*\(()`),
	}
	otherMarks = map[string]string{".py": "#", ".go": "//", ".rb": "#", ".php": "//"}
)

// otherProgram is what was found of a folder's backend in another language.
type otherProgram struct {
	code ServerCode
	ext  string
}

// readOtherLanguages reads Python, Go, Ruby and PHP backends as far as lines go.
func (p *project) readOtherLanguages() {
	programs := map[string]*otherProgram{}
	var dirs []string
	for i := range p.tree.files {
		f := &p.tree.files[i]
		ext := path.Ext(f.rel)
		if f.kind != kindCode || otherReads[ext] == nil || roleOfPath(f.rel) != RoleUnknown {
			continue
		}
		dir := dirOf(f.rel)
		o := programs[dir]
		if o == nil {
			o = &otherProgram{ext: ext, code: ServerCode{Dir: dir, Loader: "none", File: f.rel, Line: 1, JSONBody: true}}
			programs[dir] = o
			dirs = append(dirs, dir)
		}
		p.readOther(f, ext, o)
	}
	for _, dir := range dirs {
		o := programs[dir]
		if len(o.code.SecretRead) == 0 {
			continue
		}
		p.facts.Servers = append(p.facts.Servers, o.code)
		for _, e := range p.envs { // they read the .env beside them
			if e.role == RoleUnknown && (dirOf(e.rel) == dir || dirOf(e.rel) == "") {
				p.setEnvRole(e, RoleServer)
			}
		}
	}
}

func (p *project) setEnvRole(e *envSource, r Role) {
	e.role = r
	for i := range p.facts.EnvFiles {
		if p.facts.EnvFiles[i].File == e.rel {
			p.facts.EnvFiles[i].Role = r
		}
	}
	p.w.Update(func(f *Facts) {
		for i := range f.Values {
			if f.Values[i].File == e.rel {
				f.Values[i].Role = r
			}
		}
	})
}

func (p *project) readOther(f *foundFile, ext string, o *otherProgram) {
	streamish := strings.Contains(strings.ToLower(string(f.src)), "stream")
	n := 0
	for line := range strings.Lines(string(f.src)) {
		n++
		if len(line) > 4096 {
			continue
		}
		t := strings.TrimSpace(line)
		comment := strings.HasPrefix(t, otherMarks[ext]) || ext == ".php" && strings.HasPrefix(t, "#")
		v := Value{Kind: KindLiteral, Role: RoleServer, File: f.rel, Line: n, Comment: comment, Modified: f.mod}
		for _, g := range otherAssign.FindAllStringSubmatch(line, 10) {
			c := classifyName(g[1])
			if c.What == "" || c.Bare && (!streamish || !p.bareIsStreams(c.What, []byte(g[2]))) || strings.HasPrefix(g[2], "os.") {
				continue
			}
			v.What, v.Name = c.What, g[1]
			p.add(v, []byte(g[2]))
		}
		if comment {
			continue
		}
		for _, g := range otherReads[ext].FindAllStringSubmatch(line, 10) {
			c := classifyName(g[1])
			if c.What == "" || c.Bare && !streamish {
				continue
			}
			reads := []Read{{Name: g[1], Value: -1, File: f.rel, Line: n}}
			if g[2] != "" {
				v.What, v.Name, v.Kind = c.What, g[1], KindFallback
				reads = append(reads, Read{Value: p.add(v, []byte(g[2])), File: f.rel, Line: n})
			}
			switch c.What {
			case WhatSecret:
				if len(o.code.SecretRead) == 0 {
					o.code.SecretRead = reads
					o.code.File, o.code.Line = f.rel, n
				}
			case WhatKey:
				if len(o.code.KeyRead) == 0 {
					o.code.KeyRead = reads
				}
			}
		}
		if g := otherRoute[ext].FindStringSubmatch(line); g != nil && len(o.code.Routes) < 40 {
			o.code.Routes = append(o.code.Routes, otherRouteOf(g, f.rel, n))
		}
		if g := otherPort[ext].FindStringSubmatch(line); g != nil && len(o.code.Ports) < 8 {
			if port, err := strconv.Atoi(g[2]); err == nil && port > 0 && port < 65536 {
				o.code.Ports = append(o.code.Ports, Port{Port: port, Env: g[1], File: f.rel, Line: n})
			}
		}
		if g := otherLoads[ext].FindStringSubmatch(line); g != nil {
			switch ext {
			case ".py":
				o.code.Loader = string(envfile.PythonDotenv)
			case ".go":
				o.code.Loader = string(envfile.GoDotenv)
			default:
				o.code.Loader = "dotenv"
			}
			if arg := strings.Trim(strings.TrimSpace(g[1]), `"'`); arg != "" && isEnvName(path.Base(arg)) {
				o.code.LoaderPaths = append(o.code.LoaderPaths, arg)
			} else {
				o.code.LoaderPaths = append(o.code.LoaderPaths, "")
			}
		}
		low := strings.ToLower(line)
		if strings.Contains(low, "cors(") || strings.Contains(low, "access-control-allow-origin") || strings.Contains(low, "corsmiddleware") {
			o.code.CORS = true
		}
	}
}

func otherRouteOf(g []string, rel string, line int) Route {
	r := Route{Method: "ANY", Path: g[2], File: rel, Line: line}
	switch m := strings.ToUpper(g[1]); m {
	case "GET", "POST", "PUT":
		r.Method = m
	case "ROUTE":
		r.Method = "GET"
		if len(g) > 3 && strings.Contains(g[3], "POST") {
			r.Method = "POST"
		}
	}
	if m, p, ok := strings.Cut(r.Path, " "); ok { // Go 1.22: "POST /token"
		r.Method, r.Path = m, p
	}
	if !strings.HasPrefix(r.Path, "/") {
		r.Path = "/" + r.Path
	}
	return r
}
