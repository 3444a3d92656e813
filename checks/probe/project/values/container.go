package values

import (
	"bytes"
	"path"
	"strconv"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/confread"
	"badsig/checks/probe/envfile"
	"badsig/checks/probe/files"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/project/picture"
	"badsig/checks/probe/project/starts"
	"badsig/checks/shell"
)

// readContainers reads the services of Compose files, and the commands that
// start containers with --env-file.
func readContainers(p *picture.Reader) {
	var cluster kube
	for i := range p.Tree.Files {
		f := &p.Tree.Files[i]
		base := affix.Base(f.Rel)
		switch {
		case f.Kind == files.KindYAML && (affix.HasPrefix(base, "docker-compose") || affix.HasPrefix(base, "compose")):
			readCompose(p, f)
		case f.Kind == files.KindImage:
			readImage(p, f)
		case base == "wrangler.toml" || base == "wrangler.json" || base == "wrangler.jsonc":
			readWorker(p, f)
		case f.Kind == files.KindYAML:
			addKube(&cluster, f)
		case f.Kind == files.KindProcfile:
			n := 0
			for line := range strings.Lines(string(f.Src)) {
				n++
				dockerRun(p, line, f.Rel, files.DirOf(f.Rel))
			}
		}
	}
	cluster.settle(p)
	readManaged(p)
	for _, k := range starts.SortedPkgs(p) {
		for _, s := range k.Scripts {
			dockerRun(p, s.Command, k.FileName(), k.Dir)
		}
	}
}

// service is one service of a Compose file.
type service struct {
	build string
	built bool
	files []string
	env   []confread.Entry
}

func readCompose(p *picture.Reader, f *files.File) {
	entries, err := confread.YAML(f.Src)
	if err != nil {
		return
	}
	services := map[string]*service{}
	var order []string
	for _, e := range entries {
		if len(e.Keys) < 3 || e.Keys[0] != "services" {
			continue
		}
		s := services[e.Keys[1]]
		if s == nil {
			s = &service{}
			services[e.Keys[1]] = s
			order = append(order, e.Keys[1])
		}
		switch e.Keys[2] {
		case "build":
			if len(e.Keys) == 3 || e.Keys[3] == "context" {
				s.build, s.built = e.Value, true
			}
		case "env_file":
			if e.Name() != "required" && e.Name() != "format" {
				s.files = append(s.files, e.Value)
			}
		case "environment":
			s.env = append(s.env, e)
		}
	}
	readPublished(p, f, entries)
	vars := composeVariables(p, f)
	for _, name := range order {
		s := services[name]
		if !s.built && len(s.files)+len(s.env) == 0 {
			continue
		}
		c := picture.Container{Dir: CleanDir(path.Join(files.DirOf(f.Rel), s.build)), File: f.Rel, Names: map[string]bool{}, Values: map[string]int{}}
		for _, file := range s.files {
			containerFile(p, &c, path.Join(files.DirOf(f.Rel), file), envfile.Compose)
		}
		for _, e := range s.env {
			containerVariable(p, &c, e, vars, f)
		}
		p.Containers = append(p.Containers, c)
	}
}

// readPublished files the ports that Compose maps: "8080:3001", or published and target.
func readPublished(p *picture.Reader, f *files.File, entries []confread.Entry) {
	for i, e := range entries {
		switch {
		case len(e.Keys) > 0 && (e.Keys[0] == "include" || len(e.Keys) > 2 && e.Keys[2] == "extends"):
			p.Facts.Composed = true
		case len(e.Keys) < 4 || e.Keys[0] != "services" || e.Keys[2] != "ports":
		case len(e.Keys) == 4:
			parts := strings.Split(affix.TrimSuffix(e.Value, "/tcp"), ":")
			if len(parts) == 1 {
				p.Facts.Composed = true // a port that Docker chooses
				continue
			}
			publish(p, f, parts[len(parts)-2], parts[len(parts)-1], e.Line)
		case e.Keys[4] == "published":
			target := ""
			for _, x := range entries[max(0, i-6):min(len(entries), i+6)] {
				if x.Name() == "target" && len(x.Keys) == 5 && x.Keys[1] == e.Keys[1] && x.Keys[3] == e.Keys[3] {
					target = x.Value
				}
			}
			publish(p, f, e.Value, target, e.Line)
		}
	}
}

func publish(p *picture.Reader, f *files.File, from, to string, line int) {
	host, err1 := strconv.Atoi(from)
	target, err2 := strconv.Atoi(to)
	if p.Facts.Composed = p.Facts.Composed || err1 != nil || err2 != nil || len(p.Facts.Published) > 50; !p.Facts.Composed {
		p.Facts.Published = append(p.Facts.Published, facts.Published{Port: host, Target: target, File: f.Rel, Line: line})
	}
}

// composeVariables is the .env beside a Compose file, from which it fills ${NAME}.
func composeVariables(p *picture.Reader, f *files.File) *files.File {
	if e := p.Files[path.Join(files.DirOf(f.Rel), ".env")]; e != nil && e.Kind == files.KindEnv {
		return e
	}
	return nil
}

