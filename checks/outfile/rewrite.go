package outfile

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Rules of this file, about edits of a project's own files:
//   - a file is replaced whole: whoever reads it sees the old bytes or the new ones
//   - mode and owner stay; where the owner can't be kept, nothing is written
//   - a link is followed only to a file inside the project
//   - a file that has changed since it was read isn't written, and no copy of it is kept

// What an edit may meet.
var (
	ErrChanged  = errors.New("it has changed since badsig read it; check again")
	ErrReadOnly = errors.New("it is read-only; make it writable first (chmod u+w)")
	ErrOutside  = errors.New("it's a link to a file outside the project")
	ErrThere    = errors.New("it exists already; check again")
	ErrOwner    = errors.New("it belongs to another user, and badsig can't keep that")
)

// Rewrite puts new bytes in the place of a file's, which must still be what was read.
func Rewrite(root, rel string, was, now []byte) error {
	path, err := inside(root, rel)
	if err != nil {
		return err
	}
	info, err := os.Lstat(path)
	switch {
	case err != nil:
		return err
	case !info.Mode().IsRegular():
		return &fs.PathError{Op: "write", Path: rel, Err: errors.New("it isn't a regular file")}
	case info.Mode().Perm()&0o222 == 0: // a folder that may be written to would let it be replaced all the same
		return ErrReadOnly
	}
	if err := unchanged(path, was); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".badsig-*")
	if err != nil {
		return err
	}
	err = fill(f, now, info)
	if err == nil {
		err = unchanged(path, was)
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		_ = os.Remove(f.Name())
	}
	return err
}

// fill writes the file that is to take the place of another, with its mode and owner.
func fill(f *os.File, data []byte, like fs.FileInfo) error {
	_, err := f.Write(data)
	if err == nil {
		err = keepOwner(f, like)
	}
	if err == nil {
		err = f.Chmod(like.Mode().Perm() | like.Mode()&(fs.ModeSetuid|fs.ModeSetgid|fs.ModeSticky))
	}
	if err == nil {
		err = f.Sync()
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	return err
}

// Create writes a file of the project that isn't there. Only its owner can read
// it where it is to hold a secret.
func Create(root, rel string, data []byte, secret bool) error {
	dir, err := inside(root, filepath.ToSlash(filepath.Dir(filepath.FromSlash(rel))))
	if err != nil {
		return err
	}
	path := filepath.Join(dir, filepath.Base(filepath.FromSlash(rel)))
	mode := fs.FileMode(0o644)
	if secret {
		mode = 0o600
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, mode)
	if errors.Is(err, fs.ErrExist) {
		return ErrThere
	}
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err != nil {
		_ = os.Remove(path)
	}
	return err
}

// Withdraw removes a file that Create wrote and no one has changed.
func Withdraw(root, rel string, data []byte) error {
	path, err := inside(root, rel)
	if err != nil {
		return err
	}
	if err := unchanged(path, data); err != nil {
		return err
	}
	return os.Remove(path)
}

// inside gives the path of a project's file with every link followed; an error
// where that leads out of the project.
func inside(root, rel string) (string, error) {
	real, err := filepath.EvalSymlinks(root)
	if err != nil {
		return "", err
	}
	if real, err = filepath.Abs(real); err != nil {
		return "", err
	}
	path, err := filepath.EvalSymlinks(filepath.Join(real, filepath.FromSlash(rel)))
	if err != nil {
		return "", err
	}
	to, err := filepath.Rel(real, path)
	if err != nil || to == ".." || strings.HasPrefix(to, ".."+string(filepath.Separator)) {
		return "", ErrOutside
	}
	return path, nil
}

func unchanged(path string, was []byte) error {
	f, err := os.OpenFile(path, os.O_RDONLY|noFollow, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if info.Size() != int64(len(was)) {
		return ErrChanged
	}
	now := make([]byte, len(was))
	if n, _ := f.ReadAt(now, 0); n != len(was) || !bytes.Equal(now, was) {
		return ErrChanged
	}
	return nil
}
