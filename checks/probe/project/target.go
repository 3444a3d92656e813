package project

import (
	"net/url"
	"strings"

	"badsig/checks/facts"
)

// chooseTarget fills the URL and the origin where no flag gave them: what the
// front end asks, else what the server's source says, else the documented
// default.
func chooseTarget(f *facts.Facts, p *Reader) {
	if f.Target.URL == "" {
		f.Target.URL, f.Target.URLSource = facts.DefaultURL, "default"
		if p != nil {
			f.Target.URL, f.Target.URLSource = p.tokenURL()
		}
	}
	if p != nil {
		p.signAsRequested(f)
		p.langTarget(f)
	}
	if f.Target.Origin == "" {
		f.Target.Origin, f.Target.OriginSource = "http://localhost:3000", "guess"
		if p != nil && len(p.facts.Origins) > 0 {
			o := p.facts.Origins[0]
			f.Target.Origin, f.Target.OriginSource = o.Text, facts.At(o.File, o.Line)
		}
	}
}

// fillRoute puts the user into a route's parameter, which may have a name that
// only its handler tells; ok is false where it has another.
func (p *Reader) fillRoute(route, user string) (string, bool) {
	parts := strings.Split(route, "/")
	for i, part := range parts {
		switch name := strings.TrimSuffix(strings.Trim(part, ":[]{}<>"), "?"); {
		case !strings.ContainsAny(part, ":*[{<("):
		case isUserName(name), user != "" && name == user, strings.HasPrefix(part, "<") && isUserName(name[strings.LastIndexByte(name, ':')+1:]): // <str:user_id>
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

func (p *Reader) frontOf(rel string) *front {
	for _, f := range p.fronts {
		for _, m := range f.mods {
			if m.Rel == rel {
				return f
			}
		}
	}
	return nil
}
