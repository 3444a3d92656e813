package parts

import "strings"

// Sentence begins a string with a capital letter.
//
//go:noinline
func Sentence(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}
