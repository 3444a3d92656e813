package langs

import (
	"context"
	"path"
	"runtime"
	"sort"
	"sync"
	"sync/atomic"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/files"
	"badsig/checks/probe/langread"
	"badsig/checks/probe/langread/flow"
	"badsig/checks/probe/langread/syntax"
	"badsig/checks/probe/names"
	"badsig/checks/probe/project/picture"
	"badsig/checks/probe/project/values"
)

// Rules of this file:
//   - sources of one language under one root (the folder of go.mod, composer.json …, else the topmost that has them) are one program
//   - a program that neither signs nor reads one of Stream's secrets isn't told of
//   - what langread couldn't follow is assumed; a variable's place decides what it is, before its name

// The bounds of one program.
const (
	maxLangFiles = 600
	maxLangBytes = 8 << 20
	maxFull      = 4 // sources with more in them than is read
)

// ParseOthers reads the backends in other languages, as far as no value of a
// file is needed for it.
func ParseOthers(p *picture.Reader, ctx context.Context) {
	groups := map[[2]string][]*files.File{} // language and root
	var order [][2]string
	folders := langFoldersIn(p)
	for i := range p.Tree.Files {
		f := &p.Tree.Files[i]
		lang := langread.Language(affix.Ext(f.Rel))
		if f.Kind != files.KindCode || lang == "" || files.RoleOfPath(f.Rel) != facts.RoleUnknown || folders.inPhoneApp(f.Rel) {
			continue
		}
		k := [2]string{lang, langRoot(p, folders, lang, f.Rel)}
		if groups[k] == nil {
			order = append(order, k)
		}
		if len(groups[k]) < maxLangFiles {
			groups[k] = append(groups[k], f)
		}
	}
	for _, k := range order {
		if ctx.Err() != nil {
			return
		}
		if o := parseOther(p, k[0], k[1], groups[k]); o != nil {
			p.Others = append(p.Others, o)
		}
	}
	sort.SliceStable(p.Others, func(i, j int) bool { return weight(p.Others[i]) > weight(p.Others[j]) })
	for _, o := range p.Others {
		o.Files, o.Closed = langFiles(p, o)
		langDialects(p, o)
		langNames(p, o)
	}
}

// parseOther reads the sources of one program; nil where they have nothing to
// do with Stream's tokens.
func parseOther(p *picture.Reader, lang, root string, list []*files.File) *picture.OtherProgram {
	about, size := false, 0
	for _, f := range list {
		about = about || files.Mentions(f.Src)
	}
	if !about {
		return nil
	}
	units := make([]*syntax.Unit, len(list))
	var wg sync.WaitGroup
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	var full atomic.Int32
	for i, f := range list {
		if size += len(f.Src); size > maxLangBytes {
			break
		}
		slots <- struct{}{}
		wg.Go(func() {
			if full.Load() <= maxFull {
				if units[i] = flow.Parse(f.Rel, f.Src); units[i] != nil && units[i].Full {
					full.Add(1)
				}
			}
			<-slots
		})
	}
	wg.Wait()
	for i, f := range list {
		if u := units[i]; u == nil || u.Full {
			p.NotRead = append(p.NotRead, f.Rel)
		}
	}
	units = affix.Without(units, func(u *syntax.Unit) bool { return u == nil })
	if len(units) == 0 {
		return nil
	}
	conf := langConfig(p, lang, root)
	o := &picture.OtherProgram{Lang: lang, Root: root, Ext: affix.Ext(units[0].Path), Conf: conf, Prog: langread.Read(lang, units, conf)}
	if o.Ext == ".ru" {
		o.Ext = ".rb"
	}
	if len(o.Prog.Sites) == 0 && o.Prog.Client == nil && !affix.Any(o.Prog.Reads, func(r flow.VarRead) bool { return streamsOwn(p, r.Name) }) && !namesSecret(p, o) {
		return nil
	}
	return o
}

// weight orders the programs: what signs and is reached first.
func weight(o *picture.OtherProgram) int {
	n := len(o.Prog.Routes)
	n = min(n, 9)
	if len(o.Prog.Sites) > 0 {
		n += 10 + o.Prog.Sites[0].Score
		if len(o.Prog.Sites[0].Routes) > 0 {
			n += 20
		}
	}
	return n
}

// streamsOwn tells names that say Stream and secret.
func streamsOwn(p *picture.Reader, name string) bool {
	c := names.Classify(name)
	return c.What == facts.WhatSecret && !c.Bare
}

