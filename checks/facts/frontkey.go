package facts

import "badsig/tokens"

// ClientKey is the key that goes to Stream with the token: the front end's,
// else the one the endpoint's response carries, else the dashboard's, else the backend's.
func ClientKey(f *Facts) string {
	if v := FrontKey(f); v != nil {
		return v.Key
	}
	for i := range f.Values {
		if v := &f.Values[i]; v.Kind == KindAnswer && v.What == WhatKey && v.Key != "" {
			return v.Key
		}
	}
	if f.Target.Key != "" {
		return f.Target.Key
	}
	if f.Server != nil {
		if v := ValueAt(f, f.Server.Key); v != nil {
			return v.Key
		}
	}
	return ""
}

// FrontKeys are the values that the front end uses today, without those of
// another pair of the program.
func FrontKeys(f *Facts) []*Value {
	if f.Server == nil {
		return nil
	}
	var vs []*Value
	others := otherKeys(f)
	for _, id := range f.Server.FrontKeys {
		if v := ValueAt(f, id); v != nil && !others[v.Key] {
			vs = append(vs, v)
		}
	}
	return vs
}

// FrontKey is the front end's key that goes with the token; nil for none. Where the
// front end has several and the source doesn't say which one goes with this
// endpoint, it's the one whose secret signs: a fault that isn't read is none.
func FrontKey(f *Facts) *Value {
	var keys []*Value
	for _, v := range FrontKeys(f) {
		if tokens.APIKey(v.Key).WellFormed() {
			keys = append(keys, v)
		}
	}
	if len(keys) == 0 {
		return nil
	}
	t := JudgedToken(f)
	h := BestHit(f, t)
	if h == nil || len(h.Damages) > 0 {
		return keys[0]
	}
	for _, v := range keys[1:] {
		if v.Key != keys[0].Key && pairsWith(f, v.Key, h.Signed) && !pairsWith(f, keys[0].Key, h.Signed) {
			return v
		}
	}
	return keys[0]
}

// pairsWith reports whether a key and the secret with a fingerprint are a pair:
// Stream accepts them, or, where that wasn't tried, they are found together.
func pairsWith(f *Facts, key, fp string) bool {
	found := false
	for i := range f.Values {
		v := &f.Values[i]
		if v.What != WhatSecret || v.Fingerprint != fp {
			continue
		}
		if p := Cell(f, key, v.ID, false); p != nil {
			if p.Answer.Status == 200 {
				return true
			}
			if SignatureRefused(&p.Answer) {
				return false
			}
		}
		if k := ValueAt(f, v.Pair); k != nil && k.Key == key {
			found = true
		}
	}
	return found
}
