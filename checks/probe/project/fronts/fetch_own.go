package fronts

import (
	"slices"

	"badsig/checks/probe/modules"
	"badsig/checks/probe/project/picture"
)

// addsHeaders tells whether something is between a front end's client and
// the network that may set headers of its own.
func addsHeaders(f *picture.Front) bool {
	return f.Headers.Of(func() bool { return slices.ContainsFunc(f.Mods, (*modules.Module).SetsHeaders) })
}
