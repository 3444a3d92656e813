package modules

import (
	"slices"

	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
)

// HandlesRequests tells a module that gets requests without a router.
func (m *Module) HandlesRequests() bool {
	d := m.Exports["default"]
	return slices.Contains(d.Keys, "fetch") || slices.ContainsFunc(m.Calls, func(c jsread.Call) bool {
		n := facts.LastName(c.Callee)
		return n == "createServer" || n == "serve"
	})
}
