package langs

import (
	"path"
	"slices"
	"sort"
	"strconv"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/confread"
	"badsig/checks/probe/files"
	"badsig/checks/probe/langread/flow"
	"badsig/checks/probe/langread/syntax"
	"badsig/checks/probe/project/picture"
	"badsig/checks/probe/project/values"
	"badsig/checks/shell"
	"badsig/checks/tools"
)

// frame is a framework of the program's language that the program uses.
func frame(o *picture.OtherProgram) *tools.Tool {
	for i := range tools.All {
		f := &tools.All[i]
		if f.Lang == o.Lang && f.Kind != tools.Runtime && (uses(o, f.Name) || f.Name == o.Code.Framework) {
			return f
		}
	}
	return nil
}

// langPorts are the ports that a program's source, configuration and start
// commands name, then its framework's own.
func langPorts(p *picture.Reader, o *picture.OtherProgram) []facts.Port {
	var out []facts.Port
	add := func(x facts.Port) {
		if x.Port > 0 && len(out) < 8 && !affix.Any(out, func(y facts.Port) bool { return y.Port == x.Port && y.Env == x.Env }) {
			out = append(out, x)
		}
	}
	for _, x := range o.Prog.Ports {
		port := facts.Port{Port: x.Port, Env: x.Env, File: x.File, Line: x.Line}
		if x.Env != "" { // what its .env says
			for _, f := range o.Files {
				e := values.Env(p, f.Rel)
				if e == nil {
					continue
				}
				if v, ok := e.Get(x.Env); ok {
					t := string(v)
					if i := strings.LastIndexByte(t, ':'); i >= 0 {
						t = t[i+1:]
					}
					if n, err := strconv.Atoi(strings.TrimSpace(t)); err == nil {
						add(facts.Port{Port: n, Env: x.Env, File: f.Rel, Line: lineOfVariable(e, x.Env)})
						port.Port = 0
					}
				}
			}
		}
		add(port)
	}
	fr := frame(o)
	if fr != nil && fr.PortSetting != "" {
		for _, list := range properties(p, o, fr.PortSetting) {
			add(list)
		}
	}
	for _, x := range commandPorts(p, o) {
		add(x)
	}
	for _, x := range launchPorts(p, o) {
		add(x)
	}
	if fr != nil && fr.PortEnv != "" {
		for _, f := range append(slices.Clone(o.Files), picture.LangFile{Rel: path.Join(o.Root, ".flaskenv")}) {
			if e := values.Env(p, f.Rel); e != nil {
				if v, ok := e.Get(fr.PortEnv); ok && fr.PortEnv != "PORT" {
					if n, err := strconv.Atoi(string(v)); err == nil {
						out = append([]facts.Port{{Port: n, Env: fr.PortEnv, File: f.Rel, Line: lineOfVariable(e, fr.PortEnv)}}, out...)
					}
				}
			}
		}
	}
	if len(out) == 0 && fr != nil {
		add(facts.Port{Port: fr.Port, Env: fr.PortEnv, Default: true})
	}
	return out
}

func lineOfVariable(e *picture.EnvSource, name string) int {
	for _, l := range slices.Backward(e.Lines) {
		if l.Name == name && !l.Commented {
			return l.Line
		}
	}
	return 0
}

func properties(p *picture.Reader, o *picture.OtherProgram, key string) []facts.Port {
	var out []facts.Port
	list, _ := o.Conf.Property("", key)
	env := ""
	for _, s := range list {
		switch s.Kind {
		case flow.FromEnv:
			env = s.Name
		case flow.FromLiteral:
			if n, err := strconv.Atoi(strings.TrimSpace(s.Text)); err == nil && len(s.Links) > 0 {
				out = append(out, facts.Port{Port: n, Env: env, File: s.Links[0].File, Line: s.Links[0].Line})
			}
		}
	}
	return out
}

// commandPorts are the ports of the commands that Procfiles, scripts and
// Makefiles start the program with.
func commandPorts(p *picture.Reader, o *picture.OtherProgram) []facts.Port {
	var out []facts.Port
	for _, f := range p.Tree.Files {
		if f.Kind != files.KindProcfile || !UnderDir(o.Root, files.DirOf(f.Rel)) && files.DirOf(f.Rel) != "" {
			continue
		}
		n := 0
		for line := range strings.Lines(string(f.Src)) {
			n++
			t := strings.TrimSpace(line)
			if affix.HasPrefix(t, "#") || !runsHere(o.Lang, t) {
				continue
			}
			if port := portOfWords(strings.Fields(t)); port > 0 {
				out = append(out, facts.Port{Port: port, File: f.Rel, Line: n})
			}
		}
	}
	return out
}

// runsHere reports whether a command line starts programs of a language.
func runsHere(lang, line string) bool {
	for _, w := range tools.RuntimesOf(lang) {
		if affix.Contains(line, w) {
			return true
		}
	}
	return false
}

