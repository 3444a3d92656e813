package picture

import (
	"strings"

	"badsig/checks/affix"
	"badsig/checks/probe/confread"
	"badsig/checks/probe/langread/flow"
	"badsig/checks/probe/langread/syntax"
	"badsig/checks/shell"
)

// LangConfig looks up what the configuration files of a program hold:
// application.yml, appsettings.json and their like, the one that counts first.
type LangConfig struct {
	Lang    string
	Files   []ConfFile
	Imports string // the .env file that Spring is told to import
}

type ConfFile struct {
	Rel     string
	Entries []confread.Entry
}

// ConfRank orders the files of one program: a developer's wins over the
// common one, and others (application-aws.yml) count last.
func ConfRank(rel string) int {
	name := strings.ToLower(affix.Base(rel))
	stem := affix.TrimSuffix(name, affix.Ext(name))
	switch {
	case affix.HasSuffix(stem, "development") || affix.HasSuffix(stem, "-dev") || affix.HasSuffix(stem, "-local") || affix.HasSuffix(stem, ".local"):
		return 0
	case stem == "application" || stem == "appsettings" || stem == "settings" || stem == "services" || stem == "config":
		return 1
	}
	return 2
}

// Property gives what a path holds. Names are compared as the frameworks do:
// without case, dashes and underscores.
func (c *LangConfig) Property(_, key string) (list []flow.Source, ok bool) {
	want := looseName(key)
	for _, f := range c.Files {
		if ConfRank(f.Rel) == 2 {
			continue
		}
		for _, e := range f.Entries {
			if at := looseName(e.Path()); at != want && (c.Lang != syntax.PHP || at != "parameters."+want) {
				continue
			}
			list = append(list, c.placeholders(f.Rel, e)...)
		}
	}
	if len(list) > 0 && c.Lang == syntax.CSharp { // the environment wins over files
		name := affix.ReplaceAll(key, ".", "__")
		list = append([]flow.Source{{Kind: flow.FromEnv, Name: name}}, list...)
	}
	return list, len(list) > 0
}

// Argument gives what Symfony's services.yaml puts into a parameter of a class's
// constructor, by its name: arguments of the service, else a binding for all.
func (c *LangConfig) Argument(class, param string) (list []flow.Source, ok bool) {
	for _, f := range c.Files {
		for _, e := range f.Entries {
			k := e.Keys
			if len(k) != 4 || k[0] != "services" || k[3] != "$"+param {
				continue
			}
			own := k[2] == "arguments" && (k[1] == class || affix.HasSuffix(k[1], `\`+class))
			if own || k[1] == "_defaults" && k[2] == "bind" {
				return c.placeholders(f.Rel, e), true
			}
		}
	}
	return nil, false
}

func looseName(s string) string {
	return strings.NewReplacer("-", "", "_", "", ":", ".").Replace(strings.ToLower(s))
}

// placeholders reads ${NAME:default}, $NAME:default, ${?NAME} and %env(NAME)%.
func (c *LangConfig) placeholders(rel string, e confread.Entry) []flow.Source {
	at := []flow.Link{{Name: e.Name(), File: rel, Line: e.Line}}
	t := strings.TrimSpace(e.Value)
	name, ok := affix.CutPrefix(t, "${")
	if ok && affix.HasSuffix(name, "}") {
		name = affix.TrimPrefix(affix.TrimSuffix(name, "}"), "?")
	} else if name, ok = affix.CutPrefix(t, "%env("); ok && affix.HasSuffix(name, ")%") {
		name = affix.TrimSuffix(name, ")%")
		if i := strings.LastIndexByte(name, ':'); i >= 0 {
			name = name[i+1:]
		}
	} else if name, ok = affix.CutPrefix(t, "%"); ok && c.Lang == syntax.PHP && affix.HasSuffix(name, "%") && len(name) > 1 { // another parameter
		if list, ok := c.Property("", affix.TrimSuffix(name, "%")); ok {
			return list
		}
		return []flow.Source{{Links: at}}
	} else if name, ok = affix.CutPrefix(t, "$"); !ok || !shell.IsVariable(beforeSign(name, ":")) {
		return []flow.Source{{Kind: flow.FromLiteral, Text: e.Value, Setting: e.Path(), Links: at}}
	}
	name, def, has := affix.Cut(name, ":")
	if !shell.IsVariable(name) { // another property
		if list, ok := c.Property("", name); ok {
			return list
		}
	}
	list := []flow.Source{{Kind: flow.FromEnv, Name: name, Setting: e.Path(), Links: at}}
	if has && def != "" {
		list = append(list, flow.Source{Kind: flow.FromLiteral, Text: def, Fallback: true, Links: at})
	}
	return list
}

func beforeSign(s, sep string) string {
	a, _, _ := affix.Cut(s, sep)
	return a
}
