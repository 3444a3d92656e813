package signature

import (
	"fmt"
	"sort"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/rules/parts"
	"badsig/tokens"
)

// This file is about keys that differ between front end, backend and dashboard,
// and keys that Stream does not know.

// disagreement: front end, backend and dashboard do not name one app.
func disagreement(f *facts.Facts, fronts []*facts.Value, back *facts.Value) *finding.Cause {
	right := f.Target.Key
	for _, v := range fronts {
		if right != "" && v.Key != right && v.Key != "" {
			return keyMismatch(f, v, dashboardKey(f), finding.Proven)
		}
		if v.Key != "" && v.Key != fronts[0].Key && fronts[0].Key != "" {
			if c := betterKey(f, fronts[0], v); c != nil {
				return c
			}
		}
	}
	if back == nil || back.Key == "" || back.Placeholder || !tokens.APIKey(back.Key).WellFormed() {
		return nil
	}
	certainty := finding.Likely
	if f.Stream != nil && f.Stream.Reachable {
		certainty = finding.Proven
	}
	for i, v := range fronts {
		if v.Key != "" && v.Key != back.Key && !keyIsIdle(f, v.Key) {
			return keyMismatch(f, v, back, certainty)
		}
		if i == 0 && v.Key != back.Key { // the other keys are of the app that the backend's own key isn't of
			return nil
		}
	}
	return nil
}

// keyIsIdle tells whether the backend's own key is without effect: the token
// is signed with the secret of the front end's app all the same.
func keyIsIdle(f *facts.Facts, front string) bool {
	t := facts.JudgedToken(f)
	if t == nil { // what it would sign with is judged by Stream's word on the pair
		w, tr := Wins(f), facts.TruthOf(f)
		return w != nil && f.Server.SecretKnown && tr.By == "stream" && tr.Key == front && tr.Fps[w.Fingerprint]
	}
	if facts.StreamTook(f, t) && (f.Stream.UserKey == "" || f.Stream.UserKey == front) {
		return true
	}
	tr := facts.TruthOf(f)
	return tr.Known && tr.Key == front && facts.SignedRight(f, t, tr)
}

// betterKey: two keys in the front end, of which Stream knows which one works.
func betterKey(f *facts.Facts, a, b *facts.Value) *finding.Cause {
	x, y := keyAnswer(f, a.Key), keyAnswer(f, b.Key)
	switch {
	case x != nil && y != nil && facts.PassedAuth(x) && !facts.PassedAuth(y):
		return keyMismatch(f, b, a, finding.Proven)
	case x != nil && y != nil && facts.PassedAuth(y) && !facts.PassedAuth(x):
		return keyMismatch(f, a, b, finding.Proven)
	}
	return nil
}

func dashboardKey(f *facts.Facts) *facts.Value {
	for i := range f.Values {
		if v := &f.Values[i]; v.Kind == facts.KindDashboard && v.What == facts.WhatKey {
			return v
		}
	}
	return nil
}

// keyMismatch offers both directions: which of two valid pairs is meant, only the
// developer knows. The front end's key comes first, unless the dashboard shows it.
func keyMismatch(f *facts.Facts, front, other *facts.Value, certainty finding.Certainty) *finding.Cause {
	name := "the backend"
	if other != nil && other.Kind == facts.KindDashboard {
		name = "the dashboard"
	}
	who, title := "front end", ""
	if front != nil && front.Kind == facts.KindBrowser {
		who = "browser"
	}
	ev := append(pairRows(f, front, other), finding.Evidence{Label: who + "'s key", Got: facts.Shown(front), Want: facts.Shown(other), Source: facts.Where(front)},
		finding.Evidence{Label: name + "'s key", Got: facts.Shown(other), Source: facts.Where(other)})
	loc := parts.Locate(front)
	var steps []finding.Step
	if who == "browser" {
		loc, steps = browserSteps(f, other, name)
		if loc != nil {
			title = "The browser uses an old API key"
		}
		for _, v := range filesFronts(f) {
			ev = append(ev, finding.Evidence{Label: "front end's file", Got: facts.Shown(v), Source: facts.Where(v)})
		}
	}
	if front != nil && front.File != "" {
		why := "that's " + name + "'s key"
		if acceptedPair(f, other) {
			why = "Stream accepts that key with your backend's secret"
		}
		steps = append(steps, finding.Step{Text: parts.In(front) + "set " + keyName(front) + " to " + facts.Shown(other) + ": " + why})
	}
	if other != nil && other.File != "" && title == "" {
		steps = append(steps, backendPairStep(f, front, other))
		if f.Target.Key != "" && front != nil && f.Target.Key == front.Key && len(steps) == 2 {
			steps[0], steps[1] = steps[1], steps[0]
			loc = parts.Locate(other)
		}
	}
	for i := range steps {
		if i > 0 {
			steps[i].Text = "Or " + lowerFirst(steps[i].Text)
		}
	}
	if title == "" {
		steps = append(steps, finding.Step{Text: "Restart what you changed: the front end's dev server or the backend"})
	}
	c := finding.New(causes.KeyMismatch, certainty,
		"The "+who+" uses API key "+facts.Shown(front)+", "+name+" "+facts.Shown(other)+". They belong to different Stream apps, so Stream rejects the backend's tokens."+acceptedKey(f, other),
		loc, ev,
		steps...)
	if title != "" {
		c = c.Titled(title)
	}
	return &c
}

