package project

import (
	"context"
	"path"
	"strconv"
	"strings"

	"badsig/checks/facts"
	"badsig/checks/probe/envfile"
	"badsig/checks/probe/files"
	"badsig/checks/probe/names"
	"badsig/checks/probe/pattern"
)

// Rules of this file:
//   - other languages are read by lines and patterns: enough to know what they read and where they listen
//   - a folder is one program; a loader that somebody wrote by hand is a .env file that its source names
//   - what they sign with is never certain

var otherReads = map[string]*pattern.Worded{
	".py":  pattern.New(`(?:os\.environ(?:\.get)?|os\.getenv|getenv|environ(?:\.get)?|config|env(?:\.str)?)\s*[\[(]\s*['"]([A-Z][A-Z0-9_]+)['"]\s*(?:,\s*(?:default\s*=\s*)?['"]([^'"\n]*)['"])?`).With("secret", "key"),
	".go":  pattern.New(`(?:os\.Getenv|os\.LookupEnv|getEnv|GetEnv|getenv|viper\.GetString)\(\s*"([A-Za-z][A-Za-z0-9_]+)"(?:\s*,\s*"([^"\n]*)")?`).With("secret", "key"),
	".rb":  pattern.New(`ENV(?:\.fetch)?\s*[\[(]\s*['"]([A-Z][A-Z0-9_]+)['"](?:\s*,\s*['"]([^'"\n]*)['"])?`).With("secret", "key"),
	".php": pattern.New(`(?:getenv|env|\$_ENV\[|\$_SERVER\[)\s*\(?\s*['"]([A-Z][A-Z0-9_]+)['"](?:\s*,\s*['"]([^'"\n]*)['"])?`).With("secret", "key"),
}

var (
	otherAssign = pattern.New(`([A-Za-z_$][A-Za-z0-9_]*)\s*(?::=|=>|=|:)\s*['"`+"`"+`]([^'"`+"`"+`\n]{1,300})['"`+"`"+`]`).With("secret", "key")
	otherRoute  = map[string]*pattern.Worded{
		".py":  pattern.New(`@\w+\.(route|get|post|put|api_route)\(\s*['"](/[^'"]*)['"](?:.*methods\s*=\s*\[([^\]]*)\])?`).With("@"),
		".go":  pattern.New(`\.(HandleFunc|Handle|GET|POST|Get|Post|PUT|Any|All)\(\s*"((?:[A-Z]+ )?/[^"]*)"`).With("handle", ".get", ".post", ".put", ".any", ".all"),
		".rb":  pattern.New(`^\s*(get|post|put)\s+['"](/[^'"]*)['"]`).With("get", "post", "put"),
		".php": pattern.New(`(?:Route::|\$app->|\$router->)(get|post|put|any)\(\s*['"](/?[^'"]*)['"]`).With("get", "post", "put", "any"),
	}
	otherPort = map[string]*pattern.Worded{
		".py":  pattern.New(`(?:\bport\s*=\s*(?:int\()?(?:os\.(?:environ\.get|getenv)\(\s*['"](\w+)['"]\s*,\s*)?['"]?|Server\(\s*\(\s*['"][^'"]*['"]\s*,\s*)(\d{2,5})`).With("port", "server("),
		".go":  pattern.New(`(?:(?:ListenAndServe\w*|\.Run|\.Start|\.Listen)\(|Addr:)\s*()"[^":]*:(\d{2,5})"`).With("listen", ".run", ".start", "addr:"),
		".rb":  pattern.New(`set\s+:port,\s*(?:ENV\[['"](\w+)['"]\]\s*\|\|\s*)?(\d{2,5})`).With(":port"),
		".php": pattern.New(`()(?:localhost|127\.0\.0\.1|0\.0\.0\.0):(\d{2,5})`).With("localhost", "127.0.0.1", "0.0.0.0"),
	}
	otherLoads = map[string]*pattern.Worded{
		".py":  pattern.New(`\b(?:load_dotenv|dotenv_values|read_env)\(\s*(?:dotenv_path\s*=\s*)?(.*)`).With("dotenv", "read_env"),
		".go":  pattern.New(`godotenv\.(?:Load|Overload)\(([^)]*)\)|godotenv/autoload()`).With("godotenv"),
		".rb":  pattern.New(`(?:Dotenv\.load|require ['"]dotenv/load)()`).With("dotenv"),
		".php": pattern.New(`Dotenv::create\w*\(()`).With("dotenv::create"),
	}
	// otherPath compares a request's path by hand, as servers without a framework do.
	otherPath = map[string]*pattern.Worded{
		".py":  pattern.New(`\bpath\s*(?:==|!=)\s*['"](/[^'"\s]*)['"]`).With("path"),
		".go":  pattern.New(`\.URL\.Path\s*(?:==|!=)\s*"(/[^"\s]*)"`).With("path"),
		".rb":  pattern.New(`\bpath(?:_info)?\s*(?:==|!=)\s*['"](/[^'"\s]*)['"]`).With("path"),
		".php": pattern.New(`(?:REQUEST_URI['"]\]|\$(?:uri|path))\s*(?:===?|!==?)\s*['"](/[^'"\s]*)['"]`).With("request_uri", "$uri", "$path"),
	}
	otherMethod = pattern.New(`\bdef do_([A-Z]+)\(`).With("def do_")
	otherPrefix = pattern.New(`(?:APIRouter|Blueprint)\(.*prefix\s*=\s*['"](/[^'"]*)['"]`).With("prefix")
	otherEnv    = pattern.New(`['"` + "`" + `]([\w./\\-]*\.env(?:\.[\w-]+)*)['"` + "`" + `]`).With(".env")
	otherField  = pattern.New(`^\s+(\w+)\s*:\s*(?:str|SecretStr)\b`).With("secret", "key")
	otherEntry  = map[string]*pattern.Worded{
		".py":  pattern.New(`__name__\s*==|serve_forever\(|uvicorn\.run\(|\bapp\.run\(`).With("__name__", "serve_forever(", "uvicorn.run(", "app.run("),
		".go":  pattern.New(`^func main\(\)`).With("func main()"),
		".rb":  pattern.New(`sinatra|WEBrick|run!`).With("sinatra", "webrick", "run!"),
		".php": pattern.New(`REQUEST_URI`).With("request_uri"),
	}
	otherMarks = map[string]string{".py": "#", ".go": "//", ".rb": "#", ".php": "//"}
)

