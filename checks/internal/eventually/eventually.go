// Package eventually is how tests wait and measure on a busy machine, where a
// test's own work may get a tenth of a processor for seconds on end.
//
// A bound on what is done is a bound on processor time, which other work on
// the machine hardly changes. A bound on waiting is Long: it tells a hang from
// an end, and nothing finer.
package eventually

import (
	"testing"
	"time"

	"go.uber.org/goleak"
)

// Long is how long a thing may take that must end, and ends in a moment where
// nothing else runs.
const Long = time.Minute

// Until waits until ok, and says of what never came that it did not.
func Until(t testing.TB, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(Long); ; time.Sleep(10 * time.Millisecond) {
		if ok() {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("never %s", what)
		}
	}
}

// NothingLeft fails where goroutines are left that the options do not allow.
// goleak alone waits for some 400 ms, which ends too early for a connection
// that is being closed while the machine is busy.
func NothingLeft(t testing.TB, options ...goleak.Option) {
	t.Helper()
	var err error
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); {
		if err = goleak.Find(options...); err == nil {
			return
		}
	}
	t.Error(err)
}

// Work is the processor time that f uses on its own goroutine; where the
// system does not tell, the time that passes.
func Work(f func()) time.Duration { return work(f) }

// Spent is the processor time that this process has taken so far, on all its
// threads; where the system does not tell, the time that has passed.
func Spent() time.Duration { return spent() }
