package watching

import (
	"os/exec"
	"sync"
	"unsafe"

	"golang.org/x/sys/windows"
)

// Process is a child in a job object that ends all its processes when its last
// handle is closed, which Windows does however badsig ends.
type Process struct {
	output
	cmd   *exec.Cmd
	job   windows.Handle
	ended chan struct{}
	exit  string
	once  sync.Once
	waits sync.Once
}

func (p *Process) start() error {
	p.ended = make(chan struct{})
	job, err := windows.CreateJobObject(nil, nil)
	if err != nil {
		return err
	}
	p.job = job
	limits := windows.JOBOBJECT_EXTENDED_LIMIT_INFORMATION{
		BasicLimitInformation: windows.JOBOBJECT_BASIC_LIMIT_INFORMATION{LimitFlags: windows.JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE},
	}
	if _, err := windows.SetInformationJobObject(job, windows.JobObjectExtendedLimitInformation,
		uintptr(unsafe.Pointer(&limits)), uint32(unsafe.Sizeof(limits))); err != nil {
		p.endGroup()
		return err
	}
	if err := p.cmd.Start(); err != nil {
		p.endGroup()
		return err
	}
	// Where the child cannot be put into the job it still ends with badsig, as
	// long as badsig ends in order: no reason not to start it.
	if h, err := windows.OpenProcess(windows.PROCESS_SET_QUOTA|windows.PROCESS_TERMINATE, false, uint32(p.cmd.Process.Pid)); err == nil {
		_ = windows.AssignProcessToJobObject(job, h)
		_ = windows.CloseHandle(h)
	}
	return nil
}

// PID is the process id.
func (p *Process) PID() int { return p.cmd.Process.Pid }

// Wait waits for the child's end and says how it was.
func (p *Process) Wait() string {
	p.waits.Do(func() {
		err := p.cmd.Wait()
		p.exit = exitText(p.cmd.ProcessState, err)
		close(p.ended)
		p.endGroup()
	})
	return p.exit
}

// Stop ends the child and all that it started.
func (p *Process) Stop() {
	go p.Wait() // a console that ends may have dropped the command that would
	_ = p.cmd.Process.Kill()
	p.endGroup()
	<-p.ended
}

// Leave ends the child and all that it started, which it reports.
func (p *Process) Leave() bool { p.Stop(); return true }

func (p *Process) endGroup() { p.once.Do(func() { _ = windows.CloseHandle(p.job) }) }

// Owns reports whether a process is the child.
func (p *Process) Owns(pid int) bool { return pid == p.PID() }
