package probe

import (
	"fmt"
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
		if isLoopbackURL(x.URL) {
			return strings.Replace(x.URL, "//0.0.0.0", "//127.0.0.1", 1), where(x.File, x.Line)
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
		if len(c.Routes) == 0 || routeScore(c.Routes[0]) <= 0 || strings.ContainsAny(c.Routes[0].Path, ":*[{") {
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
			return fmt.Sprintf("http://localhost:%d%s", port.Port, r.Path), where(r.File, r.Line)
		}
	}
	return "", ""
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