// otherProgram is what was found of a folder's backend in another language.
type otherProgram struct {
	code    facts.ServerCode
	ext     string
	fact    int          // index into Project.Servers
	loads   []otherLoad  // what a loader reads
	hand    []otherLoad  // what the source names besides: a loader written by hand reads it
	literal []facts.Read // a secret that stands in the code
}

// otherLoad is one .env file as the source names it; "" is the loader's own search.
type otherLoad struct{ name, file string }

// readOtherLanguages reads Python, Go, Ruby and PHP backends as far as lines go.
func (p *Reader) readOtherLanguages(ctx context.Context) {
	programs := map[string]*otherProgram{}
	var dirs []string
	for i := range p.Tree.Files {
		f := &p.Tree.Files[i]
		ext := path.Ext(f.Rel)
		if f.Kind != files.KindCode || otherReads[ext] == nil || files.RoleOfPath(f.Rel) != facts.RoleUnknown {
			continue
		}
		if ctx.Err() != nil {
			return
		}
		dir := files.DirOf(f.Rel)
		o := programs[dir]
		if o == nil {
			o = &otherProgram{ext: ext, code: facts.ServerCode{Dir: dir, Loader: "none", File: f.Rel, Line: 1, JSONBody: true}}
			programs[dir] = o
			dirs = append(dirs, dir)
		}
		p.readOther(f, ext, o)
	}
	for _, dir := range dirs {
		o := programs[dir]
		if len(o.code.SecretRead) == 0 && len(o.code.Ports)+len(o.code.Routes) > 0 {
			o.code.SecretRead = o.literal
			if len(o.literal) > 0 {
				o.code.File, o.code.Line = o.literal[0].File, o.literal[0].Line
			}
		}
		if len(o.code.SecretRead) == 0 {
			continue
		}
		if len(o.loads) == 0 && len(o.hand) > 0 {
			o.loads = o.hand
			if o.code.Loader == "none" {
				o.code.Loader = "by-hand"
			}
		}
		for _, l := range o.loads {
			o.code.LoaderPaths = append(o.code.LoaderPaths, l.name)
		}
		o.code.Start = p.otherStart(o)
		o.fact = len(p.facts.Servers)
		p.facts.Servers = append(p.facts.Servers, o.code)
		p.others = append(p.others, o)
		for _, e := range p.envs { // they read the .env beside them
			if e.role == facts.RoleUnknown && (files.DirOf(e.rel) == dir || files.DirOf(e.rel) == "") {
				p.setEnvRole(e, facts.RoleServer)
			}
		}
	}
}

func (p *Reader) setEnvRole(e *envSource, r facts.Role) {
	e.role = r
	for i := range p.facts.EnvFiles {
		if p.facts.EnvFiles[i].File == e.rel {
			p.facts.EnvFiles[i].Role = r
		}
	}
	p.w.Update(func(f *facts.Facts) {
		for i := range f.Values {
			if f.Values[i].File == e.rel {
				f.Values[i].Role = r
			}
		}
	})
}

// otherFileLine is a line of a source file in another language.
type otherFileLine struct {
	text, low string      // low: in small letters
	n         int         // counted from 1
	rel, ext  string      // of the file
	streamish bool        // the file speaks of Stream
	settings  bool        // the fields of its classes are variables (pydantic)
	value     facts.Value // a literal of this line, before it has a name
}

