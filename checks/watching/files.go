package watching

import (
	"path/filepath"
	"slices"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
)

// Files lists the files that decide about the token, relative to the project.
func Files(f *facts.Facts) []string {
	l := both(f, func(*facts.Value) bool { return true })
	if p := f.Project; p != nil {
		for _, x := range p.Fetches {
			l.add(x.File)
		}
		for _, x := range p.Calls {
			l.add(x.File)
		}
		for _, x := range p.Origins {
			l.add(x.File)
		}
	}
	return l.files
}

// SigningFiles lists the files that the token is made of: signing calls, the
// way from them to secret, key and response, and the .env files. A handler that
// calls Stream or a database is requested again only for a change of one of these.
func SigningFiles(f *facts.Facts) []string {
	l := both(f, func(v *facts.Value) bool { return v.Role != facts.RoleFront })
	if p := f.Project; p != nil {
		for _, s := range p.Sites {
			l.add(s.File)
			for _, x := range slices.Concat(s.Secret, s.Key) {
				l.add(x.File)
			}
			for _, x := range s.Wraps {
				l.add(x.File)
			}
		}
		for _, e := range p.Entries {
			l.add(e.File)
		}
	}
	return l.files
}

// list is files of the project, each once.
type list struct {
	files []string
	seen  map[string]bool
}

//go:noinline
func (l *list) add(file string) {
	if file != "" && !filepath.IsAbs(file) && !l.seen[file] {
		l.seen[file] = true
		l.files = append(l.files, file)
	}
}

// both is what decides in any case: the places of keys and secrets that count, the .env files, the server's own code.
func both(f *facts.Facts, counts func(*facts.Value) bool) *list {
	l := &list{seen: map[string]bool{}}
	for i := range f.Values {
		if v := &f.Values[i]; counts(v) {
			l.add(v.File)
		}
	}
	if p := f.Project; p != nil {
		for _, e := range p.EnvFiles {
			l.add(e.File)
		}
		for _, s := range p.Servers {
			l.add(s.File)
			l.add(s.Entry)
		}
	}
	if s := f.Server; s != nil {
		for _, m := range slices.Concat(s.Loaded, s.Missing) {
			l.add(m)
		}
	}
	return l
}

// codeEndings are the endings of code; data files count only where the facts name them.
var codeEndings = []string{".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx", ".vue", ".svelte", ".py", ".go", ".rb", ".php"}

// ReportFile is where the console saves its report, in the project's folder.
const ReportFile = "badsig-report.md"

// Decides reports whether a changed file may have to do with the token. named
// are the files that the facts name; careful leaves out code that they don't name.
func Decides(path string, named map[string]bool, careful bool) bool {
	base := filepath.Base(path)
	switch {
	case affix.HasSuffix(base, "~"), affix.HasSuffix(base, ".swp"), affix.HasPrefix(base, affix.TrimSuffix(ReportFile, ".md")):
		return false
	case named[path], affix.HasPrefix(base, ".env"), base == "env", base == "package.json":
		return true
	}
	return !careful && facts.OneOf(codeEndings, strings.ToLower(filepath.Ext(base)))
}
