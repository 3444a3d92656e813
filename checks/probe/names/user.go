package names

import (
	"strings"

	"badsig/checks/affix"
)

// IsUserName tells names for the user's id.
func IsUserName(name string) bool {
	switch strings.ToLower(affix.ReplaceAll(name, "_", "")) {
	case "userid", "id", "uid", "username", "user":
		return true
	}
	return false
}
