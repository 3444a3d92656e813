package values

import (
	"path"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/probe/confread"
	"badsig/checks/probe/files"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/project/picture"
	"badsig/checks/probe/project/starts"
	"badsig/checks/shell"
)

// Rules of this file, about what else starts a program with variables of its own:
//   - an image has what ENV sets in its last stage, and in those that it is made FROM; ARG's default may be part of it
//   - a worker has the vars of its configuration, a program of PM2's the env of its entry
//   - an ARG without a default, and what refers to anything else, is set when it is built or started: a name without a value

// readImage reads a Dockerfile.
func readImage(p *picture.Reader, f *files.File) {
	stages := map[string]map[string]confread.Entry{}
	var env, args map[string]confread.Entry
	n, from, joined := 0, 0, ""
	for line := range strings.Lines(string(f.Src)) {
		n++
		t := strings.TrimSpace(line)
		if affix.HasPrefix(t, "#") || len(joined) > 8192 {
			continue
		}
		if joined == "" {
			from = n
		}
		rest, more := strings.CutSuffix(t, `\`)
		if joined += rest + " "; more {
			continue
		}
		words := starts.Words(joined)
		joined = ""
		if len(words) < 2 {
			continue
		}
		switch strings.ToUpper(words[0]) {
		case "FROM":
			env, args = map[string]confread.Entry{}, map[string]confread.Entry{}
			for name, e := range stages[words[1]] {
				env[name] = e
			}
			if len(words) > 3 {
				stages[words[3]] = env
			}
		case "ENV", "ARG":
			if _, _, ok := affix.Cut(words[1], "="); !ok && len(words) > 2 && env != nil {
				words = []string{words[0], words[1] + "=" + strings.Join(words[2:], " ")}
			}
			for _, w := range words[1:] {
				name, value, _ := affix.Cut(w, "=")
				line := imageLine(f.Src, from, n, name)
				e := confread.Entry{Keys: []string{name}, Value: value, Line: line, Doc: line}
				if ref := strings.Trim(value, "${}"); affix.HasPrefix(value, "$") {
					if ref, _, _ = affix.Cut(ref, ":"); args[ref].Value != "" {
						e.Value, e.Line = args[ref].Value, args[ref].Line
					}
				}
				if words[0][0]|32 == 'e' && env != nil {
					env[name] = e
				} else if args != nil {
					args[name] = e
				}
			}
		}
	}
	c := picture.Container{Dir: files.DirOf(f.Rel), File: f.Rel, Names: map[string]bool{}, Values: map[string]int{}}
	for _, e := range env {
		containerVariable(p, &c, e, nil, f)
	}
	addContainer(p, c)
}

// imageLine is the line of an instruction on which a name is.
func imageLine(src []byte, from, to int, name string) int {
	n := 0
	for line := range strings.Lines(string(src)) {
		if n++; n >= from && n <= to && affix.Contains(line, name+"=") {
			return n
		}
	}
	return from
}

// addContainer keeps a container that sets anything.
func addContainer(p *picture.Reader, c picture.Container) {
	if len(c.Names) > 0 {
		p.Containers = append(p.Containers, c)
	}
}

// readWorker reads the vars of wrangler's configuration.
func readWorker(p *picture.Reader, f *files.File) {
	entries, err := confread.Read(affix.TrimSuffix(f.Rel, "c"), f.Src)
	if err != nil {
		return
	}
	c := picture.Container{Dir: files.DirOf(f.Rel), Frame: "workers", File: f.Rel, Names: map[string]bool{}, Values: map[string]int{}}
	for _, e := range entries {
		if len(e.Keys) == 2 && e.Keys[0] == "vars" {
			containerVariable(p, &c, e, nil, f)
		}
	}
	addContainer(p, c)
}

// readManaged reads the programs that a PM2 file of JavaScript starts: { script, cwd, env }.
func readManaged(p *picture.Reader) {
	for _, m := range p.SortedMods() {
		if base := affix.Base(m.Rel); !affix.HasPrefix(base, "ecosystem.") && !affix.HasPrefix(base, "pm2.") {
			continue
		}
		f := p.Files[m.Rel]
		d := m.Exports["default"]
		for i, key := range d.Keys() {
			if key != "apps" || f == nil {
				continue
			}
			apps := []jsread.Expr{d.Parts[i]}
			if d.Parts[i].Kind == jsread.Array {
				apps = d.Parts[i].Parts
			}
			for _, app := range apps {
				managed(p, m, f, app)
			}
		}
	}
}

func managed(p *picture.Reader, m *modules.Module, f *files.File, app jsread.Expr) {
	c := picture.Container{Dir: files.DirOf(f.Rel), File: f.Rel, Names: map[string]bool{}, Values: map[string]int{}}
	cwd, script := "", ""
	for i, key := range app.Keys() {
		x := app.Parts[i]
		switch {
		case key == "cwd" && x.Kind == jsread.Literal:
			cwd = x.Text
		case key == "script" && x.Kind == jsread.Literal:
			script = x.Text
		case key == "env" && x.Kind == jsread.Object:
			for j, name := range x.Keys() {
				if v := x.Parts[j]; v.Kind == jsread.Literal && shell.IsVariable(name) {
					containerVariable(p, &c, confread.Entry{Keys: []string{name}, Value: v.Text, Line: v.Line}, nil, f)
				} else {
					c.Names[name] = true
				}
			}
		}
	}
	if script != "" {
		if k := p.PkgOf(starts.EntryFile(p, path.Join(c.Dir, cwd, script))); k != nil {
			c.Dir = k.Dir
		}
	}
	addContainer(p, c)
}