// portOfWords reads --port 9000, -p 9000, -b :9000, runserver 0.0.0.0:9000, -S localhost:9000.
func portOfWords(words []string) int {
	number := func(s string) int {
		if i := strings.LastIndexByte(s, ':'); i >= 0 {
			s = s[i+1:]
		}
		if n, err := strconv.Atoi(strings.Trim(s, `"'`)); err == nil && n > 0 && n < 65536 {
			return n
		}
		return 0
	}
	for i, w := range words {
		name, value, has := affix.Cut(w, "=")
		switch name {
		case "--port", "-p", "-b", "--bind", "-S", "runserver", "--urls", "server.port", "--server.port", "-Dserver.port":
			if !has && i+1 < len(words) {
				value = words[i+1]
			}
			if n := number(value); n > 0 {
				return n
			}
		}
	}
	return 0
}

// launchPorts are those of .NET's launchSettings.json.
func launchPorts(p *picture.Reader, o *picture.OtherProgram) []facts.Port {
	if o.Lang != syntax.CSharp {
		return nil
	}
	var out []facts.Port
	for _, f := range p.Tree.Files {
		if affix.Base(f.Rel) != "launchSettings.json" || !UnderDir(o.Root, files.DirOf(f.Rel)) && o.Root != "" {
			continue
		}
		list, _ := confread.JSON(f.Src)
		for _, e := range list {
			if e.Name() != "applicationUrl" || affix.Contains(e.Path(), "iis") {
				continue
			}
			urls := strings.Split(e.Value, ";")
			sort.SliceStable(urls, func(i, j int) bool { // http before https
				return strings.Count(urls[i], "https") < strings.Count(urls[j], "https")
			})
			for _, u := range urls {
				if n := portOfURL(u); n > 0 && affix.HasPrefix(u, "http://") {
					out = append(out, facts.Port{Port: n, File: f.Rel, Line: e.Line})
				}
			}
		}
	}
	return out
}

func portOfURL(u string) int {
	i := strings.LastIndexByte(u, ':')
	if i < 0 {
		return 0
	}
	n, _ := strconv.Atoi(strings.TrimRight(u[i+1:], "/"))
	return n
}

// langStart is the command that starts a program, typed in its folder.
func langStart(p *picture.Reader, o *picture.OtherProgram) string {
	has := func(name string) bool { return p.Files[path.Join(o.Root, name)] != nil }
	local := func(rel string) string {
		if r, ok := affix.CutPrefix(rel, o.Code.Dir+"/"); ok && o.Code.Dir != "" {
			return r
		}
		return rel
	}
	entry := local(o.Code.Entry)
	switch o.Lang {
	case syntax.Python:
		switch {
		case has("manage.py"):
			return "python3 manage.py runserver"
		case o.Code.Entry != "":
			return shell.Words([]string{"python3", entry})
		}
		return asgiStart(p, o, local)
	case syntax.Go:
		if o.Code.Entry == "" {
			return ""
		}
		if d := path.Dir(entry); d != "." {
			return shell.Words([]string{"go", "run", "./" + d})
		}
		return "go run ."
	case syntax.PHP:
		switch {
		case has("artisan"):
			return "php artisan serve"
		case uses(o, "symfony"):
			return "symfony server:start"
		}
	case syntax.Ruby:
		switch {
		case uses(o, "rails"):
			return "bin/rails server"
		case has("config.ru"):
			return "bundle exec rackup"
		}
		if f := o.Code.File; f != "" && uses(o, "sinatra") {
			return shell.Words([]string{"ruby", local(f)})
		}
		if entry != "" {
			return shell.Words([]string{"ruby", entry})
		}
	case syntax.Java, syntax.Kotlin:
		task := "run"
		if uses(o, "spring") {
			task = "bootRun"
		}
		switch {
		case has("mvnw"):
			return "./mvnw spring-boot:run"
		case has("gradlew"):
			return "./gradlew " + task
		case has("pom.xml"):
			return "mvn spring-boot:run"
		case has("build.gradle") || has("build.gradle.kts"):
			return "gradle " + task
		}
	case syntax.CSharp:
		return "dotnet run"
	}
	return ""
}

// asgiStart is uvicorn's or Flask's command for an app that a module holds.
func asgiStart(p *picture.Reader, o *picture.OtherProgram, local func(string) string) string {
	for _, m := range o.Prog.Apps {
		module := affix.ReplaceAll(affix.TrimSuffix(local(m.File), ".py"), "/", ".")
		module = affix.TrimSuffix(module, ".__init__")
		switch m.Name {
		case "FastAPI", "Starlette":
			return shell.Words([]string{"uvicorn", module + ":" + m.Text, "--reload"})
		case "Flask":
			if module == "app" || module == "wsgi" {
				return "flask run"
			}
			return shell.Words([]string{"flask", "--app", module, "run"})
		}
	}
	return ""
}
