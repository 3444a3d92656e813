// Package stream finds out from Stream whether a pair and a token are accepted.
package stream

import (
	"context"
	"errors"
	"sync"

	"badsig/checks/facts"
	"badsig/checks/probe/vault"
	"badsig/tokens"
)

// Rules of this package:
//   - Stream is sent one harmless request: GET /api/v2/app; nothing that makes a user, a connection or a bill
//   - never more than maxRequests in a run, pairsAtOnce at a time, most probable first, and no more once enough is known
//   - a secret is never sent: a short-lived server token signed with it is; what isn't a key by its shape is not sent either
//   - a token goes out over TLS or to this machine only, and no redirect forwards it
//   - what could not be requested is an Error and accuses no one

const (
	maxRequests = 12
	maxPairs    = maxRequests - 3 // the control, the user's token and the given one come after the pairs
	pairsAtOnce = 3
)

// Pair fills Stream.Reachable, .Grid, .App and .Control.
func Pair(ctx context.Context, w *vault.World, m *Memory) error {
	if w.Target.Offline {
		w.Update(func(f *facts.Facts) { f.Stream = &facts.Stream{Error: "offline"} })
		return nil
	}
	a, err := newAsker(w, m, w.StreamURL())
	if err != nil {
		w.Update(func(f *facts.Facts) { f.Stream = &facts.Stream{Error: "refused-address"} })
		return err
	}
	defer a.close()
	// What was learnt when time is up is kept.
	run := ctx
	ctx, cancel := context.WithTimeout(run, 2*w.Target.Timeout)
	defer cancel()
	p := newPlan(w)
	for ctx.Err() == nil {
		wave := p.next(pairsAtOnce)
		if len(wave) == 0 {
			break
		}
		replies := make([]reply, len(wave))
		var wg sync.WaitGroup
		for i, c := range wave {
			wg.Go(func() { replies[i] = a.pair(ctx, c.key, c.secret, false) })
		}
		wg.Wait()
		for i, r := range replies {
			p.learn(wave[i], r)
		}
		if p.over {
			break
		}
	}
	a.stream.Grid, a.stream.Cut = p.grid, ctx.Err() != nil
	if p.first != nil && ctx.Err() == nil {
		a.stream.App = p.app
		control := a.pair(ctx, p.first.key, p.first.secret, true)
		a.stream.Control = &control.answer
	}
	w.Update(func(f *facts.Facts) { s := a.stream; f.Stream = &s; w.CompareWithAccepted() })
	return run.Err()
}

// pair tries one cell of the grid: a fresh server token signed with the
// secret, or, as the control of an acceptance, the same with a tampered signature.
func (a *asker) pair(ctx context.Context, key string, s tokens.Secret, spoilt bool) reply {
	token, err := tokens.MintServer(s, a.w.Target.Now())
	if err != nil {
		return reply{answer: facts.StreamAnswer{Error: "not-sendable"}}
	}
	if spoilt {
		token = tokens.Spoil(token)
	}
	return a.app(ctx, key, token, a.memory.aboutPair(a.base.String(), key, s, spoilt))
}

// User fills Stream.User and .Given, and the Predictions of tokens where
// the secret that counts is known.
func User(ctx context.Context, w *vault.World, m *Memory) error {
	f := w.Snapshot()
	predict(w, f)
	if f.Stream == nil || w.Target.Offline {
		return nil
	}
	if e := f.Stream.Error; e != "" && !f.Stream.Reachable {
		return nil // the pair's probe has found out that Stream can't be contacted
	}
	key := userKey(w, f)
	backend, given := firstToken(f, "backend"), firstToken(f, "given")
	if key == "" || (backend < 0 && given < 0) || f.Stream.Error == "rate-limited" {
		return nil
	}
	a, err := newAsker(w, m, w.StreamURL())
	if err != nil {
		return err
	}
	defer a.close()
	a.stream = *f.Stream
	if b := f.Stream.SkewBound; b > 0 {
		a.skew = bounds{f.Stream.Skew - b, f.Stream.Skew + b, true}
	}
	var answers [2]*facts.StreamAnswer
	var wg sync.WaitGroup
	for i, token := range []int{backend, given} {
		if token < 0 {
			continue
		}
		wg.Go(func() { answers[i] = a.user(ctx, key, token, false) })
	}
	wg.Wait()
	a.stream.User, a.stream.Given, a.stream.UserKey = answers[0], answers[1], key
	if a.stream.Control == nil { // no pair was accepted, yet a token may be: the control is made of it
		for i, token := range []int{backend, given} {
			if answers[i] != nil && answers[i].Status == 200 {
				a.stream.Control = a.user(ctx, key, token, true)
				break
			}
		}
	}
	w.Update(func(f *facts.Facts) { s := a.stream; f.Stream = &s })
	if err := ctx.Err(); err != nil && !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}

