package eventually

import (
	"fmt"
	"net"
	"os"
)

// Loopback ends a test program that connects to servers of its own where the loopback interface is down, as in a
// network namespace that was just made: else it would wait for each of them.
func Loopback() {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err == nil {
		defer l.Close()
		var c net.Conn
		if c, err = net.Dial("tcp", l.Addr().String()); err == nil {
			_ = c.Close()
			return
		}
	}
	fmt.Fprintf(os.Stderr, "these tests need the loopback interface (ip link set lo up): %v\n", err)
	os.Exit(1)
}
