package signature

import "strings"

//go:noinline
func BaseName(path string) string {
	return path[strings.LastIndexAny(path, `/\`)+1:]
}
