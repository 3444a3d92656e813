package parts

import (
	"badsig/checks/facts"
	"badsig/checks/finding"
)

// PathLoc is the line that holds the path of the URL in use: the one to change
// for another path. It need not be the line of the call, nor that of the host.
func PathLoc(f *facts.Facts) *finding.Location {
	if fetch := f.Fetch(); fetch != nil && fetch.Path.File != "" {
		return finding.LocAt(fetch.Path.File, fetch.Path.Line)
	}
	return FrontAt(f)
}

// HostLoc is the line that holds the host and port of the URL in use; nil
// where the URL was given by a flag and the front end names another.
func HostLoc(f *facts.Facts) *finding.Location {
	if fetch := f.Fetch(); f.Target.URLSource == "flag" && (fetch == nil || !fetch.Names(f.Target.URL)) {
		return nil
	}
	return FrontAt(f)
}
