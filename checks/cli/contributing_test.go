package cli

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// What CONTRIBUTING names is there: folders, files, tests and names of packages.
func TestContributingNamesWhatIsThere(t *testing.T) {
	text, err := os.ReadFile("../../.github/CONTRIBUTING.md")
	if err != nil {
		t.Fatal(err)
	}
	exists := func(p string) bool {
		_, err := os.Stat(filepath.Join("../..", filepath.FromSlash(p)))
		return err == nil
	}
	n := 0
	for _, g := range regexp.MustCompile("`([^`\n]+)`").FindAllStringSubmatch(string(text), -1) {
		name := g[1]
		if strings.ContainsAny(name, " <(") || !strings.Contains(name, "/") || strings.Contains(name, "ID.md") {
			continue
		}
		if n++; !exists(name) {
			t.Errorf("%s isn't there", name)
		}
	}
	if n < 15 {
		t.Errorf("only %d paths were looked at", n)
	}
	for _, g := range regexp.MustCompile(`-run '?(Test\w+)`).FindAllStringSubmatch(string(text), -1) {
		found := false
		names, err := filepath.Glob("../e2e/scenarios/*_test.go")
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			src, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			found = found || strings.Contains(string(src), "func "+g[1]+"(")
		}
		if !found {
			t.Errorf("there is no %s", g[1])
		}
	}
	for _, name := range []string{"checks/probe", "checks/rules", "checks/facts", "checks/causes", "checks/tools"} {
		if !strings.Contains(string(text), name) {
			t.Errorf("%s isn't explained", name)
		}
	}
}
