package inspect

import (
	"fmt"

	"badsig/checks/affix"
	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/tokens"
)

// Rules of this file:
//   - the key that an error or an address names is the client's; the project's keys are compared with it, and it is
//     never taken for the dashboard's
//   - key and secret that are in one place are a pair; a key from anywhere else proves nothing

// keys are the API keys that a project has.
type keys struct {
	all   []facts.Value // each key at its places
	back  string        // the one that the backend uses, "" where that is unknown
	front string        // the one that the front end uses
}

// projectKeys gives the project's keys, comments and placeholders left out.
func (in *Inspector) projectKeys() keys {
	var k keys
	if in.Keys == nil {
		return k
	}
	f := in.Keys.Facts()
	for _, v := range f.Values {
		if v.What == facts.WhatKey && !v.Comment && !v.Placeholder && tokens.APIKey(v.Key).WellFormed() && v.Kind != facts.KindDashboard {
			k.all = append(k.all, v)
		}
	}
	at := func(id int) string {
		if id >= 0 && id < len(f.Values) && tokens.APIKey(f.Values[id].Key).WellFormed() {
			return f.Values[id].Key
		}
		return ""
	}
	if f.Server != nil {
		k.back = at(f.Server.Key)
		for _, id := range f.Server.FrontKeys {
			if k.front = at(id); k.front != "" {
				break
			}
		}
	}
	if k.back == "" { // the key beside the only secret
		pairs := map[string]bool{}
		for _, v := range f.Values {
			if v.What == facts.WhatSecret && !v.Comment && v.Pair >= 0 {
				if key := at(v.Pair); key != "" {
					pairs[key] = true
				}
			}
		}
		if len(pairs) == 1 {
			for key := range pairs {
				k.back = key
			}
		}
	}
	return k
}

// place names where a key is first.
func (k keys) place(key string) string {
	for i := range k.all {
		if k.all[i].Key == key {
			return facts.Where(&k.all[i])
		}
	}
	return ""
}

func (k keys) has(key string) bool {
	return affix.Any(k.all, func(v facts.Value) bool { return v.Key == key })
}

// sayKeyNamed compares the key that a refusal or an address names with the project's.
func (in *Inspector) sayKeyNamed(f *Finding, key string) {
	k := in.projectKeys()
	other := k.back
	if other == "" && len(k.all) > 0 {
		other = k.all[0].Key
	}
	switch {
	case in.Key != "" && in.Given && string(in.Key) != key:
		f.say("The key in this text, %s, isn't the dashboard's key %s: the client uses a different app", key, in.Key)
		f.cause(causes.KeyMismatch)
	case len(k.all) == 0:
		f.say("The client sent the API key %s: compare it with the key the backend uses", key)
	case !k.has(key):
		f.say("The client sent the API key %s, which isn't in this project; the project has %s (%s)", key, other, k.place(other))
		f.say("Usually an old build or an old tab: restart the dev server and reload the page. Otherwise the client is configured for a different app")
		f.cause(causes.KeyMismatch)
	case k.back != "" && k.back != key:
		f.say("The client sent the API key %s (%s), and the backend uses %s (%s): they belong to different apps", key, k.place(key), k.back, k.place(k.back))
		f.cause(causes.KeyMismatch)
	default:
		f.say("The client sent the API key %s, which is this project's (%s): so the token was signed with a secret that isn't that key's", key, k.place(key))
	}
}

// sayKeyElsewhere tells of a client's key that the project has nowhere.
func (in *Inspector) sayKeyElsewhere(f *Finding, key string) {
	if k := in.projectKeys(); len(k.all) > 0 && !k.has(key) {
		in.sayKeyNamed(f, key)
	}
}

// pairKey is the key that is next to a secret, the wanted one if it is next to
// it anywhere; "" for none.
func (in *Inspector) pairKey(id int, wanted string) string {
	f := in.Keys.FactsWith(id)
	if id < 0 || id >= len(f.Values) {
		return ""
	}
	own := ""
	for i := range f.Values { // one secret may be in several places, and each may have a key of its own
		v := &f.Values[i]
		if v.ID != id && (v.Fingerprint != f.Values[id].Fingerprint || v.What != facts.WhatSecret || v.Comment) {
			continue
		}
		key := ""
		if v.Kind == facts.KindDashboard {
			key = f.Target.Key
		} else if n := v.Pair; n >= 0 && n < len(f.Values) && tokens.APIKey(f.Values[n].Key).WellFormed() {
			key = f.Values[n].Key
		}
		if key == wanted && key != "" {
			return key
		}
		if own == "" {
			own = key
		}
	}
	return own
}

