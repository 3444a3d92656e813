package facts

import (
	"strings"

	"badsig/checks/affix"
)

// ReadHeader splits a header line: "Cookie: session=…". It says what is
// wrong with it; a value is never repeated, since it may be a login.
func ReadHeader(line string) (name, value, wrong string) {
	name, value, ok := affix.Cut(line, ":")
	name = strings.TrimSpace(name)
	if !ok || name == "" || strings.ContainsFunc(name, func(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune(`"(),/:;<=>?@[\]{}`, r) }) {
		return "", "", "it must be 'Name: value'"
	}
	if affix.ContainsAny(value, "\r\n\x00") {
		return name, "", "the value contains a newline"
	}
	return name, strings.TrimSpace(value), ""
}
