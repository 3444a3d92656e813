package files

import (
	"path"
	"strings"
)

// DirOf is the folder of a relative path, "" for the top.
func DirOf(rel string) string {
	d := path.Dir(rel)
	if d == "." || d == "/" {
		return ""
	}
	return d
}

func TrimBOM(b []byte) []byte {
	return []byte(strings.TrimPrefix(string(b), "\uFEFF"))
}
