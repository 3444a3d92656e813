package names

import "strings"

// IsUserName tells names for the user's id.
func IsUserName(name string) bool {
	switch strings.ToLower(strings.ReplaceAll(name, "_", "")) {
	case "userid", "id", "uid", "username", "user":
		return true
	}
	return false
}
