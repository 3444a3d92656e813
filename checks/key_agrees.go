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
		return unsure("couldn't read the project's keys: " + f.Errors[probe.NameServer])
	}
	fronts := frontKeys(f)
	back := backKey(f)
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
		proof := []Evidence{{Label: "API key", Got: shown(sw), Want: "12 characters", Source: place(sw)}}
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
		r.Status, r.Summary = Unknown, "front-end API key not found (run from the project root, or pass --api-key)"
		if f.Target.Key != "" { // the dashboard's key was given as the one in use
			r.Status, r.Summary = Pass, "front-end API key not found; compared with "+f.Target.Key
		} else if back == nil && f.Server.KeyName != "" {
			r.Summary = "no API key found: " + f.Server.KeyName + " isn't set in any file that the server loads"
		}
	default:
		r.Summary = clientKey(f) + places(f, clientKey(f))
	}
	return r
}

// restartFront is the last step of a change to what the front end reads.
var restartFront = Step{Text: "Restart the front end's dev server: it reads .env only when it starts"}

// backKey is the key that the backend uses, as far as its code or the place of
// the secret that signs tells; nil for none.
func backKey(f *probe.Facts) *probe.Value {
	if k := valueAt(f, f.Server.Key); k != nil {
		return k
	}
	secret := wins(f)
	if t := judgedToken(f); t != nil {
		if h := bestHit(f, t); h != nil && len(h.Damages) == 0 {
			secret = exactValue(f, h)
		}
	}
	if secret == nil {
		return nil
	}
	return backendKey(f, secret)
}

// rightKey is the key that a front end should use, as exactly as it is known.
func rightKey(f *probe.Facts) string {
	if f.Target.Key != "" {
		return f.Target.Key
	}
	if k := backKey(f); k != nil && tokens.APIKey(k.Key).WellFormed() && !k.Placeholder {
		if acceptedPair(f, k) {
			return k.Key + " (Stream accepts it with your backend's secret)"
		}
		return k.Key + " (the backend's key)"
	}
	return "your app's API key (Dashboard › your app › App Access Keys)"
}

// meantKey finds a key that was meant for a variable that the front end reads and nothing sets.
func meantKey(f *probe.Facts, name string) *probe.Value {
	var best *probe.Value
	score := 0
	for i := range f.Values {
		v := &f.Values[i]
		if v.What != probe.WhatKey || v.Kind != probe.KindEnvFile || v.Empty || v.Placeholder || v.Comment || v.Name == name || v.Read ||
			v.Role != probe.RoleFront && v.Role != probe.RoleShared && v.Role != probe.RoleUnknown {
			continue
		}
		if n := probe.NearName(v.Name, name); n > score {
			best, score = v, n
		}
	}
	return best
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
			"The front end's API key is empty, so Stream can't tell which app the request is for.",
			locate(v), []Evidence{{Label: v.Name, Got: "empty", Want: "an API key of 12 characters", Source: place(v)}},
			Step{Text: in(v) + "set " + keyName(v) + " to " + rightKey(f)},
			restartFront))
	}
	m := missingRead(f, len(fronts) > 0)
	if m == nil {
		return nil
	}
	c := new(cause(causes.KeyMissing, Proven,
		fmt.Sprintf("The front end reads %s, which is undefined in the browser, so it connects to Stream with api_key=undefined.", m.Name),
		&Location{File: m.File, Line: m.Line}, []Evidence{{Label: m.Name, Got: "undefined in the browser", Want: rightKey(f), Source: at(m.File, m.Line)}},
		Step{Text: "Set " + m.Name + " to " + rightKey(f) + " in the front end's .env, with the prefix that its build tool exposes (VITE_, NEXT_PUBLIC_, REACT_APP_, EXPO_PUBLIC_)"},
		restartFront))
	if v := meantKey(f, m.Name); v != nil {
		c.Location = locate(v)
		c.Summary = fmt.Sprintf("The front end reads %s (%s), and %s sets %s, so the API key is undefined in the browser.", m.Name, at(m.File, m.Line), v.File, v.Name)
		c.Fix[0] = Step{Text: in(v) + "rename " + v.Name + " to " + m.Name + ": that's the name that the front end reads"}
	}
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
		"The API key is set to what looks like an API secret (64 characters; keys have 12).",
		locate(v), proof,
		Step{Text: in(v) + "set " + keyName(v) + " to " + rightKey(f)},
		Step{Text: "Rotate the secret in the dashboard if a browser has received it"})
}

// keyMalformed: the API key can't be one.
func keyMalformed(f *probe.Facts, v *probe.Value) *Cause {
	wrong := ""
	switch {
	case v.Placeholder:
		wrong = "it's a placeholder"
	case len(v.Blemishes) > 0 && v.Clean != v.Fingerprint:
		var all []string
		for _, b := range v.Blemishes {
			all = append(all, blemish(b))
		}
		wrong = "it has " + strings.Join(all, " and ")
	case v.Key != "" && !tokens.APIKey(v.Key).WellFormed():
		wrong = "a key has 10 to 30 characters of a-z and 0-9"
	case v.Key == "":
		wrong = "it doesn't look like one"
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
		"The API key that the front end sends isn't valid: "+wrong+".",
		locate(v), []Evidence{{Label: v.Name, Got: shown(v), Want: orKey(f.Target.Key), Source: place(v)}},
		Step{Text: in(v) + "set " + keyName(v) + " to " + rightKey(f) + ", exactly as the dashboard shows it"},
		restartFront))
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
