package watching

import "badsig/checks/probe/listener"

// Neighbor is a process of the project that listens on a port.
type Neighbor = listener.Neighbor

// Neighbors lists the project's processes that listen.
func Neighbors(dir string) []Neighbor { return listener.Neighbors(dir) }
