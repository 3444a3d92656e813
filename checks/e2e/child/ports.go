package child

import (
	"fmt"
	"net"
	"os"
	"sync"
)

var ports struct {
	sync.Mutex
	next int
}

// FreePort gives a port that is free on both loopback families and that no other
// scenario of this run was passed.
func FreePort() string {
	ports.Lock()
	defer ports.Unlock()
	if ports.next == 0 {
		ports.next = 21000 + os.Getpid()%60*100
	}
	for ; ; ports.next++ {
		free := true
		for _, host := range []string{"127.0.0.1", "[::1]", ""} {
			ln, err := net.Listen("tcp", fmt.Sprintf("%s:%d", host, ports.next))
			if err == nil {
				ln.Close()
			} else if host != "[::1]" {
				free = false
			}
		}
		if free {
			ports.next++
			return fmt.Sprint(ports.next - 1)
		}
	}
}
