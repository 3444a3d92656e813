package listener

import (
	"slices"
	"strconv"

	"badsig/checks/facts"
)

// forwarders pass a container's port on: their own folder, start and
// environment say nothing about the server after them.
var forwarders = []string{"docker-proxy", "rootlessport", "com.docker.backend", "vpnkit", "gvproxy", "limactl", "wslrelay"}

// forwarded marks listeners whose server runs in a container: whether that is
// the project's cannot be told from here.
func forwarded(l *facts.Listeners) {
	for _, list := range [][]facts.Listener{l.Listeners, l.Others} {
		for i := range list {
			if facts.OneOf(forwarders, list[i].Name) {
				list[i].Inside, list[i].InsideKnown = false, false
			}
		}
	}
}

// portFlag tells whether a docker-proxy's command line names a host port.
func portFlag(args []string, port int) bool {
	i := slices.Index(args, "-host-port")
	return i >= 0 && i+1 < len(args) && args[i+1] == strconv.Itoa(port)
}
