package facts

import (
	"strings"

	"badsig/checks/affix"
)

// Secretive reports whether a field's name is that of something that only the
// user knows: badsig can't fill it.
func Secretive(name string) bool {
	low := strings.ToLower(name)
	return affix.Contains(low, "password") || affix.Contains(low, "passwd") || affix.Contains(low, "pwd") || low == "pin" || low == "otp"
}
