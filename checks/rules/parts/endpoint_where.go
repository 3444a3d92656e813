package parts

import (
	"net/url"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/finding"
)

// PathTo is the line that holds what differs in the path of the URL in use from a route's: the one with the host, where
// the route's path only begins with more.
func PathTo(f *facts.Facts, route string) *finding.Location {
	if x := f.Fetch(); x != nil && x.Address.File != "" && affix.HasSuffix(route, facts.PathOf(x.URL)) {
		return finding.LocAt(x.Address.File, x.Address.Line)
	}
	return PathLoc(f)
}

// PathLoc is the line that holds the path of the URL in use: the one to change
// for another path. It need not be the line of the call, nor that of the host.
func PathLoc(f *facts.Facts) *finding.Location {
	if fetch := f.Fetch(); fetch != nil && fetch.Path.File != "" {
		return finding.LocAt(fetch.Path.File, fetch.Path.Line)
	}
	return FrontAt(f)
}

// HostLoc is the line that holds the host and port of the URL in use; nil
// where the URL was passed by a flag and the front end names another.
func HostLoc(f *facts.Facts) *finding.Location {
	if fetch := f.Fetch(); f.Target.URLSource == "flag" && (fetch == nil || !fetch.Names(f.Target.URL)) {
		return nil
	}
	return FrontAt(f)
}

// AddressLoc is HostLoc, where the front end names the very host of the URL in use.
func AddressLoc(f *facts.Facts) *finding.Location {
	fetch := f.Fetch()
	u, err := url.Parse(f.Target.URL)
	if f.Target.URLSource == "flag" && (err != nil || fetch == nil || !affix.Contains(fetch.URL+" "+fetch.To, "://"+u.Host)) {
		return nil
	}
	return HostLoc(f)
}
