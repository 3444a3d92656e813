package cli

import (
	"context"
	"errors"
	"os"
	"os/signal"
	"syscall"
)

// withSignals ends the context at ctrl+c, at a polite request to end, and when
// the terminal is closed. A second ctrl+c ends at once. It lasts as long as the process.
func withSignals(ctx context.Context) context.Context {
	ctx, cancel := context.WithCancelCause(ctx)
	ch := make(chan os.Signal, 1)
	for _, s := range []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP} {
		if !signal.Ignored(s) { // whoever started it with nohup, or behind &, meant it
			signal.Notify(ch, s)
		}
	}
	go func() {
		s := <-ch
		signal.Stop(ch)
		sig, _ := s.(syscall.Signal)
		cancel(signalled{sig})
	}()
	return ctx
}

type signalled struct{ syscall.Signal }

func (s signalled) Error() string { return s.String() }

func caught(ctx context.Context) (syscall.Signal, bool) {
	if ctx == nil {
		return 0, false
	}
	var s signalled
	if errors.As(context.Cause(ctx), &s) {
		return s.Signal, true
	}
	return 0, false
}
