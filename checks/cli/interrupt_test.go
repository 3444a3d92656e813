package cli

import (
	"context"
	"errors"
	"testing"
)

// Ctrl+c doesn't wait for work that doesn't check its context, and what panics in it panics in its caller.
func TestInterruptible(t *testing.T) {
	stop, cancelled := errors.New("interrupted"), make(chan struct{})
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(stop)
	if _, err := interruptible(ctx, func() int { <-cancelled; return 1 }); !errors.Is(err, stop) {
		t.Errorf("got %v", err)
	}
	close(cancelled)
	if n, err := interruptible(t.Context(), func() int { return 7 }); n != 7 || err != nil {
		t.Errorf("got %d, %v", n, err)
	}
	defer func() {
		if recover() != "bad" {
			t.Error("the panic is lost")
		}
	}()
	_, _ = interruptible(t.Context(), func() int { panic("bad") })
}
