package checks

import "badsig/checks/probe"

// pathLoc is the line that holds the path of the URL in use: the one to change
// for another path. It need not be the line of the call, nor that of the host.
func pathLoc(f *probe.Facts) *Location {
	if fetch := f.Fetch(); fetch != nil && fetch.Path.File != "" {
		return locAt(fetch.Path.File, fetch.Path.Line)
	}
	return frontAt(f)
}
