//go:build unix

package ui

import (
	"io"
	"os/exec"
	"os/signal"
	"syscall"

	"golang.org/x/sys/unix"
)

// foreground runs a program with the terminal as its own. It is a job of its
// own, as a shell's would be, so that its ctrl+c isn't badsig's.
type foreground struct {
	cmd *exec.Cmd
	in  *keyboard
	out *canvas
}

func (f foreground) Run() error {
	tty := f.in.File
	f.cmd.Stdin, f.cmd.Stdout, f.cmd.Stderr = tty, f.out.File, f.out.File
	f.cmd.SysProcAttr = &syscall.SysProcAttr{Foreground: true, Ctty: int(tty.Fd())}
	if err := f.cmd.Start(); err != nil {
		return err
	}
	pid := f.cmd.Process.Pid
	defer func() {
		signal.Ignore(syscall.SIGTTOU) // taking the terminal back from the background would stop badsig
		_ = unix.IoctlSetPointerInt(int(tty.Fd()), unix.TIOCSPGRP, unix.Getpgrp())
		signal.Reset(syscall.SIGTTOU)
	}()
	for {
		var status unix.WaitStatus
		_, err := unix.Wait4(pid, &status, unix.WUNTRACED, nil)
		switch {
		case err == unix.EINTR:
		case err != nil:
			return nil
		case status.Stopped(): // ctrl+z: there is no shell to go to, so it goes on
			_ = unix.Kill(-pid, unix.SIGCONT)
		default:
			_ = f.cmd.Process.Release()
			return nil
		}
	}
}

func (foreground) SetStdin(io.Reader)  {}
func (foreground) SetStdout(io.Writer) {}
func (foreground) SetStderr(io.Writer) {}
