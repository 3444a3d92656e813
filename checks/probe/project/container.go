package project

import (
	"bytes"
	"path"
	"strings"

	"badsig/checks/facts"
	"badsig/checks/probe/confread"
	"badsig/checks/probe/envfile"
	"badsig/checks/probe/files"
	"badsig/checks/probe/modules"
	"badsig/checks/shell"
)

// Rules of this file:
//   - what a container gets is told by who starts it: Compose and docker run read .env files in their own ways, and no loader in it does
//   - it is what the server's process has only where a container is what listens

// container is how Compose or docker run starts a program of the project.
type container struct {
	dir    string         // the folder of the program that it is built of, relative
	file   string         // what says so
	values map[string]int // name → Value.ID
}

// readContainers reads the services of Compose files, and the commands that
// start containers with --env-file.
func (p *Reader) readContainers() {
	for i := range p.Tree.Files {
		f := &p.Tree.Files[i]
		base := path.Base(f.Rel)
		switch {
		case f.Kind == files.KindYAML && (strings.HasPrefix(base, "docker-compose") || strings.HasPrefix(base, "compose")):
			p.readCompose(f)
		case f.Kind == files.KindProcfile:
			n := 0
			for line := range strings.Lines(string(f.Src)) {
				n++
				p.dockerRun(line, f.Rel, files.DirOf(f.Rel))
			}
		}
	}
	for _, k := range p.sortedPkgs() {
		for _, s := range k.Scripts {
			p.dockerRun(s.Command, k.FileName(), k.Dir)
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

func (p *Reader) readCompose(f *files.File) {
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
	vars := p.composeVariables(f)
	for _, name := range order {
		s := services[name]
		if !s.built && len(s.files)+len(s.env) == 0 {
			continue
		}
		c := container{dir: cleanDir(path.Join(files.DirOf(f.Rel), s.build)), file: f.Rel, values: map[string]int{}}
		for _, file := range s.files {
			p.containerFile(&c, path.Join(files.DirOf(f.Rel), file), envfile.Compose)
		}
		for _, e := range s.env {
			p.containerVariable(&c, e, vars, f)
		}
		p.containers = append(p.containers, c)
	}
}

// composeVariables is the .env beside a Compose file, from which it fills ${NAME}.
func (p *Reader) composeVariables(f *files.File) *files.File {
	if e := p.Files[path.Join(files.DirOf(f.Rel), ".env")]; e != nil && e.Kind == files.KindEnv {
		return e
	}
	return nil
}

// containerVariable files one variable of environment:, whose value may be
// taken from the .env beside the Compose file.
func (p *Reader) containerVariable(c *container, e confread.Entry, vars *files.File, f *files.File) {
	name, value := e.Name(), e.Value
	if modules.IsDigits(name) {
		var ok bool
		if name, value, ok = strings.Cut(value, "="); !ok {
			value = "${" + name + "}" // the shell's, or the .env's
		}
	}
	if !shell.IsVariable(name) {
		return
	}
	if inner, ok := strings.CutPrefix(value, "${"); ok && strings.HasSuffix(inner, "}") && vars != nil {
		from := strings.TrimSuffix(inner, "}")
		if i := strings.IndexAny(from, ":-?"); i >= 0 {
			from = from[:i]
		}
		p.containerName(c, vars, from, name, envfile.Compose)
		return
	}
	if id := p.fileConfig(name, value, facts.Value{Role: p.configRole(f.Rel), File: f.Rel, Line: e.Line, Modified: f.Modified}); id >= 0 {
		c.values[name] = id
	}
}

// containerFile files what a container gets of a .env file.
func (p *Reader) containerFile(c *container, rel string, d envfile.Dialect) {
	f := p.Files[path.Clean(rel)]
	if f == nil || f.Kind != files.KindEnv {
		return
	}
	for _, l := range envfile.Read(f.Src, d, map[string]string{}).Lines {
		if !l.Commented {
			p.containerName(c, f, l.Name, l.Name, d)
		}
	}
}

// containerName files one variable of a .env file, as a container gets it. Where
// the file's own reader gives the same bytes, it is that value.
func (p *Reader) containerName(c *container, f *files.File, from, name string, d envfile.Dialect) {
	read := envfile.Read(f.Src, d, map[string]string{})
	value, ok := read.Get(from)
	if !ok {
		return
	}
	if e := p.env(f.Rel); e != nil {
		if own, ok := e.Get(from); ok && bytes.Equal(own, value) {
			if id, ok := e.values[from]; ok {
				c.values[name] = id
			}
			return
		}
	}
	line := 0
	for _, l := range read.Lines {
		if l.Name == from && !l.Commented {
			line = l.Line
		}
	}
	k := p.classOf(from)
	if k.What == "" || k.Bare && !p.bareIsStreams(k.What, value) {
		return
	}
	v := facts.Value{What: k.What, Name: from, Kind: facts.KindConfig, Role: facts.RoleServer, File: f.Rel, Line: line, Modified: f.Modified, Public: k.Prefix != "",
		Why: "not loaded: only a container that " + c.file + " starts gets it like this"}
	c.values[name] = p.add(v, value)
}

// dockerRun reads docker run --env-file FILE of a script.
func (p *Reader) dockerRun(line, file, dir string) {
	if !strings.Contains(line, "--env-file") || !strings.Contains(line, "docker") && !strings.Contains(line, "podman") || strings.HasPrefix(strings.TrimSpace(line), "#") || len(line) > 8192 {
		return
	}
	words := strings.Fields(line)
	for i, w := range words {
		if w != "docker" && w != "podman" || i+1 >= len(words) || words[i+1] != "run" && words[i+1] != "create" {
			continue
		}
		c := container{dir: dir, file: file, values: map[string]int{}}
		for _, name := range envFilesOf(words[i:]) {
			p.containerFile(&c, path.Join(dir, strings.Trim(name, `"'`)), envfile.Docker)
		}
		p.containers = append(p.containers, c)
	}
}

// inContainer reports whether what listens is the end of a container's port.
func inContainer(l *facts.Listener) bool {
	if l == nil {
		return false
	}
	switch name := l.Program(); name {
	case "docker-proxy", "rootlesskit", "rootlessport", "com.docker.backend", "com.docker.backend.exe", "conmon", "slirp4netns", "pasta", "gvproxy", "vpnkit", "wslrelay", "wslrelay.exe", "limactl", "colima":
		return true
	}
	return false
}

// containerValue gives a variable of the container that runs a program; ok is
// false where none was found, or several disagree.
func (p *Reader) containerValue(f *facts.Facts, dir, name string) (id int, ok bool) {
	id = -1
	for _, c := range p.containers {
		v, has := c.values[name]
		if !has || c.dir != dir && c.dir != "" && !underDir(c.dir, dir) {
			continue
		}
		if id >= 0 && id != v {
			return -1, false
		}
		id = v
	}
	if id >= 0 && strings.HasPrefix(f.Values[id].Why, "not loaded: only a container") {
		f.Values[id].Why = ""
	}
	return id, id >= 0
}
