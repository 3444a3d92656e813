package parts

import (
	"badsig/checks/facts"
	"badsig/checks/finding"
)

// FrontAt is the line that a person edits to change the URL: the literal or the
// variable that holds its address, else the request.
func FrontAt(f *facts.Facts) *finding.Location {
	if fetch := f.Fetch(); fetch != nil && fetch.Address.File != "" {
		return finding.LocAt(fetch.Address.File, fetch.Address.Line)
	}
	if loc := finding.SourceLoc(f.Target.URLSource); loc != nil {
		return loc
	}
	if fetch := f.Fetch(); fetch != nil {
		return finding.LocAt(fetch.File, fetch.Line)
	}
	return nil
}
