package probe

import (
	"context"
	"slices"
	"sync/atomic"
)

// Probe is one look at the world. Run fills its part of the world's facts; an
// error says that it could not find out, never that something is wrong.
type Probe struct {
	Name  Name
	Needs []Name
	Run   func(context.Context, *World) error
}

// All lists the probes of one run; Needs stand before what needs them. m keeps
// Stream's answers from one run to the next and may be nil.
func All(m *Memory) []Probe {
	if m == nil {
		m = NewMemory()
	}
	var read atomic.Pointer[project] // by the probe project, for the probe server
	return []Probe{
		{NameProject, nil, func(ctx context.Context, w *World) error {
			p, err := probeProject(ctx, w)
			read.Store(p)
			return err
		}},
		{NameListener, []Name{NameProject}, probeListener},
		{NameServer, []Name{NameProject, NameListener}, func(_ context.Context, w *World) error { return probeServer(w, read.Load()) }},
		{NameBackend, []Name{NameProject}, probeBackend},
		{NameSigner, []Name{NameServer, NameBackend}, probeSigner},
		{NamePair, []Name{NameServer}, func(ctx context.Context, w *World) error { return probePair(ctx, w, m) }},
		{NameUser, []Name{NamePair, NameSigner}, func(ctx context.Context, w *World) error { return probeUser(ctx, w, m) }},
	}
}

// Look runs the named probes and those they need, one after another, without
// any rule: for commands that want to know a project's secrets and nothing
// about its backend. What a probe could not find out stands in Facts.Errors.
func Look(ctx context.Context, t Target, names ...Name) *World {
	w := New(t)
	wanted := map[Name]bool{}
	all := All(nil)
	for _, p := range slices.Backward(all) { // what is needed stands before what needs it
		if slices.Contains(names, p.Name) || wanted[p.Name] {
			wanted[p.Name] = true
			for _, n := range p.Needs {
				wanted[n] = true
			}
		}
	}
	for _, p := range all {
		if !wanted[p.Name] || ctx.Err() != nil {
			continue
		}
		if err := p.Run(ctx, w); err != nil {
			w.Fail(p.Name, err)
		}
	}
	return w
}
