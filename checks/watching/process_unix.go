//go:build unix

package watching

import (
	"io"
	"os/exec"
	"sync"
	"syscall"
	"time"
)

// Process is a child in a process group of its own.
//
// The group's leader is a guard: a shell that reads a pipe whose only writer
// is badsig. However badsig ends, SIGKILL included, the kernel
// closes the pipe, and the guard ends the whole group: not only the child, as
// a parent-death signal would, but also what the child started (npm's node).
type Process struct {
	output
	cmd   *exec.Cmd
	guard *exec.Cmd
	hold  io.WriteCloser // the guard's pipe
	ended chan struct{}  // closed when the child has ended
	exit  string
	once  sync.Once
	waits sync.Once
}

// guardScript waits for the end of its input and then ends its group. It
// ignores what ends the others, so that it lives to send the second signal, and
// says when it does: a signal that comes earlier would end it.
const guardScript = `trap '' HUP INT QUIT TERM; echo; while read -r _; do :; done; kill -TERM 0; sleep 2; kill -KILL 0`

const (
	graceful = 3 * time.Second        // how long a child may take to end by itself before another is started
	leaving  = 150 * time.Millisecond // how long badsig's own end waits for the child's
)

func (p *Process) start() error {
	p.ended = make(chan struct{})
	p.guard = exec.Command("/bin/sh", "-c", guardScript)
	p.guard.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	hold, err := p.guard.StdinPipe()
	if err != nil {
		return err
	}
	ready, err := p.guard.StdoutPipe()
	if err != nil {
		return err
	}
	if err := p.guard.Start(); err != nil {
		return err
	}
	p.hold = hold
	if _, err := ready.Read(make([]byte, 1)); err != nil {
		p.endGroup()
		return err
	}
	_ = ready.Close()
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pgid: p.guard.Process.Pid}
	if err := p.cmd.Start(); err != nil {
		p.endGroup()
		return err
	}
	return nil
}

// PID is the process id.
func (p *Process) PID() int { return p.cmd.Process.Pid }

// Wait waits for the child's end and says how it was; what is left of its
// group ends too.
func (p *Process) Wait() string {
	p.waits.Do(func() {
		err := p.cmd.Wait()
		p.exit = exitText(p.cmd.ProcessState, err)
		close(p.ended)
		p.signal(syscall.SIGTERM)
		time.Sleep(100 * time.Millisecond)
		p.endGroup()
	})
	return p.exit
}

// Stop ends the group: politely first, then by force. It returns when the child
// is gone.
func (p *Process) Stop() {
	go p.Wait() // a console that ends may have dropped the command that would
	p.signal(syscall.SIGTERM)
	select {
	case <-p.ended:
	case <-time.After(graceful):
	}
	p.endGroup()
}

// Leave tells the group to end, as ctrl+c in its terminal would, and reports
// whether it did. It doesn't wait for a child that is slow to end: the guard
// sends it SIGTERM, and SIGKILL two seconds later.
func (p *Process) Leave() bool {
	gone := make(chan struct{})
	go func() { p.Wait(); close(gone) }()
	p.signal(syscall.SIGINT)
	select {
	case <-gone:
		return true
	case <-time.After(leaving):
	}
	_ = p.hold.Close()
	select {
	case <-p.ended:
		return true
	default:
		return false
	}
}

// signal reaches every process of the group; the guard ignores it.
//
//go:noinline
func (p *Process) signal(s syscall.Signal) { _ = syscall.Kill(-p.guard.Process.Pid, s) }

// endGroup kills what is left, the guard included. The group's number cannot
// be another's before the guard has been waited for.
func (p *Process) endGroup() {
	p.once.Do(func() {
		p.signal(syscall.SIGKILL)
		_ = p.hold.Close()
		_ = p.guard.Wait()
	})
}

// Owns reports whether a process is the child, or was started by it.
func (p *Process) Owns(pid int) bool {
	group, err := syscall.Getpgid(pid)
	return err == nil && group == p.guard.Process.Pid
}