// filesFronts are the keys that the front end's files have, where the browser was seen to send another one.
func filesFronts(f *facts.Facts) (vs []*facts.Value) {
	for i := range f.Values {
		if v := &f.Values[i]; v.What == facts.WhatKey && v.Public && v.Wins && v.File != "" && v.Key != f.Target.BrowserKey {
			vs = append(vs, v)
		}
	}
	return vs
}

// browserSteps are for a key that the browser sends and no file of the front end has.
func browserSteps(f *facts.Facts, other *facts.Value, name string) (*finding.Location, []finding.Step) {
	for _, v := range filesFronts(f) {
		if other != nil && v.Key == other.Key {
			return parts.Locate(v), []finding.Step{{Text: "Build and start the front end again, and reload the page: it still has " + f.Target.BrowserKey + ", and " + parts.LineOf(v.File, v.Line) + " already has " + v.Key}}
		}
	}
	return nil, []finding.Step{{Text: "In the front end that this browser loads, set the API key to " + facts.Shown(other) + ": that's " + name + "'s key"}}
}

// backendPairStep moves the backend to the front end's app: key and secret together.
func backendPairStep(f *facts.Facts, front, back *facts.Value) finding.Step {
	s := Wins(f)
	if s == nil || s.File == "" {
		s = facts.ValueAt(f, back.Pair)
	}
	text := parts.In(back) + "set " + keyName(back) + " to " + facts.Shown(front)
	if s != nil && s.File != "" {
		text += " and, in " + parts.LineOf(s.File, s.Line) + ", " + orName(s) + " to the secret next to that key in the dashboard"
	} else {
		text += ", and the secret to the one next to that key in the dashboard"
	}
	return finding.Step{Text: text}
}

// keyName is what a key's place is called in a step.
func keyName(v *facts.Value) string {
	if v == nil || v.Name == "" || affix.ContainsAny(v.Name, " (<") {
		return "the API key"
	}
	return v.Name
}

// lowerFirst makes a sentence go on after "Or ".
func lowerFirst(s string) string { return strings.ToLower(s[:1]) + s[1:] }

// acceptedPair reports whether Stream accepts a key with the secret that the backend uses.
func acceptedPair(f *facts.Facts, key *facts.Value) bool {
	if f.Stream == nil || key == nil || facts.AuthDisabled(f) {
		return false
	}
	for i := range f.Stream.Grid {
		if p := &f.Stream.Grid[i]; p.Key == key.Key && p.Answer.Status == 200 && backends(f, p) {
			return true
		}
	}
	return false
}

// backends reports whether a pair of the grid was made with the secret that the backend signs with, or would.
func backends(f *facts.Facts, p *facts.Pair) bool {
	v := facts.ValueAt(f, p.Secret)
	if v == nil {
		return false
	}
	if t := facts.JudgedToken(f); t != nil {
		if h := facts.BestHit(f, t); h != nil {
			return h.Signed == v.Fingerprint
		}
	}
	w := Wins(f)
	return w != nil && w.Fingerprint == v.Fingerprint
}

// pairRows are the rows of the grid that decide between two keys.
func pairRows(f *facts.Facts, front, other *facts.Value) []finding.Evidence {
	if f.Stream == nil {
		return nil
	}
	var ev []finding.Evidence
	for _, key := range []*facts.Value{other, front} {
		for i := range f.Stream.Grid {
			if p := &f.Stream.Grid[i]; key != nil && p.Key == key.Key && (!p.Cleaned || p.Answer.Status == 200) && backends(f, p) {
				ev = append(ev, streamRow(f, p))
			}
		}
	}
	sort.SliceStable(ev, func(i, j int) bool { return ev[i].Got == accepts && ev[j].Got != accepts }) // what decides comes first
	return ev
}

// accepts is how an accepting response from Stream is written.
const accepts = "200"

// acceptedKey is that word as a sentence; "" where Stream wasn't contacted, or rejects it.
//
//go:noinline
func acceptedKey(f *facts.Facts, key *facts.Value) string {
	if !acceptedPair(f, key) {
		return ""
	}
	return " Stream accepts " + key.Key + " with the backend's secret (200)."
}

// acceptedRow is Stream's word on a key with the backend's secret, as evidence that a key's cause begins with.
func acceptedRow(f *facts.Facts, key *facts.Value) []finding.Evidence {
	if !acceptedPair(f, key) {
		return nil
	}
	for _, e := range pairRows(f, nil, key) {
		if e.Got == accepts {
			return []finding.Evidence{e}
		}
	}
	return nil
}

// keyUnknown: Stream does not know the key.
func keyUnknown(f *facts.Facts, fronts []*facts.Value) *finding.Cause {
	key := facts.ClientKey(f)
	a := keyAnswer(f, key)
	if a == nil || meaning(a) != tokens.ErrKey || elsewhere(f) != nil {
		return nil
	}
	v := keyValue(f, key)
	for _, k := range fronts {
		if k.Key == key {
			v = k
		}
	}
	return new(finding.New(causes.KeyUnknown, finding.Proven,
		"Stream doesn't recognize the API key "+key+", or its app may not use this product.",
		parts.Locate(v), []finding.Evidence{{Label: "Stream, key " + key, Got: fmt.Sprintf("%d · %d %s", a.Status, a.Code, a.Message), Source: f.Target.StreamURL}, {Label: "key in use", Got: key, Source: facts.Where(v)}},
		finding.Step{Text: parts.In(v) + "set " + keyName(v) + " to the key that the dashboard shows (your app › App Access Keys)"}))
}
