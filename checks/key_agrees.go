package checks

import (
	"fmt"
	"strings"

	"badsig/checks/causes"
	"badsig/checks/probe"
	"badsig/tokens"
)

// ruleKeyAgrees: front end, backend and dashboard use one key.
func ruleKeyAgrees(f *probe.Facts) Result {
	if f.Server == nil {
		return unsure("the project's keys could not be read: " + f.Errors[probe.NameServer])
	}
	fronts := frontKeys(f)
	back := valueAt(f, f.Server.Key)
	r := Result{Status: Pass}
	for _, v := range fronts {
		r.Evidence = append(r.Evidence, Evidence{Label: "front end", Got: shown(v), Source: place(v)})
	}
	if back != nil {
		r.Evidence = append(r.Evidence, Evidence{Label: "backend", Got: shown(back), Source: place(back)})
	}
	if f.Target.Key != "" {
		r.Evidence = append(r.Evidence, Evidence{Label: "dashboard", Got: f.Target.Key})
	}
	if c := keyMissing(f, fronts); c != nil {
		return failed(r, *c)
	}
	if sw := swappedKey(f); sw != nil {
		proof := []Evidence{{Label: "where the key belongs stands a secret", Got: shown(sw), Source: place(sw)}}
		if s := wins(f); s != nil && tokens.APIKey(s.Key).WellFormed() {
			return failed(r, *swappedCause(f, sw, proof, Proven))
		}
		if sw.Role == probe.RoleFront || sw.Loaded {
			return failed(r, secretAsKey(f, sw, proof))
		}
	}
	for _, v := range fronts {
		if c := keyMalformed(f, v); c != nil {
			return failed(r, *c)
		}
	}
	if c := disagreement(f, fronts, back); c != nil {
		return failed(r, *c)
	}
	if c := keyUnknown(f, fronts); c != nil {
		return failed(r, *c)
	}
	switch {
	case len(fronts) == 0 && answerKey(f) == nil:
		if f.Target.Key != "" || back != nil {
			r.Summary = "the front end's key was not found; " + orKey(clientKey(f)) + " is taken for it"
			return r
		}
		r.Status, r.Summary = Unknown, "no API key was found in the project"
	default:
		r.Summary = clientKey(f) + places(f, clientKey(f))
	}
	return r
}

func failed(r Result, c Cause) Result {
	r.Status, r.Summary, r.Causes = Fail, c.Summary, append(r.Causes, c)
	if c.Severity == causes.Warning {
		r.Status = Warn
	}
	return r
}

func places(f *probe.Facts, key string) string {
	n := 0
	for i := range f.Values {
		if v := &f.Values[i]; v.What == probe.WhatKey && v.Key == key && !v.Comment && v.File != "" {
			n++
		}
	}
	if n < 2 {
		return ""
	}
	return fmt.Sprintf(", in %d places", n)
}

func answerKey(f *probe.Facts) *probe.Value {
	for i := range f.Values {
		if v := &f.Values[i]; v.Kind == probe.KindAnswer && v.What == probe.WhatKey {
			return v
		}
	}
	return nil
}

