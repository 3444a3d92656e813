package outfile

import (
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"badsig/checks/affix"
)

// Rules of this file:
//   - a file is looked at, written and renamed in one opened folder: a link that replaces the folder meanwhile
//     changes nothing, and a folder of the project is opened below the project's root, part by part

// folderOf opens the folder that a file is in, and gives the file's name there.
func folderOf(path string) (*folder, string, error) {
	root := projectRoot()
	if throughLink(root, path) {
		return nil, "", ErrFolder
	}
	dir, name := filepath.Split(path)
	if dir == "" {
		dir = "."
	}
	if abs, err := filepath.Abs(dir); err == nil && root != "" {
		if rel, err := filepath.Rel(root, abs); err == nil && filepath.IsLocal(rel) {
			d, err := folderIn(root, rel)
			return d, name, err
		}
	}
	d, err := openFolder(dir)
	return d, name, err
}

// folderIn opens a folder below another, and none after a link.
func folderIn(root, rel string) (*folder, error) {
	d, err := openFolder(root)
	if rel == "." || err != nil {
		return d, err
	}
	for _, part := range strings.Split(filepath.ToSlash(rel), "/") {
		in, err := d.folder(part)
		d.Close()
		if d = in; err != nil {
			return nil, err
		}
	}
	return d, nil
}

// fresh makes a file with a name that nothing has.
func fresh(d *folder) (*os.File, string, error) {
	name := ".badsig-" + strconv.FormatUint(rand.Uint64(), 36)
	f, err := d.open(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	return f, name, err
}

// projectRoot is the folder whose links count as the project's: the working folder or, in a repository, its root;
// "" where that is the user's home.
func projectRoot() string {
	root, err := os.Getwd()
	home, _ := os.UserHomeDir()
	if err != nil || root == home {
		return ""
	}
	for d := root; d != home && d != filepath.Dir(d); d = filepath.Dir(d) {
		if _, err := os.Lstat(filepath.Join(d, ".git")); err == nil {
			return d
		}
	}
	return root
}

// throughLink reports whether a folder on the way to a file is a link that the project brings: one below its
// root. Links outside (/tmp, those of a home folder) are the user's.
func throughLink(root, path string) bool {
	if root == "" {
		return false
	}
	if !filepath.IsAbs(path) {
		wd, err := os.Getwd()
		if err != nil {
			return true
		}
		path = wd + string(filepath.Separator) + path // not cleaned: link/../x is beside the link's target
	}
	root += string(filepath.Separator)
	for i := range len(path) {
		if !os.IsPathSeparator(path[i]) {
			continue
		}
		if d := filepath.Clean(path[:i]); i > 0 && affix.HasPrefix(d, root) {
			if info, err := os.Lstat(path[:i]); err == nil && info.Mode()&(fs.ModeSymlink|fs.ModeIrregular) != 0 { // a junction is irregular
				return true
			}
		}
	}
	return false
}
