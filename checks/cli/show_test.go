package cli

import (
	"path/filepath"
	"strings"
	"testing"
)

func TestFormatsThatContradictEachOther(t *testing.T) {
	for _, c := range []struct {
		o     checkOptions
		wrong bool
	}{
		{checkOptions{}, false},
		{checkOptions{json: true}, false},
		{checkOptions{format: "json", json: true}, false},
		{checkOptions{format: "github"}, false},
		{checkOptions{all: true}, false},
		{checkOptions{quiet: true, format: "text"}, false},
		{checkOptions{format: "xml"}, true},
		{checkOptions{format: "github", json: true}, true},
		{checkOptions{quiet: true, all: true}, true},
		{checkOptions{quiet: true, format: "json"}, true},
		{checkOptions{all: true, json: true}, true},
		{checkOptions{schema: true}, false},
		{checkOptions{schema: true, json: true}, true},
		{checkOptions{schema: true, format: "github"}, true},
		{checkOptions{schema: true, watch: true}, true},
	} {
		if err := c.o.agree(); (err != nil) != c.wrong {
			t.Errorf("%+v: %v", c.o, err)
		}
	}
}

// An annotation names the file from the repository's root, from wherever badsig was started.
func TestAnnotationsNameTheRepositorysFile(t *testing.T) {
	root := t.TempDir()
	t.Chdir(root)
	env := map[string]string{}
	p := &Program{Getenv: func(name string) string { return env[name] }}
	if got := p.inRepository("apps/chat")("server/.env"); got != "apps/chat/server/.env" {
		t.Errorf("from the working folder: %q", got)
	}
	env["GITHUB_WORKSPACE"] = filepath.Dir(root)
	if got := p.inRepository("apps/chat")("server/.env"); got != filepath.Base(root)+"/apps/chat/server/.env" || strings.Contains(got, "\\") {
		t.Errorf("from the workspace: %q", got)
	}
}
