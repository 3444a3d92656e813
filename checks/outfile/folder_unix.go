//go:build unix

package outfile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// folder is an opened folder: what is done to a file in it is done there, no matter what its path means by then.
type folder struct {
	fd   int
	path string
}

// openFolder opens a folder as its path leads to it.
func openFolder(path string) (*folder, error) { return folderAt(unix.AT_FDCWD, path, path, 0) }

// folder opens a folder in it, and no link.
func (d *folder) folder(name string) (*folder, error) {
	in, err := folderAt(d.fd, name, filepath.Join(d.path, name), unix.O_NOFOLLOW)
	if errors.Is(err, unix.ENOTDIR) || errors.Is(err, unix.ELOOP) {
		err = ErrFolder
	}
	return in, err
}

func folderAt(at int, name, path string, flag int) (*folder, error) {
	fd, err := openAt(at, name, flag|unix.O_DIRECTORY|unix.O_RDONLY, 0)
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: path, Err: err}
	}
	return &folder{fd, path}, nil
}

func openAt(at int, name string, flag int, perm fs.FileMode) (int, error) {
	for {
		fd, err := unix.Openat(at, name, flag|unix.O_CLOEXEC, uint32(perm))
		if !errors.Is(err, unix.EINTR) {
			return fd, err
		}
	}
}

// Close closes the folder.
//
//go:noinline
func (d *folder) Close() { _ = unix.Close(d.fd) }

// kind is the type of what has a name there.
func (d *folder) kind(name string) (fs.FileMode, error) {
	var is unix.Stat_t
	if err := unix.Fstatat(d.fd, name, &is, unix.AT_SYMLINK_NOFOLLOW); err != nil {
		return 0, &fs.PathError{Op: "stat", Path: name, Err: err}
	}
	switch is.Mode & unix.S_IFMT {
	case unix.S_IFREG:
		return 0, nil
	case unix.S_IFLNK:
		return fs.ModeSymlink, nil
	case unix.S_IFDIR:
		return fs.ModeDir, nil
	}
	return fs.ModeIrregular, nil
}

// open opens a file there, and no link.
func (d *folder) open(name string, flag int, perm fs.FileMode) (*os.File, error) {
	fd, err := openAt(d.fd, name, flag|unix.O_NOFOLLOW, perm)
	switch {
	case errors.Is(err, unix.ELOOP), errors.Is(err, unix.EMLINK): // as FreeBSD says it
		return nil, ErrLink
	case err != nil:
		return nil, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	return os.NewFile(uintptr(fd), filepath.Join(d.path, name)), nil
}

func (d *folder) rename(from, to string) error { return unix.Renameat(d.fd, from, d.fd, to) }

//go:noinline
func (d *folder) remove(name string) error { return unix.Unlinkat(d.fd, name, 0) }
