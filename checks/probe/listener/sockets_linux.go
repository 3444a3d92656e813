//go:build !gopsutil

package listener

import (
	"encoding/binary"
	"errors"
	"net/netip"
	"os"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"

	"badsig/checks/affix"
)

// The listening sockets of Linux, from the kernel's own response to a
// sock_diag(7) request: it walks the listening sockets only, where reading
// /proc/net/tcp walks the whole table of connections (tens of microseconds
// against up to tens of milliseconds), and it says which sockets are for IPv6
// alone. /proc/net/tcp and tcp6 are read where the request is rejected.

const (
	tcpListen   = 10
	diagByFam   = 20 // SOCK_DIAG_BY_FAMILY
	diagV6Only  = 11 // INET_DIAG_SKV6ONLY
	diagMsgLen  = 72 // struct inet_diag_msg
	diagReplies = 64 // messages read at most: a bound, not a limit of the machine
)

// recentSockets is what listenSockets finds: the kernel responds immediately.
func recentSockets() ([]socket, error) { return listenSockets() }

// listenSockets lists every listening TCP socket of this network namespace.
// Owners are not known yet.
func listenSockets() ([]socket, error) {
	v4, err := diagSockets(unix.AF_INET)
	if err != nil {
		return procSockets()
	}
	// A kernel without IPv6 rejects the second request: there are none then.
	v6, _ := diagSockets(unix.AF_INET6)
	return append(v4, v6...), nil
}

func diagSockets(family byte) ([]socket, error) {
	fd, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW|unix.SOCK_CLOEXEC, unix.NETLINK_SOCK_DIAG)
	if err != nil {
		return nil, err
	}
	defer unix.Close(fd)
	_ = unix.SetsockoptTimeval(fd, unix.SOL_SOCKET, unix.SO_RCVTIMEO, &unix.Timeval{Usec: 200_000})
	req := make([]byte, 16+56) // nlmsghdr, inet_diag_req_v2
	ne := binary.NativeEndian
	ne.PutUint32(req[0:], uint32(len(req)))
	ne.PutUint16(req[4:], diagByFam)
	ne.PutUint16(req[6:], unix.NLM_F_REQUEST|unix.NLM_F_DUMP)
	req[16], req[17] = family, unix.IPPROTO_TCP
	ne.PutUint32(req[20:], 1<<tcpListen)
	if err := unix.Sendto(fd, req, 0, &unix.SockaddrNetlink{Family: unix.AF_NETLINK}); err != nil {
		return nil, err
	}
	var out []socket
	buf := make([]byte, 32<<10)
	for range diagReplies {
		n, _, err := unix.Recvfrom(fd, buf, 0)
		if err != nil {
			return nil, err
		}
		msgs, err := syscall.ParseNetlinkMessage(buf[:n])
		if err != nil {
			return nil, err
		}
		for _, m := range msgs {
			switch {
			case m.Header.Type == unix.NLMSG_DONE:
				return out, nil
			case m.Header.Type == unix.NLMSG_ERROR:
				return nil, errors.New("the kernel doesn't allow listing sockets")
			case len(m.Data) >= diagMsgLen:
				out = append(out, diagSocket(m.Data))
			}
		}
	}
	return out, nil
}

func diagSocket(b []byte) socket {
	ne := binary.NativeEndian
	s := socket{port: int(binary.BigEndian.Uint16(b[4:])), uid: ne.Uint32(b[64:]), inode: uint64(ne.Uint32(b[68:]))}
	if b[0] == unix.AF_INET {
		s.family, s.addr = "ipv4", netip.AddrFrom4([4]byte(b[8:12]))
		return s
	}
	s.addr = netip.AddrFrom16([16]byte(b[8:24]))
	only := false
	for at := diagMsgLen; at+4 < len(b); {
		size, kind := int(ne.Uint16(b[at:])), ne.Uint16(b[at+2:])
		if size < 4 || at+size > len(b) {
			break
		}
		if kind == diagV6Only {
			only = b[at+4] != 0
		}
		at += (size + 3) &^ 3
	}
	s.setFamily(only)
	return s
}

// procSockets reads the kernel's text tables. They do not say which sockets
// are for IPv6 alone; :: beside an IPv4 socket on the same port must be, and
// otherwise the system's default decides.
func procSockets() ([]socket, error) {
	b, err := os.ReadFile("/proc/net/tcp")
	if err != nil {
		return nil, err
	}
	out := parseProcNet(string(b), false, nil)
	v4 := map[int]bool{}
	for _, s := range out {
		v4[s.port] = true
	}
	only := false
	if b, err := os.ReadFile("/proc/sys/net/ipv6/bindv6only"); err == nil {
		only = strings.TrimSpace(string(b)) == "1"
	}
	if b, err := os.ReadFile("/proc/net/tcp6"); err == nil {
		out = append(out, parseProcNet(string(b), only, v4)...)
	}
	return out, nil
}

func parseProcNet(text string, only bool, v4 map[int]bool) []socket {
	var out []socket
	for line := range strings.Lines(text) {
		f := strings.Fields(line)
		if len(f) < 10 || f[3] != "0A" {
			continue
		}
		host, port, ok := affix.Cut(f[1], ":")
		p, err := strconv.ParseUint(port, 16, 16)
		if !ok || err != nil {
			continue
		}
		addr, ok := procAddr(host)
		if !ok {
			continue
		}
		uid, _ := strconv.ParseUint(f[7], 10, 32)
		inode, _ := strconv.ParseUint(f[9], 10, 64)
		s := socket{addr: addr, port: int(p), uid: uint32(uid), inode: inode, family: "ipv4"}
		if addr.Is6() {
			s.setFamily(only || v4[s.port])
		}
		out = append(out, s)
	}
	return out
}

// procAddr reads an address as /proc/net/tcp writes it: 32-bit words in the
// machine's order.
func procAddr(hex string) (netip.Addr, bool) {
	if len(hex) != 8 && len(hex) != 32 {
		return netip.Addr{}, false
	}
	b := make([]byte, len(hex)/2)
	for i := 0; i < len(b); i += 4 {
		w, err := strconv.ParseUint(hex[2*i:2*i+8], 16, 32)
		if err != nil {
			return netip.Addr{}, false
		}
		binary.NativeEndian.PutUint32(b[i:], uint32(w))
	}
	return netip.AddrFromSlice(b)
}
