package resolve

import (
	"slices"

	"badsig/checks/facts"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/project/picture"
	"badsig/checks/probe/project/values"
)

// answer is what a name resolves to.
type answer struct {
	id      int  // a Value, -1: nothing sets it
	certain bool // nothing that could not be seen may change it
	late    bool // it is set, but only after the code has read it
	lateBy  step
}

// lookup resolves a variable for a leaf, as the program would today.
func (r *running) lookup(l modules.Leaf) answer {
	a := answer{id: -1, certain: r.cwdOK && !r.s.Order.UnsureFor(l)}
	if r.l != nil && !r.envKnown {
		a.certain = false
	}
	overridden := false
	for _, st := range r.steps() {
		if st.load.Unknown || st.unread {
			a.certain = false
		}
		if st.env == nil {
			continue
		}
		id, has := r.valueIn(st, l.Text)
		if st.env.Doubtful[l.Text] || has && id < 0 {
			a.certain = false // what it is there cannot be told
		}
		if !has {
			continue
		}
		if !st.load.Override && !overridden {
			overridden = true
			if id, ok := r.initial(l.Text); ok {
				return answer{id: id, certain: true}
			}
		}
		done, known := r.inTime(st.load, l)
		if d, k := r.inTime(st.load, modules.Leaf{Top: l.Self}); !d || !k {
			known = false // when the object is made cannot be told
		}
		if !known {
			a.certain = false
		}
		if known && !done {
			if !a.late {
				a.late, a.lateBy = true, st
			}
			continue
		}
		a.id = id
		return a
	}
	if id, ok := r.initial(l.Text); ok {
		return answer{id: id, certain: true}
	}
	if r.l == nil {
		if id, ok := containerValue(r.p, r.facts, r.s.Dir, r.s.Frame, l.Text); ok { // Compose, an image, PM2: what would start it
			return answer{id: id, certain: true}
		}
	}
	// That nothing sets it can be known of a running process only, whose
	// environment was seen, and whose every way of loading files is understood.
	for _, ld := range r.loads {
		a.certain = a.certain && !ld.Unknown
	}
	a.certain = a.certain && r.l != nil && r.s.Frame != "serverless" && !r.otherWays()
	return a
}

// inTime tells whether a load is done when the code reads a leaf.
func (r *running) inTime(l modules.TimedLoad, lf modules.Leaf) (done, known bool) {
	if l.At.Mod == nil || len(lf.Top) == 0 || r.s.Entry == nil {
		return true, true
	}
	done, known = true, true
	for _, pl := range lf.Top {
		d, k := r.s.Order.Before(l, pl)
		done, known = done && d, known && k
	}
	return done, known
}

// valueIn gives the Value of a name in a file.
func (r *running) valueIn(st step, name string) (int, bool) {
	if st.load.Dialect != st.env.Dialect && !(values.NodeRead(st.load.Dialect) && values.NodeRead(st.env.Dialect)) {
		v, ok := values.ReadsFile(st.env, name, st.load.Dialect)
		if !ok {
			return -1, false
		}
		if id, ok := st.env.Values[name]; ok && r.facts.Values[id].Length == len(v) {
			return id, true
		}
		return -1, true
	}
	if id, ok := st.env.Values[name]; ok {
		return id, true
	}
	if _, ok := st.env.Get(name); ok {
		return -1, true // set, under a name whose values are not kept
	}
	return -1, false
}

// initial finds a variable in the environment with which the program starts:
// the live process's, or what its start script sets.
func (r *running) initial(name string) (int, bool) {
	if inContainer(r.l) {
		return containerValue(r.p, r.facts, r.s.Dir, r.s.Frame, name)
	}
	if r.l != nil && r.envKnown {
		for i, v := range r.facts.Values {
			if v.Kind == facts.KindProcess && v.PID == r.l.PID && v.Name == name {
				return i, true
			}
		}
		return -1, false
	}
	if r.l == nil && r.s.Start != nil {
		for _, a := range slices.Backward(r.s.Start.Env) {
			if a.Name != name {
				continue
			}
			file, line := values.PlaceOf(r.s.Start, a)
			for i, v := range r.facts.Values {
				if v.Kind == facts.KindConfig && v.Name == name && v.File == file && v.Line == line {
					return i, true
				}
			}
		}
	}
	return -1, false
}

// started counts what the start command sets as loaded.
func (r *running) started() {
	if r.s.Start == nil {
		return
	}
	for _, a := range r.s.Start.Env {
		file, line := values.PlaceOf(r.s.Start, a)
		for i := range r.facts.Values {
			if v := &r.facts.Values[i]; v.Kind == facts.KindConfig && v.Name == a.Name && v.File == file && v.Line == line {
				v.Loaded = true
			}
		}
	}
}

