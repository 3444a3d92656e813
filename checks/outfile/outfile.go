// Package outfile is how badsig writes a file: the report, the facts, the debug
// log, its own state and edits. A project is someone else's folder, and may
// hold links and files that only wait to be written through.
package outfile

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"badsig/checks/affix"
	"badsig/checks/sanitize"
)

// Rules of this file:
//   - nothing is ever written through a link, nor through a link to a folder that the project brings
//   - a file that badsig did not write is not changed
//   - a file appears whole or not at all, and only its owner can read it

// ErrLink says that the name is a link.
var ErrLink = errors.New("it is a link, and badsig writes through no link; remove it or name another file")

// ErrFolder says that a folder on the way is a link.
var ErrFolder = errors.New("a folder on its way is a link of this project, and badsig writes through no link; name another folder")

// ErrForeign says that something else wrote the file that is there.
var ErrForeign = errors.New("it exists and badsig didn't write it; remove it or name another file")

// headBytes is how much of a file Mine functions are shown.
const headBytes = 512

// Beside writes data to a new file in a folder and gives its path: NAME, or
// NAME-2, NAME-3 … (before the ending) where that name is taken by something
// that mine does not recognize by its first bytes. A file that mine recognizes
// is replaced.
func Beside(dir, name string, data sanitize.Text, mine func(head []byte) bool) (string, error) {
	ext := filepath.Ext(name)
	stem := affix.TrimSuffix(name, ext)
	for n := 1; n <= 100; n++ {
		path := filepath.Join(dir, name)
		if n > 1 {
			path = filepath.Join(dir, fmt.Sprintf("%s-%d%s", stem, n, ext))
		}
		switch err := Replace(path, data, mine); {
		case errors.Is(err, ErrLink), errors.Is(err, ErrForeign):
		default:
			return path, err
		}
	}
	return "", fmt.Errorf("%s and a hundred names like it are taken; remove some", name)
}

// Replace writes data to the file at path, which is new, or which mine
// recognizes by its first bytes. A pipe or a device (/dev/stdout) is written to
// as it is.
func Replace(path string, data sanitize.Text, mine func(head []byte) bool) error {
	if device(path) {
		f, err := os.OpenFile(path, os.O_WRONLY, 0)
		return written(f, err, data.String())
	}
	d, name, err := folderOf(path)
	if err != nil {
		return err
	}
	defer d.Close()
	kind, err := d.kind(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		f, err := d.open(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
		made := err == nil
		if err = written(f, err, data.String()); err != nil && made {
			_ = d.remove(name)
		}
		return err
	case err != nil:
		return err
	case kind == fs.ModeSymlink:
		return ErrLink
	case kind.IsDir():
		return &fs.PathError{Op: "write", Path: path, Err: errors.New("it is a folder")}
	case !kind.IsRegular():
		f, err := d.open(name, os.O_WRONLY, 0)
		return written(f, err, data.String())
	}
	f, err := d.open(name, os.O_RDONLY, 0)
	if err == nil {
		err = recognized(f, mine)
		f.Close()
	}
	if err != nil {
		return err
	}
	return swap(d, name, data.String())
}

// Append opens a log of badsig's for appending: a new file, or one that mine
// recognizes by its first bytes.
func Append(path string, mine func(head []byte) bool) (*os.File, error) {
	if device(path) {
		return os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	}
	d, name, err := folderOf(path)
	if err != nil {
		return nil, err
	}
	defer d.Close()
	kind, err := d.kind(name)
	if errors.Is(err, fs.ErrNotExist) {
		f, made := d.open(name, os.O_CREATE|os.O_EXCL|os.O_APPEND|os.O_WRONLY, 0o600)
		if !errors.Is(made, fs.ErrExist) {
			return f, made
		}
		kind, err = d.kind(name) // another badsig began the same log at this moment
	}
	switch {
	case err != nil:
		return nil, err
	case kind == fs.ModeSymlink:
		return nil, ErrLink
	case !kind.IsRegular():
		return d.open(name, os.O_APPEND|os.O_WRONLY, 0)
	}
	f, err := d.open(name, os.O_APPEND|os.O_RDWR, 0)
	if err == nil {
		if err = recognized(f, mine); err != nil {
			f.Close()
		}
	}
	return f, err
}

// recognized reports ErrForeign for a regular file that mine doesn't recognize, and for no regular file.
func recognized(f *os.File, mine func(head []byte) bool) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	head := make([]byte, headBytes)
	n, err := f.ReadAt(head, 0)
	switch {
	case !info.Mode().IsRegular():
		return ErrForeign
	case err != nil && !errors.Is(err, io.EOF):
		return err
	case n > 0 && !mine(head[:n]):
		return ErrForeign
	}
	return nil
}

// Begins gives a function that recognizes a file by how it begins.
func Begins(with ...string) func([]byte) bool {
	return func(head []byte) bool {
		for _, w := range with {
			if bytes.HasPrefix(head, []byte(w)) {
				return true
			}
		}
		return false
	}
}

// Any recognizes every file: for names that no one but badsig uses.
func Any([]byte) bool { return true }

// swap puts a new file in the place of one that is there.
func swap(d *folder, name, data string) error {
	f, tmp, err := fresh(d)
	if err != nil {
		return err
	}
	if err = written(f, nil, data); err == nil {
		err = d.rename(tmp, name)
	}
	if err != nil {
		_ = d.remove(tmp)
	}
	return err
}

// written writes to a file that was opened, and closes it.
func written(f *os.File, err error, data string) error {
	if err != nil {
		return err
	}
	_, err = io.WriteString(f, data)
	if closed := f.Close(); err == nil {
		err = closed
	}
	return err
}

// device reports whether a link is one of the system's own, such as /dev/stdout.
func device(path string) bool {
	abs, err := filepath.Abs(path)
	return err == nil && affix.HasPrefix(filepath.ToSlash(abs), "/dev/")
}
