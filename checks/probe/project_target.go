package probe

import (
	"fmt"
	"net/url"
	"strings"
)

// chooseTarget fills the URL and the origin where no flag gave them: what the
// front end asks, else what the server's source says, else the documented
// default.
func chooseTarget(f *Facts, p *project) {
	if f.Target.URL == "" {
		f.Target.URL, f.Target.URLSource = DefaultURL, "default"
		if p != nil {
			if u, from := p.tokenURL(); u != "" {
				f.Target.URL, f.Target.URLSource = u, from
			}
		}
	}
	if f.Target.Origin == "" {
		f.Target.Origin, f.Target.OriginSource = "http://localhost:3000", "guess"
		if p != nil && len(p.facts.Origins) > 0 {
			o := p.facts.Origins[0]
			f.Target.Origin, f.Target.OriginSource = o.Text, where(o.File, o.Line)
		}
	}
}

func where(file string, line int) string {
	if line > 0 {
		return fmt.Sprintf("%s:%d", file, line)
	}
	return file
}

// tokenURL finds the token endpoint in the project's source.
func (p *project) tokenURL() (u, from string) {
	for _, x := range p.facts.Fetches {
		// An Android emulator calls its host 10.0.2.2.
		if u := strings.NewReplacer("//0.0.0.0", "//127.0.0.1", "//10.0.2.2", "//localhost").Replace(x.URL); isLoopbackURL(u) {
			return u, where(x.File, x.Line)
		}
		if !strings.HasPrefix(x.URL, "/") {
			continue
		}
		f := p.frontOf(x.File)
		if f == nil {
			continue
		}
		if to, ok := f.carried(x.URL); ok && isLoopbackURL(to) {
			return to, where(x.File, x.Line)
		}
		for _, s := range p.servers { // the framework's own API routes answer at the origin
			if s.pkg == f.pkg && s.frame != "" && f.origin.Text != "" {
				for _, r := range s.routes {
					if r.Path == x.URL {
						return f.origin.Text + x.URL, where(x.File, x.Line)
					}
				}
			}
		}
	}
	for _, c := range p.facts.Servers {
		if len(c.Routes) == 0 || routeScore(c.Routes[0]) <= 0 {
			continue
		}
		route, ok := p.fillRoute(c.Routes[0].Path)
		if !ok {
			continue
		}
		if len(c.SecretRead) == 0 && routeScore(c.Routes[0]) < 8 {
			continue
		}
		for _, port := range c.Ports {
			if port.Port == 0 {
				continue
			}
			r := c.Routes[0]
			return fmt.Sprintf("http://localhost:%d%s", port.Port, route), where(r.File, r.Line)
		}
	}
	return "", ""
}

// fillRoute puts the user into a route's parameter; ok is false where it has
// another.
func (p *project) fillRoute(route string) (string, bool) {
	parts := strings.Split(route, "/")
	for i, part := range parts {
		switch name := strings.TrimSuffix(strings.Trim(part, ":[]{}<>"), "?"); {
		case !strings.ContainsAny(part, ":*[{<("):
		case isUserName(name):
			parts[i] = url.PathEscape(p.w.Target.UserID)
		default:
			return "", false
		}
	}
	return strings.Join(parts, "/"), true
}

// isUserName tells names that stand for the user's id.
func isUserName(name string) bool {
	switch strings.ToLower(strings.ReplaceAll(name, "_", "")) {
	case "userid", "id", "uid", "username", "user":
		return true
	}
	return false
}

func (p *project) frontOf(rel string) *front {
	for _, f := range p.fronts {
		for _, m := range f.mods {
			if m.rel == rel {
				return f
			}
		}
	}
	return nil
}
