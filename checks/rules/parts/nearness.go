package parts

import (
	"strings"

	"badsig/checks/affix"
)

// Nearness tells whether a path may be a mistake for a route's: by the words that both have.
func Nearness(route, path string) int {
	words := func(s string) []string {
		return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return r == '/' || r == '-' || r == '_' || r == '.' })
	}
	n := 0
	have := words(path)
	for _, w := range words(route) {
		if affix.Any(have, func(h string) bool {
			return h == w || len(w) > 3 && (affix.Contains(h, w) || affix.Contains(w, h) && len(h) > 3)
		}) {
			n++
		}
	}
	return n
}
