package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"badsig/checks/sanitize"
)

// progress is one line on a terminal's stderr that is written over. It uses
// nothing but carriage returns and spaces, so that a terminal that understands
// no escape sequence stays readable, and it stays silent for a moment: what is
// quick needs no progress.
type progress struct {
	w     *sanitize.Out // nil: not a terminal
	begin time.Time
	shown time.Time
	width int // of what is there now
}

// pace is how often the line is written at most.
const pace = 80 * time.Millisecond

// patience is how long a command may take before it says how far it is.
const patience = 400 * time.Millisecond

func newProgress(w sanitize.Out) *progress {
	p := &progress{begin: time.Now()}
	if f := w.File(); f != nil && isTerminal(f) {
		p.w = &w
	}
	return p
}

func (p *progress) show(text string) {
	if p.w == nil || time.Since(p.begin) < patience || time.Since(p.shown) < pace {
		return
	}
	p.shown = time.Now()
	n := utf8.RuneCountInString(text)
	p.w.Rewind()
	_ = p.w.Print(sanitize.Printed(text+strings.Repeat(" ", max(0, p.width-n)), nil))
	p.width = max(n, p.width)
}

func (p *progress) clear() {
	if p.w != nil && p.width > 0 {
		p.w.Rewind()
		_ = p.w.Print(sanitize.Printed(strings.Repeat(" ", p.width), nil))
		p.w.Rewind()
		p.width = 0
	}
}

// meteredReader ends with its context and knows how much of a file was read.
type meteredReader struct {
	ctx  context.Context
	r    io.Reader
	read atomic.Int64
}

func (r *meteredReader) Read(b []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := r.r.Read(b)
	r.read.Add(int64(n))
	return n, err
}

// bar shows how much of a file has been read; for a pipe, that isn't known.
func (r *meteredReader) bar() string {
	f, ok := r.r.(*os.File)
	if !ok {
		return ""
	}
	st, err := f.Stat()
	if err != nil || !st.Mode().IsRegular() || st.Size() == 0 {
		return ""
	}
	const width = 24
	part := min(1, float64(r.read.Load())/float64(st.Size()))
	done := int(part * width)
	return fmt.Sprintf("[%s%s] %3.0f %%  ", strings.Repeat("#", done), strings.Repeat(".", width-done), part*100)
}
