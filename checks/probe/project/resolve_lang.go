package project

import (
	"path"
	"slices"
	"strings"

	"badsig/checks/facts"
	"badsig/checks/probe/files"
	"badsig/checks/probe/langread"
	"badsig/checks/shell"
)

// Rules of this file:
//   - a backend in another language is resolved as far as its source, its files and its listener tell; where one step is missing, nothing is certain
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
		} else if l != nil && l.Inside && underDir(o.root, cleanDir(l.Dir)) && o.root != "" {
			n += 15
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

// otherServer resolves a backend that is not Node's, as far as its source, its
// files and its process tell.
func (p *Reader) otherServer(f *facts.Facts, out *facts.Server, l *facts.Listener, o *otherProgram) {
	out.Code, out.Dir = o.fact, o.code.Dir
	if l != nil && l.Inside {
		out.Dir = cleanDir(l.Dir)
	}
	out.Command = o.code.Start
	if l != nil && l.Inside && len(l.Command) > 0 && o.ext != ".go" && o.lang != langread.Java && o.lang != langread.Kotlin && o.lang != langread.CSharp && facts.RunsLanguage(l, o.ext) {
		if again := p.typedAgain(l, o); again != "" {
			out.Command = again
		}
	}
	out.Command = shell.ShellIn(p.startFolder(o, out, l), out.Command)
	for _, x := range p.otherFiles(o, out) {
		if x.there {
			out.Loaded = append(out.Loaded, x.rel)
		} else if !x.optional {
			out.Missing = append(out.Missing, x.rel)
		}
	}
	look := langLook{p: p, f: f, l: l, o: o, files: p.otherFiles(o, out)}
	out.Secret, out.SecretName, out.SecretKnown = look.find(o.code.SecretRead)
	out.Key, out.KeyName, out.KeyKnown = look.find(o.code.KeyRead)
	out.SecretKnown = out.SecretKnown && o.chain
	out.KeyKnown = out.KeyKnown && o.chain && out.Key >= 0
	if out.Secret < 0 {
		out.SecretUnset = !look.configured(out.SecretName) && out.SecretName != "" && o.chain && o.closed && len(o.files) > 0 && !look.doubtful(out.SecretName) // who loads no file gets it from the shell
		for _, x := range look.files {                                                                                                                          // the file that should have it
			if e := p.env(x.rel); e != nil && e.mod.After(out.Changed) {
				out.Changed, out.ChangedFile = e.mod, e.rel
			}
		}
	} else {
		v := f.Values[out.Secret]
		out.Changed, out.ChangedFile = v.Modified, v.File
		if len(o.code.KeyRead) == 0 && v.Pair >= 0 && !f.Values[v.Pair].Comment {
			out.Key = v.Pair // it reads no key: the one beside its secret is what its owner means
		}
	}
	p.langCodeChanged(o, out)
	markReloader(l, out)
	if l != nil && l.Inside && f.Target.Known.URL == facts.IsAssumed && facts.RunsLanguage(l, o.ext) {
		f.Target.Known.URL = facts.IsSeen // the project's own program is what listens there
	}
}

// markReloader tells a parent that loaded a .env file and starts the server
// anew with what it read: the reloaders of Django, Flask and others.
func markReloader(l *facts.Listener, out *facts.Server) {
	if l == nil || len(out.Loaded) == 0 || out.SecretName == "" {
		return
	}
	for i := range l.Ancestors {
		a := &l.Ancestors[i]
		if a.EnvFile == "" && slices.Contains(a.Lacks, out.SecretName) {
			a.EnvFile = out.Loaded[0]
			if a.Watcher == "" {
				a.Watcher = "its reloader"
			}
		}
	}
}

// typedAgain is the command that a process was started with, to type again:
// "" where a runtime's own child, or an absolute path, is all that shows.
func (p *Reader) typedAgain(l *facts.Listener, o *otherProgram) string {
	words := append([]string{path.Base(strings.ReplaceAll(l.Command[0], `\`, "/"))}, l.Command[1:]...)
	if o.lang == langread.PHP && o.code.Start != "" {
		return "" // artisan serve starts php -S, which is nothing to type
	}
	return shell.Words(words)
}

// startFolder is the folder in which the start command is typed.
func (p *Reader) startFolder(o *otherProgram, out *facts.Server, l *facts.Listener) string {
	if o.lang == langread.PHP && o.code.Start != "" {
		return o.root
	}
	return out.Dir
}

// langCodeChanged finds the newest change among the sources between the
// variable and the signing call.
func (p *Reader) langCodeChanged(o *otherProgram, out *facts.Server) {
	if len(o.prog.Sites) == 0 {
		return
	}
	s := o.prog.Sites[o.at]
	note := func(file string, line int) {
		if at := p.modified(file); p.Files[file] != nil && p.Files[file].Kind == files.KindCode && at.After(out.CodeChanged) {
			out.CodeChanged, out.CodeFile, out.CodeLine = at, file, line
		}
	}
	note(s.File, s.Line)
	for i, src := range s.Secret {
		if i > 0 && src.Kind != langread.FromEnv {
			continue
		}
		for _, l := range src.Links {
			note(l.File, l.Line)
		}
	}
}

// langLook looks for variables as a program does.
type langLook struct {
	p     *Reader
	f     *facts.Facts
	l     *facts.Listener
	o     *otherProgram
	files []langFile
}

// find follows a program's reads, in their order, to the value that it takes today.
func (k langLook) find(reads []facts.Read) (id int, name string, known bool) {
	known = k.l == nil || k.l.EnvKnown
	for _, r := range reads {
		if r.Name == "" {
			return r.Value, name, known
		}
		if name == "" {
			name = r.Name
		}
		id, sure := k.variable(r.Name)
		known = known && sure
		if id >= 0 {
			if v := k.f.Values[id]; v.Empty && len(reads) > 1 {
				known = false // whether an empty value counts is the language's matter
				continue
			}
			return id, r.Name, known
		}
	}
	return -1, name, known && k.l != nil && k.l.EnvKnown && k.o.closed
}

// variable gives the value of one variable: a file that overrides, the
// environment, then the files in their order.
func (k langLook) variable(name string) (id int, sure bool) {
	inFile := func(override bool) int {
		for _, x := range k.files {
			if x.override != override {
				continue
			}
			if e := k.p.env(x.rel); e != nil {
				if id, ok := e.values[name]; ok {
					k.f.Values[id].Read = true
					return id
				}
			}
		}
		return -1
	}
	if id := inFile(true); id >= 0 {
		return id, k.o.closed && !k.doubtful(name)
	}
	if inContainer(k.l) {
		if id, ok := k.p.containerValue(k.f, k.o.root, name); ok {
			return id, k.o.closed
		}
	}
	if k.l != nil {
		for i, v := range k.f.Values {
			if v.Kind == facts.KindProcess && v.PID == k.l.PID && v.Name == name {
				return i, true
			}
		}
	}
	id = inFile(false)
	return id, k.o.closed && !k.doubtful(name)
}

// configured reports whether a Compose file or its like sets a variable.
func (k langLook) configured(name string) bool {
	return slices.ContainsFunc(k.f.Values, func(v facts.Value) bool {
		return v.Name == name && v.Kind == facts.KindConfig && !v.Comment && !v.Empty
	})
}

// doubtful tells a variable whose value depends on a loader's version.
func (k langLook) doubtful(name string) bool {
	for _, x := range k.files {
		if e := k.p.env(x.rel); e != nil && e.doubtful[name] {
			return true
		}
	}
	return false
}

// otherFiles finds the .env files that the program reads, from the folder that
// it runs in, the winning one first.
func (p *Reader) otherFiles(o *otherProgram, out *facts.Server) []langFile {
	list := slices.Clone(o.files)
	for i, x := range list {
		if x.there || x.by == "by-hand" || x.optional {
			continue
		}
		if e := p.envAt(path.Base(x.rel), []string{out.Dir}); e != nil && files.DirOf(e.rel) == out.Dir {
			list[i].rel, list[i].there = e.rel, true
		}
	}
	slices.SortStableFunc(list, func(a, b langFile) int { // what overrides is read last, and wins
		return overriding(b) - overriding(a)
	})
	for i, x := range list {
		list[i].there = p.env(x.rel) != nil
	}
	return list
}

func overriding(f langFile) int {
	if f.override {
		return 1
	}
	return 0
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
