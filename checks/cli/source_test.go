package cli

import (
	"go/ast"
	"go/token"
	"slices"
	"strings"
	"testing"
)

// Rules of this file:
//   - a project's source text is read by the parsers of its format alone: no other room searches it, and no regular expression runs over it

// parsers are the functions that a source text may be handed to, and what only tells whether there is one, or copies it.
var parsers = []string{
	"jsread.Read", "jsread.Words", "jsread.Metas", "readModule", "g.read", "envfile.Read", "confread.YAML", "confread.TOML", "confread.JSON", "confread.Properties", "confread.Read", "confread.DartDefines",
	"flow.Parse", "json.Unmarshal", "confread.PlainJSON", "TrimBOM", "files.TrimBOM", "files.Mentions", "LineOfText", "modules.LineOfText", "len", "append", "bytes.Clone",
}

// lineFormats are the files that read a format of lines: Procfiles, Makefiles, INI files, and YAML and JSON that their parsers don't accept.
var lineFormats = []string{
	"values/config.go", "values/config_yaml.go", "values/ini.go", "values/container.go", "starts/start.go", "langs/start.go", "langs/config.go", "values/image.go", // Dockerfiles, go.mod, pom.xml and their like
}

// filters are the files in which a string that isn't in a source spares reading it; that it is there decides nothing.
var filters = []string{"modules/words.go", "modules/settings.go", "picture/native_read.go"}

func TestSourcesAreReadByParsers(t *testing.T) {
	t.Parallel()
	for path, all := range goFiles(t) {
		if !within(path, "checks/probe/modules", "checks/probe/project") {
			continue
		}
		for name, f := range all {
			if slices.ContainsFunc(slices.Concat(lineFormats, filters), func(s string) bool { return strings.HasSuffix(name, s) }) {
				continue
			}
			parsed := map[ast.Node]bool{}
			ast.Inspect(f, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.CallExpr:
					if slices.Contains(parsers, calleeOf(n.Fun)) {
						for _, a := range n.Args {
							ast.Inspect(a, func(x ast.Node) bool { parsed[x] = true; return true })
						}
					}
				case *ast.KeyValueExpr, *ast.BinaryExpr: // Src: f.Src, f.Src != nil
					ast.Inspect(n, func(x ast.Node) bool {
						_, call := x.(*ast.CallExpr)
						if s, ok := x.(*ast.SelectorExpr); ok && s.Sel.Name == "Src" {
							parsed[x] = true
						}
						return !call
					})
				case *ast.SelectorExpr:
					if (n.Sel.Name == "Src" || n.Sel.Name == "src") && !parsed[n] {
						t.Errorf("%s: a source text is read by something that isn't a parser of it", name)
					}
				}
				return true
			})
		}
	}
}

func calleeOf(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		if x, ok := e.X.(*ast.Ident); ok {
			return x.Name + "." + e.Sel.Name
		}
	}
	return ""
}

// patterns are the files of those that read sources which have regular expressions, and what these are matched with.
var patterns = map[string]string{
	"modules/load.go":           "a package's name",
	"modules/paths.go":          "a path",
	"jsread/env.go":             "the name of a function or variable",
	"project/fronts/url.go":     "a URL",
	"project/fronts/strips.go":  "a package's name",
	"project/servers/body.go":   "a package's name",
	"project/servers/guards.go": "a package's name",
	"project/servers/alters.go": "a package's name",
	"project/values/code.go":    "the text of a comment: what is commented out is found there on purpose, and told as such",
	"project/values/node.go":    "a version",
	"project/values/config.go":  "a line of JSON or YAML that the parser didn't accept",
}

func TestPatternsMatchNames(t *testing.T) {
	t.Parallel()
	found := map[string]bool{}
	for path, all := range goFiles(t) {
		if !within(path, "checks/probe/modules", "checks/probe/project", "checks/probe/jsread", "checks/probe/langread", "checks/probe/confread", "checks/probe/envfile", "checks/probe/files") {
			continue
		}
		for name, f := range all {
			if len(uses(f, "regexp")) == 0 && !slices.Contains(uses(f, "badsig/checks/probe/pattern"), "New") {
				continue
			}
			name = strings.TrimPrefix(name, "../../checks/probe/")
			if found[name] = true; patterns[name] == "" {
				t.Errorf("%s has a regular expression: source text is read by a parser; list it with what it's matched with if that's something else", name)
			}
		}
	}
	for name := range patterns {
		if !found[name] {
			t.Errorf("%s has no regular expression", name)
		}
	}
}

// wordFields are the fields that say in words what others say as data. Nothing is decided by them.
var wordFields = []string{"Why", "Summary", "Detail", "Title"}

func TestNothingIsDecidedByWords(t *testing.T) {
	t.Parallel()
	for path, all := range goFiles(t) {
		if !within(path, "checks") || within(path, "checks/e2e", "checks/internal") {
			continue
		}
		for name, f := range all {
			ast.Inspect(f, func(n ast.Node) bool {
				said := func(e ast.Expr) {
					if s, ok := e.(*ast.SelectorExpr); ok && slices.Contains(wordFields, s.Sel.Name) {
						t.Errorf("%s reads state back from %s: make it a field", name, s.Sel.Name)
					}
				}
				if b, ok := n.(*ast.BinaryExpr); ok && (b.Op == token.EQL || b.Op == token.NEQ) {
					if lit, ok := b.Y.(*ast.BasicLit); ok && len(lit.Value) > 2 {
						said(b.X)
					}
				}
				call, ok := n.(*ast.CallExpr)
				if !ok || len(call.Args) < 2 || !slices.Contains([]string{"strings.HasPrefix", "strings.HasSuffix", "strings.Contains", "strings.Cut", "strings.CutPrefix", "strings.CutSuffix", "strings.TrimPrefix", "strings.TrimSuffix", "strings.Index"}, calleeOf(call.Fun)) {
					return true
				}
				said(call.Args[0])
				return true
			})
		}
	}
}
