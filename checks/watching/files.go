package watching

import (
	"path/filepath"
	"slices"
	"strings"

	"badsig/checks/facts"
)

// Files lists the files that decide about the token, relative to the project.
func Files(f *facts.Facts) []string {
	seen := map[string]bool{}
	var out []string
	add := func(file string) {
		if file != "" && !filepath.IsAbs(file) && !seen[file] {
			seen[file] = true
			out = append(out, file)
		}
	}
	for _, v := range f.Values {
		add(v.File)
	}
	if p := f.Project; p != nil {
		for _, e := range p.EnvFiles {
			add(e.File)
		}
		for _, s := range p.Servers {
			add(s.File)
			add(s.Entry)
		}
		for _, x := range p.Fetches {
			add(x.File)
		}
		for _, x := range p.Calls {
			add(x.File)
		}
		for _, x := range p.Origins {
			add(x.File)
		}
	}
	if s := f.Server; s != nil {
		for _, m := range append(slices.Clone(s.Loaded), s.Missing...) {
			add(m)
		}
	}
	return out
}

// SigningFiles lists the files that the token is made of: signing calls, the
// way from them to secret, key and response, and the .env files. A handler that
// calls Stream or a database is requested again only for a change of one of these.
func SigningFiles(f *facts.Facts) []string {
	seen := map[string]bool{}
	var out []string
	add := func(file string) {
		if file != "" && !filepath.IsAbs(file) && !seen[file] {
			seen[file] = true
			out = append(out, file)
		}
	}
	for _, v := range f.Values {
		if v.Role != facts.RoleFront {
			add(v.File)
		}
	}
	if p := f.Project; p != nil {
		for _, e := range p.EnvFiles {
			add(e.File)
		}
		for _, s := range p.Servers {
			add(s.File)
			add(s.Entry)
		}
		for _, s := range p.Sites {
			add(s.File)
			for _, l := range slices.Concat(s.Secret, s.Key) {
				add(l.File)
			}
			for _, w := range s.Wraps {
				add(w.File)
			}
		}
		for _, e := range p.Entries {
			add(e.File)
		}
	}
	if s := f.Server; s != nil {
		for _, m := range slices.Concat(s.Loaded, s.Missing) {
			add(m)
		}
	}
	return out
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
	case strings.HasSuffix(base, "~"), strings.HasSuffix(base, ".swp"), strings.HasPrefix(base, strings.TrimSuffix(ReportFile, ".md")):
		return false
	case named[path], strings.HasPrefix(base, ".env"), base == "env", base == "package.json":
		return true
	}
	return !careful && slices.Contains(codeEndings, strings.ToLower(filepath.Ext(base)))
}