// readOther reads a file into its program. Method and prefix are those of the
// last function and router that a line began.
func (p *Reader) readOther(f *files.File, ext string, o *otherProgram) {
	l := otherFileLine{rel: f.Rel, ext: ext, streamish: strings.Contains(strings.ToLower(string(f.Src)), "stream"),
		settings: ext == ".py" && strings.Contains(string(f.Src), "BaseSettings")}
	if l.settings {
		o.code.Loader = string(envfile.PythonDotenv)
	}
	method, prefix := "ANY", ""
	for line := range strings.Lines(string(f.Src)) {
		l.n++
		if len(line) > 4096 {
			continue
		}
		l.text, l.low = line, strings.ToLower(line)
		t := strings.TrimSpace(line)
		comment := strings.HasPrefix(t, otherMarks[ext]) || ext == ".php" && strings.HasPrefix(t, "#")
		l.value = facts.Value{Kind: facts.KindLiteral, Role: facts.RoleServer, File: f.Rel, Line: l.n, Comment: comment, Modified: f.Modified}
		p.otherAssigned(&l, o)
		if comment {
			continue
		}
		p.otherArguments(line, l.low, l.value)
		p.otherVariables(&l, o)
		if g := otherPrefix.First(line, l.low); g != nil {
			prefix = g[1]
		}
		if g := otherMethod.First(line, l.low); g != nil {
			method = g[1]
		}
		o.listens(&l, method, prefix)
		if o.code.Entry == "" && otherEntry[ext].Holds(l.low) && otherEntry[ext].MatchString(t) {
			o.code.Entry = f.Rel
		}
		p.otherLoadsOf(line, l.low, f.Rel, ext, o)
		if strings.Contains(l.low, "cors(") || strings.Contains(l.low, "access-control-allow-origin") || strings.Contains(l.low, "corsmiddleware") {
			o.code.CORS = true
			if c := &o.code; c.CORSFile == "" && !strings.HasPrefix(l.low, "from ") && !strings.HasPrefix(l.low, "import ") {
				c.CORSFile, c.CORSLine = f.Rel, l.n
			}
		}
	}
}

// otherAssigned files the literals that a line gives to names of keys and secrets.
func (p *Reader) otherAssigned(l *otherFileLine, o *otherProgram) {
	for _, g := range otherAssign.All(l.text, l.low, 10) {
		c := names.Classify(g[1])
		if c.What == "" || c.Bare && (!l.streamish || !p.bareIsStreams(c.What, []byte(g[2]))) || strings.HasPrefix(g[2], "os.") {
			continue
		}
		v := l.value
		v.What, v.Name = c.What, g[1]
		id := p.add(v, []byte(g[2]))
		if c.What == facts.WhatSecret && !v.Comment && len(o.literal) == 0 {
			o.literal = []facts.Read{{Value: id, File: l.rel, Line: l.n}}
		}
	}
}

// otherVariables notes which variables of the environment a line reads, and
// files what it takes where they are not set.
func (p *Reader) otherVariables(l *otherFileLine, o *otherProgram) {
	found := otherReads[l.ext].All(l.text, l.low, 10)
	if g := otherField.First(l.text, l.low); l.settings && g != nil { // pydantic: the field is the variable
		found = append(found, []string{g[0], strings.ToUpper(g[1]), ""})
	}
	for _, g := range found {
		c := names.Classify(g[1])
		if c.What == "" || c.Bare && !l.streamish {
			continue
		}
		reads := []facts.Read{{Name: g[1], Value: -1, File: l.rel, Line: l.n}}
		if g[2] != "" {
			v := l.value
			v.What, v.Name, v.Kind = c.What, g[1], facts.KindFallback
			reads = append(reads, facts.Read{Value: p.add(v, []byte(g[2])), File: l.rel, Line: l.n})
		}
		switch c.What {
		case facts.WhatSecret:
			if len(o.code.SecretRead) == 0 {
				o.code.SecretRead = reads
				o.code.File, o.code.Line = l.rel, l.n
			}
		case facts.WhatKey:
			if len(o.code.KeyRead) == 0 {
				o.code.KeyRead = reads
			}
		}
	}
}

// listens notes the route and the port of a line.
func (o *otherProgram) listens(l *otherFileLine, method, prefix string) {
	if len(o.code.Routes) < 40 {
		if g := otherRoute[l.ext].First(l.text, l.low); g != nil {
			r := otherRouteOf(g, l.rel, l.n)
			r.Path = prefix + r.Path
			o.code.Routes = append(o.code.Routes, r)
		} else if g := otherPath[l.ext].First(l.text, l.low); g != nil {
			o.code.Routes = append(o.code.Routes, facts.Route{Method: method, Path: g[1], File: l.rel, Line: l.n})
		}
	}
	if g := otherPort[l.ext].First(l.text, l.low); g != nil && len(o.code.Ports) < 8 {
		if port, err := strconv.Atoi(g[2]); err == nil && port > 0 && port < 65536 {
			o.code.Ports = append(o.code.Ports, facts.Port{Port: port, Env: g[1], File: l.rel, Line: l.n})
		}
	}
}

func otherRouteOf(g []string, rel string, line int) facts.Route {
	r := facts.Route{Method: "ANY", Path: g[2], File: rel, Line: line}
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
