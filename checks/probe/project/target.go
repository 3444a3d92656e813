package project

import (
	"badsig/checks/facts"
	"badsig/checks/probe/project/langs"
	"badsig/checks/probe/project/picture"
)

// chooseTarget fills the URL and the origin where no flag gave them: what the
// front end asks, else what the server's source says, else the documented
// default.
func chooseTarget(f *facts.Facts, p *picture.Reader) {
	if f.Target.URL == "" {
		f.Target.URL, f.Target.URLSource = facts.DefaultURL, "default"
		if p != nil {
			f.Target.URL, f.Target.URLSource = tokenURL(p)
		}
	}
	if p != nil {
		signAsRequested(p, f)
		langs.LangTarget(p, f)
	}
	if f.Target.Origin == "" {
		f.Target.Origin, f.Target.OriginSource = "http://localhost:3000", "guess"
		if p != nil && len(p.Facts.Origins) > 0 {
			o := p.Facts.Origins[0]
			f.Target.Origin, f.Target.OriginSource = o.Text, facts.At(o.File, o.Line)
		}
	}
}
