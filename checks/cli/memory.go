package cli

import (
	"runtime"
	"runtime/debug"
)

// Rules of this file:
//   - a small heap is collected as usual: most commands end before it has grown once
//   - a large one, which only a large or a hostile project makes, is collected early, and may not become much larger than what is in it
//   - a huge one belongs to a large project: collecting it takes long, so it is done less often

const (
	smallHeap  = 8 << 20
	largeGC    = 10
	hugeHeap   = 40 << 20
	hugeGC     = 30
	mostMemory = 200 << 20 // beyond it, memory counts more than time
)

// saveMemory has the garbage of a large heap collected early.
func saveMemory() {
	debug.SetMemoryLimit(mostMemory)
	var afterEach func(*[16]byte)
	usual := debug.SetGCPercent(largeGC)
	debug.SetGCPercent(usual)
	last := usual
	afterEach = func(*[16]byte) {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		now := usual
		switch {
		case m.HeapAlloc > hugeHeap:
			now = hugeGC
		case m.HeapAlloc > smallHeap:
			now = largeGC
		}
		if now != last {
			last = now
			debug.SetGCPercent(now)
		}
		runtime.SetFinalizer(new([16]byte), afterEach)
	}
	runtime.SetFinalizer(new([16]byte), afterEach)
}
