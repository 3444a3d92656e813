package listener

import (
	"badsig/checks/facts"
	"context"
	"os"
	"slices"
	"sort"
	"sync"
)

// Neighbor is a process of a project that listens on a port.
type Neighbor struct {
	Port int
	PID  int32
	Name string
}

// neighbors are the sockets of earlier looks, and who of the project holds them; PID 0 for no one of it.
var neighbors = struct {
	sync.Mutex
	dir string
	by  map[socketID]Neighbor
}{}

// Neighbors lists the processes of the project in dir that listen, on any
// port. It is made to be called once a second: processes are searched only for
// sockets that weren't there at the last look.
func Neighbors(dir string) []Neighbor {
	all, err := recentSockets()
	if err != nil {
		return nil
	}
	neighbors.Lock()
	defer neighbors.Unlock()
	if neighbors.dir != dir {
		neighbors.dir, neighbors.by = dir, nil
	}
	now := make(map[socketID]Neighbor, len(all))
	var fresh []socket
	for _, k := range all {
		id := socketID{k.inode, k.addr.String(), k.port, k.family}
		if n, ok := neighbors.by[id]; ok && k.inode != 0 {
			now[id] = n
		} else {
			fresh = append(fresh, k)
		}
	}
	if len(fresh) > 0 {
		look := &processLook{home: newHome(dir), seen: map[int32]*seenProcess{}}
		ctx, cancel := context.WithTimeout(context.Background(), lookLimit)
		defer cancel()
		findOwners(ctx, fresh, func(*socket) bool { return false }, look.inside)
		for _, k := range fresh {
			n := Neighbor{Port: k.port}
			if k.pid != 0 && k.pid != int32(os.Getpid()) && look.inside(k.pid) {
				p := look.process(k.pid)
				if name := programName(p.comm, p.command); !facts.OneOf(stores, name) {
					n.PID, n.Name = k.pid, name
				}
			}
			if ctx.Err() == nil { // else it is looked for again
				now[socketID{k.inode, k.addr.String(), k.port, k.family}] = n
			}
		}
	}
	neighbors.by = now
	var out []Neighbor
	for _, n := range now {
		if n.PID != 0 && !slices.Contains(out, n) {
			out = append(out, n)
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Port < out[j].Port })
	return out
}
