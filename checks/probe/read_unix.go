//go:build unix

package probe

import (
	"io/fs"
	"syscall"
	"time"
)

// readBounded reads a regular file of at most limit bytes into buf, which
// grows as needed. It opens without waiting, so that nothing that is no
// regular file can hold it, and asks no more of the system than it must: a
// project has thousands of files.
func readBounded(name string, buf *[]byte, limit int) (src []byte, mod time.Time, err error) {
	fd, err := open(name)
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
		*buf = make([]byte, max(64<<10, 2*int(st.Size)))
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

func open(name string) (fd int, err error) {
	err = again(func() error {
		fd, err = syscall.Open(name, syscall.O_RDONLY|syscall.O_CLOEXEC|syscall.O_NONBLOCK, 0)
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
