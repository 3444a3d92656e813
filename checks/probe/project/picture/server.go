package picture

import (
	"badsig/checks/facts"
	"badsig/checks/probe/modules"
)

// Server is one program of the project that may be the token server.
type Server struct {
	Pkg    *modules.Package // whose package it is
	Dir    string           // the folder from which its start command is typed
	Entry  *modules.Module
	Start  *Starter
	Order  *modules.Order
	Mods   []*modules.Module // what runs when it starts
	Loads  []modules.TimedLoad
	Frame  string // next, nuxt, sveltekit: no entry of its own
	Sign   *Use
	Key    *Use
	Routes []RouteAt
	Local  facts.Port // on which what declares its routes listens
	Fact   int        // index into Project.Servers

	Creates modules.Once[bool]
	Asked   modules.Once[map[*modules.Module]bool]

	Runs map[string]string // plain variables of the running process; nil: it does not run, or they were not seen
}

// RouteAt is a route and the module it is in.
type RouteAt struct {
	facts.Route
	Mod    *modules.Module
	Export string // of a route that a file declares: its function's name, and how that gets its request
	Style  string
}
