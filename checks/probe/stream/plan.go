package stream

import (
	"slices"
	"sort"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/vault"
	"badsig/tokens"
)

// cell is one cell of the grid that could be tried.
type cell struct {
	key     string
	keyFrom int
	secret  tokens.Secret
	from    int // the secret's Value
	cleaned bool
	goal    string // what its acceptance would settle: "key:…" or "secret:…"
}

// plan decides which pairs are worth a request, and when enough is known.
type plan struct {
	cells []cell
	asked int
	over  bool
	grid  []facts.Pair

	settled map[string]bool // goals reached
	badKeys map[string]bool // Stream does not know them
	first   *cell           // the first accepted pair
	app     *facts.App
}

// keyAt is a key that may be sent, and the Value it comes from.
type keyAt struct {
	key  string
	from int
}

// newPlan lists the cells, most probable first. It has two questions: which
// secret does Stream accept for the key the front end uses, and, if it is not
// the server's, which other known key does the server's secret belong to.
func newPlan(w *vault.World) *plan {
	f := w.Snapshot()
	p := &plan{settled: map[string]bool{}, badKeys: map[string]bool{}}
	keys, secrets := sendableKeys(w, f), pairSecrets(w, f)
	seen := map[string]bool{}
	add := func(goal string, k keyAt, s cell) {
		if outside(f, s.from) {
			return
		}
		id := k.key + "\x00" + s.secret.Fingerprint()
		if !seen[id] {
			seen[id] = true
			s.key, s.keyFrom, s.goal = k.key, k.from, goal
			p.cells = append(p.cells, s)
		}
	}
	if d := f.Target.DashboardSecret; d >= 0 && f.Target.Key != "" {
		for _, k := range keys {
			if k.key == f.Target.Key {
				add("key:"+k.key, keyAt{k.key, k.from}, cell{secret: w.Secret(d), from: d})
			}
		}
	}
	if len(keys) == 0 || len(secrets) == 0 {
		return p
	}
	p.addPairs(f, keys, secrets, add)
	front := keys[0]
	for _, s := range secrets {
		add("key:"+front.key, front, s)
	}
	for _, k := range keys[1:] {
		add("secret:"+secrets[0].secret.Fingerprint(), k, secrets[0])
	}
	// Pairs that are together in one place tell whether that place is right.
	for _, k := range keys[1:] {
		for _, s := range secrets {
			if f.Values[s.from].Pair == k.from {
				add("key:"+k.key, k, s)
			}
		}
	}
	// The server's secret with the front end's key decides; its pairing with
	// the server's own key comes right after it, the remaining guesses last.
	if f.Server != nil && len(keys) > 1 {
		sort.SliceStable(p.cells, func(i, j int) bool { return p.rank(f, p.cells[i]) < p.rank(f, p.cells[j]) })
	}
	return p
}

// addPairs lists each pair that the program signs with, where it has several:
// that Stream accepts one of them says nothing about the others.
func (p *plan) addPairs(f *facts.Facts, keys []keyAt, secrets []cell, add func(goal string, k keyAt, s cell)) {
	pairs := facts.OtherPairs(f)
	if len(pairs) == 0 {
		return
	}
	pairs = append([]facts.SitePair{{Secret: f.Server.Secret, Key: f.Server.Key}}, pairs...)
	for _, pair := range pairs {
		key, secret := facts.ValueAt(f, pair.Key), facts.ValueAt(f, pair.Secret)
		if key == nil || secret == nil {
			continue
		}
		k := slices.IndexFunc(keys, func(k keyAt) bool { return k.key == key.Key })
		s := slices.IndexFunc(secrets, func(s cell) bool { return f.Values[s.from].Fingerprint == secret.Fingerprint && !s.cleaned })
		if k < 0 || s < 0 {
			continue
		}
		c := secrets[s]
		c.from = pair.Secret
		add(pairGoal+key.Key, keys[k], c)
	}
}

// pairGoal begins the goal of a cell that is tried no matter what else is known.
const pairGoal = "pair:"

// outside reports whether a value is in a file that isn't the project's: its
// server would load it, but nothing says whose pair it is, so it isn't sent.
func outside(f *facts.Facts, value int) bool {
	return value >= 0 && value < len(f.Values) && affix.HasPrefix(f.Values[value].File, "../")
}

