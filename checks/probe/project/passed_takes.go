package project

import (
	"slices"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/project/picture"
)

// Rules of this file, about the field of a response that Stream's client gets:
//   - it is that of the request at which the way of the token begins; where two ways take different fields, each is one of several

// takes are the paths that ways of tokens take of the responses of requests, by where those are made.
type takes map[facts.Place][]takenPath

// takenPath is the path that is taken, and where.
type takenPath struct {
	path string
	at   facts.Place
}

// add keeps the path of one way, as far as all of it is understood.
func (t takes) add(x carried) {
	if x.kind != carriedDoc || x.path == "" {
		return
	}
	for _, at := range x.from {
		if i := slices.IndexFunc(t[at], func(o takenPath) bool { return o.path == x.path }); i < 0 {
			t[at] = append(t[at], takenPath{x.path, x.took})
		} else if t[at][i].at != x.took {
			t[at][i].at = facts.Place{}
		}
	}
}

// note tells the requests.
func (t takes) note(p *picture.Reader) {
	together(p.Facts.Passed)
	for i := range p.Facts.Fetches {
		x := &p.Facts.Fetches[i]
		paths := t[facts.Place{File: x.File, Line: x.Line}]
		if len(paths) == 0 || x.ObjectAt.Line > 0 || affix.Any(p.Facts.Fetches[:i], func(o facts.Fetch) bool { return o.File == x.File && o.Line == x.Line && o.URL != x.URL }) {
			continue
		}
		if len(paths) > 1 {
			odd, of := 0, takenPath{}
			for _, n := range paths {
				x.TakesEach = append(x.TakesEach, facts.LastName(n.path))
				if !handedOut(p, facts.LastName(n.path)) {
					odd, of = odd+1, n
				}
			}
			if odd == 1 && of.at.Line > 0 { // the other pages show what is there
				x.Takes, x.TakesPath, x.TakesAt, x.JSON = facts.LastName(of.path), of.path, of.at, true
			}
			continue
		}
		path := paths[0].path
		x.JSON = x.JSON || x.Takes == ""
		x.Takes, x.TakesPath = facts.LastName(path), path
		if x.Takes != "token" && !handedOut(p, x.Takes) { // else it needs no line
			x.TakesAt = paths[0].at
		}
		if !affix.Contains(path, ".") && !affix.Any(p.Entries, func(e *picture.Entry) bool {
			return affix.Any(e.Answer, func(n string) bool { return affix.HasSuffix(n, "."+path) })
		}) {
			x.TakesPath = "" // what is on top in the document, and in every response, needs no path
		}
	}
}

// handedOut reports a field that a response of the project has.
func handedOut(p *picture.Reader, field string) bool {
	return affix.Any(p.Facts.Entries, func(e facts.Entry) bool {
		return affix.Any(e.Answer, func(n string) bool { return facts.LastName(n) == field })
	})
}

// together places what several pages get wrong of one function at the line where that hands it out.
func together(all []facts.Passed) {
	for i := range all {
		for k := range all {
			if x, y := &all[i], &all[k]; i != k && x.Out.Line > 0 && x.Out == y.Out && x.How == y.How && x.Client.File != y.Client.File {
				x.Place = x.Out
			}
		}
	}
}
