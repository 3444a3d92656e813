package resolve

import (
	"path"
	"slices"
	"sort"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/files"
	"badsig/checks/probe/langread/flow"
	"badsig/checks/probe/langread/syntax"
	"badsig/checks/probe/project/langs"
	"badsig/checks/probe/project/picture"
	"badsig/checks/probe/project/values"
	"badsig/checks/shell"
)

// Rules of this file:
//   - a backend in another language is resolved as far as its source, its files and its listener tell; where one step is missing, nothing is certain
//   - a Node program of the project is passed over for it only where the listener says so, or the port and the route

// chooseOther tells which of the project's backends in other languages the
// endpoint is; nil where it is none of them.
func chooseOther(p *picture.Reader, f *facts.Facts, l *facts.Listener) *picture.OtherProgram {
	var best *picture.OtherProgram
	score, named := -1, false
	for i, o := range p.Others {
		n, fits := len(p.Others)-i, false
		if l != nil && l.Inside && values.CleanDir(l.Dir) == o.Code.Dir {
			n += 30
		} else if l != nil && l.Inside && langs.UnderDir(o.Root, values.CleanDir(l.Dir)) && o.Root != "" {
			n += 15
		}
		if l != nil && runsEntry(p, l, o.Code.Entry) {
			n += 100
		}
		if langs.HasPort(o.Code.Ports, f) {
			n, fits = n+20, true
		}
		for _, r := range o.Code.Routes {
			if affix.HasSuffix(f.Target.URL, r.Path) && len(r.Path) > 1 {
				n += 20
				break
			}
		}
		if n > score {
			best, score, named = o, n, fits
		}
	}
	switch {
	case best == nil, len(p.Servers) == 0:
		return best
	case l != nil && l.Inside:
		if facts.RunsLanguage(l, best.Ext) {
			return best
		}
		return nil
	case named && !affix.Any(f.Project.Servers[:len(p.Servers)], func(c facts.ServerCode) bool {
		return langs.HasPort(c.Ports, f) && (routed(f, c) || !routed(f, best.Code))
	}):
		return best
	}
	return nil
}

// routed reports whether a program has the route of the endpoint.
//
//go:noinline
func routed(f *facts.Facts, c facts.ServerCode) bool {
	return affix.Any(c.Routes, func(r facts.Route) bool { return len(r.Path) > 1 && affix.HasSuffix(f.Target.URL, r.Path) })
}

