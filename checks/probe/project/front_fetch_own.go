package project

import (
	"slices"

	"badsig/checks/probe/modules"
)

// addsHeaders tells whether something stands between a front end's client and
// the network that may set headers of its own.
func (f *front) addsHeaders() bool {
	return f.headers.Of(func() bool { return slices.ContainsFunc(f.mods, (*modules.Module).SetsHeaders) })
}
