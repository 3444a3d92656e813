package eventually

import (
	"runtime"
	"syscall"
	"time"
)

func work(f func()) time.Duration {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	before := usage(syscall.RUSAGE_THREAD)
	f()
	return usage(syscall.RUSAGE_THREAD) - before
}

func spent() time.Duration { return usage(syscall.RUSAGE_SELF) }

func usage(who int) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(who, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
