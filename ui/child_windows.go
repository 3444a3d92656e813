package ui

import (
	"os"
	"os/exec"
	"sync"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"
)

// process is a child in a job object that ends all its processes when its last
// handle is closed, which Windows does however badsig ends.
type process struct {
	cmd   *exec.Cmd
	out   *os.File
	buf   []byte    // of the read under way, or of the one just taken in
	read  time.Time // of the last one
	job   windows.Handle
	ended chan struct{}
	exit  string
	once  sync.Once
	waits sync.Once
}

func (p *process) start() error {
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

func (p *process) pid() int { return p.cmd.Process.Pid }

// wait waits for the child's end and says how it was.
func (p *process) wait() string {
	p.waits.Do(func() {
		err := p.cmd.Wait()
		p.exit = exitText(p.cmd.ProcessState, err)
		close(p.ended)
		p.endGroup()
	})
	return p.exit
}

// stop ends the child and all that it started.
func (p *process) stop() {
	go p.wait() // a console that ends may have dropped the command that would
	_ = p.cmd.Process.Kill()
	p.endGroup()
	<-p.ended
}

func (p *process) endGroup() { p.once.Do(func() { _ = windows.CloseHandle(p.job) }) }
