// Badsig says why Stream (getstream.io) rejects a token, and what to change first.
package main

import (
	"context"
	"os"
	"runtime/debug"

	"badsig/checks/cli"
)

func main() {
	os.Exit(cli.Main(context.Background(), os.Args[1:], cli.OS(version())))
}

// version is the module's, or the commit that a checkout was built from.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			return "devel " + s.Value[:12]
		}
	}
	return "devel"
}
