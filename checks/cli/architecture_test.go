package cli

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
)

// pkg is what go list says about a package.
type pkg struct {
	ImportPath   string
	Imports      []string
	TestImports  []string
	XTestImports []string
	Standard     bool
}

var listing = struct {
	sync.Mutex
	all map[string][]pkg
}{all: map[string][]pkg{}}

// goList lists packages for one operating system.
func goList(t *testing.T, goos string, args ...string) []pkg {
	t.Helper()
	readsSources(t)
	listing.Lock()
	defer listing.Unlock()
	key := goos + " " + strings.Join(args, " ")
	if listing.all[key] != nil {
		return listing.all[key]
	}
	cmd := exec.Command("go", append([]string{"list", "-json=ImportPath,Imports,TestImports,XTestImports,Standard"}, args...)...)
	cmd.Env = append(os.Environ(), "GOOS="+goos, "CGO_ENABLED=0")
	cmd.Dir = "../.."
	out, err := cmd.Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			t.Fatalf("go list: %v: %s", err, exit.Stderr)
		}
		t.Fatalf("go list: %v", err)
	}
	var all []pkg
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p pkg
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			listing.all[key] = all
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}

// floor is a room's height; imports go down or stay.
func floor(path string) int {
	for i, room := range []string{"badsig/tokens", "badsig/checks", "badsig/ui"} {
		if path == room || strings.HasPrefix(path, room+"/") {
			return i + 1
		}
	}
	if path == "badsig" {
		return 4
	}
	return 0
}

// Imports go one way: main → ui → checks → tokens.
func TestRoomsImportDownwards(t *testing.T) {
	t.Parallel()
	for _, goos := range []string{"linux", "darwin", "windows"} {
		for _, p := range goList(t, goos, "./...") {
			if floor(p.ImportPath) == 0 {
				t.Errorf("%s belongs to no room", p.ImportPath)
			}
			for _, imported := range p.Imports {
				if floor(imported) > floor(p.ImportPath) {
					t.Errorf("%s: %s imports upwards: %s", goos, p.ImportPath, imported)
				}
			}
			for _, imported := range slices.Concat(p.Imports, p.TestImports, p.XTestImports) {
				if strings.Contains(imported, "charmbracelet") && !strings.HasPrefix(p.ImportPath, "badsig/ui") {
					t.Errorf("%s: %s imports Charm's libraries, and only ui may: %s", goos, p.ImportPath, imported)
				}
			}
		}
	}
}

// What a package depends on, directly or not, is limited, too.
func TestRoomsImportLittle(t *testing.T) {
	t.Parallel()
	for _, room := range []struct {
		path    string
		allowed func(string) bool
	}{
		{"./tokens/...", func(p string) bool {
			return strings.HasPrefix(p, "badsig/tokens") || strings.HasPrefix(p, "github.com/golang-jwt/jwt/")
		}},
		{"./checks/cli", func(p string) bool {
			return !strings.Contains(p, "charmbracelet") && !strings.HasPrefix(p, "badsig/ui")
		}},
	} {
		for _, p := range goList(t, "linux", "-deps", room.path) {
			if !p.Standard && !room.allowed(p.ImportPath) {
				t.Errorf("%s depends on %s", room.path, p.ImportPath)
			}
		}
	}
}

// The program holds nothing that only tests need.
func TestProgramHoldsNoTestSupport(t *testing.T) {
	for _, p := range goList(t, "linux", "-deps", ".") {
		switch {
		case p.ImportPath == "testing", strings.HasPrefix(p.ImportPath, "badsig/checks/internal/"), strings.HasPrefix(p.ImportPath, "badsig/checks/e2e/"):
			t.Errorf("the program is built with %s", p.ImportPath)
		}
	}
}
