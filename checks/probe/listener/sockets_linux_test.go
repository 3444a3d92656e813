//go:build !gopsutil

package listener

import (
	"net"
	"slices"
	"testing"

	"badsig/checks/internal/eventually"
)

// What the kernel tells, and no table of sockets does: which of several owners responds, and a start to a hundredth of a second.
const (
	kernelTells = true
	startsEarly = 0
)

// The kernel's two responses about listening sockets agree.
func TestSocketTablesAgree(t *testing.T) {
	eventually.IPv6(t)
	for _, a := range []string{"127.0.0.1:0", "[::1]:0", ":0"} {
		l, err := net.Listen("tcp", a)
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		port := l.Addr().(*net.TCPAddr).Port
		diag, err := listenSockets()
		if err != nil {
			t.Fatal(err)
		}
		proc, err := procSockets()
		if err != nil {
			t.Fatal(err)
		}
		pick := func(all []socket) socket {
			i := slices.IndexFunc(all, func(s socket) bool { return s.port == port })
			if i < 0 {
				t.Fatalf("%s is not listed", a)
			}
			return all[i]
		}
		if x, y := pick(diag), pick(proc); x != y {
			t.Errorf("%s: sock_diag says %+v, /proc/net says %+v", a, x, y)
		}
	}
}

func TestParseProcNet(t *testing.T) {
	const four = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:0BB9 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 4242 1 0000000000000000 100 0 0 10 0
   1: 0100007F:0BB9 0100007F:C350 01 00000000:00000000 00:00000000 00000000  1000        0 4243 1 0000000000000000 20 4 30 10 -1
   2: nonsense
`
	const six = `  sl  local_address                         remote_address                        st
   0: 00000000000000000000000000000000:0BB9 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 4244 1 0000000000000000 100 0 0 10 0
   1: 00000000000000000000000001000000:0BBA 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000  0        0 4245 1 0000000000000000 100 0 0 10 0
   2: 0000000000000000FFFF00000100007F:0BBB 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000  0        0 4246 1 0000000000000000 100 0 0 10 0
`
	got := parseProcNet(four, false, nil)
	if len(got) != 1 || got[0].family != "ipv4" || got[0].addr.String() != "127.0.0.1" || got[0].port != 3001 || got[0].uid != 1000 || got[0].inode != 4242 {
		t.Errorf("%+v", got)
	}
	families := func(only bool, v4 map[int]bool) (out []string) {
		for _, s := range parseProcNet(six, only, v4) {
			out = append(out, s.family+" "+s.addr.String())
		}
		return out
	}
	for _, c := range []struct {
		only bool
		v4   map[int]bool
		want []string
	}{
		{false, nil, []string{"dual ::", "ipv6 ::1", "ipv4 127.0.0.1"}},
		{true, nil, []string{"ipv6 ::", "ipv6 ::1", "ipv4 127.0.0.1"}},
		{false, map[int]bool{3001: true}, []string{"ipv6 ::", "ipv6 ::1", "ipv4 127.0.0.1"}}, // beside an IPv4 socket
	} {
		if got := families(c.only, c.v4); !slices.Equal(got, c.want) {
			t.Errorf("%v %v: %q, want %q", c.only, c.v4, got, c.want)
		}
	}
}
