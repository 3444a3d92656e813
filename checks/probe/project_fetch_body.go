package probe

import "strings"

// ownFetch tells a module whose fetch is not the browser's: its own, or one
// that some module of the front end has put in its place.
func (p *project) ownFetch(f *front, m *module) bool {
	return m.makesFetch() || p.fetchChangedIn(f.pkg)
}

// typeNamed gives Fetch.Type for a Content-Type; "" for others.
func typeNamed(mime string) string {
	switch {
	case strings.Contains(mime, "json"):
		return "json"
	case strings.HasPrefix(mime, "application/x-www-form-urlencoded"):
		return "urlencoded"
	case strings.HasPrefix(mime, "text/plain"):
		return "text"
	case strings.HasPrefix(mime, "multipart/form-data"):
		return "multipart"
	}
	return ""
}