// namesSecret tells a program that gives a string the name of a Stream secret.
func namesSecret(p *picture.Reader, o *picture.OtherProgram) bool {
	for _, l := range o.Prog.Literals {
		if c := names.Classify(l.Name); c.What == facts.WhatSecret && (!c.Bare || values.BareIsStreams(p, c.What, []byte(l.Text))) {
			return true
		}
	}
	for _, r := range o.Prog.Reads { // SECRET_KEY: who reads no other may mean it
		if c := names.Classify(r.Name); c.What == facts.WhatSecret {
			return len(o.Prog.Ports)+len(o.Prog.Routes) > 0
		}
	}
	return affix.Any(o.Prog.Arguments, func(l flow.Literal) bool { return values.BareIsStreams(p, facts.WhatSecret, []byte(l.Text)) })
}

// langFolders are the folders that matter for where programs begin, of one look
// at the files.
type langFolders struct {
	code   map[[2]string]bool // language and folder: it has sources
	csproj map[string]bool
	phone  []string // the folders of Android's modules
}

func langFoldersIn(p *picture.Reader) *langFolders {
	x := &langFolders{code: map[[2]string]bool{}, csproj: map[string]bool{}}
	for i := range p.Tree.Files {
		f := &p.Tree.Files[i]
		switch {
		case f.Kind == files.KindCode && files.RoleOfPath(f.Rel) == facts.RoleUnknown:
			x.code[[2]string{langread.Language(affix.Ext(f.Rel)), files.DirOf(f.Rel)}] = true
		case affix.Ext(f.Rel) == ".csproj":
			x.csproj[files.DirOf(f.Rel)] = true
		case affix.Base(f.Rel) == "AndroidManifest.xml":
			dir, _, _ := affix.Cut(files.DirOf(f.Rel)+"/", "/src/") // app/src/main
			x.phone = append(x.phone, affix.TrimSuffix(dir, "/"))
		}
	}
	return x
}

// inPhoneApp reports whether a file belongs to an app for phones: its Java and
// Kotlin is a front end.
func (x *langFolders) inPhoneApp(rel string) bool {
	switch affix.Ext(rel) {
	case ".java", ".kt":
		return affix.Any(x.phone, func(dir string) bool { return UnderDir(dir, files.DirOf(rel)) })
	}
	return false
}

// rootMarks are the files that make a folder the root of a program.
var rootMarks = map[string][]string{
	syntax.Python: {"manage.py", "requirements.txt", "pyproject.toml", "Pipfile", "setup.py"},
	syntax.Go:     {"go.mod"},
	syntax.PHP:    {"composer.json", "artisan"},
	syntax.Ruby:   {"Gemfile", "config.ru"},
	syntax.Java:   {"pom.xml", "build.gradle", "build.gradle.kts"},
	syntax.Kotlin: {"pom.xml", "build.gradle", "build.gradle.kts"},
	syntax.CSharp: {},
}

// langRoot is the folder of the program that a file belongs to: the nearest
// above it that has a mark, else the topmost with sources of the language.
func langRoot(p *picture.Reader, x *langFolders, lang, rel string) string {
	for dir := files.DirOf(rel); ; dir = files.DirOf(dir) {
		for _, m := range rootMarks[lang] {
			if p.Files[path.Join(dir, m)] != nil {
				return dir
			}
		}
		if lang == syntax.CSharp && x.csproj[dir] {
			return dir
		}
		if dir == "" {
			break
		}
	}
	top := files.DirOf(rel)
	for dir := top; dir != ""; {
		dir = files.DirOf(dir)
		if x.code[[2]string{lang, dir}] {
			top = dir
		}
	}
	return top
}

// langNames notes which variables are key and secret by their place in a
// signing call, no matter what they are called.
func langNames(p *picture.Reader, o *picture.OtherProgram) {
	note := func(list []flow.Source, what string) {
		for _, s := range list {
			if s.Kind == flow.FromEnv && names.Classify(s.Name).What != values.OtherThan(what) {
				p.Named[s.Name] = what
			}
		}
	}
	for _, s := range o.Prog.Sites {
		if s.Sure {
			note(s.Secret, facts.WhatSecret)
			note(s.Key, facts.WhatKey)
		}
	}
}

// langDialects says how the .env files are read that a program loads.
func langDialects(p *picture.Reader, o *picture.OtherProgram) {
	for _, f := range o.Files {
		if f.Dialect != "" {
			if _, ok := p.Dialects[f.Rel]; !ok {
				p.Dialects[f.Rel] = f.Dialect
			}
		}
	}
}

// UnderDir reports whether a folder is another, or is in it.
func UnderDir(dir, sub string) bool {
	return dir == "" || sub == dir || affix.HasPrefix(sub, dir+"/")
}

func setEnvRole(p *picture.Reader, e *picture.EnvSource, r facts.Role) {
	e.Role = r
	for i := range p.Facts.EnvFiles {
		if p.Facts.EnvFiles[i].File == e.Rel {
			p.Facts.EnvFiles[i].Role = r
		}
	}
	p.World.Update(func(f *facts.Facts) {
		for i := range f.Values {
			if f.Values[i].File == e.Rel {
				f.Values[i].Role = r
			}
		}
	})
}
