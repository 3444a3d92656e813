package ui

import (
	"log"
	"os"
	"runtime/debug"
	"sync"
	"sync/atomic"

	tea "github.com/charmbracelet/bubbletea"
)

// Rules of this file:
//   - the console is ended from outside by a message, as the key q does: a program
//     that a context ends (tea.WithContext) closes its input while that is still being read
//   - signals are the command line's to hear; here they are the end of a context
//   - a panic ends the console in the same way. What it says stays unsaid, since it may hold what
//     was being worked on; Bubble Tea would print it, and the stack

// The statuses of a console that was ended from outside, as a shell gives them.
const (
	interrupted = 130
	hungUp      = 129
)

// asked waits until the console has to end, or has lost its terminal.
func (a *app) asked() tea.Cmd {
	return func() tea.Msg {
		select {
		case <-a.ctx.Done():
		case <-a.in.gone:
		}
		return tea.QuitMsg{}
	}
}

// fellMsg says that a command panicked.
type fellMsg struct{}

// crashed gets what recover returned, tells the debug log where that was, and
// gives whether there was anything.
func crashed(panicked any) bool {
	if panicked != nil {
		log.Printf("the console panicked: %s", debug.Stack())
	}
	return panicked != nil
}

// guarded is a command, and those it gives, whose panic becomes a message.
func guarded(cmd tea.Cmd) tea.Cmd {
	if cmd == nil {
		return nil
	}
	return func() (msg tea.Msg) {
		defer func() {
			if crashed(recover()) {
				msg = fellMsg{}
			}
		}()
		msg = cmd()
		if batch, ok := msg.(tea.BatchMsg); ok {
			for i, c := range batch {
				batch[i] = guarded(c)
			}
		}
		return msg
	}
}

// keyboard is the terminal that keys come from; it tells when none can come any
// more. Bubble Tea would go on without: where no process hears the hang-up, under
// nohup, it would stay forever. It stays a terminal to Bubble Tea, until it is
// left to another program.
type keyboard struct {
	*os.File
	once sync.Once
	gone chan struct{}
	left atomic.Bool

	pastes pasteReader
}

// newKeyboard makes the terminal's keyboard of its input.
func newKeyboard(in *os.File) *keyboard {
	return &keyboard{File: in, gone: make(chan struct{}), pastes: pasteReader{long: make(chan longPaste, 4)}}
}

// leave makes it no terminal any more: its modes are not touched again.
func (k *keyboard) leave() { k.left.Store(true) }

// Fd is the terminal, or nothing.
func (k *keyboard) Fd() uintptr {
	if k.left.Load() {
		return ^uintptr(0)
	}
	return k.File.Fd()
}

// Read gives what was typed. A terminal in raw mode has an end only when it is gone.
func (k *keyboard) Read(p []byte) (int, error) {
	const room = 16 // for what was held back, and for the mark that ends a long paste early
	if len(p) <= 2*room {
		return k.File.Read(p)
	}
	n, err := k.File.Read(p[:len(p)-room])
	if err != nil {
		k.once.Do(func() { close(k.gone) })
	}
	return copy(p, k.pastes.filter(p[:len(p)-room], n)), err
}

// lost reports whether the terminal is gone.
func (k *keyboard) lost() bool {
	select {
	case <-k.gone:
		return true
	default:
		return false
	}
}