// otherApp reports whether the key in a string isn't the one beside the secret that signed.
func (in *Inspector) otherApp(f *Finding, s tokens.Signer) bool {
	if len(s.Hits) == 0 || !tokens.APIKey(f.Key).WellFormed() {
		return false
	}
	own := in.pairKey(s.Hits[0].Candidate, f.Key)
	return own != "" && own != f.Key
}

// sayFront compares the front end's key with the one beside the secret that signed, where the text names none.
func (in *Inspector) sayFront(f *Finding, s tokens.Signer) {
	if in.many != nil || f.Key != "" || f.Verdict != accepted || len(s.Hits) == 0 {
		return
	}
	k := in.projectKeys()
	own := in.pairKey(s.Hits[0].Candidate, k.front)
	if own != "" && k.front != "" && own != k.front {
		f.say("But this secret belongs to the API key %s, and the project's front end uses %s (%s): with that key Stream rejects the token", own, k.front, k.place(k.front))
		f.Verdict, f.Cause, f.Stream = unproven, causes.KeyMismatch, nil
	}
}

// sayPair compares the key in a string with the one beside the secret that signed.
func (in *Inspector) sayPair(f *Finding, s tokens.Signer) {
	if len(s.Hits) == 0 || f.Key == "" || !tokens.APIKey(f.Key).WellFormed() {
		return
	}
	own := in.pairKey(s.Hits[0].Candidate, f.Key)
	switch {
	case own == "":
	case own != f.Key:
		f.say("The secret that signed this token belongs to the API key %s, and the client sent %s: they belong to different apps, so Stream rejects the signature", own, f.Key)
		f.Cause, f.Verdict = causes.KeyMismatch, rejected
		f.Stream = nil
	case f.Error != nil && f.Error.Kind == tokens.ErrSignature && len(s.Hits[0].Damages) == 0:
		f.say("The secret that signed this token is stored next to this key, and Stream rejects the pair: one of the two was copied from a different app")
		f.cause(causes.KeySecretMismatch)
	}
}

// saySecret compares a pasted secret with the project's, and never repeats it.
func (in *Inspector) saySecret(f *Finding) {
	s := f.secret
	if s.IsZero() {
		return
	}
	f.say("An API secret was pasted (%s). It isn't shown here; shells and chats keep what's pasted, so rotate it if others can read it", s)
	if !s.WellFormed() {
		f.say("It doesn't look like a Stream secret: those are 64 characters (a-z, 0-9)")
	}
	if in.Keys == nil {
		f.say("To compare it with the project's: badsig check --secret-stdin")
		return
	}
	n := 0
	for _, v := range in.Keys.Facts().Values {
		if v.What == facts.WhatSecret && !v.Comment && !v.Empty {
			n++
		}
	}
	id, d, given := in.Keys.Like(s)
	switch {
	case id >= 0 && d.Equal:
		v := in.Keys.Facts().Values[id]
		f.say("It's the secret in this project (%s)", facts.Where(&v))
	case id >= 0:
		v := in.Keys.Facts().Values[id]
		if given {
			f.say("It's the secret in this project (%s) %s", facts.Where(&v), facts.Says(d.Damages))
		} else {
			f.say("The project's secret (%s) is this one %s", facts.Where(&v), facts.Says(d.Damages))
			f.differs = true
		}
		if dm, ok := tokens.DamageByID(d.Damages[0]); ok {
			f.cause(causes.ID(dm.Cause))
		}
	case n > 0:
		f.say("It isn't %s", plural(n, "the secret found in this project", "any of the %d secrets found in this project"))
	default:
		f.say("This folder has no secret to compare it with; in the project's folder: badsig inspect, or badsig check --secret-stdin")
	}
}

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return fmt.Sprintf(many, n)
}
