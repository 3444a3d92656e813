package signature

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/probe/names"
	"badsig/checks/rules/parts"
	"badsig/checks/sanitize"
	"badsig/tokens"
)

// KeyAgrees: front end, backend and dashboard use one key.
func KeyAgrees(f *facts.Facts) finding.Result {
	if f.Server == nil {
		return finding.Unsure("couldn't read the project's keys: " + f.Errors[facts.NameServer])
	}
	fronts := facts.FrontKeys(f)
	back := backKey(f)
	r := finding.Result{Status: finding.Pass}
	for _, v := range fronts {
		r.Evidence = append(r.Evidence, finding.Evidence{Label: "front end", Got: facts.Shown(v), Source: facts.Where(v)})
	}
	if back != nil {
		r.Evidence = append(r.Evidence, finding.Evidence{Label: "backend", Got: facts.Shown(back), Source: facts.Where(back)})
	}
	if f.Target.Key != "" {
		r.Evidence = append(r.Evidence, finding.Evidence{Label: "dashboard", Got: f.Target.Key})
	}
	if c := cmp.Or(keyMissing(f, fronts), keyLeftOut(f)); c != nil {
		return failed(r, *c)
	}
	if w := Wins(f); w != nil && slices.Contains(fronts, facts.ValueAt(f, f.Server.Key)) { // an app that signs itself
		if at, v := crossed(f, w); at != nil {
			return failed(r, *crossedCause(at, v.Name, r.Evidence, finding.Proven, f))
		}
	}
	if sw := swappedKey(f); sw != nil {
		proof := []finding.Evidence{{Label: "API key", Got: facts.Shown(sw), Want: "12 characters", Source: facts.Where(sw)}}
		if s := Wins(f); s != nil && (tokens.APIKey(s.Key).WellFormed() || s.Length == 12 && s.Clean == s.Fingerprint && sw.Length == 64) {
			if at, v := crossed(f, s); at != nil && v.ID == sw.ID {
				return failed(r, *crossedCause(at, v.Name, proof, finding.Proven, f))
			}
			return failed(r, *swappedCause(f, sw, proof, finding.Proven))
		}
		if sw.Read && (sw.Role == facts.RoleFront || sw.Loaded) { // what nothing reads isn't a key, regardless of its name
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
	switch m := absentRead(f, fronts); {
	case m != nil:
		r.Status, r.Summary = finding.Unknown, m.Name+" isn't set in any file that the front end loads: it has no .env file here"
	case len(fronts) == 0 && answerKey(f) == nil:
		r.Status, r.Summary = finding.Unknown, "front-end API key not found (run from the project root, or pass --api-key)"
		if f.Target.Key != "" { // the dashboard's key was passed as the one in use
			r.Status, r.Summary = finding.Pass, "front-end API key not found; compared with "+f.Target.Key
		} else if (back == nil || back.Empty) && f.Server.KeyName != "" {
			r.Summary = "no API key found: " + f.Server.KeyName + " isn't set in any file that the server loads"
		}
	default:
		r.Summary = facts.ClientKey(f) + places(f, facts.ClientKey(f))
	}
	return r
}

// restartFront is the last step of a change to what the front end reads.
var restartFront = finding.Step{Text: "Restart the front end's dev server: it reads .env only when it starts"}

// backKey is the key that the backend uses, as far as its code or the place of
// the secret that signs tells; nil for none.
func backKey(f *facts.Facts) *facts.Value {
	if k := facts.ValueAt(f, f.Server.Key); k != nil {
		return k
	}
	secret := Wins(f)
	if t := facts.JudgedToken(f); t != nil {
		if h := facts.BestHit(f, t); h != nil && len(h.Damages) == 0 {
			secret = facts.ExactValue(f, h)
		}
	}
	if secret == nil {
		return nil
	}
	return backendKey(f, secret)
}

// rightKey is the key that a front end should use, as exactly as it is known.
func rightKey(f *facts.Facts) string {
	if f.Target.Key != "" {
		return f.Target.Key
	}
	if k := soundBackKey(f); k != nil {
		if acceptedPair(f, k) {
			return k.Key + " (Stream accepts it with your backend's secret)"
		}
		return k.Key + " (the backend's key)"
	}
	return "your app's API key (Dashboard › your app › App Access Keys)"
}

func failed(r finding.Result, c finding.Cause) finding.Result {
	r.Status, r.Summary, r.Causes = finding.Fail, c.Summary, append(r.Causes, c)
	if c.Severity == causes.Warning {
		r.Status = finding.Warn
	}
	return r
}

func places(f *facts.Facts, key string) string {
	n := 0
	for i := range f.Values {
		if v := &f.Values[i]; v.What == facts.WhatKey && v.Key == key && !v.Comment && v.File != "" {
			n++
		}
	}
	if n < 2 {
		return ""
	}
	return fmt.Sprintf(", in %d places", n)
}

func answerKey(f *facts.Facts) *facts.Value {
	for i := range f.Values {
		if v := &f.Values[i]; v.Kind == facts.KindAnswer && v.What == facts.WhatKey {
			return v
		}
	}
	return nil
}

// keyMissing: the front end reads a variable that is undefined in the browser.
func keyMissing(f *facts.Facts, fronts []*facts.Value) *finding.Cause {
	for _, v := range fronts {
		if !v.Empty && v.Key != "undefined" {
			continue
		}
		return new(finding.New(causes.KeyMissing, finding.Proven,
			"The front end's API key is empty, so Stream can't tell which app the request is for."+acceptedKey(f, soundBackKey(f)),
			parts.Locate(v), append(acceptedRow(f, soundBackKey(f)), finding.Evidence{Label: v.Name, Got: "empty", Want: expectedKey(f), Source: facts.Where(v)}),
			finding.Step{Text: parts.In(v) + "set " + keyName(v) + " to " + rightKey(f)},
			restartFront))
	}
	m := missingRead(f, len(fronts) > 0)
	if m == nil || absentRead(f, fronts) != nil {
		return nil
	}
	c := new(finding.New(causes.KeyMissing, finding.Proven,
		fmt.Sprintf("The front end reads %s, which is undefined in the browser, so it connects to Stream with api_key=undefined.", m.Name)+acceptedKey(f, soundBackKey(f)),
		&finding.Location{File: m.File, Line: m.Line}, append(acceptedRow(f, soundBackKey(f)), finding.Evidence{Label: m.Name, Got: "undefined in the browser", Want: expectedKey(f), Source: sanitize.At(m.File, m.Line)}),
		finding.Step{Text: "Set " + m.Name + " to " + rightKey(f) + " in the front end's .env, with the prefix that its build tool exposes (VITE_, NEXT_PUBLIC_, REACT_APP_, EXPO_PUBLIC_)"},
		restartFront))
	if to := names.Handed(m.Name, m.Hands); to != m.Name {
		c.Fix[0].Text = "In " + sanitize.At(m.File, m.Line) + ", read " + to + " instead of " + m.Name + ", and set it to " + rightKey(f) + " in the front end's .env: the browser gets only such names"
	}
	if m.In != "" {
		c.Fix[0].Text = "In " + m.In + ", set " + m.Name + " to " + rightKey(f)
	}
	if field, ok := affix.CutPrefix(m.Name, "extra."); ok { // Expo's
		c.Fix[0] = finding.Step{Text: "In " + sanitize.At(m.File, m.Line) + ", give extra the field " + field + " with " + rightKey(f) + ": that's the name that the app reads"}
	} else if v := meantKey(f, m); v != nil {
		c.Summary = fmt.Sprintf("The front end reads %s (%s), and %s sets %s, so the API key is undefined in the browser.", m.Name, sanitize.At(m.File, m.Line), v.File, v.Name) + acceptedKey(f, soundBackKey(f))
		switch names.Misnamed(f, v, m.Name, true, m.Hands) {
		case names.WrongCode:
			c.Fix[0] = finding.Step{Text: "In " + sanitize.At(m.File, m.Line) + ", read " + v.Name + " instead of " + m.Name + ": that's the name that " + v.File + " sets"}
		case names.WrongBoth:
		default:
			c.Location = parts.Locate(v)
			c.Fix[0] = finding.Step{Text: parts.In(v) + "rename " + v.Name + " to " + m.Name + ": that's the name that the front end reads"}
		}
	}
	for i := range f.Values {
		v := &f.Values[i]
		if v.What == facts.WhatKey && v.Kind == facts.KindEnvFile && v.Role != facts.RoleExample && !v.Comment && (v.Name == m.Name || affix.HasSuffix(v.Name, m.Name) || affix.HasSuffix(m.Name, v.Name)) {
			c.Evidence = append(c.Evidence, finding.Evidence{Label: v.Name, Got: facts.First(v.Why, facts.Shown(v)), Source: facts.Where(v)})
		}
	}
	return c
}

// absentRead is the variable of a front end without .env files, as in CI: the
// build may set it. It's nil where a file sets one of nearly that name.
func absentRead(f *facts.Facts, fronts []*facts.Value) *facts.Read {
	if m := missingRead(f, len(fronts) > 0); m != nil && m.Absent && meantKey(f, m) == nil {
		return m
	}
	return nil
}

// missingRead is the undefined variable that the front end makes its client
// with; where no key was found at all and no response carries one, any will do.
func missingRead(f *facts.Facts, haveKey bool) *facts.Read {
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

// expectedKey is the key that belongs in the place of a malformed one.
func expectedKey(f *facts.Facts) string {
	if f.Target.Key != "" {
		return f.Target.Key
	}
	if k := soundBackKey(f); k != nil {
		return k.Key
	}
	return "12 characters (a-z, 0-9)"
}

// keyMalformed: the API key can't be one.
func keyMalformed(f *facts.Facts, v *facts.Value) *finding.Cause {
	wrong := ""
	switch {
	case v.Placeholder:
		wrong = "it's a placeholder"
	case len(v.Blemishes) > 0 && v.Clean != v.Fingerprint:
		var all []string
		for _, b := range v.Blemishes {
			all = append(all, facts.Blemish(b))
		}
		wrong = "it has " + strings.Join(all, " and ")
	case v.Key != "" && !tokens.APIKey(v.Key).WellFormed():
		wrong = "a key has 10 to 30 characters of a-z and 0-9"
	case v.Key == "":
		wrong = "it doesn't look like one"
	default:
		return nil
	}
	certainty := finding.Likely
	if v.Placeholder || v.Clean != v.Fingerprint || f.Target.Key != "" {
		certainty = finding.Proven
	}
	if f.Target.Key != "" && v.Key == f.Target.Key {
		return nil
	}
	if p := keyAnswer(f, v.Key); p != nil && facts.PassedAuth(p) {
		return nil
	}
	title := ""
	if affix.HasPrefix(wrong, "it has ") {
		title = "The API key has " + affix.TrimPrefix(wrong, "it has ")
	} else if v.Placeholder {
		title = "The API key is still a placeholder"
	}
	return new(finding.New(causes.KeyMalformed, certainty,
		"The API key that the front end sends isn't valid: "+wrong+"."+acceptedKey(f, soundBackKey(f)),
		parts.Locate(v), append(acceptedRow(f, soundBackKey(f)), finding.Evidence{Label: v.Name, Got: facts.Shown(v), Want: expectedKey(f), Source: facts.Where(v)}),
		finding.Step{Text: parts.In(v) + "set " + keyName(v) + " to " + rightKey(f) + ", exactly as the dashboard shows it"},
		restartFront).Titled(facts.First(title, "The API key is malformed")))
}

// keyAnswer is Stream's best response to any request with the key.
//
//go:noinline
func keyAnswer(f *facts.Facts, key string) *facts.StreamAnswer {
	if f.Stream == nil || key == "" {
		return nil
	}
	var best *facts.StreamAnswer
	for i := range f.Stream.Grid {
		if p := &f.Stream.Grid[i]; p.Key == key && p.Answer.Status != 0 && (best == nil || p.Answer.Status == 200) {
			best = &p.Answer
		}
	}
	return best
}
