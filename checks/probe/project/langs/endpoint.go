package langs

import (
	"net/url"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/probe/project/picture"
)

// Answers tells whether a request leads to an entry.
func Answers(e *picture.Entry, method, to string) bool {
	u, err := url.Parse(to)
	if err != nil || !RouteFits(e.Path, u.Path) {
		return false
	}
	return method == "" || e.Method == "ANY" || e.Method == "" || strings.EqualFold(method, e.Method)
}

// RouteFits tells whether a route's path is that of a URL.
func RouteFits(route, path string) bool {
	a, b := strings.Split(strings.Trim(route, "/"), "/"), strings.Split(strings.Trim(path, "/"), "/")
	for i, part := range a {
		if affix.HasPrefix(part, "*") || affix.HasPrefix(part, "[...") || affix.HasPrefix(part, "[[...") {
			return true
		}
		if i >= len(b) {
			return affix.HasSuffix(part, "?") && i == len(a)-1
		}
		if part != b[i] && (part == "" || !strings.ContainsRune(":[{<$", rune(part[0])) || b[i] == "") {
			return false
		}
	}
	return len(a) == len(b)
}
