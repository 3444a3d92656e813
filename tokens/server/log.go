package server

import (
	"bytes"
	"fmt"
	"io"
	"sync/atomic"
	"time"
)

// logPatience is how long a response waits for its log lines to be written.
const logPatience = 100 * time.Millisecond

// patientLog writes to a log that may have stopped being read (a full pipe, a
// terminal that ctrl+s holds): then lines are counted instead of written, and
// the server goes on.
type patientLog struct {
	w    io.Writer
	busy atomic.Bool
	lost atomic.Int64
}

// Write writes p, or gives up after a short while. It never fails.
func (l *patientLog) Write(p []byte) (int, error) {
	if !l.busy.CompareAndSwap(false, true) {
		l.lost.Add(1)
		return len(p), nil
	}
	line, done := bytes.Clone(p), make(chan struct{})
	go func() {
		defer close(done)
		if n := l.lost.Swap(0); n > 0 {
			fmt.Fprintf(l.w, "(%d log lines were dropped while this log wasn't being read)\n", n)
		}
		_, _ = l.w.Write(line)
		l.busy.Store(false)
	}()
	wait := time.NewTimer(logPatience)
	defer wait.Stop()
	select {
	case <-done:
	case <-wait.C:
	}
	return len(p), nil
}
