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
