package stream

import (
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/vault"
	"badsig/tokens"
)

// headerSafe tells whether a string reaches Stream in a header as it is:
// HTTP drops spaces around a value and forbids control characters in it.
func headerSafe(s string) bool {
	return strings.TrimSpace(s) == s && !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f })
}

// sendableAsIs tells whether nothing goes out with a token that isn't a part of
// it: quotes and spaces are what Stream is to judge, a response's other
// fields, a page or a session's cookie is not.
func sendableAsIs(t tokens.Token) bool {
	const most = 24 // bytes around a token
	for _, f := range t.Flaws {
		switch f.Wrap {
		case tokens.WrapText, tokens.WrapJSON, tokens.WrapCookie, tokens.WrapHeader:
			return false
		}
	}
	return len(t.Raw)-len(t.Clean) <= most
}

// sendable tells whether a token may go to Stream at all: another issuer's
// token is someone else's credential.
func sendable(t tokens.Token) bool {
	if len(t.Segments) < 2 || t.Claims == nil || t.Has(tokens.FlawForeign) {
		return false
	}
	_, user := t.Claims["user_id"]
	_, server := t.Claims["server"]
	return user || server
}

// sendableKeys lists the keys that may be sent, the one that counts first: the front
// end's, the dashboard's, the server's, what the endpoint returns, the others.
func sendableKeys(w *vault.World, f *facts.Facts) []keyAt {
	var out []keyAt
	add := func(id int) {
		if id < 0 || id >= len(f.Values) {
			return
		}
		v := f.Values[id]
		k := tokens.APIKey(v.Key)
		if v.What != facts.WhatKey || v.Placeholder || v.Comment || !k.WellFormed() || affix.Any(out, func(o keyAt) bool { return o.key == v.Key }) || !keyMayGo(w, f, v) {
			return
		}
		out = append(out, keyAt{v.Key, id})
	}
	if f.Server != nil {
		for _, v := range facts.FrontKeys(f) { // first those that aren't of another pair
			add(v.ID)
		}
		for _, id := range f.Server.FrontKeys {
			add(id)
		}
	}
	for _, v := range f.Values {
		if v.Kind == facts.KindDashboard {
			add(v.ID)
		}
	}
	if f.Server != nil {
		add(f.Server.Key)
	}
	for _, take := range []func(facts.Value) bool{
		func(v facts.Value) bool { return v.Wins },
		func(v facts.Value) bool { return v.Kind == facts.KindAnswer },
		func(v facts.Value) bool { return v.Loaded || v.Kind == facts.KindProcess },
		func(v facts.Value) bool {
			return v.Role == facts.RoleFront || v.Role == facts.RoleServer || v.Role == facts.RoleShared
		},
		func(v facts.Value) bool { return v.Role == facts.RoleOther },
	} {
		for _, v := range f.Values {
			if take(v) {
				add(v.ID)
			}
		}
	}
	return out
}

// keyMayGo keeps back a string that is in a key's place and is a secret
// somewhere else, unless the user or the browser's code calls it a key.
func keyMayGo(w *vault.World, f *facts.Facts, v facts.Value) bool {
	if v.Kind == facts.KindDashboard || v.Public || v.Role == facts.RoleFront {
		return len(v.Key) == 12 || !isSecret(w, f, v.ID)
	}
	return !isSecret(w, f, v.ID)
}

func isSecret(w *vault.World, f *facts.Facts, key int) bool {
	s := w.Secret(key)
	for i := range f.Values {
		if v := &f.Values[i]; v.What != facts.WhatKey && v.Fingerprint == f.Values[key].Fingerprint && w.Secret(v.ID).Equal(s) {
			return true
		}
	}
	return false
}
