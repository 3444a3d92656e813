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
	"strings"

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
	stem := strings.TrimSuffix(name, ext)
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
	if throughLink(path) {
		return ErrFolder
	}
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return create(path, data)
	case err != nil:
		return err
	case info.Mode()&fs.ModeSymlink != 0 && !device(path):
		return ErrLink
	case info.IsDir():
		return &fs.PathError{Op: "write", Path: path, Err: errors.New("it is a folder")}
	case !info.Mode().IsRegular():
		return stream(path, data)
	}
	head, err := readHead(path)
	if err != nil {
		return err
	}
	if len(head) > 0 && !mine(head) {
		return ErrForeign
	}
	return swap(path, data)
}

// Append opens a log of badsig's for appending: a new file, or one that mine
// recognizes by its first bytes.
func Append(path string, mine func(head []byte) bool) (*os.File, error) {
	if throughLink(path) {
		return nil, ErrFolder
	}
	info, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		f, made := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_APPEND|os.O_WRONLY, 0o600)
		if !errors.Is(made, fs.ErrExist) {
			return f, made
		}
		info, err = os.Lstat(path) // another badsig began the same log at this moment
	}
	switch {
	case err != nil:
		return nil, err
	case info.Mode()&fs.ModeSymlink != 0 && !device(path):
		return nil, ErrLink
	case info.Mode().IsRegular():
		head, err := readHead(path)
		if err != nil {
			return nil, err
		}
		if len(head) > 0 && !mine(head) {
			return nil, ErrForeign
		}
	}
	return os.OpenFile(path, os.O_APPEND|os.O_WRONLY|noFollow, 0o600)
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

// create writes a file that is not there, and fails where one has come meanwhile.
func create(path string, data sanitize.Text) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	if _, err = io.WriteString(f, data.String()); err == nil {
		err = f.Close()
	} else {
		f.Close()
	}
	if err != nil {
		_ = os.Remove(path)
	}
	return err
}

// swap puts a new file in the place of one that is there.
func swap(path string, data sanitize.Text) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".badsig-*")
	if err != nil {
		return err
	}
	if _, err = io.WriteString(f, data.String()); err == nil {
		err = f.Close()
	} else {
		f.Close()
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		_ = os.Remove(f.Name())
	}
	return err
}

func stream(path string, data sanitize.Text) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	if _, err = io.WriteString(f, data.String()); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

// device reports whether a link is one of the system's own, such as /dev/stdout.
func device(path string) bool {
	abs, err := filepath.Abs(path)
	return err == nil && strings.HasPrefix(filepath.ToSlash(abs), "/dev/")
}

func readHead(path string) ([]byte, error) {
	f, err := os.OpenFile(path, os.O_RDONLY|noFollow, 0)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	head := make([]byte, headBytes)
	n, err := io.ReadFull(f, head)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = nil
	}
	return head[:n], err
}
