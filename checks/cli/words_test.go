package cli

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// Words that badsig doesn't use in anything a person reads, with the plain word
// to use instead. They are matched in prose: pages, README, and string literals
// that contain a space.
var avoided = []struct{ words, instead string }{
	{`mend|mends|mended|mending`, "fix"},
	{`blank|blanks`, "whitespace, space"},
	{`line breaks?|line ends?`, "newline, line ending"},
	{`stands|stand in`, "is, is in"},
	{`lies`, "is"},
	{`damages?|damaged`, "corrupt, typo, whitespace …"},
	{`spoilt|spoiled`, "wrong, tampered"},
	{`stumbled|stumbles`, "hit an internal error"},
	{`nobody|somebody|whoever|whatever`, "no one, anyone, say who"},
	{`takes`, "accepts, uses"},
	{`refuses?|refused`, "rejects"},
	{`asks?|asked|asking`, "requests"},
	{`answers?|answered`, "response, responds, returns"},
	{`behind`, "after, next to"},
	{`sound`, "valid"},
	{`plants?|planted`, "bug"},
	{`hops?`, "step"},
	{`for ever`, "forever, never expires"},
	{`at once`, "immediately"},
	{`says Stream|of Stream's`, "Stream says, from Stream"},
	{`a text|the text|texts`, "string, value"},
	{`was given|were given|is given`, "name what was passed"},
	{`is no|are no|was no`, "isn't a"},
	{`colours?|organisations?|recognises?|licence`, "American spelling"},
}

// idiomatic are uses of those words that are plain English.
var idiomatic = regexp.MustCompile(`(?i)` + strings.Join([]string{
	`\btakes (effect|longer|too long|a while|priority|precedence)\b`,
	`\b(connections?|port) (is |are |was |were )?refused?\b`, `\brefuses? (the |every |all )?connections?\b`, `\brefused connection\b`,
	`\bconnection to  refused\b`, `\bECONNREFUSED\b`, `\bactively refused it\b`,
	`\bthere('s| is| are| was) no\b`, `\b(ahead|instead) of Stream's\b`, `\bbehind Stream's\b`,
	`"the text/`,
}, "|"))

var avoidedWords = func() []*regexp.Regexp {
	var list []*regexp.Regexp
	for _, a := range avoided {
		list = append(list, regexp.MustCompile(`(?i)\b(?:`+a.words+`)\b`))
	}
	return list
}()

// ordinary are the rows of avoided with words that comments need in their ordinary sense: what takes long, the text of a
// field, what is behind a proxy.
var ordinary = []string{`takes`, `a text|the text|texts`, `behind`, `sound`, `was given|were given|is given`}

// plainInComments are phrases that are plain English in a comment, though a text for users would put them otherwise.
var plainInComments = regexp.MustCompile(`(?i)\b(is|are|was) no (longer|one)\b|\bof Stream's \w|\b(Answer|Damage)\.\w+`)

// TestPlainEnglishInComments: comments are read by developers. A word that the file has as a name is that name.
func TestPlainEnglishInComments(t *testing.T) {
	t.Parallel()
	var any []string
	for _, a := range avoided {
		if !slices.Contains(ordinary, a.words) {
			any = append(any, a.words)
		}
	}
	suspect := regexp.MustCompile(`(?i)\b(?:` + strings.Join(any, "|") + `)\b`) // one search spares the others
	for _, path := range goSources(t) {
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, path, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		isName := func(word string) (found bool) {
			ast.Inspect(file, func(n ast.Node) bool {
				id, ok := n.(*ast.Ident)
				found = found || ok && strings.EqualFold(id.Name, word)
				return !found
			})
			return found
		}
		for _, group := range file.Comments {
			text := group.Text()
			if !suspect.MatchString(strings.Join(strings.Fields(text), " ")) {
				continue
			}
			for _, quoted := range []*regexp.Regexp{codeWord, quotedWords} {
				text = quoted.ReplaceAllString(text, "")
			}
			text = idiomatic.ReplaceAllString(plainInComments.ReplaceAllString(strings.Join(strings.Fields(text), " "), ""), "")
			for i, re := range avoidedWords {
				if slices.Contains(ordinary, avoided[i].words) {
					continue
				}
				for _, found := range re.FindAllString(text, -1) {
					if !isName(found) {
						t.Errorf("%s: %q (say: %s) in the comment %q", set.Position(group.Pos()), found, avoided[i].instead, strings.TrimSpace(text))
					}
				}
			}
		}
	}
}

