package vault

import (
	"slices"

	"badsig/checks/facts"
)

// Rules of this file:
//   - the project was read again, as an edit would leave it: what a process and Stream said before is carried over
//   - a pair is carried over by its bytes, never by a fingerprint

// CarryProcess copies which processes listen, and what their environments
// hold that no file sets: what a file sets, the process reads anew when it starts.
func (w *World) CarryProcess(was *World) {
	was.mu.Lock()
	defer was.mu.Unlock()
	w.mu.Lock()
	defer w.mu.Unlock()
	w.facts.Process = was.facts.Process
	for _, v := range was.facts.Values {
		if v.Kind == facts.KindProcess && v.SetFile == "" || v.Kind == facts.KindAncestor && v.SetFile == "" {
			id := v.ID
			v.ID = len(w.facts.Values)
			v.Loaded, v.Read, v.Wins, v.Why, v.Fate, v.Pair = false, false, false, "", "", -1
			w.facts.Values = append(w.facts.Values, v)
			w.copySecret(was, id, v.ID)
		}
	}
}

// copySecret copies the bytes of another world's value. Both locks are held.
func (w *World) copySecret(was *World, from, to int) {
	w.secrets[to], w.hidden = was.secrets[from], nil
	if s, ok := was.cleaned[from]; ok {
		w.cleaned[to] = s
	}
	w.written[to] = was.written[from]
}

// CarryPairs copies what Stream said to each key and secret, for the places
// where the same bytes are now. A secret that Stream accepted and that is
// nowhere any more stays known as a value of no file.
func (w *World) CarryPairs(was *World) {
	was.mu.Lock()
	defer was.mu.Unlock()
	w.mu.Lock()
	defer w.mu.Unlock()
	if was.facts.Stream == nil {
		return
	}
	s := *was.facts.Stream
	s.User, s.Given, s.UserKey, s.Grid = nil, nil, "", nil
	for _, p := range was.facts.Stream.Grid {
		asked := was.secrets[p.Secret]
		if c, ok := was.cleaned[p.Secret]; ok && p.Cleaned {
			asked = c
		}
		found := false
		for id := range w.facts.Values {
			if w.facts.Values[id].What == facts.WhatKey {
				continue
			}
			c, dirty := w.cleaned[id]
			switch {
			case w.secrets[id].Equal(asked):
				s.Grid = append(s.Grid, facts.Pair{Key: p.Key, KeyFrom: -1, Secret: id, Answer: p.Answer})
			case dirty && c.Equal(asked):
				s.Grid = append(s.Grid, facts.Pair{Key: p.Key, KeyFrom: -1, Secret: id, Cleaned: true, Answer: p.Answer})
			default:
				continue
			}
			found = true
			break
		}
		if !found && p.Answer.Status == 200 {
			v := facts.Value{What: facts.WhatSecret, Name: "API secret", Kind: facts.KindKnown, Pair: -1, ID: len(w.facts.Values), Length: asked.Len(), Fingerprint: asked.Fingerprint(), Clean: asked.Fingerprint()}
			w.facts.Values = append(w.facts.Values, v)
			w.secrets[v.ID], w.hidden = asked, nil
			s.Grid = append(s.Grid, facts.Pair{Key: p.Key, KeyFrom: -1, Secret: v.ID, Answer: p.Answer})
		}
	}
	w.facts.Stream = &s
	w.CompareWithAccepted()
}

// CompareWithAccepted says how each secret differs from the one that Stream
// accepted, where the dashboard's isn't known. The lock is held.
func (w *World) CompareWithAccepted() {
	if w.facts.Target.DashboardSecret >= 0 {
		return
	}
	key := facts.ClientKey(&w.facts)
	i := slices.IndexFunc(w.facts.Stream.Grid, func(p facts.Pair) bool {
		return p.Answer.Status == 200 && (key == "" || p.Key == key)
	})
	if i < 0 {
		return
	}
	p := w.facts.Stream.Grid[i]
	right := w.secrets[p.Secret]
	if p.Cleaned {
		right = w.cleaned[p.Secret]
	}
	w.compareWith(&w.facts, right)
}
