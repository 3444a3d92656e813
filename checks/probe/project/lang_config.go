package project

import (
	"io"
	"os"
	"path"
	"slices"
	"strings"

	"badsig/checks/facts"
	"badsig/checks/probe/confread"
	"badsig/checks/probe/files"
	"badsig/checks/probe/langread"
	"badsig/checks/shell"
)

// langConfig answers what the configuration files of a program hold:
// application.yml, appsettings.json and their like, the one that counts first.
type langConfig struct {
	lang    string
	files   []confFile
	imports string // the .env file that Spring is told to import
}

type confFile struct {
	rel     string
	entries []confread.Entry
}

// langConfig reads the configuration files under a program's root.
func (p *Reader) langConfig(lang, root string) *langConfig {
	c := &langConfig{lang: lang}
	for i := range p.Tree.Files {
		f := &p.Tree.Files[i]
		if f.Kind != files.KindConf || !underDir(root, files.DirOf(f.Rel)) && root != "" || path.Base(f.Rel) == "launchSettings.json" {
			continue
		}
		if r := files.RoleOfPath(f.Rel); r != facts.RoleUnknown || strings.Contains(f.Rel, "/test/") {
			continue
		}
		list, _ := confread.Read(f.Rel, f.Src)
		c.files = append(c.files, confFile{f.Rel, list})
	}
	slices.SortStableFunc(c.files, func(a, b confFile) int { return confRank(a.rel) - confRank(b.rel) })
	for _, f := range c.files {
		for _, e := range f.entries {
			if e.Path() == "spring.config.import" {
				t := strings.TrimPrefix(strings.TrimPrefix(e.Value, "optional:"), "file:")
				t, _, _ = strings.Cut(t, "[")
				c.imports = strings.TrimPrefix(t, "./")
			}
		}
	}
	return c
}

// confRank orders the files of one program: a developer's wins over the
// common one, and others (application-aws.yml) count last.
func confRank(rel string) int {
	name := strings.ToLower(path.Base(rel))
	stem := strings.TrimSuffix(name, path.Ext(name))
	switch {
	case strings.HasSuffix(stem, "development") || strings.HasSuffix(stem, "-dev") || strings.HasSuffix(stem, "-local") || strings.HasSuffix(stem, ".local"):
		return 0
	case stem == "application" || stem == "appsettings" || stem == "settings" || stem == "services":
		return 1
	}
	return 2
}

// Property gives what a path holds. Names are compared as the frameworks do:
// without case, dashes and underscores.
func (c *langConfig) Property(_, key string) (list []langread.Source, ok bool) {
	want := looseName(key)
	for _, f := range c.files {
		if confRank(f.rel) == 2 {
			continue
		}
		for _, e := range f.entries {
			if looseName(e.Path()) != want {
				continue
			}
			list = append(list, c.placeholders(f.rel, e)...)
		}
	}
	if len(list) > 0 && c.lang == langread.CSharp { // the environment wins over files
		name := strings.ReplaceAll(key, ".", "__")
		list = append([]langread.Source{{Kind: langread.FromEnv, Name: name}}, list...)
	}
	return list, len(list) > 0
}

func looseName(s string) string {
	return strings.NewReplacer("-", "", "_", "", ":", ".").Replace(strings.ToLower(s))
}

// placeholders reads ${NAME:default}, $NAME:default, ${?NAME} and %env(NAME)%.
func (c *langConfig) placeholders(rel string, e confread.Entry) []langread.Source {
	at := []langread.Link{{Name: e.Name(), File: rel, Line: e.Line}}
	t := strings.TrimSpace(e.Value)
	name, ok := strings.CutPrefix(t, "${")
	if ok && strings.HasSuffix(name, "}") {
		name = strings.TrimPrefix(strings.TrimSuffix(name, "}"), "?")
	} else if name, ok = strings.CutPrefix(t, "%env("); ok && strings.HasSuffix(name, ")%") {
		name = strings.TrimSuffix(name, ")%")
		if i := strings.LastIndexByte(name, ':'); i >= 0 {
			name = name[i+1:]
		}
	} else if name, ok = strings.CutPrefix(t, "$"); !ok || !shell.IsVariable(beforeSign(name, ":")) {
		return []langread.Source{{Kind: langread.FromLiteral, Text: e.Value, Links: at}}
	}
	name, def, has := strings.Cut(name, ":")
	if !shell.IsVariable(name) { // another property
		if list, ok := c.Property("", name); ok {
			return list
		}
	}
	list := []langread.Source{{Kind: langread.FromEnv, Name: name, Links: at}}
	if has && def != "" {
		list = append(list, langread.Source{Kind: langread.FromLiteral, Text: def, Fallback: true, Links: at})
	}
	return list
}

func beforeSign(s, sep string) string {
	a, _, _ := strings.Cut(s, sep)
	return a
}

// markText is the text of a file whose name alone was kept.
func (p *Reader) markText(rel string) string {
	f := p.Files[rel]
	if f == nil {
		return ""
	}
	if f.Src != nil {
		return string(f.Src)
	}
	file, err := os.Open(p.Abs(rel))
	if err != nil {
		return ""
	}
	defer file.Close()
	if info, err := file.Stat(); err != nil || !info.Mode().IsRegular() {
		return ""
	}
	data, _ := io.ReadAll(io.LimitReader(file, 256<<10))
	return string(data)
}
