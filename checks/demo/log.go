package demo

import (
	"io"
	"sync"
)

// log keeps what a backend writes until it is read: a backend whose log no one
// reads goes on all the same.
type log struct {
	mu    sync.Mutex
	more  *sync.Cond
	kept  []byte
	ended bool
}

// maxKept bounds what is kept of a log that no one reads.
const maxKept = 64 << 10

func newLog() *log {
	l := &log{}
	l.more = sync.NewCond(&l.mu)
	return l
}

// Write keeps the last of what was written.
func (l *log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.kept = append(l.kept, p...); len(l.kept) > maxKept {
		l.kept = l.kept[len(l.kept)-maxKept:]
	}
	l.more.Broadcast()
	return len(p), nil
}

// Read waits for what is written next; after the demo's end there is no more.
func (l *log) Read(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for len(l.kept) == 0 {
		if l.ended {
			return 0, io.EOF
		}
		l.more.Wait()
	}
	n := copy(p, l.kept)
	l.kept = append([]byte(nil), l.kept[n:]...)
	return n, nil
}

func (l *log) end() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ended = true
	l.more.Broadcast()
}
