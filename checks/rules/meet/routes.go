package meet

import (
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
)

// RoutesOn lists the routes of a server that fit a path.
func RoutesOn(f *facts.Facts, server int, path string) (fits []facts.Route) {
	for _, r := range f.Project.Servers[server].Routes {
		if mayFit(r, path) && !(r.Method == "ANY" && asksMethod(f, r)) {
			fits = append(fits, r)
		}
	}
	for i := range f.Project.Entries {
		if e := &f.Project.Entries[i]; e.Server == server && e.Path != "" {
			if r := (facts.Route{Method: e.Method, Path: e.Path, File: e.File, Line: e.Line}); mayFit(r, path) {
				fits = append(fits, r)
			}
		}
	}
	return fits
}

// RoutesEnding lists the routes that end in a path whose beginning isn't known.
func RoutesEnding(f *facts.Facts, server int, path string) (fits []facts.Route) {
	n := strings.Count(path, "/")
	for _, r := range f.Project.Servers[server].Routes {
		if all := strings.Split(r.Path, "/"); len(all) > n && facts.PathFits("/"+strings.Join(all[len(all)-n:], "/"), path) {
			fits = append(fits, r)
		}
	}
	return fits
}

// asksMethod reports a file's route of which the handler makes tokens for one method alone.
func asksMethod(f *facts.Facts, r facts.Route) bool {
	one := false
	for i := range f.Project.Entries {
		if e := &f.Project.Entries[i]; e.File == r.File && e.Path == r.Path {
			if e.Method == "ANY" || e.Method == "" || !e.Known.Sure() {
				return false
			}
			one = true
		}
	}
	return one
}

// mayFit reports a route that a router may choose for a path: in small or capital letters, by a pattern, or by its
// beginning, where it accepts every method (app.use).
func mayFit(r facts.Route, path string) bool {
	route, path := strings.ToLower(affix.TrimSuffix(r.Path, "/")), strings.ToLower(path)
	i := strings.IndexAny(route, "({?*+\\|")
	if i >= 0 && r.Method == "GET" && strings.Trim(route[:i], "/") == "" { // app.get('/{*any}', …) hands out a page
		return false
	}
	if facts.PathFits(route, path) || r.Method == "ANY" && affix.HasPrefix(path, route+"/") {
		return true
	}
	return i >= 0 && affix.HasPrefix(path, affix.TrimSuffix(route[:i], "/"))
}