// quotedWords are what others write: Stream, an SDK, a setting.
var quotedWords = regexp.MustCompile(`"[^"]*"`)

// wordFaults lists the avoided words in a piece of prose.
func wordFaults(text string) []string {
	plain := idiomatic.ReplaceAllString(text, "")
	var faults []string
	for i, re := range avoidedWords {
		for _, found := range re.FindAllString(plain, -1) {
			faults = append(faults, fmt.Sprintf("%q (say: %s)", found, avoided[i].instead))
		}
	}
	return faults
}

// prose lists the string literals of a Go file that a person may read: those
// with a space, outside imports, tags and regular expressions.
func prose(t *testing.T, name string) map[string]string {
	t.Helper()
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, name, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	skip := map[ast.Node]bool{}
	found := map[string]string{}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ImportSpec:
			return false
		case *ast.Field:
			if n.Tag != nil {
				skip[n.Tag] = true
			}
		case *ast.CallExpr:
			callee := ""
			switch f := n.Fun.(type) {
			case *ast.SelectorExpr:
				callee = f.Sel.Name
			case *ast.Ident:
				callee = f.Name
			}
			if slices.Contains([]string{"MustCompile", "Lazy", "Contains", "HasPrefix", "HasSuffix", "Cut", "CutPrefix", "Index", "Debug", "panic"}, callee) {
				for _, a := range n.Args {
					skip[a] = true
				}
			}
		case *ast.BasicLit:
			if n.Kind != token.STRING || skip[n] {
				return true
			}
			s, err := strconv.Unquote(n.Value)
			if err == nil && strings.Contains(strings.TrimSpace(s), " ") {
				at := set.Position(n.Pos())
				found[fmt.Sprintf("%s:%d", filepath.Base(at.Filename), at.Line)] += s + "\n"
			}
		}
		return true
	})
	return found
}

// What a person reads is in plain English: the pages, the README, and every
// string in the program.
func TestPlainEnglish(t *testing.T) {
	t.Parallel()
	// Folders and files whose strings aren't for people, or are still being rewritten.
	skipped := []string{"checks/internal/", "checks/e2e/"}
	err := fs.WalkDir(os.DirFS("../.."), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if path != "." && strings.HasPrefix(path, ".") || d.Name() == "testdata" {
				return fs.SkipDir
			}
			return nil
		}
		if slices.ContainsFunc(skipped, func(s string) bool { return strings.HasPrefix(path, s) }) {
			return nil
		}
		switch {
		case strings.HasSuffix(path, ".md"), path == "checks/report_schema.txt":
			for line, text := range markdownProse(t, "../../"+path) {
				reportWords(t, fmt.Sprintf("%s:%d", path, line), text)
			}
		case strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go"):
			for where, text := range prose(t, "../../"+path) {
				reportWords(t, filepath.Dir(path)+"/"+where, text)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func reportWords(t *testing.T, where, text string) {
	for _, fault := range wordFaults(text) {
		t.Errorf("%s: %s in %q", where, fault, strings.TrimSpace(text))
	}
}

// codeWord is one word in a code span: a name, not prose.
var codeWord = regexp.MustCompile("`[^` ]+`")

// markdownProse lists the lines of a page, by number, without code blocks, names
// in code, and the "hop" in a cause's front matter.
func markdownProse(t *testing.T, name string) map[int]string {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	lines := map[int]string{}
	fenced := false
	for i, line := range strings.Split(string(b), "\n") {
		if strings.HasPrefix(line, "```") {
			fenced = !fenced
		}
		if strings.HasSuffix(name, ".txt") { // its lines begin with a part's name
			_, line, _ = strings.Cut(line, ": ")
		}
		if !fenced && !strings.HasPrefix(line, "hop:") {
			lines[i+1] = codeWord.ReplaceAllString(line, "")
		}
	}
	return lines
}
