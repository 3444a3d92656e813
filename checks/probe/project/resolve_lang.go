package project

import (
	"cmp"
	"path"
	"slices"
	"strings"

	"badsig/checks/facts"
	"badsig/checks/probe/files"
	"badsig/checks/shell"
)

// Rules of this file:
//   - a backend in another language is resolved as far as its source and its listener tell; what it signs with is never certain
//   - a Node program of the project is passed over for it only where the listener says so, or the port and the route

// chooseOther tells which of the project's backends in other languages the
// endpoint is; nil where it is none of them.
func (p *Reader) chooseOther(f *facts.Facts, l *facts.Listener) *otherProgram {
	var best *otherProgram
	score, named := -1, false
	for i, o := range p.others {
		n, fits := len(p.others)-i, false
		if l != nil && l.Inside && cleanDir(l.Dir) == o.code.Dir {
			n += 30
		}
		if l != nil && p.runsEntry(l, o.code.Entry) {
			n += 100
		}
		if hasPort(o.code.Ports, f) {
			n, fits = n+20, true
		}
		for _, r := range o.code.Routes {
			if strings.HasSuffix(f.Target.URL, r.Path) && len(r.Path) > 1 {
				n += 20
				break
			}
		}
		if n > score {
			best, score, named = o, n, fits
		}
	}
	switch {
	case best == nil, len(p.servers) == 0:
		return best
	case l != nil && l.Inside:
		if facts.RunsLanguage(l, best.ext) {
			return best
		}
		return nil
	case named && !slices.ContainsFunc(f.Project.Servers[:len(p.servers)], func(c facts.ServerCode) bool { return hasPort(c.Ports, f) }):
		return best
	}
	return nil
}

// otherServer resolves a backend that is not Node's, as far as its .env goes.
func (p *Reader) otherServer(f *facts.Facts, out *facts.Server, l *facts.Listener, o *otherProgram) {
	out.Code, out.Dir = o.fact, o.code.Dir
	if l != nil && l.Inside {
		out.Dir = cleanDir(l.Dir)
	}
	out.Command = o.code.Start
	if l != nil && l.Inside && len(l.Command) > 0 && o.ext != ".go" && facts.RunsLanguage(l, o.ext) {
		out.Command = shell.Words(append([]string{path.Base(strings.ReplaceAll(l.Command[0], `\`, "/"))}, l.Command[1:]...))
	}
	out.Command = shell.ShellIn(out.Dir, out.Command)
	files := p.otherFiles(o, out)
	find := func(reads []facts.Read) (int, string) {
		reads = streamsFirst(reads)
		for _, r := range reads {
			if r.Name == "" {
				return r.Value, ""
			}
			if l != nil {
				for i, v := range f.Values {
					if v.Kind == facts.KindProcess && v.PID == l.PID && v.Name == r.Name {
						return i, r.Name
					}
				}
			}
			for _, e := range files {
				if id, ok := e.values[r.Name]; ok {
					f.Values[id].Read = true
					return id, r.Name
				}
			}
		}
		if len(reads) > 0 {
			return -1, reads[0].Name
		}
		return -1, ""
	}
	out.Secret, out.SecretName = find(o.code.SecretRead)
	out.Key, out.KeyName = find(o.code.KeyRead)
	if out.Secret < 0 {
		return
	}
	v := f.Values[out.Secret]
	out.Changed, out.ChangedFile = v.Modified, v.File
	if len(o.code.KeyRead) == 0 && v.Pair >= 0 && !f.Values[v.Pair].Comment {
		out.Key = v.Pair // it reads no key: the one beside its secret is what its owner means
	}
}

// otherFiles finds the .env files that the program reads, the winning one first.
func (p *Reader) otherFiles(o *otherProgram, out *facts.Server) []*envSource {
	var list []*envSource
	for _, l := range o.loads {
		from := []string{files.DirOf(l.file), out.Dir}
		if o.code.Loader != "by-hand" && l.name != "" || o.ext != ".py" {
			slices.Reverse(from)
		}
		name := cmp.Or(l.name, ".env")
		e := p.envAt(name, from)
		switch {
		case e == nil && !slices.Contains(out.Missing, path.Join(from[0], name)):
			out.Missing = append(out.Missing, path.Join(from[0], name))
		case e != nil && !slices.Contains(list, e):
			list = append(list, e)
			out.Loaded = append(out.Loaded, e.rel)
		}
	}
	if o.code.Override {
		slices.Reverse(list)
		slices.Reverse(out.Loaded)
	}
	return list
}

// envAt finds a .env file in one of the folders, else in those above them.
func (p *Reader) envAt(name string, dirs []string) *envSource {
	for len(dirs) > 0 {
		var above []string
		for _, d := range dirs {
			if e := p.env(path.Join(d, name)); e != nil {
				return e
			}
			if d != "" {
				above = append(above, files.DirOf(d))
			}
		}
		dirs = above
	}
	return nil
}
