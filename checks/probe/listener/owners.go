package listener

import (
	"context"
	"sync"
	"time"
)

// Owner is a listening socket and the process that holds it, as far as a
// watcher needs it to see that something changed.
type Owner struct {
	Family  string // ipv4, ipv6, dual
	Address string
	PID     int32     // 0: may not be seen
	Start   time.Time // of the process; never before its real start, zero where it is not known
}

// blindFor is how long a socket whose owner may not be seen is not searched for again.
const blindFor = 10 * time.Second

// owned is a socket's owner as found before.
type owned struct {
	pid   int32
	ticks int64
	at    time.Time // of the search
}

var ownersKnown = struct {
	sync.Mutex
	by map[socketID]owned
}{by: map[socketID]owned{}}

// socketID names a socket for as long as it is open.
type socketID struct {
	inode  uint64
	addr   string
	port   int
	family string
}

// PortOwners lists who listens on a port of this machine. It is made to be
// called once a second: on Linux one call of the kernel and one small file a
// socket, for owners found once are only checked for being alive; elsewhere
// the table of sockets is at most three seconds old. The error says that the
// table may not be read.
func PortOwners(port int) ([]Owner, error) {
	all, err := recentSockets()
	if err != nil {
		return nil, err
	}
	var socks []socket
	for _, s := range all {
		if s.port == port {
			socks = append(socks, s)
		}
	}
	ownersKnown.Lock()
	defer ownersKnown.Unlock()
	known := make(map[socketID]owned, len(socks))
	search := false
	for i := range socks {
		s := &socks[i]
		id := socketID{s.inode, s.addr.String(), s.port, s.family}
		o, ok := ownersKnown.by[id]
		if ok && o.pid == 0 && time.Since(o.at) < blindFor {
			known[id] = o
			continue
		}
		if ok && o.pid != 0 {
			if p := readProcess(o.pid); p != nil && p.startTicks == o.ticks {
				s.pid = o.pid
				known[id] = o
				continue
			}
		}
		search = search || s.pid == 0
	}
	if search {
		ctx, cancel := context.WithTimeout(context.Background(), lookLimit)
		defer cancel()
		findOwners(ctx, socks, func(s *socket) bool { return s.port == port }, nil)
	}
	out := make([]Owner, 0, len(socks))
	for _, s := range socks {
		o := Owner{Family: s.family, Address: s.addr.String(), PID: s.pid}
		id := socketID{s.inode, o.Address, s.port, s.family}
		found := owned{pid: s.pid, at: time.Now()}
		if p := processOf(s.pid); p != nil {
			o.Start, found.ticks = p.start, p.startTicks
		}
		if _, ok := known[id]; !ok {
			known[id] = found
		}
		out = append(out, o)
	}
	for id := range ownersKnown.by {
		if id.port == port {
			delete(ownersKnown.by, id)
		}
	}
	for id, o := range known {
		ownersKnown.by[id] = o
	}
	return out, nil
}

func processOf(pid int32) *process {
	if pid == 0 {
		return nil
	}
	return readProcess(pid)
}
