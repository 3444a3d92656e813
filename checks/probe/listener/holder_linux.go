//go:build !gopsutil

package listener

import (
	"context"
	"os"
	"slices"
	"sort"
	"strconv"
	"strings"

	"badsig/checks/affix"
)

// Which process holds a socket, from the links in /proc/PID/fd. Only
// processes of one's own user (for root: all) can be read.

// findOwners fills in the process of every wanted socket that may be seen.
// Processes for which likely says true are read first, and all of them;
// the others only until nothing that must be found is missing.
func findOwners(ctx context.Context, socks []socket, must func(*socket) bool, likely func(pid int32) bool) {
	byInode := map[uint64][]*socket{}
	missing := 0
	for i := range socks {
		s := &socks[i]
		byInode[s.inode] = append(byInode[s.inode], s)
		if s.pid == 0 && must(s) {
			missing++
		}
	}
	if len(byInode) == 0 {
		return
	}
	take := func(pid int32) {
		for _, inode := range heldSockets(pid) {
			for _, s := range byInode[inode] {
				if s.pid != 0 {
					continue
				}
				s.pid = pid
				if must(s) {
					missing--
				}
			}
		}
	}
	var later []int32
	for _, pid := range pids() {
		if ctx.Err() != nil {
			return
		}
		if likely != nil && likely(pid) {
			take(pid)
		} else {
			later = append(later, pid)
		}
	}
	for _, pid := range later {
		if missing <= 0 || ctx.Err() != nil {
			break
		}
		take(pid)
	}
	if ctx.Err() != nil {
		return
	}
	for i := range socks {
		if s := &socks[i]; s.pid != 0 && must(s) {
			s.pid = settle(s.pid, s.inode)
		}
	}
}

// holder chooses between two processes that hold one socket: the younger of
// two that run the same program (a worker that a server forked handles the
// requests, and calling the older one stale would accuse wrongly), otherwise
// the older (a child that only inherited the descriptor does not respond).
func holder(a, b int32) int32 {
	pa, pb := readProcess(a), readProcess(b)
	if pa == nil || pb == nil {
		if pb != nil {
			return b
		}
		return a
	}
	if pa.startTicks > pb.startTicks {
		a, b, pa, pb = b, a, pb, pa
	}
	if pa.comm == pb.comm {
		return b
	}
	return a
}

// settle finds, from one holder of a socket, the process that responds: up to
// the eldest that holds it, then down to forked workers.
func settle(pid int32, inode uint64) int32 {
	for range maxAncestors {
		p := readProcess(pid)
		if p == nil || p.ppid <= 1 || !slices.Contains(heldSockets(p.ppid), inode) {
			break
		}
		pid = p.ppid
	}
	for range 4 {
		next := pid
		for _, child := range children(pid) {
			if slices.Contains(heldSockets(child), inode) {
				next = holder(next, child)
			}
		}
		if next == pid {
			break
		}
		pid = next
	}
	return pid
}

// pids lists the processes, the youngest numbers first: a development server
// is seldom among the oldest.
func pids() []int32 {
	d, err := os.Open("/proc")
	if err != nil {
		return nil
	}
	defer d.Close()
	names, _ := d.Readdirnames(-1)
	out := make([]int32, 0, len(names))
	for _, n := range names {
		if pid, err := strconv.ParseInt(n, 10, 32); err == nil {
			out = append(out, int32(pid))
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i] > out[j] })
	return out
}

// maxFDs and maxThreads bound what is looked at in one process.
const maxFDs, maxThreads = 4096, 1024

// heldSockets gives the inodes of the sockets that a process has open.
func heldSockets(pid int32) []uint64 {
	dir := "/proc/" + strconv.Itoa(int(pid)) + "/fd"
	d, err := os.Open(dir)
	if err != nil {
		return nil
	}
	defer d.Close()
	names, _ := d.Readdirnames(maxFDs)
	var out []uint64
	for _, n := range names {
		link, err := os.Readlink(dir + "/" + n)
		if err != nil || !affix.HasPrefix(link, "socket:[") {
			continue
		}
		if inode, err := strconv.ParseUint(link[8:len(link)-1], 10, 64); err == nil {
			out = append(out, inode)
		}
	}
	return out
}

// children lists the children of all threads of a process: the kernel files a
// child under the thread that forked it, which need not be the first one.
func children(pid int32) (out []int32) {
	dir := "/proc/" + strconv.Itoa(int(pid)) + "/task/"
	d, err := os.Open(dir)
	if err != nil {
		return nil
	}
	defer d.Close()
	threads, _ := d.Readdirnames(maxThreads)
	for _, thread := range threads {
		b, err := os.ReadFile(dir + thread + "/children")
		if err != nil {
			continue // it has ended meanwhile
		}
		for _, f := range strings.Fields(string(b)) {
			if c, err := strconv.ParseInt(f, 10, 32); err == nil {
				out = append(out, int32(c))
			}
		}
	}
	return out
}

// forwarder finds the docker-proxy of a socket whose owner may not be seen:
// its command line, which everyone may read, names the port.
func forwarder(k socket) int32 {
	if k.uid != 0 {
		return 0
	}
	for _, pid := range pids() {
		p := readProcess(pid)
		if p != nil && p.comm == "docker-proxy" && portFlag(p.args(), k.port) {
			return pid
		}
	}
	return 0
}
