//go:build unix

package files

import (
	"io/fs"
	"os"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// folder is an open folder. A project has thousands of files: they are opened
// by their names in it, so that the system need not walk down the whole path
// for each, and only what is needed is requested.
type folder struct {
	*os.File // for ReadDir
	fd       int
}

// openFolder opens a folder and nothing else.
func openFolder(name string) (folder, error) {
	fd, err := open(unix.AT_FDCWD, name, syscall.O_DIRECTORY)
	if err != nil {
		return folder{}, err
	}
	return folder{os.NewFile(uintptr(fd), name), fd}, nil
}

// read is readBounded of a file in the folder.
func (d folder) read(name string, buf *[]byte, limit int) (src []byte, mod time.Time, err error) {
	return readAt(d.fd, name, buf, limit)
}

// ReadBounded reads a regular file of at most limit bytes into buf, which
// grows as needed. It opens without waiting, so that what isn't a
// regular file can't hold it.
//
//go:noinline
func ReadBounded(name string, buf *[]byte, limit int) (src []byte, mod time.Time, err error) {
	return readAt(unix.AT_FDCWD, name, buf, limit)
}

func readAt(dir int, name string, buf *[]byte, limit int) (src []byte, mod time.Time, err error) {
	fd, err := open(dir, name, syscall.O_NONBLOCK)
	if err != nil {
		return nil, mod, err
	}
	defer func() { _ = syscall.Close(fd) }()
	var st syscall.Stat_t
	if err := again(func() error { return syscall.Fstat(fd, &st) }); err != nil {
		return nil, mod, err
	}
	if st.Mode&syscall.S_IFMT != syscall.S_IFREG {
		return nil, mod, errNotRegular
	}
	mod = modTime(&st)
	if st.Size > int64(limit) {
		return nil, mod, errTooLarge
	}
	if int(st.Size) >= cap(*buf) {
		*buf = make([]byte, max(64<<10, int(st.Size+st.Size/4)))
	}
	b := (*buf)[:cap(*buf)]
	n := 0
	for n < len(b) {
		var m int
		err := again(func() (err error) { m, err = syscall.Read(fd, b[n:]); return err })
		if err != nil {
			return nil, mod, err
		}
		n += m
		if m == 0 || n == int(st.Size) {
			return b[:n], mod, nil
		}
	}
	return nil, mod, errTooLarge // it grew meanwhile
}

func open(dir int, name string, flags int) (fd int, err error) {
	err = again(func() error {
		fd, err = unix.Openat(dir, name, syscall.O_RDONLY|syscall.O_CLOEXEC|flags, 0)
		return err
	})
	if err != nil {
		return -1, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	return fd, nil
}

// again repeats a call that a signal interrupted.
func again(f func() error) error {
	for {
		if err := f(); err != syscall.EINTR {
			return err
		}
	}
}
