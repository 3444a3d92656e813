package facts

import "slices"

// Rules of this file:
//   - a probe's part of the facts is everything that it writes, in other parts too: who signed a token is the signer's,
//     which value wins is the server's
//   - facts of which a part was hidden are those of a run in which its probe has not finished yet

// Of gives the facts as the named probes have filled them: what the others
// have added is taken out of a copy.
func (f *Facts) Of(has func(Name) bool) *Facts {
	v := *f
	v.Errors = nil
	for n, e := range f.Errors {
		if has(n) {
			if v.Errors == nil {
				v.Errors = map[Name]string{}
			}
			v.Errors[n] = e
		}
	}
	if !has(NameProject) {
		v.Project = nil
	}
	if !has(NameListener) {
		v.Process = nil
	}
	if !has(NameServer) {
		v.Server = nil
	}
	if !has(NameBackend) {
		v.Backend = nil
	}
	v.Stream = f.streamOf(has)
	v.Values = f.valuesOf(has)
	v.Tokens = f.tokensOf(has)
	return &v
}

func (f *Facts) streamOf(has func(Name) bool) *Stream {
	switch {
	case f.Stream == nil || !has(NamePair):
		return nil
	case has(NameUser):
		return f.Stream
	}
	s := *f.Stream
	s.User, s.Given, s.UserKey = nil, nil, ""
	return &s
}

// valuesOf keeps the places, so that their indices hold, and removes what
// later probes have noted at them.
func (f *Facts) valuesOf(has func(Name) bool) []Value {
	if has(NameSigner) && has(NamePair) && has(NameBackend) && has(NameListener) {
		return f.Values
	}
	out := slices.Clone(f.Values)
	for i := range out {
		v := &out[i]
		gone := v.Kind == KindAnswer && !has(NameBackend) ||
			v.Kind == KindKnown && !has(NameSigner) || (v.Kind == KindProcess || v.Kind == KindAncestor) && !has(NameListener)
		if gone {
			*v = Value{ID: v.ID, Kind: v.Kind, Pair: -1}
			continue
		}
		if !has(NameServer) {
			v.Loaded, v.Read, v.Wins, v.Why, v.Fate, v.Early = false, false, false, "", "", nil
		}
		if !has(NamePair) {
			v.VsDashboard = nil
		}
	}
	return out
}

func (f *Facts) tokensOf(has func(Name) bool) []Token {
	switch {
	case has(NameSigner) && has(NameUser):
		return f.Tokens
	case !has(NameBackend):
		return nil
	}
	out := slices.Clone(f.Tokens)
	for i := range out {
		if !has(NameSigner) {
			out[i].Signer = nil
		}
		if !has(NameUser) {
			out[i].Prediction = nil
		}
	}
	return out
}
