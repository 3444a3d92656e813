package cli

import (
	"cmp"
	"context"
	"errors"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// twice is how long a request to end is taken for the same one: of a terminal
// that is closed both the system and the shell tell, of ctrl+c both the
// terminal and npm.
const twice = time.Second

// withSignals ends the context at ctrl+c, at a polite request to end, and when
// the terminal is closed, and at ctrl+\, so that the console leaves the terminal as
// it was. Sent again later, a signal does what it does to any Go program: it ends
// the process, and SIGQUIT prints where each goroutine is. It lasts as long as the
// process.
func withSignals(ctx context.Context) context.Context {
	ctx, cancel := context.WithCancelCause(ctx)
	ch := make(chan os.Signal, 1)
	for _, s := range []os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT} {
		if !signal.Ignored(s) { // started with nohup or with &, on purpose
			signal.Notify(ch, s)
		}
	}
	go func() {
		sig, _ := (<-ch).(syscall.Signal)
		cancel(signalled{sig})
		time.Sleep(twice)
		signal.Stop(ch)
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

// interruptible is what work gives, unless ctx ends before: a string of megabytes takes a while,
// and ctrl+c doesn't wait for it. A panic of work is one of the caller.
func interruptible[T any](ctx context.Context, work func() T) (T, error) {
	done, failed := make(chan T, 1), make(chan any, 1)
	go func() {
		defer func() {
			if bad := recover(); bad != nil {
				failed <- bad
			}
		}()
		done <- work()
	}()
	select {
	case result := <-done:
		return result, nil
	case bad := <-failed:
		panic(bad)
	case <-ctx.Done():
		var none T
		return none, context.Cause(ctx)
	}
}

// waited is interruptible for what may fail itself: a pipe without a writer, a terminal at
// which no one types.
func waited[T any](ctx context.Context, work func() (T, error)) (T, error) {
	type ended struct {
		result T
		err    error
	}
	e, err := interruptible(ctx, func() *ended {
		result, err := work()
		return &ended{result, err}
	})
	if e == nil {
		e = new(ended)
	}
	return e.result, cmp.Or(err, e.err)
}
