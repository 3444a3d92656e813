package facts

import (
	"strings"
	"time"

	"badsig/checks/affix"
	"badsig/checks/tools"
)

var JsEndings = []string{".ts", ".tsx", ".js", ".jsx", ".mjs", ".cjs", ".mts", ".cts", ".vue", ".svelte"}

// RunsLanguage tells whether a listener runs sources with an extension. A
// compiled program is what no runtime runs.
func RunsLanguage(l *Listener, ext string) bool {
	if len(tools.Runtimes(ext)) > 0 && l.runBy(ext) {
		return true
	}
	if len(tools.Runtimes(ext)) > 0 && ext != ".cs" { // .NET makes a program of its own, too
		return false
	}
	return l.Program() != "" && !l.Interpreted()
}

// Runs tells whether the listener's program is one that runs the sources of a
// file's language: a tunnel or a database that was started in the project's
// folder is not the project's server.
func (l *Listener) Runs(file string) bool {
	ext := affix.Ext(file)
	if OneOf(JsEndings, ext) {
		ext = ".js"
	}
	return RunsLanguage(l, ext)
}

// Interpreted tells whether a runtime runs the listener, of any language.
func (l *Listener) Interpreted() bool {
	for _, ext := range tools.Endings() {
		if l.runBy(ext) {
			return true
		}
	}
	return false
}

func (l *Listener) runBy(ext string) bool {
	name := l.Program()
	return affix.Any(tools.Runtimes(ext), func(r string) bool { return affix.HasPrefix(name, r) })
}

// Program is the name that the listener was started by, in small letters.
func (l *Listener) Program() string {
	name := l.Name
	if len(l.Command) > 0 {
		name = BaseName(l.Command[0])
	}
	return strings.ToLower(name)
}

// BaseName is the last part of a path of any system.
func BaseName(path string) string { return path[strings.LastIndexAny(path, `/\`)+1:] }

// Young tells a program that was started so short a time ago that it may not listen yet.
func (i *Idle) Young(now time.Time) bool {
	return !i.Start.IsZero() && now.Sub(i.Start) < 10*time.Second
}

// RunBy reports whether a command line names the program that the source starts.
func (c *ServerCode) RunBy(command []string) bool {
	return c != nil && c.Entry != "" && affix.Any(command, func(a string) bool {
		a = affix.ReplaceAll(a, `\`, "/")
		return a == c.Entry || affix.HasSuffix(a, "/"+c.Entry) || a != "" && a == BaseName(c.Entry)
	})
}

// Foreign tells a program that is surely none of the project's servers, though it may run in its folder: one of another
// language, one that is written on the command line, or the dev server of pages.
func (f *Facts) Foreign(l *Listener) bool {
	if f.Project == nil || len(f.Project.Servers) == 0 || len(l.Command) < 2 {
		return false
	}
	loose := OneOf([]string{"-e", "--eval"}, l.Command[1]) || OneOf(l.Command, "http.server")
	pages := tools.Command(l.Name, func(t *tools.Tool) bool { return t.Pages && !t.OnServer })
	vite := tools.Command(l.Name, func(t *tools.Tool) bool { return t.Vite })
	for i := range f.Project.Servers {
		s := &f.Project.Servers[i]
		if !loose && !(l.Interpreted() && !l.Runs(s.File)) && !(pages && len(s.Ports) > 0 && (!vite || l.Dir != s.Dir)) {
			return false
		}
	}
	return true
}
