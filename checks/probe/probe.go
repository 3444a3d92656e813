// Package probe lists what badsig looks at in one run, and in which order. Its rooms do the looking and write what they saw into facts; they judge nothing.
package probe

import (
	"context"
	"slices"
	"sync/atomic"

	"badsig/checks/facts"
	"badsig/checks/probe/backend"
	"badsig/checks/probe/listener"
	"badsig/checks/probe/project"
	"badsig/checks/probe/project/picture"
	"badsig/checks/probe/signer"
	"badsig/checks/probe/stream"
	"badsig/checks/probe/vault"
)

// Probe is one look at the world. Run fills its part of the world's facts; an
// error says that it could not find out, never that something is wrong.
type Probe struct {
	Name  facts.Name
	Needs []facts.Name
	Run   func(context.Context, *vault.World) error
}

// All lists the probes of one run; Needs come before what needs them. m keeps
// Stream's responses from one run to the next and may be nil.
func All(m *stream.Memory) []Probe {
	if m == nil {
		m = stream.NewMemory()
	}
	var read atomic.Pointer[picture.Reader] // by the probe project, for the probe server
	return []Probe{
		{facts.NameProject, nil, func(ctx context.Context, w *vault.World) error {
			p, err := project.Read(ctx, w)
			read.Store(p)
			return err
		}},
		{facts.NameListener, []facts.Name{facts.NameProject}, listener.Probe},
		{facts.NameServer, []facts.Name{facts.NameProject, facts.NameListener}, func(_ context.Context, w *vault.World) error { return project.Resolve(w, read.Load()) }},
		{facts.NameBackend, []facts.Name{facts.NameProject}, backend.Probe},
		{facts.NameSigner, []facts.Name{facts.NameServer, facts.NameBackend}, signer.Probe},
		{facts.NamePair, []facts.Name{facts.NameServer}, func(ctx context.Context, w *vault.World) error { return stream.Pair(ctx, w, m) }},
		{facts.NameUser, []facts.Name{facts.NamePair, facts.NameSigner}, func(ctx context.Context, w *vault.World) error { return stream.User(ctx, w, m) }},
	}
}

// Look runs the named probes and those they need, one after another, without
// any rule: for commands that want to know a project's secrets and nothing
// about its backend. What a probe could not find out is in Facts.Errors.
func Look(ctx context.Context, t facts.Target, names ...facts.Name) *vault.World {
	w := vault.New(t)
	wanted := map[facts.Name]bool{}
	all := All(nil)
	for _, p := range slices.Backward(all) { // what is needed is before what needs it
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
