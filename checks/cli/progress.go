package cli

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"
	"unicode/utf8"
)

// progress is one line on a terminal's stderr that is written over. It uses
// nothing but carriage returns and spaces, so that a terminal that understands
// no escape sequence stays readable, and it stays silent for a moment: what is
// quick needs no progress.
type progress struct {
	w     io.Writer // nil: not a terminal
	begin time.Time
	shown time.Time
	width int // of what is there now
}

// pace is how often the line is written at most.
const pace = 80 * time.Millisecond

// patience is how long a command may take before it says how far it is.
const patience = 400 * time.Millisecond

func newProgress(w io.Writer) *progress {
	p := &progress{begin: time.Now()}
	if f, ok := w.(*os.File); ok && isTerminal(f) {
		p.w = f
	}
	return p
}

func (p *progress) show(text string) {
	if p.w == nil || time.Since(p.begin) < patience || time.Since(p.shown) < pace {
		return
	}
	p.shown = time.Now()
	n := utf8.RuneCountInString(text)
	fmt.Fprint(p.w, "\r", text, strings.Repeat(" ", max(0, p.width-n)))
	p.width = max(n, p.width)
}

func (p *progress) clear() {
	if p.w != nil && p.width > 0 {
		fmt.Fprint(p.w, "\r", strings.Repeat(" ", p.width), "\r")
		p.width = 0
	}
}
