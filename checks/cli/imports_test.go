package cli

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// Rules of this file:
//   - a package imports what its row lists, on no system anything else of the project's, and has a row
//   - only vault keeps secrets; signer and stream hold them for one question, inspect what was pasted, and facts.Target what flags gave
//   - only listener, backend and stream open sockets, beside the servers that badsig itself is
//   - only files opens the files of a project, and only listener those of a process
//   - a package has at most 30 files and 5,000 lines, and a type at most 40 methods

func TestRoomsImportWhatTheTableLists(t *testing.T) {
	t.Parallel()
	seen := map[string]map[string]bool{}
	for _, goos := range []string{"linux", "darwin", "windows"} {
		for _, p := range goList(t, goos, "./...") {
			path := strings.TrimPrefix(p.ImportPath, "badsig/")
			row, ok := imports[path]
			if !ok {
				t.Errorf("%s has no row", path)
			}
			if seen[path] == nil {
				seen[path] = map[string]bool{}
			}
			for _, imported := range p.Imports {
				name, own := strings.CutPrefix(imported, "badsig/")
				if !own {
					continue
				}
				seen[path][name] = true
				if !slices.Contains(strings.Fields(row), name) {
					t.Errorf("%s: %s imports %s, which its row doesn't list", goos, path, name)
				}
			}
		}
	}
	for path, row := range imports {
		if seen[path] == nil {
			t.Errorf("the table has a row for %s, which isn't there", path)
		}
		for _, name := range strings.Fields(row) {
			if seen[path] != nil && !seen[path][name] {
				t.Errorf("the row of %s lists %s, which it doesn't import", path, name)
			}
		}
	}
}

// parsed is what goFiles gave, for all tests.
var (
	parsing sync.Mutex
	parsed  map[string]map[string]*ast.File
)

// goFiles parses the sources of each package, without tests.
func goFiles(t *testing.T) map[string]map[string]*ast.File {
	t.Helper()
	readsSources(t)
	parsing.Lock()
	defer parsing.Unlock()
	if parsed != nil {
		return parsed
	}
	all := map[string]map[string]*ast.File{}
	for path := range imports {
		names, err := filepath.Glob("../../" + path + "/*.go")
		if path == "badsig" {
			names, err = []string{"../../main.go"}, nil
		}
		if err != nil {
			t.Fatal(err)
		}
		all[path] = map[string]*ast.File{}
		for _, name := range names {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			all[path][name] = f
		}
	}
	parsed = all
	return all
}

// uses lists the names that a file uses of a package.
func uses(f *ast.File, path string) []string {
	local := ""
	for _, i := range f.Imports {
		if strings.Trim(i.Path.Value, `"`) == path {
			local = path[strings.LastIndexByte(path, '/')+1:]
			if i.Name != nil {
				local = i.Name.Name
			}
		}
	}
	if local == "" {
		return nil
	}
	var out []string
	ast.Inspect(f, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok {
			if x, ok := s.X.(*ast.Ident); ok && x.Name == local {
				out = append(out, s.Sel.Name)
			}
		}
		return true
	})
	return out
}

func within(path string, rooms ...string) bool {
	return slices.ContainsFunc(rooms, func(r string) bool { return path == r || strings.HasPrefix(path, r+"/") })
}

func TestRoomsThatOpenSockets(t *testing.T) {
	t.Parallel()
	opens := func(pkg, name string) bool {
		if pkg == "net" {
			return strings.HasPrefix(name, "Dial") || strings.HasPrefix(name, "Listen") || name == "DefaultResolver" || strings.HasPrefix(name, "Lookup") || name == "Resolver"
		}
		switch name {
		case "Get", "Head", "Post", "PostForm", "Client", "DefaultClient", "Transport", "DefaultTransport", "Server", "Serve", "ListenAndServe":
			return true
		}
		return false
	}
	for path, files := range goFiles(t) {
		if within(path, "checks/probe/listener", "checks/probe/backend", "checks/probe/stream", "tokens/server", "checks/demo", "checks/fakestream", "checks/internal", "checks/e2e") {
			continue
		}
		for name, f := range files {
			for _, pkg := range []string{"net", "net/http"} {
				for _, used := range uses(f, pkg) {
					if opens(pkg, used) && !(path == "checks/probe/netx" && strings.Contains(used, "esolver")) {
						t.Errorf("%s uses %s.%s: only listener, backend and stream open sockets", name, pkg, used)
					}
				}
			}
		}
	}
}

func TestRoomsThatReadFiles(t *testing.T) {
	t.Parallel()
	for path, files := range goFiles(t) {
		if !within(path, "checks/probe", "checks/rules", "checks/facts", "checks/finding", "checks/causes", "checks/sanitize", "checks/loopback", "checks/shell") ||
			within(path, "checks/probe/files", "checks/probe/listener") {
			continue
		}
		for name, f := range files {
			for _, used := range uses(f, "os") {
				if used != "Getenv" && used != "File" {
					t.Errorf("%s uses os.%s: only files reads the project's files", name, used)
				}
			}
			for _, used := range uses(f, "path/filepath") {
				if strings.HasPrefix(used, "Walk") || used == "Glob" {
					t.Errorf("%s uses filepath.%s: only files reads the project's folders", name, used)
				}
			}
		}
	}
}

func TestRoomsThatHoldSecrets(t *testing.T) {
	t.Parallel()
	for path, files := range goFiles(t) {
		if !within(path, "checks") || within(path, "checks/probe/vault", "checks/probe/signer", "checks/probe/stream", "checks/inspect", "checks/demo", "checks/fakestream", "checks/internal", "checks/e2e") {
			continue
		}
		for name, f := range files {
			ast.Inspect(f, func(n ast.Node) bool {
				ts, ok := n.(*ast.TypeSpec)
				if !ok {
					return true
				}
				st, ok := ts.Type.(*ast.StructType)
				if !ok || path == "checks/facts" && ts.Name.Name == "Target" {
					return true
				}
				for _, field := range st.Fields.List {
					ast.Inspect(field.Type, func(n ast.Node) bool {
						if s, ok := n.(*ast.SelectorExpr); ok && s.Sel.Name == "Secret" {
							if x, ok := s.X.(*ast.Ident); ok && x.Name == "tokens" {
								t.Errorf("%s: %s holds a secret, and only vault may", name, ts.Name.Name)
							}
						}
						return true
					})
				}
				return true
			})
		}
	}
}

func TestRoomsAreSmall(t *testing.T) {
	t.Parallel()
	for path, files := range goFiles(t) {
		lines := 0
		methods := map[string]int{}
		for name, f := range files {
			src, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			lines += strings.Count(string(src), "\n")
			for _, d := range f.Decls {
				if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv != nil {
					r := fn.Recv.List[0].Type
					if s, ok := r.(*ast.StarExpr); ok {
						r = s.X
					}
					if id, ok := r.(*ast.Ident); ok {
						methods[id.Name]++
					}
				}
			}
		}
		for name, n := range methods {
			if n > 40 {
				t.Errorf("%s.%s has %d methods", path, name, n)
			}
		}
		if within(path, "ui", "tokens") {
			continue // the console and Stream's tokens are one subject each
		}
		if len(files) > 30 {
			t.Errorf("%s has %d files", path, len(files))
		}
		if lines > 5000 {
			t.Errorf("%s has %d lines", path, lines)
		}
	}
}

// readsSources leaves a test of the sources to the run without -short: no second
// goroutine is in it, for the race detector to see.
func readsSources(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("-short: what is in the sources is tested without it")
	}
}
