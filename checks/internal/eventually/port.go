package eventually

import (
	"errors"
	"math/rand/v2"
	"net"
	"strconv"
	"sync"
	"syscall"
	"testing"
)

var given struct {
	sync.Mutex
	ports map[int]bool
}

// FreePort gives a port that nothing listens on, on either loopback family, and gives none twice. It is below those
// that systems hand out by themselves, or a connection or a server of another test could take it until it is used.
func FreePort(t testing.TB) int {
	t.Helper()
	given.Lock()
	defer given.Unlock()
	if given.ports == nil {
		given.ports = map[int]bool{}
	}
	for range 1000 {
		port := 12_000 + rand.IntN(20_000)
		if !given.ports[port] && free("127.0.0.1", port) && free("::1", port) {
			given.ports[port] = true
			return port
		}
	}
	t.Fatal("no port is free on loopback")
	return 0
}

// free reports whether a port can be listened on; where a family isn't there, nothing listens either.
func free(host string, port int) bool {
	l, err := net.Listen("tcp", net.JoinHostPort(host, strconv.Itoa(port)))
	if err != nil {
		return host != "127.0.0.1" && !errors.Is(err, syscall.EADDRINUSE)
	}
	_ = l.Close()
	return true
}

// IPv6 skips a test where the machine has no address ::1.
func IPv6(t testing.TB) {
	t.Helper()
	l, err := net.Listen("tcp", "[::1]:0")
	if err != nil {
		t.Skip("no IPv6 here: ", err)
	}
	_ = l.Close()
}
