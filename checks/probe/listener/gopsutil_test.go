//go:build !linux || gopsutil

package listener

import (
	"fmt"
	"slices"
	"testing"
	"time"

	psnet "github.com/shirou/gopsutil/v4/net"
)

// See sockets_linux_test.go. On Linux, where these files are tested with -tags gopsutil, it knows the start of the machine to a second.
const (
	kernelTells = false
	startsEarly = time.Second
)

// What lsof says on macOS and the tables of Windows say, as gopsutil hands it on.
func TestListeningOfATable(t *testing.T) {
	const inet, inet6mac, inet6windows = 2, 30, 23
	at := func(family uint32, ip string, port uint32, pid int32, status string) psnet.ConnectionStat {
		return psnet.ConnectionStat{Family: family, Type: 1, Laddr: psnet.Addr{IP: ip, Port: port}, Status: status, Pid: pid}
	}
	var got []string
	for _, s := range listening([]psnet.ConnectionStat{
		at(inet6mac, "*", 3001, 501, "LISTEN"),           // node 501 … IPv6 … TCP *:3001 (LISTEN)
		at(inet, "127.0.0.1", 5173, 502, "LISTEN"),       // vite … IPv4 … TCP 127.0.0.1:5173 (LISTEN)
		at(inet, "*", 5000, 503, "LISTEN"),               // AirPlay's receiver, which is on both families
		at(inet6mac, "*", 5000, 503, "LISTEN"),           //
		at(inet6windows, "::1", 3000, 504, "LISTEN"),     // Windows
		at(inet, "0.0.0.0", 135, 0, "LISTEN"),            // whose owner isn't told
		at(inet, "127.0.0.1", 52000, 502, "ESTABLISHED"), // a connection
		at(inet, "127.0.0.1", 3001, 505, "CLOSE_WAIT"),
	}) {
		got = append(got, fmt.Sprintf("%s %s %d %d", s.family, s.addr, s.port, s.pid))
	}
	if want := []string{"dual :: 3001 501", "ipv4 127.0.0.1 5173 502", "ipv4 0.0.0.0 5000 503", "ipv6 :: 5000 503", "ipv6 ::1 3000 504", "ipv4 0.0.0.0 135 0"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
