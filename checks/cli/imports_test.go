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

// imports is what each package may import of the project's packages, lower packages first.
var imports = map[string]string{
	"checks/e2e/leaks":             "",
	"checks/e2e/perf":              "",
	"checks/e2e/recording":         "",
	"checks/internal/eventually":   "",
	"checks/internal/projecttest":  "",
	"checks/internal/secretscan":   "",
	"checks/internal/strace":       "",
	"checks/loopback":              "",
	"checks/outfile":               "checks/sanitize",
	"checks/probe/confread":        "",
	"checks/probe/langread/syntax": "",
	"checks/probe/netx":            "",
	"checks/probe/pattern":         "",
	"checks/shell":                 "",
	"checks/tools":                 "",
	"tokens":                       "",
	"ui/theme":                     "",
	"checks/causes":                "tokens",
	"checks/fakestream":            "tokens",
	"checks/fakestream/socket":     "checks/fakestream",
	"checks/internal/nodetest":     "checks/internal/eventually",
	"checks/probe/envfile":         "tokens",
	"checks/probe/jsread":          "checks/probe/pattern",
	"checks/probe/langread/flow":   "checks/probe/langread/syntax",
	"checks/sanitize":              "tokens",
	"tokens/server":                "tokens",
	"checks/facts":                 "checks/loopback checks/sanitize checks/shell checks/tools tokens",
	"checks/probe/langread":        "checks/probe/langread/flow checks/probe/langread/syntax",
	"checks/demo":                  "checks/causes checks/facts checks/fakestream checks/probe/envfile checks/sanitize tokens",
	"checks/finding":               "checks/causes checks/facts checks/sanitize",
	"checks/internal/factstest":    "checks/facts tokens",
	"checks/probe/names":           "checks/facts checks/probe/pattern checks/shell",
	"checks/probe/files":           "checks/facts checks/probe/names checks/sanitize",
	"checks/probe/vault":           "checks/facts checks/probe/names checks/sanitize tokens",
	"checks/rules/parts":           "checks/causes checks/facts checks/finding checks/shell tokens",
	"checks/internal/worldtest":    "checks/facts checks/internal/eventually checks/probe/vault tokens",
	"checks/probe/backend": "checks/facts checks/loopback checks/probe/names checks/probe/netx checks/probe/pattern " +
		"checks/probe/vault checks/sanitize tokens",
	"checks/probe/listener": "checks/facts checks/probe/names checks/probe/pattern checks/probe/vault checks/sanitize " +
		"checks/tools tokens",
	"checks/probe/modules": "checks/facts checks/probe/confread checks/probe/envfile checks/probe/files checks/probe/jsread checks/probe/names " +
		"checks/probe/pattern checks/shell checks/tools",
	"checks/probe/signer": "checks/facts checks/probe/vault tokens",
	"checks/probe/stream": "checks/facts checks/loopback checks/probe/netx checks/probe/vault checks/sanitize tokens",
	"checks/rules/signature": "checks/causes checks/facts checks/finding checks/loopback checks/probe/names " +
		"checks/probe/pattern checks/rules/parts checks/sanitize checks/shell tokens",
	"checks/probe/project/picture": "checks/facts checks/probe/confread checks/probe/envfile checks/probe/files " +
		"checks/probe/jsread checks/probe/langread checks/probe/langread/flow " +
		"checks/probe/langread/syntax checks/probe/modules checks/probe/vault checks/sanitize " +
		"checks/shell",
	"checks/rules": "checks/causes checks/facts checks/finding checks/loopback checks/probe/names checks/probe/pattern " +
		"checks/rules/parts checks/rules/said checks/rules/signature checks/shell checks/tools tokens",
	"checks/rules/said":           "checks/facts checks/finding checks/probe/pattern checks/rules/signature",
	"checks/probe/project/starts": "checks/probe/confread checks/probe/files checks/probe/modules checks/probe/project/picture checks/shell checks/tools",
	"checks/probe/project/values": "checks/facts checks/probe/confread checks/probe/envfile checks/probe/files checks/probe/jsread " +
		"checks/probe/modules checks/probe/names checks/probe/pattern checks/probe/project/picture " +
		"checks/probe/project/starts checks/probe/vault checks/sanitize checks/shell checks/tools",
	"checks/probe/project/servers": "checks/facts checks/probe/confread checks/probe/envfile checks/probe/files checks/probe/jsread " +
		"checks/probe/modules checks/probe/names checks/probe/pattern checks/probe/project/picture checks/probe/project/starts " +
		"checks/probe/project/values checks/shell checks/tools",
	"checks/probe/project/fronts": "checks/facts checks/loopback checks/probe/confread checks/probe/files checks/probe/jsread " +
		"checks/probe/modules checks/probe/names checks/probe/pattern checks/probe/project/picture " +
		"checks/probe/project/servers checks/probe/project/starts checks/probe/project/values " +
		"checks/sanitize checks/tools",
	"checks/probe/project/sites": "checks/facts checks/probe/files checks/probe/jsread checks/probe/modules " +
		"checks/probe/names checks/probe/project/picture checks/probe/project/servers " +
		"checks/probe/project/values checks/sanitize",
	"checks/probe/project/langs": "checks/facts checks/probe/confread checks/probe/envfile checks/probe/files checks/probe/langread " +
		"checks/probe/langread/flow checks/probe/langread/syntax checks/probe/modules checks/probe/names " +
		"checks/probe/project/picture checks/probe/project/sites checks/probe/project/values " +
		"checks/sanitize checks/shell checks/tools",
	"checks/probe/project/resolve": "checks/facts checks/loopback checks/probe/envfile checks/probe/files checks/probe/jsread " +
		"checks/probe/langread/flow checks/probe/langread/syntax checks/probe/modules " +
		"checks/probe/names checks/probe/project/fronts checks/probe/project/langs " +
		"checks/probe/project/picture checks/probe/project/servers checks/probe/project/sites " +
		"checks/probe/project/starts checks/probe/project/values checks/sanitize checks/shell",
	"checks/probe/project": "checks/facts checks/loopback checks/probe/confread checks/probe/envfile checks/probe/files " +
		"checks/probe/jsread checks/probe/modules checks/probe/names checks/probe/project/fronts " +
		"checks/probe/project/langs checks/probe/project/picture checks/probe/project/resolve " +
		"checks/probe/project/servers checks/probe/project/sites checks/probe/project/starts " +
		"checks/probe/project/values checks/probe/vault checks/sanitize checks/tools",
	"checks/probe": "checks/facts checks/probe/backend checks/probe/files checks/probe/listener checks/probe/project " +
		"checks/probe/project/picture checks/probe/signer checks/probe/stream checks/probe/vault",
	"checks": "checks/causes checks/facts checks/finding checks/loopback checks/probe checks/probe/stream " +
		"checks/probe/vault checks/rules checks/rules/parts checks/rules/signature checks/sanitize",
	"checks/e2e/oracle":  "",
	"checks/e2e/child":   "checks/internal/eventually",
	"checks/e2e/records": "checks checks/facts",
	"checks/e2e/scenarios": "checks/e2e/child checks/e2e/oracle checks/e2e/records checks/fakestream " +
		"checks/internal/secretscan tokens",
	"checks/inspect/plain": "",
	"checks/inspect/dress": "checks/inspect/plain tokens",
	"checks/inspect":       "checks checks/causes checks/facts checks/inspect/dress checks/inspect/plain checks/loopback checks/probe/signer checks/sanitize tokens",
	"checks/watching":      "checks/facts checks/loopback checks/outfile checks/probe/listener checks/sanitize",
	"ui": "checks checks/causes checks/facts checks/finding checks/fix checks/loopback checks/outfile checks/watching " +
		"checks/probe/pattern checks/probe/stream checks/probe/vault " +
		"checks/rules/parts checks/sanitize checks/shell tokens ui/theme",
	"checks/fix/edits": "checks/finding checks/sanitize tokens",
	"checks/fix/cures": "checks/causes checks/facts checks/finding checks/fix/edits checks/probe/files checks/probe/jsread checks/probe/langread/flow checks/probe/names checks/probe/vault checks/tools tokens",
	"checks/fix": "checks checks/causes checks/facts checks/finding checks/fix/cures checks/fix/edits checks/outfile " +
		"checks/probe checks/probe/confread checks/probe/files checks/probe/jsread checks/probe/langread/flow checks/probe/vault checks/shell tokens",
	"checks/cli/follow": "checks checks/facts checks/finding",
	"checks/cli": "checks checks/causes checks/cli/follow checks/demo checks/facts checks/finding checks/fix checks/inspect checks/outfile checks/probe " +
		"checks/probe/signer checks/probe/stream checks/probe/vault checks/sanitize checks/shell checks/watching tokens tokens/server",
	"badsig": "checks/cli ui",
}

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
