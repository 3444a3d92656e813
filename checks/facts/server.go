package facts

import "badsig/checks/shell"

// CodeOf is the source that mints the token: the one the runtime was
// resolved to, else the only one; nil where there is none, or where several
// are and none is known to get the request.
//
//go:noinline
func CodeOf(f *Facts) *ServerCode { return f.ServerCode() }

// StartCommand is how to start the backend, to type from the project's
// folder; "" where nothing tells.
func StartCommand(f *Facts) string {
	if f.Server != nil && f.Server.Command != "" {
		return f.Server.Command
	}
	c := CodeOf(f)
	if c == nil || c.Start == "" {
		return ""
	}
	return shell.ShellIn(c.Dir, c.Start)
}
