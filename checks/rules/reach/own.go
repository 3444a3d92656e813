package reach

import (
	"strconv"

	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/loopback"
	"badsig/checks/rules/parts"
)

// OwnOrigin finds a page's request that its own dev server gets, which hands nothing on, while the one route for it is on
// the backend's port: the URL lacks the host, or a variable that no file sets holds it. A backend that hands out pages
// may be their origin, and a port that a container has may be another one outside.
func OwnOrigin(f *facts.Facts) []finding.Cause {
	if f.Target.URLSource == "flag" || len(f.Project.Published) > 0 || f.Project.Composed || len(f.Project.Origins) != 1 {
		return nil
	}
	for i := range f.Project.Fetches {
		x := &f.Project.Fetches[i]
		if !x.Alone || x.Takes == "" && !x.WantsToken() || x.Unset != "" && x.Misnamed.Line == 0 {
			continue
		}
		path := facts.PathOf(x.URL)
		var e *facts.Entry
		for k := range f.Project.Entries {
			if o := &f.Project.Entries[k]; o.Path != "" && o.Known.Sure() && o.Server >= 0 && facts.PathFits(o.Path, path) {
				if e != nil && e.Server != o.Server {
					return nil
				}
				e = o
			}
		}
		if e == nil {
			continue
		}
		s := &f.Project.Servers[e.Server]
		if _, own := loopback.HostPort(f.Project.Origins[0].Text); s.AppMaker == "" || s.Pages || len(s.Ports) != 1 || !s.Ports[0].Known().Sure() || s.Ports[0].Port == own {
			continue
		}
		port := strconv.Itoa(s.Ports[0].Port)
		base, id := "http://localhost:"+port+path, causes.EndpointNotFound
		if x.Method == "GET" {
			id = causes.EndpointHTML
		}
		at, why, do := finding.LocAt(x.Path.File, x.Path.Line), "has no host", "request "+base
		if x.Unset != "" {
			at = finding.LocAt(x.Misnamed.File, x.Misnamed.Line)
			why, do = "begins with "+x.Unset+", which no file sets", "call the variable "+x.Unset+" instead of "+x.Misnamed.Text
		}
		y := *x
		y.Known = facts.IsRead // that nothing sets the variable was read
		return Found(id, "The URL of the request "+why+", so the page's own dev server gets it, which hands nothing on: the route "+e.Path+" is on the backend's port, "+port+".", at, &y,
			finding.Evidence{Label: "the page requests", Got: path + " at its own origin", Want: base, Source: facts.At(x.File, x.Line)},
			finding.Evidence{Label: "route in the source", Got: e.Method + " " + e.Path, Source: facts.At(e.File, e.Line)}, do, parts.RestartStep(f))
	}
	return nil
}
