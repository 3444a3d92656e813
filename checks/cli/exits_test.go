package cli

import (
	"go/ast"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Rules of this file:
//   - everything that leaves badsig is a sanitize.Text, which only sanitize makes: the compiler holds that for all who write to
//     a sanitize.Out, the canvas, the clipboard and outfile
//   - what could write without one is used in the files listed here, and nowhere else

// exits are the ways to write past a sanitize.Text, and the files that use them.
var exits = map[string]string{
	"os.Stdout": "checks/cli/cli.go ui/run.go ui/theme/theme.go",
	"os.Stderr": "checks/cli/cli.go ui/editor_windows.go",
	// files: outfile writes Texts; a demo's project is invented; window size and the terminal's state come from /dev/tty
	"os.OpenFile": "checks/outfile checks/probe/files checks/probe/listener", "os.Create": "", "os.WriteFile": "checks/demo/demo.go",
	"os.CreateTemp": "", "os.NewFile": "checks/outfile checks/probe/files/read_unix.go", "os.Symlink": "", "os.Link": "", "os.Rename": "checks/outfile",
	"unix.Openat": "checks/outfile checks/probe/files/read_unix.go",
	"os.OpenRoot": "", "syscall.Write": "", "unix.Write": "", "syscall.Open": "", "unix.Open": "",
	"fmt.Print": "", "fmt.Printf": "", "fmt.Println": "", "log.Print": "", "log.Println": "", "log.Default": "",
	// a project's own files, with the edits that were shown and agreed to
	"outfile.Rewrite": "checks/fix/fix.go", "outfile.Create": "checks/fix/fix.go",
	// logs: the debug log, and serve's log, which is written to an Out
	"log.SetOutput": "checks/cli/clean.go checks/cli/cli.go", "log.Printf": "checks/cli checks/judge.go checks/run.go checks/fix/trial.go ui/quit.go", "slog.New": "", "log.New": "tokens/server/server.go tokens/server/serve.go",
	// clipboards
	"native.WriteAll": "ui/copy.go", "osc52.New": "ui/copy.go",
	// Texts that aren't scrubbed: a token that was requested, and findings, which were scrubbed field by field
	"sanitize.Whole": "checks/cli/mint.go ui/copy.go", "sanitize.Vouched": "checks/inspect/list.go", "sanitize.PrintVouched": "checks/inspect/list.go",
	// the one terminal of the console, which the shell and the editor get for a while
	"tea.WithOutput": "ui/run.go", "tea.Println": "", "tea.Printf": "", "tea.Exec": "ui/suspend_unix.go ui/editor.go", "tea.ExecProcess": "",
}

func TestOneWayOut(t *testing.T) {
	t.Parallel()
	used := map[string]bool{}
	for path, files := range goFiles(t) {
		if within(path, "checks/internal", "checks/e2e", "checks/fakestream") { // support of tests
			continue
		}
		for name, f := range files {
			name = strings.TrimPrefix(filepath.ToSlash(name), "../../")
			ast.Inspect(f, func(n ast.Node) bool {
				if call, ok := n.(*ast.CallExpr); ok {
					if fun, ok := call.Fun.(*ast.SelectorExpr); ok && fun.Sel.Name == "File" && len(call.Args) == 0 && !slices.Contains([]string{"checks/cli/explain.go", "checks/cli/mint.go", "checks/cli/progress.go", "checks/cli/show.go"}, name) {
						t.Errorf("%s takes the file of an Out, past which it could write", name)
					}
					if id, ok := call.Fun.(*ast.Ident); ok && (id.Name == "print" || id.Name == "println") {
						t.Errorf("%s calls %s", name, id.Name)
					}
				}
				sel, ok := n.(*ast.SelectorExpr)
				if !ok {
					return true
				}
				if in, ok := sel.X.(*ast.SelectorExpr); ok && sel.Sel.Name == "Write" && in.Sel.Name == "File" && name != "ui/canvas.go" {
					t.Errorf("%s writes to the console's terminal past the canvas", name)
				}
				x, ok := sel.X.(*ast.Ident)
				if !ok {
					return true
				}
				what := x.Name + "." + sel.Sel.Name
				allowed, listed := exits[what]
				if !listed {
					return true
				}
				if !slices.ContainsFunc(strings.Fields(allowed), func(a string) bool { return name == a || strings.HasPrefix(name, a+"/") }) {
					t.Errorf("%s uses %s: what leaves badsig is a sanitize.Text", name, what)
				}
				used[what] = true
				return true
			})
		}
	}
	for what, allowed := range exits {
		if allowed != "" && !used[what] {
			t.Errorf("nothing uses %s any more", what)
		}
	}
}
