// Package langs finds backends that are not written for Node.
package langs

import (
	"path"
	"sort"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/confread"
	"badsig/checks/probe/files"
	"badsig/checks/probe/langread/flow"
	"badsig/checks/probe/langread/syntax"
	"badsig/checks/probe/names"
	"badsig/checks/probe/project/picture"
	"badsig/checks/probe/project/values"
)

// langConfig reads the configuration files under a program's root.
func langConfig(p *picture.Reader, lang, root string) *picture.LangConfig {
	c := &picture.LangConfig{Lang: lang}
	for i := range p.Tree.Files {
		f := &p.Tree.Files[i]
		if f.Kind != files.KindConf || !UnderDir(root, files.DirOf(f.Rel)) && root != "" || affix.Base(f.Rel) == "launchSettings.json" {
			continue
		}
		if r := files.RoleOfPath(f.Rel); r != facts.RoleUnknown || affix.Contains(f.Rel, "/test/") {
			continue
		}
		list, _ := confread.Read(f.Rel, f.Src)
		c.Files = append(c.Files, picture.ConfFile{Rel: f.Rel, Entries: list})
	}
	sort.SliceStable(c.Files, func(i, j int) bool { return picture.ConfRank(c.Files[i].Rel) < picture.ConfRank(c.Files[j].Rel) })
	for _, f := range c.Files {
		for _, e := range f.Entries {
			if e.Path() == "spring.config.import" {
				t := affix.TrimPrefix(affix.TrimPrefix(e.Value, "optional:"), "file:")
				t, _, _ = affix.Cut(t, "[")
				c.Imports = affix.TrimPrefix(t, "./")
			}
		}
	}
	return c
}

// markText is the text of a file whose name alone was kept.
func markText(p *picture.Reader, rel string) string {
	f := p.Files[rel]
	if f == nil {
		return ""
	}
	if f.Src != nil {
		return string(f.Src)
	}
	data, _, _ := p.Tree.Read(rel, 1<<20)
	return string(data)
}

// ownEnvironment reads config/application.yml of Figaro, whose entries are
// variables of the environment: the ones of development win over the common ones.
func ownEnvironment(p *picture.Reader, o *picture.OtherProgram) {
	rel := path.Join(o.Root, "config/application.yml")
	f := p.Files[rel]
	if o.Lang != syntax.Ruby || f == nil || f.Kind != files.KindConf || !marks(p, path.Join(o.Root, "Gemfile"), "figaro") {
		return
	}
	list, err := confread.Read(rel, f.Src)
	if err != nil {
		return
	}
	o.Env = map[string]int{}
	for _, section := range []string{"", "development"} {
		for _, e := range list {
			if len(e.Keys) == 1 && section == "" || len(e.Keys) == 2 && e.Keys[0] == section {
				ownVariable(p, o, f, e)
			}
		}
	}
}

func ownVariable(p *picture.Reader, o *picture.OtherProgram, f *files.File, e confread.Entry) {
	c := values.ClassOf(p, e.Name())
	if c.What == "" && almostRead(o, e.Name()) {
		c.What = facts.WhatOther
	}
	if c.What == "" || affix.Contains(e.Value, "<%") {
		return
	}
	v := facts.Value{What: c.What, Name: e.Name(), Kind: facts.KindConfig, Role: facts.RoleServer, File: f.Rel, Line: e.Line, Modified: f.Modified, Loaded: true}
	o.Env[e.Name()] = p.Add(v, []byte(e.Value))
}

// almostRead reports whether a name is nearly that of a variable which a signing
// call reads as its secret.
func almostRead(o *picture.OtherProgram, name string) bool {
	for _, s := range o.Prog.Sites {
		for _, src := range s.Secret {
			if src.Kind == flow.FromEnv && names.NearName(name, src.Name) >= 2 {
				return true
			}
		}
	}
	return false
}
