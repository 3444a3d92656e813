package names

import "badsig/checks/probe/pattern"

var (
	Bare = pattern.New(`(?i)(token|jwt|jws)$`)
)
