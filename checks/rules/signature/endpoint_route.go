// Package signature judges what signed the token: secrets, keys, pairs, and Stream's responses.
package signature

import (
	"badsig/checks/facts"
	"badsig/checks/rules/parts"
)

func codeAt(f *facts.Facts) string {
	if l := parts.MintsAt(f); l != nil {
		return " at " + l.String()
	}
	return ""
}
