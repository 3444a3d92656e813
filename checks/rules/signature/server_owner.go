package signature

import "strings"

func BaseName(path string) string {
	return path[strings.LastIndexAny(path, `/\`)+1:]
}
