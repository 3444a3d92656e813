package project

import (
	"context"
	"path"
	"runtime"
	"slices"
	"strings"
	"sync"

	"badsig/checks/facts"
	"badsig/checks/probe/files"
	"badsig/checks/probe/langread"
	"badsig/checks/probe/names"
)

// Rules of this file:
//   - sources of one language under one root (the folder of go.mod, composer.json …, else the topmost that has them) are one program
//   - a program that neither signs nor reads one of Stream's secrets isn't told of
//   - what langread couldn't follow is assumed; a variable's place decides what it is, before its name

// otherProgram is a backend in another language than JavaScript.
type otherProgram struct {
	code  facts.ServerCode
	lang  string
	ext   string
	root  string
	prog  *langread.Program
	fact  int        // index into Project.Servers
	files []langFile // the .env files that it reads, in the order in which they are read
	sites []langSite // as in prog.Sites
	at    int        // the one that it is judged by
	conf  *langConfig

	chain  bool // from the signing call to the variable every step was read
	closed bool // every way in which it loads files was understood
}

// The bounds of one program.
const (
	maxLangFiles = 600
	maxLangBytes = 8 << 20
)

// parseOthers reads the backends in other languages, as far as no value of a
// file is needed for it.
func (p *Reader) parseOthers(ctx context.Context) {
	groups := map[[2]string][]*files.File{} // language and root
	var order [][2]string
	folders := p.langFolders()
	for i := range p.Tree.Files {
		f := &p.Tree.Files[i]
		lang := langread.Language(path.Ext(f.Rel))
		if f.Kind != files.KindCode || lang == "" || files.RoleOfPath(f.Rel) != facts.RoleUnknown || folders.inPhoneApp(f.Rel) {
			continue
		}
		k := [2]string{lang, p.langRoot(folders, lang, f.Rel)}
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
		if o := p.parseOther(k[0], k[1], groups[k]); o != nil {
			p.others = append(p.others, o)
		}
	}
	slices.SortStableFunc(p.others, func(a, b *otherProgram) int { return b.weight() - a.weight() })
	for _, o := range p.others {
		o.files, o.closed = p.langFiles(o)
		p.langDialects(o)
		p.langNames(o)
	}
}

// parseOther reads the sources of one program; nil where they have nothing to
// do with Stream's tokens.
func (p *Reader) parseOther(lang, root string, list []*files.File) *otherProgram {
	about, size := false, 0
	for _, f := range list {
		about = about || files.Mentions(f.Src)
	}
	if !about {
		return nil
	}
	units := make([]*langread.Unit, len(list))
	var wg sync.WaitGroup
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	for i, f := range list {
		if size += len(f.Src); size > maxLangBytes {
			break
		}
		slots <- struct{}{}
		wg.Go(func() {
			units[i] = langread.Parse(f.Rel, f.Src)
			<-slots
		})
	}
	wg.Wait()
	units = slices.DeleteFunc(units, func(u *langread.Unit) bool { return u == nil })
	if len(units) == 0 {
		return nil
	}
	conf := p.langConfig(lang, root)
	o := &otherProgram{lang: lang, root: root, ext: path.Ext(units[0].Path), conf: conf, prog: langread.Read(lang, units, conf)}
	if o.ext == ".ru" {
		o.ext = ".rb"
	}
	if len(o.prog.Sites) == 0 && !slices.ContainsFunc(o.prog.Reads, func(r langread.VarRead) bool { return p.streamsOwn(r.Name) }) && !p.namesSecret(o) {
		return nil
	}
	return o
}

// weight orders the programs: what signs and is reached first.
func (o *otherProgram) weight() int {
	n := len(o.prog.Routes)
	n = min(n, 9)
	if len(o.prog.Sites) > 0 {
		n += 10 + o.prog.Sites[0].Score
		if len(o.prog.Sites[0].Routes) > 0 {
			n += 20
		}
	}
	return n
}

// streamsOwn tells names that say Stream and secret.
func (p *Reader) streamsOwn(name string) bool {
	c := names.Classify(name)
	return c.What == facts.WhatSecret && !c.Bare
}