// user sends a request with a user's token, by its index into the facts, exactly as a
// front end would get it, or, as the control, with its signature tampered.
func (a *asker) user(ctx context.Context, key string, token int, spoilt bool) *facts.StreamAnswer {
	raw := a.w.RawToken(token)
	t := tokens.Parse(raw)
	if !sendable(t) || !sendableAsIs(t) {
		return &facts.StreamAnswer{Error: "not-sendable"}
	}
	q := a.memory.aboutToken(a.w, a.base.String(), key, token, t, spoilt)
	if spoilt {
		raw = tokens.Spoil(raw)
	}
	r := a.app(ctx, key, raw, q)
	return &r.answer
}

// userKey is the key the front end uses with the token: its own, else the
// dashboard's, the backend's, or the one the endpoint responds with.
func userKey(w *vault.World, f *facts.Facts) string {
	for _, c := range sendableKeys(w, f) {
		return c.key
	}
	return ""
}

func firstToken(f *facts.Facts, source string) int {
	for i, t := range f.Tokens {
		if t.Source == source {
			return i
		}
	}
	return -1
}

// predict fills what Stream responds to each token wherever that is certain:
// the app's secret is known, or the token's shape decides alone.
func predict(w *vault.World, f *facts.Facts) {
	secret, key, world := truth(w, f)
	if key == "" {
		key = "…" // no key is known; what is wrong with a token does not depend on it
	}
	world.Now, world.Key, world.KeyKnown = f.At, tokens.APIKey(key), true
	for i, t := range f.Tokens {
		if !t.ReceivedAt.IsZero() {
			world.Now = t.ReceivedAt // the moment at which a front end would use it
		}
		raw, p := w.RawToken(i), tokens.Prediction{}
		if secret.IsZero() {
			world.SignatureGood = true
			if p = tokens.Predict(raw, world); p.Code != 5 {
				continue
			}
		} else {
			world.Secret = secret
			p = tokens.Predict(raw, world)
		}
		w.Update(func(f *facts.Facts) { f.Tokens[i].Prediction = &p })
	}
}

// truth is the secret that counts, where it is known: the dashboard's, or the
// one that Stream accepted for the key in use.
func truth(w *vault.World, f *facts.Facts) (tokens.Secret, string, tokens.World) {
	var world tokens.World
	key := userKey(w, f)
	if s := f.Stream; s != nil && s.App != nil {
		world.Suspended, world.RevokedBefore = s.App.Suspended, s.App.RevokedBefore
		world.AuthDisabled = s.Control != nil && s.Control.Status == 200
	}
	if f.Target.DashboardSecret >= 0 {
		return w.Secret(f.Target.DashboardSecret), key, world
	}
	if f.Stream != nil && !world.AuthDisabled {
		for _, p := range f.Stream.Grid {
			if p.Key == key && p.Answer.Status == 200 {
				if s := w.Secret(p.Secret); !p.Cleaned {
					return s, key, world
				} else if c := cleanSecret(w, p.Secret); !c.IsZero() {
					return c, key, world
				}
			}
		}
	}
	return tokens.Secret{}, key, world
}
