package rules

import (
	"badsig/checks/facts"
	"badsig/checks/finding"
)

// pathLoc is the line that holds the path of the URL in use: the one to change
// for another path. It need not be the line of the call, nor that of the host.
func pathLoc(f *facts.Facts) *finding.Location {
	if fetch := f.Fetch(); fetch != nil && fetch.Path.File != "" {
		return finding.LocAt(fetch.Path.File, fetch.Path.Line)
	}
	return frontAt(f)
}

// hostLoc is the line that holds the host and port of the URL in use; nil
// where the URL was given by a flag and the front end names another.
func hostLoc(f *facts.Facts) *finding.Location {
	if fetch := f.Fetch(); f.Target.URLSource == "flag" && (fetch == nil || !fetch.Names(f.Target.URL)) {
		return nil
	}
	return frontAt(f)
}
