// Package langs finds backends that are not written for Node.
package langs

import (
	"path"
	"slices"
	"strings"

	"badsig/checks/facts"
	"badsig/checks/probe/confread"
	"badsig/checks/probe/files"
	"badsig/checks/probe/project/picture"
)

// langConfig reads the configuration files under a program's root.
func langConfig(p *picture.Reader, lang, root string) *picture.LangConfig {
	c := &picture.LangConfig{Lang: lang}
	for i := range p.Tree.Files {
		f := &p.Tree.Files[i]
		if f.Kind != files.KindConf || !UnderDir(root, files.DirOf(f.Rel)) && root != "" || path.Base(f.Rel) == "launchSettings.json" {
			continue
		}
		if r := files.RoleOfPath(f.Rel); r != facts.RoleUnknown || strings.Contains(f.Rel, "/test/") {
			continue
		}
		list, _ := confread.Read(f.Rel, f.Src)
		c.Files = append(c.Files, picture.ConfFile{Rel: f.Rel, Entries: list})
	}
	slices.SortStableFunc(c.Files, func(a, b picture.ConfFile) int { return picture.ConfRank(a.Rel) - picture.ConfRank(b.Rel) })
	for _, f := range c.Files {
		for _, e := range f.Entries {
			if e.Path() == "spring.config.import" {
				t := strings.TrimPrefix(strings.TrimPrefix(e.Value, "optional:"), "file:")
				t, _, _ = strings.Cut(t, "[")
				c.Imports = strings.TrimPrefix(t, "./")
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
