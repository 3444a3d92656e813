//go:build unix

package watching

import (
	"syscall"
	"testing"
	"time"
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
	case <-time.After(45 * time.Second):
		t.Error("nothing waits for it")
	}
	if err := syscall.Kill(p.PID(), 0); err != syscall.ESRCH {
		t.Errorf("it is still there: %v", err)
	}
}