// resolveLeaves follows the alternatives of an expression to the one that the
// program reads today.
func (r *running) resolveLeaves(u *picture.Use) (id int, name string, known bool) {
	known = true
	for i, l := range u.Leaves {
		last := i == len(u.Leaves)-1
		if l.Op == "?:" || !last && r.choosesElse(u.Leaves[i+1].Op) {
			known = false
		}
		switch l.Kind {
		case modules.LeafLiteral:
			return u.Ids[i], name, known
		case modules.LeafEnv:
			if name == "" {
				name = l.Text
			}
			a := r.lookup(l)
			known = known && a.certain
			if a.id >= 0 {
				v := r.facts.Values[a.id]
				if v.Empty && !last && u.Leaves[i+1].Op != "??" {
					continue // '' || next
				}
				return a.id, l.Text, known
			}
			r.noteLate(l, a)
		case modules.LeafUndefined:
		default:
			return -1, name, false
		}
	}
	return -1, name, known
}

// choosesElse tells whether the next leaf may be chosen though the one before
// it has a value: a choice by a condition that is not followed, or by an
// environment that the process runs in and no developer's machine has.
func (r *running) choosesElse(op string) bool {
	if op == "?dev" {
		env := values.PlainEnv(r.s, "NODE_ENV")
		return env != "" && env != "development"
	}
	return op == "?:"
}

// noteLate says why a value that the file has is not what the code reads.
func (r *running) noteLate(l modules.Leaf, a answer) {
	if !a.late || a.lateBy.env == nil || r.s.Order.UnsureFor(l) {
		return
	}
	if id, ok := a.lateBy.env.Values[l.Text]; ok {
		at := l.Top[len(l.Top)-1]
		load := a.lateBy.load.At
		r.facts.Values[id].ReadEarly(facts.Place{File: at.Mod.Rel, Line: at.Line}, facts.Place{File: load.Mod.Rel, Line: load.Line})
	}
}

func (r *running) resolveSign(out *facts.Server) {
	u := r.signUse()
	if u == nil {
		r.onlySecret(out)
		return
	}
	out.Secret, out.SecretName, out.SecretKnown = r.resolveLeaves(u)
	for _, l := range u.Leaves {
		if l.Random {
			out.SecretKnown = false
		}
	}
	if !r.s.Mods[0].Strict && out.Secret < 0 {
		out.SecretKnown = u.Mod.Strict && out.SecretKnown
	}
	if out.Secret < 0 && out.SecretName == "" {
		r.onlySecret(out)
	}
	out.SecretElse = r.setElse(out, u.Leaves)
	if out.SecretUnset = r.unset(out, u.Leaves); out.SecretUnset && r.l == nil {
		contained(r.p, r.facts, r.s.Dir, r.s.Frame)
		r.started()
	}
	out.SecretEnds = (out.SecretUnset || out.Secret >= 0 && r.facts.Values[out.Secret].Empty) && required(r, out.SecretName)
	r.markRead(u)
}

func (r *running) resolveKey(out *facts.Server) {
	if u := r.keyUse(); u != nil {
		out.Key, out.KeyName, out.KeyKnown = r.resolveLeaves(u)
		r.markRead(u)
		unset := out.Key < 0 && r.nothingSets(u.Leaves) || out.Key >= 0 && r.facts.Values[out.Key].Empty
		out.KeyEnds = unset && out.KeyName != "" && required(r, out.KeyName)
		if out.Key >= 0 || out.KeyName != "" {
			return
		}
	}
	names := r.readNames(facts.WhatKey)
	switch {
	case len(names) == 1:
		a := r.lookup(modules.Leaf{Kind: modules.LeafEnv, Text: names[0]})
		out.Key, out.KeyName, out.KeyKnown = a.id, names[0], a.id >= 0 && a.certain
		r.markNames(names)
	case len(names) == 0 && out.Secret >= 0:
		// It uses no key: the one beside its secret is what its owner means.
		if pair := r.facts.Values[out.Secret].Pair; pair >= 0 && !r.facts.Values[pair].Comment {
			out.Key = pair
		}
	}
}

// changed finds the newest change among the files that hold what it reads.
func (r *running) changed(out *facts.Server) {
	for _, id := range []int{out.Secret, out.Key} {
		if id < 0 {
			continue
		}
		v := r.facts.Values[id]
		if v.File != "" && v.Modified.After(out.Changed) && (id == out.Secret || out.Secret < 0 || out.KeyKnown) {
			out.Changed, out.ChangedFile = v.Modified, v.File
		}
	}
	r.changedCode(out)
	if out.Secret < 0 && out.Changed.IsZero() { // the file that should have it
		for _, st := range r.steps() {
			if st.env != nil && st.env.Mod.After(out.Changed) {
				out.Changed, out.ChangedFile = st.env.Mod, st.rel
			}
		}
	}
}
