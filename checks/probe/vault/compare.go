package vault

import (
	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/tokens"
)

// CompareWithDashboard says how each secret differs from the dashboard's. The
// caller holds the lock.
func (w *World) CompareWithDashboard(f *facts.Facts) {
	id := f.Target.DashboardSecret
	if id < 0 {
		return
	}
	w.compareWith(f, w.secrets[id])
}

// compareWith says how each secret differs from the right one. The caller
// holds the lock.
func (w *World) compareWith(f *facts.Facts, right tokens.Secret) {
	for i := range f.Values {
		v := &f.Values[i]
		if i == f.Target.DashboardSecret || v.What != facts.WhatSecret || v.VsDashboard != nil {
			continue
		}
		d := tokens.Compare(right, w.secrets[i])
		v.VsDashboard = &d
	}
}

// HideSecretsCalledKeys removes the value of a Key that is a secret
// somewhere else. Twelve characters are a key no matter what they are called: no
// Stream secret has that length. The caller holds the lock.
func (w *World) HideSecretsCalledKeys(f *facts.Facts) {
	secrets := map[string]bool{}
	for _, v := range f.Values {
		if v.What != facts.WhatKey && !v.Empty {
			secrets[v.Fingerprint], secrets[v.Clean] = true, true
		}
	}
	partOf := func(v *facts.Value) bool {
		for _, o := range f.Values {
			if s := w.secrets[o.ID]; o.What != facts.WhatKey && s.Len() >= 16 && s.Holds(v.Key) {
				return true
			}
		}
		id := f.Target.DashboardSecret
		return id >= 0 && len(tokens.Compare(w.secrets[id], w.secrets[v.ID]).Damages) > 0
	}
	for i := range f.Values {
		v := &f.Values[i]
		if v.What == facts.WhatKey && v.Key != "" && !v.Placeholder && v.Length != 12 && (secrets[v.Fingerprint] || secrets[v.Clean] || partOf(v)) {
			v.Key = ""
		}
	}
}

// WroteIt reports whether a file's value has the bytes of the Value id, either as its
// loader hands them on or as they are written after the = sign. The caller holds the lock.
func (w *World) WroteIt(x *facts.Value, id int) bool {
	s := w.secrets[id]
	return w.secrets[x.ID].Equal(s) || affix.Any(w.written[x.ID], s.Equal)
}
