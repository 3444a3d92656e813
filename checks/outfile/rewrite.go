package outfile

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
)

// Rules of this file, about edits of a project's own files:
//   - a file is replaced whole: anyone who reads it sees the old bytes or the new ones
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
	d, name, err := inside(root, rel)
	if err != nil {
		return err
	}
	defer d.Close()
	switch kind, err := d.kind(name); {
	case err != nil:
		return err
	case !kind.IsRegular():
		return &fs.PathError{Op: "write", Path: rel, Err: errors.New("it isn't a regular file")}
	}
	info, err := unchanged(d, name, was)
	switch {
	case info != nil && info.Mode().Perm()&0o222 == 0: // a folder that may be written to would let it be replaced all the same
		return ErrReadOnly
	case err != nil:
		return err
	}
	f, tmp, err := fresh(d)
	if err != nil {
		return err
	}
	err = fill(f, now, info)
	if err == nil {
		_, err = unchanged(d, name, was)
	}
	if err == nil {
		err = d.rename(tmp, name)
	}
	if err != nil {
		_ = d.remove(tmp)
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
	slash := filepath.ToSlash(filepath.FromSlash(rel))
	d, _, err := inside(root, path.Join(path.Dir(slash), "."))
	if err != nil {
		return err
	}
	defer d.Close()
	name := path.Base(slash)
	mode := fs.FileMode(0o644)
	if secret {
		mode = 0o600
	}
	f, err := d.open(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, mode)
	if errors.Is(err, fs.ErrExist) {
		return ErrThere
	}
	if err != nil {
		return err
	}
	if err = written(f, nil, string(data)); err != nil {
		_ = d.remove(name)
	}
	return err
}

// Withdraw removes a file that Create wrote and no one has changed.
func Withdraw(root, rel string, data []byte) error {
	d, name, err := inside(root, rel)
	if err != nil {
		return err
	}
	defer d.Close()
	if _, err := unchanged(d, name, data); err != nil {
		return err
	}
	return d.remove(name)
}

// inside opens the folder of a project's file, or the folder itself, with every link
// followed, and gives the file's name; an error where that leads out of the project.
func inside(root, rel string) (*folder, string, error) {
	real, err := filepath.EvalSymlinks(root)
	if err != nil {
		return nil, "", err
	}
	if real, err = filepath.Abs(real); err != nil {
		return nil, "", err
	}
	at, err := filepath.EvalSymlinks(filepath.Join(real, filepath.FromSlash(rel)))
	if err != nil {
		return nil, "", err
	}
	to, err := filepath.Rel(real, at)
	if err != nil || !filepath.IsLocal(to) {
		return nil, "", ErrOutside
	}
	name := ""
	if info, err := os.Lstat(at); err == nil && !info.IsDir() {
		to, name = filepath.Dir(to), filepath.Base(to)
	}
	d, err := folderIn(real, to)
	if errors.Is(err, ErrFolder) {
		err = ErrOutside
	}
	return d, name, err
}

// unchanged reports ErrChanged for a file that isn't what was read.
func unchanged(d *folder, name string, was []byte) (fs.FileInfo, error) {
	f, err := d.open(name, os.O_RDONLY, 0)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if info.Size() != int64(len(was)) {
		return info, ErrChanged
	}
	now := make([]byte, len(was))
	if n, _ := f.ReadAt(now, 0); n != len(was) || !bytes.Equal(now, was) {
		return info, ErrChanged
	}
	return info, nil
}
