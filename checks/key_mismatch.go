package checks

import (
	"fmt"

	"badsig/checks/causes"
	"badsig/checks/probe"
	"badsig/tokens"
)

// This file is about keys that differ between front end, backend and dashboard,
// and keys that Stream does not know.

// disagreement: front end, backend and dashboard do not name one app.
func disagreement(f *probe.Facts, fronts []*probe.Value, back *probe.Value) *Cause {
	right := f.Target.Key
	for _, v := range fronts {
		if right != "" && v.Key != right && v.Key != "" {
			return keyMismatch(f, v, dashboardKey(f), Proven)
		}
		if v.Key != "" && v.Key != fronts[0].Key && fronts[0].Key != "" {
			if c := betterKey(f, fronts[0], v); c != nil {
				return c
			}
		}
	}
	if back == nil || len(fronts) == 0 || fronts[0].Key == "" || back.Key == "" || back.Key == fronts[0].Key {
		return nil
	}
	if back.Placeholder || !tokens.APIKey(back.Key).WellFormed() || keyIsIdle(f, fronts[0].Key) {
		return nil
	}
	certainty := Likely
	if f.Stream != nil && f.Stream.Reachable {
		certainty = Proven
	}
	c := keyMismatch(f, fronts[0], back, certainty)
	if right != "" {
		c.Location = locate(back)
	}
	return c
}

// keyIsIdle tells whether the backend's own key is without effect: the token
// is signed with the secret of the front end's app all the same.
func keyIsIdle(f *probe.Facts, front string) bool {
	t := judgedToken(f)
	if t == nil {
		return false
	}
	if streamTook(f, t) && (f.Stream.UserKey == "" || f.Stream.UserKey == front) {
		return true
	}
	tr := truthOf(f)
	return tr.known && tr.key == front && signedRight(f, t, tr)
}

// betterKey: two keys in the front end, of which Stream knows which one works.
func betterKey(f *probe.Facts, a, b *probe.Value) *Cause {
	x, y := keyAnswer(f, a.Key), keyAnswer(f, b.Key)
	switch {
	case x != nil && y != nil && passedAuth(x) && !passedAuth(y):
		return keyMismatch(f, b, a, Proven)
	case x != nil && y != nil && passedAuth(y) && !passedAuth(x):
		return keyMismatch(f, a, b, Proven)
	}
	return nil
}

func dashboardKey(f *probe.Facts) *probe.Value {
	for i := range f.Values {
		if v := &f.Values[i]; v.Kind == probe.KindDashboard && v.What == probe.WhatKey {
			return v
		}
	}
	return nil
}

func keyMismatch(f *probe.Facts, front, other *probe.Value, certainty Certainty) *Cause {
	name := "the backend"
	if other != nil && other.Kind == probe.KindDashboard {
		name = "the dashboard"
	}
	return new(cause(causes.KeyMismatch, certainty,
		"The front end asks Stream as "+shown(front)+", and "+name+" says "+shown(other)+": two apps, so the signature of the one is not valid for the other.",
		locate(front), []Evidence{{Label: "the front end's key", Got: shown(front), Source: place(front)}, {Label: name + "'s key", Got: shown(other), Source: place(other)}},
		Step{Text: "use one app on both sides: key and secret move together (" + place(front) + " and " + place(other) + ")"},
		Step{Text: "restart what you changed: the front end's dev server, the backend"}))
}

// keyUnknown: Stream does not know the key.
func keyUnknown(f *probe.Facts, fronts []*probe.Value) *Cause {
	key := clientKey(f)
	a := keyAnswer(f, key)
	if a == nil || a.Code != 2 {
		return nil
	}
	v := keyValue(f, key)
	for _, k := range fronts {
		if k.Key == key {
			v = k
		}
	}
	return new(cause(causes.KeyUnknown, Proven,
		"Stream does not know the API key "+key+", or its app may not use this product.",
		locate(v), []Evidence{{Label: "Stream says", Got: fmt.Sprintf("%d · %d %s", a.Status, a.Code, a.Message), Source: f.Target.StreamURL}, {Label: "to the key", Got: key, Source: place(v)}},
		Step{Text: "copy the key again from the dashboard (your app → App Access Keys)" + into(v)}))
}
