package listener

import (
	"io"
	"os"
	"path/filepath"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/probe/pattern"
)

var (
	versionInPath  = pattern.New(`(?:^|[/\\@-])v?(\d{2}\.\d+\.\d+)(?:[/\\]|$)`)
	versionInAgent = pattern.New(`\bnode/v(\d+\.\d+\.\d+)\b`)
	versionDefined = pattern.New(`#define NODE_(MAJOR|MINOR|PATCH)_VERSION (\d+)`)
)

// nodeVersion tells which Node a program file is: by the headers that lie
// beside it, by its folder's name, by what npm says of itself. "" where that
// cannot be told, or where it is none.
func nodeVersion(exe, root string, env []string) string {
	switch name := affix.TrimSuffix(strings.ToLower(filepath.Base(exe)), ".exe"); name {
	case "node", "nodejs":
	default:
		return ""
	}
	if f, err := os.Open(filepath.Join(root, filepath.Dir(exe), "..", "include", "node", "node_version.h")); err == nil {
		b, _ := io.ReadAll(io.LimitReader(f, 16<<10))
		f.Close()
		part := map[string]string{}
		for _, g := range versionDefined.FindAllStringSubmatch(string(b), 8) {
			part[g[1]] = g[2]
		}
		if len(part) == 3 {
			return part["MAJOR"] + "." + part["MINOR"] + "." + part["PATCH"]
		}
	}
	if g := versionInPath.FindStringSubmatch(exe); g != nil {
		return g[1]
	}
	for _, e := range env {
		if agent, ok := affix.CutPrefix(e, "npm_config_user_agent="); ok {
			if g := versionInAgent.FindStringSubmatch(agent); g != nil {
				return g[1]
			}
		}
	}
	return ""
}
