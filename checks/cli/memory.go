package cli

import (
	"runtime"
	"runtime/debug"
)

// Rules of this file:
//   - a small heap is collected as usual: most commands end before it has grown once
//   - a large one, which only a large or a hostile project makes, is collected early, and may not become much larger than what is in it

const (
	smallHeap  = 8 << 20
	largeGC    = 10
	mostMemory = 200 << 20 // beyond it, memory counts more than time
)

// saveMemory has the garbage of a large heap collected early.
func saveMemory() {
	debug.SetMemoryLimit(mostMemory)
	var afterEach func(*[16]byte)
	large, usual := false, 100
	afterEach = func(*[16]byte) {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		if now := m.HeapAlloc > smallHeap; now != large {
			if large = now; large {
				usual = debug.SetGCPercent(largeGC)
			} else {
				debug.SetGCPercent(usual)
			}
		}
		runtime.SetFinalizer(new([16]byte), afterEach)
	}
	runtime.SetFinalizer(new([16]byte), afterEach)
}
