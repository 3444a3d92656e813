package files

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"
)

// DirOf is the folder of a relative path, "" for the top.
//
//go:noinline
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

// Exists reports whether a path is a regular file.
func Exists(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.Mode().IsRegular()
}

// Read reads a regular file of at most limit bytes.
func Read(name string, limit int) (data []byte, modified time.Time, ok bool) {
	var buf []byte
	if !Exists(name) {
		return nil, time.Time{}, false
	}
	data, modified, err := ReadBounded(name, &buf, limit)
	return data, modified, err == nil
}

// Under walks through a folder that the walk of the project left out: build output.
func Under(dir string, visit fs.WalkDirFunc) error { return filepath.WalkDir(dir, visit) }
