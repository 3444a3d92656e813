//go:build unix

package watching

import (
	"syscall"
	"testing"
	"time"

	"badsig/checks/internal/eventually"
)

// A console that ends between a child's start and the first wait for it, and a
// start that a restart overtook, leave no child and no zombie.
func TestStoppedBeforeWaitedFor(t *testing.T) {
	p, err := Start([]string{"sleep", "300"}, true)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	p.Stop()
	select {
	case <-p.ended:
	case <-time.After(eventually.Long):
		t.Error("nothing waits for it")
	}
	if err := syscall.Kill(p.PID(), 0); err != syscall.ESRCH {
		t.Errorf("it is still there: %v", err)
	}
}

// ctrl+c isn't kept waiting by a backend that ignores it, which ends nevertheless.
func TestLeave(t *testing.T) {
	for script, ends := range map[string]bool{
		"echo up; exec sleep 300":                              true,
		"trap '' INT TERM; echo up; while :; do sleep 1; done": false,
	} {
		t.Run(script, func(t *testing.T) {
			t.Parallel()
			p, err := Start([]string{"sh", "-c", script}, true)
			if err != nil {
				t.Fatal(err)
			}
			defer p.Close()
			if _, err := p.Read(); err != nil {
				t.Fatal(err)
			}
			if p.Leave() && !ends {
				t.Error("it was waited for until it ended")
			}
			select {
			case <-p.ended:
			case <-time.After(eventually.Long):
				t.Error("it's still there")
			}
		})
	}
}
