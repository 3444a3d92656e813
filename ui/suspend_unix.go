//go:build unix

package ui

import (
	"context"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"golang.org/x/sys/unix"
)

// canSuspend reports whether there is a shell to go back to. Where badsig runs
// in its session's first process group (a container, tmux's own command),
// no one could wake it: the kernel would not stop it, and Bubble Tea would
// wait forever.
func canSuspend() bool {
	own, err := unix.Getsid(0)
	if err != nil || signal.Ignored(unix.SIGTSTP) || unix.Getpgrp() == own {
		return false
	}
	parent, err := unix.Getsid(os.Getppid())
	return err == nil && parent == own
}

// suspension gives the terminal to the shell and waits until it is given back.
// Bubble Tea's own suspension reclaims it as soon as the process is resumed, which
// stops the process forever if the shell resumed it so that it could exit.
type suspension struct {
	ctx context.Context
	in  *keyboard
	out *canvas
}

// heard is how long what a woken process was told may take to be heard.
const heard = 5 * time.Second

// toShell is the command that suspends the console.
func (a *app) toShell() tea.Cmd {
	return tea.Exec(suspension{a.ctx, a.in, a.canvas}, func(error) tea.Msg { return tea.ResumeMsg{} })
}

func (s suspension) Run() error {
	woken := make(chan os.Signal, 1)
	signal.Notify(woken, unix.SIGCONT)
	defer signal.Stop(woken)
	for {
		// What is between fork and exec is of this group still, would stop, and
		// would keep this process, which waits for it, from stopping.
		syscall.ForkLock.Lock()
		err := unix.Kill(0, unix.SIGTSTP)
		syscall.ForkLock.Unlock()
		if err != nil {
			return err
		}
		<-woken
		if front, err := unix.IoctlGetInt(int(s.in.Fd()), unix.TIOCGPGRP); err != nil || front == unix.Getpgrp() {
			return nil
		}
		select {
		case <-s.ctx.Done(): // the terminal stays the shell's
			s.in.leave()
			s.out.leave()
			return nil
		case <-time.After(heard): // bg: a console cannot be drawn in the background
		}
	}
}

func (suspension) SetStdin(io.Reader)  {}
func (suspension) SetStdout(io.Writer) {}
func (suspension) SetStderr(io.Writer) {}
