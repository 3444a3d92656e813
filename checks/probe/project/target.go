package project

import (
	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/project/langs"
	"badsig/checks/probe/project/picture"
)

// chooseTarget fills the URL and the origin where no flag gave them: what the
// front end requests, else what the server's source says, else the documented
// default.
func chooseTarget(f *facts.Facts, p *picture.Reader) {
	if f.Target.URL == "" {
		f.Target.URL, f.Target.URLSource = facts.DefaultURL, "default"
		if p != nil {
			f.Target.URL, f.Target.URLSource = tokenURL(p)
			if u, from := routeByName(p); u != "" && u == f.Target.URL && from == f.Target.URLSource && !affix.Any(p.Facts.Entries, func(e facts.Entry) bool { return facts.At(e.File, e.Line) == from }) {
				f.Target.Known.URL = facts.IsAssumed // its path alone speaks of tokens
			}
		}
	}
	if p != nil {
		if asksOneOfSeveral(p, f) {
			f.Target.Known.URL = facts.IsAssumed
		}
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

// asksOneOfSeveral reports whether several programs of the project make tokens,
// no request of a front end says which of them it reaches, and badsig chose the
// likeliest.
func asksOneOfSeveral(p *picture.Reader, f *facts.Facts) bool {
	from := -1
	for i := range p.Facts.Entries {
		if e := &p.Facts.Entries[i]; facts.At(e.File, e.Line) == f.Target.URLSource && e.Kind == facts.EntryHTTP {
			from = e.Server
		}
	}
	return from >= 0 && affix.Any(p.Facts.Entries, func(e facts.Entry) bool {
		return e.Kind == facts.EntryHTTP && e.Path != "" && e.Server >= 0 && e.Server != from
	})
}
