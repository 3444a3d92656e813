package facts

import "strings"

// Secretive reports whether a field's name is that of something that only the
// user knows: badsig can't fill it.
func Secretive(name string) bool {
	low := strings.ToLower(name)
	return strings.Contains(low, "password") || strings.Contains(low, "passwd") || strings.Contains(low, "pwd") || low == "pin" || low == "otp"
}
