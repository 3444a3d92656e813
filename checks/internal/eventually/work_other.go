//go:build !linux

package eventually

import "time"

var start = time.Now()

func work(f func()) time.Duration {
	begin := time.Now()
	f()
	return time.Since(begin)
}

func spent() time.Duration { return time.Since(start) }

// InMemory is for Linux.
func InMemory() {}
