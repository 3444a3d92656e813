//go:build !gopsutil

package listener

import (
	"bytes"
	"io"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"badsig/checks/affix"
)

// clockTick is the unit of the start time in /proc/PID/stat: USER_HZ, which
// the kernel fixes at 100 on every architecture that Go builds for.
const clockTick = 10 * time.Millisecond

// readProcess reads what every user may see of a process; nil if it is gone.
func readProcess(pid int32) *process {
	b, err := os.ReadFile(procFile(pid, "stat"))
	if err != nil {
		return nil
	}
	// The name is in parentheses and may hold any character.
	open, end := bytes.IndexByte(b, '('), bytes.LastIndexByte(b, ')')
	if open < 0 || end < open {
		return nil
	}
	f := strings.Fields(string(b[end+1:]))
	if len(f) < 20 || f[0] == "Z" || f[0] == "X" {
		return nil
	}
	ppid, _ := strconv.ParseInt(f[1], 10, 32)
	ticks, err := strconv.ParseInt(f[19], 10, 64)
	if err != nil {
		return nil
	}
	return &process{pid: pid, ppid: int32(ppid), comm: string(b[open+1 : end]), startTicks: ticks, start: startOf(pid, ticks)}
}

//go:noinline
func procFile(pid int32, name string) string {
	return "/proc/" + strconv.Itoa(int(pid)) + "/" + name
}

var starts = struct {
	sync.Mutex
	known map[[2]int64]time.Time
}{known: map[[2]int64]time.Time{}}

// startOf turns ticks since boot into a moment of the wall clock. The tick's
// end is used, so that the process is never said to be older than it is:
// a comparison with a file's time errs towards "started after the
// change". The machine's boot time in /proc/stat is of whole seconds and not
// used; the difference of the two running clocks is exact. A moment once given
// is kept, so that two looks at one process agree, unless the clock was set.
func startOf(pid int32, ticks int64) time.Time {
	var boot unix.Timespec
	if unix.ClockGettime(unix.CLOCK_BOOTTIME, &boot) != nil {
		return time.Time{}
	}
	t := time.Now().Round(0).Add(-time.Duration(boot.Nano())).Add(time.Duration(ticks+1) * clockTick)
	starts.Lock()
	defer starts.Unlock()
	key := [2]int64{int64(pid), ticks}
	if old, ok := starts.known[key]; ok && t.Sub(old).Abs() < time.Second {
		return old
	}
	if len(starts.known) > 4096 {
		clear(starts.known)
	}
	starts.known[key] = t
	return t
}

// args reads the command line, nil where it may not be seen.
func (p *process) args() []string {
	b := readSome(procFile(p.pid, "cmdline"), maxArgBytes)
	b = bytes.TrimRight(b, "\x00")
	if len(b) == 0 {
		return nil
	}
	return strings.Split(string(b), "\x00")
}

// dir reads the working folder. ok is false where it may not be seen or is
// in another container, whose paths are not this machine's.
func (p *process) dir() (dir string, ok bool) {
	dir, ok = p.folder()
	if !ok || otherMounts(p.pid) {
		return "", false
	}
	return dir, true
}

// folder is dir as the process itself sees it.
func (p *process) folder() (string, bool) {
	dir, err := os.Readlink(procFile(p.pid, "cwd"))
	return affix.TrimSuffix(dir, " (deleted)"), err == nil
}

// program gives the file that a process runs, and the folder from which its
// path is to be read: that of its container, where it runs in one.
func (p *process) program() (exe, root string) {
	exe, err := os.Readlink(procFile(p.pid, "exe"))
	if err != nil {
		return "", ""
	}
	if otherMounts(p.pid) {
		root = procFile(p.pid, "root")
	}
	return affix.TrimSuffix(exe, " (deleted)"), root
}

// otherMounts tells whether a process sees another tree of files than we do.
func otherMounts(pid int32) bool {
	own, err := os.Readlink("/proc/self/ns/mnt")
	if err != nil {
		return false
	}
	its, err := os.Readlink(procFile(pid, "ns/mnt"))
	return err == nil && its != own
}

// environ reads the initial environment; ok is false where it may not be seen.
func (p *process) environ() (env []string, ok bool) {
	f, err := os.Open(procFile(p.pid, "environ"))
	if err != nil {
		return nil, false
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxEnvBytes))
	if err != nil {
		return nil, false
	}
	for e := range strings.SplitSeq(string(b), "\x00") {
		if e != "" {
			env = append(env, e)
		}
	}
	return env, true
}

func readSome(name string, n int64) []byte {
	f, err := os.Open(name)
	if err != nil {
		return nil
	}
	defer f.Close()
	b, _ := io.ReadAll(io.LimitReader(f, n))
	return b
}