// otherServer resolves a backend that is not Node's, as far as its source, its
// files and its process tell.
func otherServer(p *picture.Reader, f *facts.Facts, out *facts.Server, l *facts.Listener, o *picture.OtherProgram) {
	out.Code, out.Dir = o.Fact, o.Code.Dir
	if l != nil && l.Inside {
		out.Dir = values.CleanDir(l.Dir)
	}
	out.Command = o.Code.Start
	if l != nil && l.Inside && len(l.Command) > 0 && o.Ext != ".go" && o.Lang != syntax.Java && o.Lang != syntax.Kotlin && o.Lang != syntax.CSharp && facts.RunsLanguage(l, o.Ext) {
		if again := typedAgain(p, l, o); again != "" {
			out.Command = again
		}
	}
	out.Command = shell.ShellIn(startFolder(p, o, out, l), out.Command)
	for _, x := range otherFiles(p, o, out) {
		if x.There {
			out.Loaded = append(out.Loaded, x.Rel)
		} else if !x.Optional {
			out.Missing = append(out.Missing, x.Rel)
		}
	}
	if len(o.Env) > 0 {
		out.Loaded = append(out.Loaded, path.Join(o.Root, "config/application.yml"))
	}
	look := langLook{p: p, f: f, l: l, o: o, files: otherFiles(p, o, out)}
	container := (l == nil || inContainer(l)) && contained(p, f, o.Root, "")
	out.Secret, out.SecretName, out.SecretKnown = look.find(o.Code.SecretRead)
	out.Key, out.KeyName, out.KeyKnown = look.find(o.Code.KeyRead)
	out.SecretKnown = out.SecretKnown && o.Chain
	out.KeyKnown = out.KeyKnown && o.Chain && out.Key >= 0
	if out.Secret < 0 {
		out.SecretUnset = !look.configured(out.SecretName) && out.SecretName != "" && o.Chain && o.Closed && (len(o.Files)+len(o.Env) > 0 || o.Settings || container) && !look.doubtful(out.SecretName) // who loads no file gets it from the shell
		out.SecretEnds = out.SecretUnset && affix.Any(o.Prog.Reads, func(r flow.VarRead) bool { return r.Required && r.Name == out.SecretName })
		for _, x := range look.files { // the file that should have it
			if e := values.Env(p, x.Rel); e != nil && e.Mod.After(out.Changed) {
				out.Changed, out.ChangedFile = e.Mod, e.Rel
			}
		}
	} else {
		v := f.Values[out.Secret]
		out.Changed, out.ChangedFile = v.Modified, v.File
		if len(o.Code.KeyRead) == 0 && v.Pair >= 0 && !f.Values[v.Pair].Comment {
			out.Key = v.Pair // it reads no key: the one beside its secret is what its owner means
		} else if out.Key < 0 && v.Kind == facts.KindConfig && o.Key >= 0 {
			out.Key = o.Key // … or, with the secret in appsettings.Development.json, the one in the common file
		}
	}
	langCodeChanged(p, o, out)
	markReloader(l, out)
	if l != nil && l.Inside && f.Target.Known.URL == facts.IsAssumed && facts.RunsLanguage(l, o.Ext) {
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
		if a.EnvFile == "" && facts.OneOf(a.Lacks, out.SecretName) {
			a.EnvFile = out.Loaded[0]
			if a.Watcher == "" {
				a.Watcher = "its reloader"
			}
		}
	}
}

// typedAgain is the command that a process was started with, to type again:
// "" where a runtime's own child, or an absolute path, is all that shows.
func typedAgain(p *picture.Reader, l *facts.Listener, o *picture.OtherProgram) string {
	words := append([]string{facts.BaseName(l.Command[0])}, l.Command[1:]...)
	if o.Lang == syntax.PHP && o.Code.Start != "" {
		return "" // artisan serve starts php -S, which is nothing to type
	}
	return shell.Words(words)
}

// startFolder is the folder in which the start command is typed.
func startFolder(p *picture.Reader, o *picture.OtherProgram, out *facts.Server, l *facts.Listener) string {
	if o.Lang == syntax.PHP && o.Code.Start != "" {
		return o.Root
	}
	return out.Dir
}

// langCodeChanged finds the newest change among the sources between the
// variable and the signing call.
func langCodeChanged(p *picture.Reader, o *picture.OtherProgram, out *facts.Server) {
	if len(o.Prog.Sites) == 0 {
		return
	}
	s := o.Prog.Sites[o.At]
	note := func(file string, line int) {
		if at := langs.Modified(p, file); p.Files[file] != nil && p.Files[file].Kind == files.KindCode && at.After(out.CodeChanged) {
			out.CodeChanged, out.CodeFile, out.CodeLine = at, file, line
		}
	}
	note(s.File, s.Line)
	for i, src := range s.Secret {
		if i > 0 && src.Kind != flow.FromEnv {
			continue
		}
		for _, l := range src.Links {
			note(l.File, l.Line)
		}
	}
}

// otherFiles finds the .env files that the program reads, from the folder that
// it runs in, the winning one first.
func otherFiles(p *picture.Reader, o *picture.OtherProgram, out *facts.Server) []picture.LangFile {
	list := slices.Clone(o.Files)
	for i, x := range list {
		if x.There || x.By == "by-hand" || x.Optional || x.Exact {
			continue
		}
		if e := envAt(p, affix.Base(x.Rel), []string{out.Dir}); e != nil && files.DirOf(e.Rel) == out.Dir {
			list[i].Rel, list[i].There = e.Rel, true
		}
	}
	sort.SliceStable(list, func(i, j int) bool { // what overrides is read last, and wins
		return !list[i].Override && list[j].Override
	})
	for i, x := range list {
		list[i].There = values.Env(p, x.Rel) != nil
	}
	return list
}
