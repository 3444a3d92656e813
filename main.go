// Badsig says why Stream (getstream.io) rejects a token, and what to change first.
package main

import (
	"context"
	"os"
	"runtime/debug"

	"badsig/checks/cli"
	"badsig/ui"
)

func main() {
	p := cli.OS(version())
	p.Console = console
	os.Exit(cli.Main(context.Background(), os.Args[1:], p))
}

// console opens the console on what the command line was passed.
func console(ctx context.Context, s cli.Session) (int, error) {
	o := ui.Options{
		Target: s.Target, Child: s.Child, ASCII: s.ASCII, Mouse: s.Mouse, Restart: s.Restart, Log: s.Log,
		Inspect: func(text string) ui.Inspection {
			f := s.Inspect(text)
			return ui.Inspection{
				Kind: f.Is, Lines: f.Says, Token: f.Inspection.Token(), APIKey: f.DashboardKey(), Browser: f.BrowserKey(),
				UserID: f.UserID, UserName: f.UserName, URL: f.Endpoint(), Header: f.Header,
				Method: f.Method, Body: f.Body(),
			}
		},
	}
	if s.Demo != nil {
		o.Demo = &ui.DemoInfo{Fault: s.Demo.Fault, Faults: s.Demo.Faults, Plant: s.Demo.Plant, Restart: s.Demo.Restart, Log: s.Demo.Log}
		o.StateDir = "-" // a demo leaves nothing on the disk
	}
	return ui.Run(ctx, o)
}

// A release's version and commit, set by the linker (-X main.release=1.2.3 -X main.commit=…); empty elsewhere.
var release, commit string

// version is the release's, the module's, or the commit that a checkout was built from.
func version() string {
	if release != "" {
		if commit != "" {
			return release + " (" + commit + ")"
		}
		return release
	}
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
