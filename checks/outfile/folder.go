package outfile

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// throughLink reports whether a folder on the way to a file is a link that the project brings: one below the
// working folder or, in a repository, below its root. Links outside (/tmp, those of a home folder) are the user's.
func throughLink(path string) bool {
	root, err := os.Getwd()
	home, _ := os.UserHomeDir()
	if err != nil || root == home {
		return false
	}
	if !filepath.IsAbs(path) {
		path = root + string(filepath.Separator) + path // not cleaned: link/../x is beside the link's target
	}
	for d := root; d != home && d != filepath.Dir(d); d = filepath.Dir(d) {
		if _, err := os.Lstat(filepath.Join(d, ".git")); err == nil {
			root = d
			break
		}
	}
	root += string(filepath.Separator)
	for i := range len(path) {
		if !os.IsPathSeparator(path[i]) {
			continue
		}
		if d := filepath.Clean(path[:i]); i > 0 && strings.HasPrefix(d, root) {
			if info, err := os.Lstat(path[:i]); err == nil && info.Mode()&(fs.ModeSymlink|fs.ModeIrregular) != 0 { // a junction is irregular
				return true
			}
		}
	}
	return false
}
