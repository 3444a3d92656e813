package cli

import (
	"strings"
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