// keyMissing: the front end reads a variable that is undefined in the browser.
func keyMissing(f *probe.Facts, fronts []*probe.Value) *Cause {
	for _, v := range fronts {
		if !v.Empty && v.Key != "undefined" {
			continue
		}
		return new(cause(causes.KeyMissing, Proven,
			"The front end's API key is empty, so Stream cannot tell which app it is asked for.",
			locate(v), []Evidence{{Label: v.Name, Got: "empty", Want: "an API key of 12 characters", Source: place(v)}},
			Step{Text: "write the app's API key at " + place(v) + " (Dashboard → your app → App Access Keys)"},
			Step{Text: "restart the front end's dev server"}))
	}
	m := missingRead(f, len(fronts) > 0)
	if m == nil {
		return nil
	}
	c := new(cause(causes.KeyMissing, Proven,
		fmt.Sprintf("The front end reads %s, which is undefined in the browser, so it asks Stream with api_key=undefined.", m.Name),
		&Location{File: m.File, Line: m.Line}, []Evidence{{Label: m.Name, Got: "undefined in the browser", Source: at(m.File, m.Line)}},
		Step{Text: "set " + m.Name + " in the front end's .env, with the prefix that its build tool lets through (VITE_, NEXT_PUBLIC_, REACT_APP_, EXPO_PUBLIC_)"},
		Step{Text: "restart the front end's dev server: it reads .env only at start"}))
	for i := range f.Values {
		v := &f.Values[i]
		if v.What == probe.WhatKey && v.Kind == probe.KindEnvFile && v.Role != probe.RoleExample && !v.Comment && (v.Name == m.Name || strings.HasSuffix(v.Name, m.Name) || strings.HasSuffix(m.Name, v.Name)) {
			c.Evidence = append(c.Evidence, Evidence{Label: v.Name, Got: v.Why, Source: place(v)})
		}
	}
	return c
}

// missingRead is the undefined variable that the front end makes its client
// with; where no key was found at all and no answer carries one, any will do.
func missingRead(f *probe.Facts, haveKey bool) *probe.Read {
	for i := range f.Server.FrontMissing {
		if r := &f.Server.FrontMissing[i]; r.Used {
			return r
		}
	}
	if haveKey || len(f.Server.FrontMissing) == 0 || answerKey(f) != nil {
		return nil
	}
	return &f.Server.FrontMissing[0]
}

// secretAsKey: the front end's key is the secret.
func secretAsKey(f *probe.Facts, v *probe.Value, proof []Evidence) Cause {
	return cause(causes.KeyMalformed, Proven,
		"Where the API key belongs stands a value of a secret's shape (64 characters); a key has 12.",
		locate(v), proof,
		Step{Text: "put the API key at " + place(v)},
		Step{Text: "if a browser has seen the secret, create a new one in the dashboard"})
}

// keyMalformed: what stands where the key belongs is no key.
func keyMalformed(f *probe.Facts, v *probe.Value) *Cause {
	wrong := ""
	switch {
	case v.Placeholder:
		wrong = "it is a placeholder"
	case len(v.Blemishes) > 0 && v.Clean != v.Fingerprint:
		var all []string
		for _, b := range v.Blemishes {
			all = append(all, blemish(b))
		}
		wrong = "it has " + strings.Join(all, " and ")
	case v.Key != "" && !tokens.APIKey(v.Key).WellFormed():
		wrong = "a key has 10 to 30 characters of a-z and 0-9"
	case v.Key == "":
		wrong = "it is not of a key's shape"
	default:
		return nil
	}
	certainty := Likely
	if v.Placeholder || v.Clean != v.Fingerprint || f.Target.Key != "" {
		certainty = Proven
	}
	if f.Target.Key != "" && v.Key == f.Target.Key {
		return nil
	}
	if p := keyAnswer(f, v.Key); p != nil && passedAuth(p) {
		return nil
	}
	return new(cause(causes.KeyMalformed, certainty,
		"The API key that the front end sends is not one: "+wrong+".",
		locate(v), []Evidence{{Label: v.Name, Got: shown(v), Want: orKey(f.Target.Key), Source: place(v)}},
		Step{Text: "write the key at " + place(v) + " exactly as the dashboard shows it"},
		Step{Text: "restart the front end's dev server"}))
}

// keyAnswer is Stream's best answer to any request with the key.
func keyAnswer(f *probe.Facts, key string) *probe.StreamAnswer {
	if f.Stream == nil || key == "" {
		return nil
	}
	var best *probe.StreamAnswer
	for i := range f.Stream.Grid {
		if p := &f.Stream.Grid[i]; p.Key == key && p.Answer.Status != 0 && (best == nil || p.Answer.Status == 200) {
			best = &p.Answer
		}
	}
	return best
}
