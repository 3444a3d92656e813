//go:build !unix

package files

import (
	"io"
	"os"
	"path/filepath"
	"time"
)

// folder is an open folder.
type folder struct{ *os.File }

// openFolder opens a folder and nothing else.
func openFolder(name string) (folder, error) {
	f, err := os.Open(name)
	return folder{f}, err
}

// read is readBounded of a file in the folder.
func (d folder) read(name string, buf *[]byte, limit int) (src []byte, mod time.Time, err error) {
	return ReadBounded(filepath.Join(d.Name(), name), buf, limit)
}

// ReadBounded reads a regular file of at most limit bytes into buf, which
// grows as needed.
func ReadBounded(name string, buf *[]byte, limit int) (src []byte, mod time.Time, err error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, mod, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, mod, err
	}
	if !info.Mode().IsRegular() {
		return nil, mod, errNotRegular
	}
	if info.Size() > int64(limit) {
		return nil, info.ModTime(), errTooLarge
	}
	if int(info.Size()) >= cap(*buf) {
		*buf = make([]byte, max(64<<10, 2*int(info.Size())))
	}
	n, err := io.ReadFull(f, (*buf)[:info.Size()])
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return nil, info.ModTime(), err
	}
	return (*buf)[:n], info.ModTime(), nil
}
