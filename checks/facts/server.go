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

// ListensOn reports a port on which the source lets a server listen.
//
//go:noinline
func (s *ServerCode) ListensOn(port int) bool {
	for i := range s.Ports {
		if s.Ports[i].Port == port {
			return true
		}
	}
	return false
}

// ListensOn reports a port on which the source lets one of the project's servers listen.
//
//go:noinline
func (p *Project) ListensOn(port int) bool {
	for i := range p.Servers {
		if p.Servers[i].ListensOn(port) {
			return true
		}
	}
	return false
}

// PublicFolder tells the name of a folder that servers hand out as it is.
func PublicFolder(name string) bool {
	return OneOf([]string{"public", "static", "www", "wwwroot"}, name)
}

// HandsOut reports a page in a folder that a server hands out at its own address: public/index.html, templates/chat.html.
func (s *ServerCode) HandsOut(page string) bool {
	rest := "/" + page
	if s.Dir != "" && s.Dir != "." {
		rest, _ = affix.CutPrefix(page, s.Dir)
	}
	for i, part := range strings.Split(rest, "/") {
		if (i == 1 || i > 0 && s.Language != "") && (PublicFolder(part) || part == "templates" || part == "views") {
			return true
		}
	}
	return false
}