// namesSecret tells a program that gives a text the name of a secret of Stream's.
func (p *Reader) namesSecret(o *otherProgram) bool {
	for _, l := range o.prog.Literals {
		if c := names.Classify(l.Name); c.What == facts.WhatSecret && (!c.Bare || p.bareIsStreams(c.What, []byte(l.Text))) {
			return true
		}
	}
	for _, r := range o.prog.Reads { // SECRET_KEY: who reads no other may mean it
		if c := names.Classify(r.Name); c.What == facts.WhatSecret {
			return len(o.prog.Ports)+len(o.prog.Routes) > 0
		}
	}
	return slices.ContainsFunc(o.prog.Arguments, func(l langread.Literal) bool { return p.bareIsStreams(facts.WhatSecret, []byte(l.Text)) })
}

// langFolders are the folders that matter for where programs begin, of one look
// at the files.
type langFolders struct {
	code   map[[2]string]bool // language and folder: it has sources
	csproj map[string]bool
	phone  []string // the folders of Android's modules
}

func (p *Reader) langFolders() *langFolders {
	x := &langFolders{code: map[[2]string]bool{}, csproj: map[string]bool{}}
	for i := range p.Tree.Files {
		f := &p.Tree.Files[i]
		switch {
		case f.Kind == files.KindCode && files.RoleOfPath(f.Rel) == facts.RoleUnknown:
			x.code[[2]string{langread.Language(path.Ext(f.Rel)), files.DirOf(f.Rel)}] = true
		case path.Ext(f.Rel) == ".csproj":
			x.csproj[files.DirOf(f.Rel)] = true
		case path.Base(f.Rel) == "AndroidManifest.xml":
			dir, _, _ := strings.Cut(files.DirOf(f.Rel)+"/", "/src/") // app/src/main
			x.phone = append(x.phone, strings.TrimSuffix(dir, "/"))
		}
	}
	return x
}

// inPhoneApp reports whether a file belongs to an app for phones: its Java and
// Kotlin is a front end.
func (x *langFolders) inPhoneApp(rel string) bool {
	switch path.Ext(rel) {
	case ".java", ".kt":
		return slices.ContainsFunc(x.phone, func(dir string) bool { return underDir(dir, files.DirOf(rel)) })
	}
	return false
}

// rootMarks are the files that make a folder the root of a program.
var rootMarks = map[string][]string{
	langread.Python: {"manage.py", "requirements.txt", "pyproject.toml", "Pipfile", "setup.py"},
	langread.Go:     {"go.mod"},
	langread.PHP:    {"composer.json", "artisan"},
	langread.Ruby:   {"Gemfile", "config.ru"},
	langread.Java:   {"pom.xml", "build.gradle", "build.gradle.kts"},
	langread.Kotlin: {"pom.xml", "build.gradle", "build.gradle.kts"},
	langread.CSharp: {},
}

// langRoot is the folder of the program that a file belongs to: the nearest
// above it that has a mark, else the topmost with sources of the language.
func (p *Reader) langRoot(x *langFolders, lang, rel string) string {
	for dir := files.DirOf(rel); ; dir = files.DirOf(dir) {
		for _, m := range rootMarks[lang] {
			if p.Files[path.Join(dir, m)] != nil {
				return dir
			}
		}
		if lang == langread.CSharp && x.csproj[dir] {
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
// signing call, whatever they are called.
func (p *Reader) langNames(o *otherProgram) {
	note := func(list []langread.Source, what string) {
		for _, s := range list {
			if s.Kind == langread.FromEnv && names.Classify(s.Name).What != otherThan(what) {
				p.named[s.Name] = what
			}
		}
	}
	for _, s := range o.prog.Sites {
		if s.Sure {
			note(s.Secret, facts.WhatSecret)
			note(s.Key, facts.WhatKey)
		}
	}
}

// langDialects says how the .env files are read that a program loads.
func (p *Reader) langDialects(o *otherProgram) {
	for _, f := range o.files {
		if f.dialect != "" {
			if _, ok := p.dialects[f.rel]; !ok {
				p.dialects[f.rel] = f.dialect
			}
		}
	}
}

// underDir reports whether a folder is another, or lies in it.
func underDir(dir, sub string) bool {
	return dir == "" || sub == dir || strings.HasPrefix(sub, dir+"/")
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
