//go:build !linux || gopsutil

package listener

import (
	"context"
	"net/netip"
	"sync"
	"time"

	psnet "github.com/shirou/gopsutil/v4/net"
	psproc "github.com/shirou/gopsutil/v4/process"

	"badsig/checks/facts"
)

// Sockets and processes where there is no /proc: gopsutil queries the system (on
// macOS through lsof, on Windows through its tables). What it may not see stays
// unknown.

// lookTime bounds one question to the system.
const lookTime = 3 * time.Second

// tableAge is how old a table of sockets may be that the watcher gets: lsof costs
// tens of milliseconds, and the watcher looks every second.
const tableAge = 3 * time.Second

var table = struct {
	sync.Mutex
	at    time.Time
	socks []socket
}{}

// recentSockets is what listenSockets found, at most tableAge ago.
func recentSockets() ([]socket, error) {
	table.Lock()
	old, at := table.socks, table.at
	table.Unlock()
	if time.Since(at) < tableAge {
		return append([]socket(nil), old...), nil
	}
	return listenSockets()
}

// listenSockets lists every listening TCP socket, with its owner where known.
func listenSockets() ([]socket, error) {
	ctx, cancel := context.WithTimeout(context.Background(), lookTime)
	defer cancel()
	conns, err := psnet.ConnectionsWithContext(ctx, "tcp")
	if err != nil {
		return nil, err
	}
	socks := listening(conns)
	table.Lock()
	defer table.Unlock()
	table.at, table.socks = time.Now(), socks
	return append([]socket(nil), socks...), nil
}

// listening are the sockets of a table that listen.
func listening(conns []psnet.ConnectionStat) (socks []socket) {
	v4 := map[int]bool{}
	for _, c := range conns {
		if c.Status != "LISTEN" {
			continue
		}
		s := socket{port: int(c.Laddr.Port), pid: c.Pid, family: "ipv4"}
		six := c.Family != 2 // AF_INET is 2 on every system
		switch a, err := netip.ParseAddr(c.Laddr.IP); {
		case err == nil:
			s.addr = a
		case six:
			s.addr = netip.IPv6Unspecified()
		default:
			s.addr = netip.IPv4Unspecified()
		}
		if six {
			s.family = "ipv6"
		} else {
			v4[s.port] = true
		}
		socks = append(socks, s)
	}
	for i := range socks {
		if s := &socks[i]; s.family == "ipv6" {
			s.setFamily(v4[s.port])
		}
	}
	return socks
}

// findOwners has nothing to do: the table names the owners.
func findOwners(context.Context, []socket, func(*socket) bool, func(int32) bool) {}

func readProcess(pid int32) *process {
	p, err := psproc.NewProcess(pid)
	if err != nil {
		return nil
	}
	out := &process{pid: pid}
	out.ppid, _ = p.Ppid()
	out.comm, _ = p.Name()
	if ms, err := p.CreateTime(); err == nil && ms > 0 {
		// Cut to the millisecond: its end is used, so that the process is never said to be older than it is.
		out.startTicks, out.start = ms, time.UnixMilli(ms+1)
	}
	return out
}

func (p *process) args() []string {
	q, err := psproc.NewProcess(p.pid)
	if err != nil {
		return nil
	}
	args, _ := q.CmdlineSlice()
	return args
}

func (p *process) dir() (string, bool) {
	q, err := psproc.NewProcess(p.pid)
	if err != nil {
		return "", false
	}
	dir, err := q.Cwd()
	return dir, err == nil && dir != ""
}

// program gives the file that a process runs; root is always this machine's.
func (p *process) program() (exe, root string) {
	q, err := psproc.NewProcess(p.pid)
	if err != nil {
		return "", ""
	}
	exe, _ = q.Exe()
	return exe, ""
}

func (p *process) folder() (string, bool) { return p.dir() }

func (p *process) environ() ([]string, bool) {
	q, err := psproc.NewProcess(p.pid)
	if err != nil {
		return nil, false
	}
	env, err := q.Environ()
	return env, err == nil && len(env) > 0
}

// idle would have to query every process of the machine.
func (s *processLook) idle([]socket) []facts.Idle { return nil }

// forwarder: the table names the owners of forwarded ports too.
func forwarder(socket) int32 { return 0 }