// containerVariable files one variable of environment:, whose value may be
// taken from the .env beside the Compose file.
func containerVariable(p *picture.Reader, c *picture.Container, e confread.Entry, vars *files.File, f *files.File) {
	name, value := e.Name(), e.Value
	if modules.IsDigits(name) {
		var ok bool
		if name, value, ok = affix.Cut(value, "="); !ok {
			value = "${" + name + "}" // the shell's, or the .env's
		}
	}
	if !shell.IsVariable(name) {
		return
	}
	c.Names[name] = true
	from, must := reference(value)
	if must && from == name && vars == nil {
		c.Lacks = append(c.Lacks, name) // only a shell may have it
	}
	if from != "" && vars != nil {
		c.Takes = append(c.Takes, from)
		set := facts.Place{File: f.Rel, Line: e.Line}
		if !containerName(p, c, vars, from, name, set, envfile.Compose) && must && from == name {
			c.Lacks = append(c.Lacks, name)
			c.Vars = vars.Rel
		}
		return
	}
	v := facts.Value{Role: configRole(p, f.Rel), File: f.Rel, Line: e.Line, Modified: f.Modified}
	if f.Kind == files.KindImage && e.Doc != e.Line { // an ARG's default
		v.SetFile, v.SetLine = f.Rel, e.Doc
	}
	if k := ClassOf(p, name); value == "" && k.What == facts.WhatSecret && !k.Bare { // set to nothing, which counts
		v.What, v.Name, v.Kind = k.What, name, facts.KindConfig
		c.Values[name] = p.Add(v, nil)
		return
	}
	if id := FileConfig(p, name, value, v); id >= 0 {
		c.Values[name] = id
	}
}

// reference is the variable that a value of Compose names, "" for none; must tells that it has no default.
func reference(value string) (name string, must bool) {
	inner, ok := affix.CutPrefix(value, "$")
	if !ok {
		return "", false
	}
	if braced, is := affix.CutPrefix(inner, "{"); is {
		if inner, ok = strings.CutSuffix(braced, "}"); !ok {
			return "", false
		}
	}
	i := strings.IndexAny(inner, ":-+?")
	if i < 0 {
		i = len(inner)
	}
	rest := affix.TrimPrefix(inner[i:], ":")
	if name = inner[:i]; !shell.IsVariable(name) {
		return "", false
	}
	return name, rest == "" || rest[0] == '?'
}

// containerFile files what a container gets of a .env file.
func containerFile(p *picture.Reader, c *picture.Container, rel string, d envfile.Dialect) {
	f := p.Files[path.Clean(rel)]
	if f == nil || f.Kind != files.KindEnv {
		return
	}
	for _, l := range envfile.Read(f.Src, d, map[string]string{}).Lines {
		if !l.Commented {
			containerName(p, c, f, l.Name, l.Name, facts.Place{}, d)
		}
	}
}

// containerName files one variable of a .env file, as a container gets it. Where
// the file's own reader gives the same bytes, it is that value. A name that the container alone has is set in set.
func containerName(p *picture.Reader, c *picture.Container, f *files.File, from, name string, set facts.Place, d envfile.Dialect) bool {
	read := envfile.Read(f.Src, d, map[string]string{})
	value, ok := read.Get(from)
	if !ok {
		return false
	}
	if e := Env(p, f.Rel); e != nil && from == name {
		if own, ok := e.Get(from); ok && bytes.Equal(own, value) {
			if id, ok := e.Values[from]; ok {
				c.Values[name] = id
			}
			return true
		}
	}
	line := 0
	for _, l := range read.Lines {
		if l.Name == from && !l.Commented {
			line = l.Line
		}
	}
	k := ClassOf(p, from)
	if k.What == "" || k.Bare && !BareIsStreams(p, k.What, value) {
		return true
	}
	if from == name {
		set = facts.Place{}
	}
	v := facts.Value{What: k.What, Name: name, SetFile: set.File, SetLine: set.Line, Kind: facts.KindConfig, Role: facts.RoleServer, File: f.Rel, Line: line, Modified: f.Modified, Public: k.Prefix != "",
		Fate: facts.Contained, Why: "not loaded: only a container that " + c.File + " starts gets it like this"}
	c.Values[name] = p.Add(v, value)
	return true
}

// dockerRun reads docker run --env-file FILE of a script.
func dockerRun(p *picture.Reader, line, file, dir string) {
	if !affix.Contains(line, "--env-file") || !affix.Contains(line, "docker") && !affix.Contains(line, "podman") || affix.HasPrefix(strings.TrimSpace(line), "#") || len(line) > 8192 {
		return
	}
	words := strings.Fields(line)
	for i, w := range words {
		if w != "docker" && w != "podman" || i+1 >= len(words) || words[i+1] != "run" && words[i+1] != "create" {
			continue
		}
		c := picture.Container{Dir: dir, File: file, Values: map[string]int{}}
		for _, name := range envFilesOf(words[i:]) {
			containerFile(p, &c, path.Join(dir, strings.Trim(name, `"'`)), envfile.Docker)
		}
		p.Containers = append(p.Containers, c)
	}
}
