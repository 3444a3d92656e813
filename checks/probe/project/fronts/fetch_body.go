package fronts

import (
	"badsig/checks/affix"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/project/picture"
)

// ownFetch tells a module whose fetch is not the browser's: its own, or one
// that some module of the front end has put in its place.
func ownFetch(p *picture.Reader, f *picture.Front, m *modules.Module) bool {
	return m.MakesFetch() || p.FetchChangedIn(f.Pkg)
}

// typeNamed gives Fetch.Type for a Content-Type; "" for others.
func typeNamed(mime string) string {
	switch {
	case affix.Contains(mime, "json"):
		return "json"
	case affix.HasPrefix(mime, "application/x-www-form-urlencoded"):
		return "urlencoded"
	case affix.HasPrefix(mime, "text/plain"):
		return "text"
	case affix.HasPrefix(mime, "multipart/form-data"):
		return "multipart"
	}
	return ""
}

// addsHeaders tells whether something is between a front end's client and
// the network that may set headers of its own.
func addsHeaders(f *picture.Front) bool {
	return f.Headers.Of(func() bool { return affix.Any(f.Mods, (*modules.Module).SetsHeaders) })
}
