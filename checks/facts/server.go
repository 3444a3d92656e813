package facts

import (
	"strings"

	"badsig/checks/affix"
	"badsig/checks/shell"
)

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

// HandsOut reports a page in a folder that a server hands out at its own address: public/index.html, templates/chat.html.
func (s *ServerCode) HandsOut(page string) bool {
	rest := "/" + page
	if s.Dir != "" && s.Dir != "." {
		rest, _ = affix.CutPrefix(page, s.Dir)
	}
	for i, part := range strings.Split(rest, "/") {
		if (i == 1 || i > 0 && s.Language != "") && OneOf([]string{"public", "static", "templates", "views", "www", "wwwroot"}, part) {
			return true
		}
	}
	return false
}