func (p *plan) rank(f *facts.Facts, c cell) int {
	switch {
	case c.from == f.Target.DashboardSecret:
		return 0
	case c.from == f.Server.Secret && !c.cleaned && slices.Contains(f.Server.FrontKeys, c.keyFrom):
		return 1
	case c.from == f.Server.Secret && c.keyFrom == f.Server.Key:
		return 2
	case c.from == f.Server.Secret, affix.HasPrefix(c.goal, pairGoal):
		return 3
	}
	return 4
}

// next gives up to n cells that are still worth a request.
func (p *plan) next(n int) []cell {
	var wave []cell
	goals := map[string]int{}
	for len(p.cells) > 0 && len(wave) < n && p.asked < maxPairs {
		c := p.cells[0]
		p.cells = p.cells[1:]
		own := affix.HasPrefix(c.goal, pairGoal)
		if !own && (p.settled[c.goal] || p.settled["secret:"+c.secret.Fingerprint()]) || p.badKeys[c.key] {
			continue
		}
		goals[c.goal]++
		wave = append(wave, c)
		p.asked++
		if p.asked == 1 {
			break // most often the first response says all
		}
	}
	return wave
}

// learn files a response and what follows from it.
func (p *plan) learn(c cell, r reply) {
	p.grid = append(p.grid, facts.Pair{Key: c.key, KeyFrom: c.keyFrom, Secret: c.from, Cleaned: c.cleaned, Answer: r.answer})
	switch {
	case r.answer.Error != "":
		p.over = true
	case r.answer.Code == 2:
		p.badKeys[c.key] = true
	case r.answer.Status == 200:
		p.settled["key:"+c.key] = true
		p.settled["secret:"+c.secret.Fingerprint()] = true
		if p.first == nil {
			p.first, p.app = &c, r.app
		}
		if r.app != nil && r.app.AuthDisabled {
			p.over = true // every further acceptance would say nothing
		}
	}
}

// pairSecrets lists the secrets to pair with the front end's key, each with
// its cleaned form after it. Placeholders, comments and the project's other
// secrets aren't candidates: Stream gets no signature made with them.
func pairSecrets(w *vault.World, f *facts.Facts) []cell {
	var out []cell
	others := facts.OtherPairs(f)
	add := func(id int) {
		if id < 0 || id >= len(f.Values) {
			return
		}
		v := f.Values[id]
		if v.What != facts.WhatSecret || v.Placeholder || v.Empty || v.Comment || v.Kind == facts.KindKnown || v.Role == facts.RoleExample || v.Role == facts.RoleTest || v.Role == facts.RoleDocs {
			return
		}
		s := w.Secret(id)
		c := cleanSecret(w, id)
		server := f.Server != nil && (f.Server.Secret == id || affix.Any(others, func(p facts.SitePair) bool { return p.Secret == id }))
		if !server && !s.WellFormed() && !c.WellFormed() {
			return
		}
		for _, x := range []cell{{secret: s, from: id}, {secret: c, from: id, cleaned: true}} {
			if x.secret.IsZero() || affix.Any(out, func(o cell) bool { return o.secret.Equal(x.secret) }) {
				continue
			}
			out = append(out, x)
		}
	}
	if f.Server != nil {
		add(f.Server.Secret)
	}
	add(f.Target.DashboardSecret)
	for _, take := range []func(facts.Value) bool{
		func(v facts.Value) bool { return v.Wins },
		func(v facts.Value) bool { return v.Loaded },
		func(v facts.Value) bool {
			return v.Kind == facts.KindEnvFile && (v.Role == facts.RoleServer || v.Role == facts.RoleShared)
		},
		func(v facts.Value) bool {
			return v.Kind == facts.KindProcess || v.Kind == facts.KindAncestor || v.Kind == facts.KindConfig
		},
		func(facts.Value) bool { return true },
	} {
		for _, v := range f.Values {
			if take(v) {
				add(v.ID)
			}
		}
	}
	return out
}

// cleanSecret is a secret without the blemishes that no Stream secret has; none
// where it has no blemish.
func cleanSecret(w *vault.World, id int) tokens.Secret {
	if c := w.Cleaned(id); !c.Equal(w.Secret(id)) {
		return c
	}
	return tokens.Secret{}
}
