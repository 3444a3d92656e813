package eventually

import (
	"runtime"
	"testing"
	"time"
)

// Work counts what is done, and on Linux not what is slept through.
func TestWork(t *testing.T) {
	var sink uint64
	for _, do := range []struct {
		measure string
		of      func(f func()) time.Duration
	}{{"work", Work}, {"spent", func(f func()) time.Duration { before := Spent(); f(); return Spent() - before }}} {
		if got := do.of(func() {
			for begin := time.Now(); time.Since(begin) < 100*time.Millisecond; sink++ {
			}
		}); got <= 0 {
			t.Errorf("%s: busy for 100 ms, and it counts %s", do.measure, got)
		}
		if got := do.of(func() { time.Sleep(100 * time.Millisecond) }); runtime.GOOS == "linux" && got > 70*time.Millisecond {
			t.Errorf("%s: asleep for 100 ms, and it counts %s", do.measure, got)
		}
	}
}
