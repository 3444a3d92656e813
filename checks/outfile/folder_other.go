//go:build !unix

package outfile

import (
	"io/fs"
	"os"
	"path/filepath"
)

// folder is a folder by its path: links are looked for before a file is opened.
type folder struct{ path string }

func openFolder(path string) (*folder, error) {
	_, err := os.Stat(path)
	return &folder{path}, err
}

func (d *folder) folder(name string) (*folder, error) {
	info, err := os.Lstat(filepath.Join(d.path, name))
	if err == nil && !info.IsDir() {
		err = ErrFolder
	}
	return &folder{filepath.Join(d.path, name)}, err
}

func (d *folder) Close() {}

func (d *folder) kind(name string) (fs.FileMode, error) {
	info, err := os.Lstat(filepath.Join(d.path, name))
	if err != nil {
		return 0, err
	}
	return info.Mode().Type(), nil
}

func (d *folder) open(name string, flag int, perm fs.FileMode) (*os.File, error) {
	return os.OpenFile(filepath.Join(d.path, name), flag, perm)
}

func (d *folder) rename(from, to string) error {
	return os.Rename(filepath.Join(d.path, from), filepath.Join(d.path, to))
}

func (d *folder) remove(name string) error { return os.Remove(filepath.Join(d.path, name)) }
