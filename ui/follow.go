package ui

import (
	"errors"
	"fmt"
	"io"
	"os"
	"time"
)

// Rules of this file:
//   - a log is read from what was written last, and on as it grows; a log that is replaced or cut is read anew

// lookAgain is how often a log is looked at that has said nothing.
const lookAgain = 200 * time.Millisecond

// lastOfLog is how much of a log is read that was there before.
const lastOfLog = 64 << 10

// fileLog follows a log file.
type fileLog struct {
	path string
	file *os.File
	at   int64
	old  int64 // what comes before was written before badsig opened it
	buf  []byte
}

// openLog opens a log to follow.
func openLog(path string) (logSource, error) {
	l := &fileLog{path: path, buf: make([]byte, 32<<10)}
	if err := l.reopen(); err != nil {
		var p *os.PathError
		if errors.As(err, &p) {
			err = p.Err
		}
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if st, err := l.file.Stat(); err == nil {
		l.old, l.at = st.Size(), max(0, st.Size()-lastOfLog)
	}
	return l, nil
}

func (l *fileLog) reopen() error {
	st, err := os.Stat(l.path)
	if err != nil {
		return err
	}
	if !st.Mode().IsRegular() {
		return errors.New("isn't a regular file")
	}
	f, err := os.Open(l.path)
	if err != nil {
		return err
	}
	if l.file != nil {
		l.file.Close()
	}
	l.file, l.at, l.old = f, 0, 0
	return nil
}

// Read waits for more.
func (l *fileLog) Read() ([]byte, error) {
	for {
		to := l.buf
		if l.at < l.old { // what was there before, and what came since, don't come together
			to = to[:min(int64(len(to)), l.old-l.at)]
		}
		n, err := l.file.ReadAt(to, l.at)
		if n > 0 {
			l.at += int64(n)
			time.Sleep(25 * time.Millisecond) // a flood shares frames
			return l.buf[:n], nil
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, err
		}
		time.Sleep(lookAgain)
		now, err := os.Stat(l.path)
		if err != nil {
			continue // it is being replaced
		}
		if was, err := l.file.Stat(); err != nil || !os.SameFile(was, now) || now.Size() < l.at {
			if err := l.reopen(); err != nil {
				return nil, err
			}
		}
	}
}

func (l *fileLog) Close() error { return l.file.Close() }

// readerLog is a log that comes from a reader.
type readerLog struct {
	r   io.Reader
	buf []byte
}

func (l *readerLog) Read() ([]byte, error) {
	n, err := l.r.Read(l.buf)
	if n > 0 {
		return l.buf[:n], nil
	}
	return nil, err
}

func (l *readerLog) Close() error { return nil }
