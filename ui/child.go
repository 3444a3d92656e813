package ui

import (
	"path/filepath"
	"slices"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"badsig/checks/affix"
	"badsig/checks/watching"
	"badsig/ui/theme"
)

// Rules of this file:
//   - the child's arguments are passed as they came; no shell reads them
//   - its output goes through a pipe into the ring and never to the terminal
//   - however badsig ends, the child's whole process group ends with it (checks/watching)

// childState is the state of the backend.
type childState int

const (
	childIdle childState = iota
	childStarting
	childUp
	childEnded
)

// child is the backend that badsig run started.
type child struct {
	args  []string
	state childState
	gen   int // counts starts: output of an earlier process is dropped
	proc  *watching.Process
	name  string                    // of a log that is followed; the child is not badsig's then
	open  func() (logSource, error) // opens that log
	src   logSource                 // what the log is read from
	since time.Time
	heard time.Time // when it last wrote, of a log that another program follows
	past  bool      // what that program printed of the time before is over
	end   string    // how it ended
	eof   bool      // all of its output is here
	ring  ring
}

func newChild(args []string) *child { return &child{args: args} }

// logSource is what a log is read from. What Read returns is valid until the next call.
type logSource interface {
	Read() ([]byte, error)
	Close() error
}

// followed is a log that another program writes.
func followed(name string, open func() (logSource, error)) *child {
	return &child{name: name, open: open}
}

// ours reports whether badsig started the backend, and may start it again.
//
//go:noinline
func (c *child) ours() bool { return c != nil && c.open == nil && !c.onlyLogs() }

// onlyLogs reports whether the command is none of a backend: it follows the log of one that runs elsewhere.
//
//go:noinline
func (c *child) onlyLogs() bool { return watching.OnlyLogs(c.args) }

// says is the command, or the log that is followed.
func (c *child) says() string {
	if c.open != nil {
		return c.name
	}
	return strings.Join(c.args, " ")
}

func (c *child) running() bool { return c != nil && c.state == childUp }

// short is the program's name: of "cd server && npm run dev", which the
// project's files name, it is npm.
func (c *child) short() string {
	if len(c.args) == 3 && c.args[1] == "-c" {
		parts := strings.Split(c.args[2], "&& ")
		name, _, _ := affix.Cut(clean(parts[len(parts)-1]), " ")
		return name
	}
	return clean(filepath.Base(c.args[0]))
}

// badge is the child's state in the header.
func (c *child) badge(th *theme.Theme, now time.Time) string {
	if c.open != nil {
		return th.Dim.Paint("log " + cutMiddle(clean(filepath.Base(c.name)), 24))
	}
	name := c.short()
	if c.onlyLogs() {
		if c.state == childEnded {
			return th.Bold.Paint("log of " + name + " ended")
		}
		return th.Dim.Paint("log of " + name)
	}
	switch c.state {
	case childUp:
		return th.Good.Paint(theme.Knob) + " " + th.Dim.Paint(name+" up "+rough(now.Sub(c.since)))
	case childEnded:
		return th.Bad.Paint(theme.Fail + " " + name + " " + c.end)
	}
	return th.Dim.Paint(name + " starting")
}

// tail is the last n lines that the present process wrote and that are not
// empty, cut to w cells.
func (s *session) tail(n, w int) []string {
	c := s.child
	if !s.guarded() {
		return nil
	}
	var out []string
	for i := c.ring.len() - 1; i >= 0 && len(out) < n && c.state != childStarting; i-- {
		l := c.ring.at(i)
		if l.mark && affix.HasPrefix(l.text, startMark) {
			break
		}
		if !l.mark && strings.TrimSpace(l.text) != "" {
			out = append(out, cut(s.redact(l.text), w))
		}
	}
	slices.Reverse(out)
	return out
}

// documented gives the log's last documented line about a user, "" for none.
func (c *child) documented(userID string) string {
	for i := len(c.ring.requests) - 1; i >= 0; i-- {
		if r := c.ring.requests[i]; r.id == userID {
			return r.line()
		}
	}
	return ""
}

// mark adds a line of badsig's own to the log, if there is one.
func (c *child) mark(text string) {
	if c != nil {
		c.ring.mark(text)
	}
}

// startMark begins the log's line of a start.
const startMark = "started "

// childMsg is something that happened to the child.
type childMsg struct {
	gen       int
	started   *watching.Process
	following logSource
	output    []byte
	eof       bool
	exit      string    // how it ended
	err       error     // it could not be started
	stopped   bool      // it was stopped to be started again
	quiet     time.Time // nothing has been written since
}

// A program that follows a log prints what is in it first: that ends with a pause, or never.
const (
	pauseAfterPast = 700 * time.Millisecond
	pastAtMost     = 5 * time.Second
)

// pause waits for the end of what was in a followed log before badsig came.
func (c *child) pause() tea.Cmd {
	if c.past || !c.onlyLogs() {
		return nil
	}
	gen, heard := c.gen, c.heard
	return tea.Tick(pauseAfterPast, func(time.Time) tea.Msg { return childMsg{gen: gen, quiet: heard} })
}

// start starts the child, if there is one.
//
//go:noinline
func (c *child) start() tea.Cmd {
	if c == nil {
		return nil
	}
	c.state, c.end, c.eof, c.past = childStarting, "", false, false
	c.gen++
	gen, args := c.gen, c.args
	if open := c.open; open != nil {
		return func() tea.Msg {
			src, err := open()
			return childMsg{gen: gen, following: src, err: err}
		}
	}
	return func() tea.Msg {
		p, err := watching.Start(args, true)
		return childMsg{gen: gen, started: p, err: err}
	}
}

// read waits for the next output.
func (c *child) read() tea.Cmd {
	gen, src := c.gen, c.src
	return func() tea.Msg {
		out, err := src.Read()
		if err != nil {
			return childMsg{gen: gen, eof: true}
		}
		return childMsg{gen: gen, output: out}
	}
}

// wait waits for the end.
func (c *child) wait() tea.Cmd {
	gen, p := c.gen, c.proc
	return func() tea.Msg { return childMsg{gen: gen, exit: p.Wait()} }
}
