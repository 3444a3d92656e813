package signature

import (
	"fmt"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/finding"
)

// This file puts Stream's response to a pair beside the cause that rests on it.

// streamProof is Stream's decisive responses about the secret in use: the one that
// rejects it, and the one that accepts what it should be.
func streamProof(f *facts.Facts, used *facts.Value) []finding.Evidence {
	if f.Stream == nil || used == nil {
		return nil
	}
	var ev []finding.Evidence
	key := facts.ClientKey(f)
	if p := facts.Cell(f, key, used.ID, false); p != nil && p.Answer.Status != 200 {
		ev = append(ev, streamRow(f, p))
	}
	for i := range f.Stream.Grid {
		p := &f.Stream.Grid[i]
		v := facts.ValueAt(f, p.Secret)
		if v == nil || p.Answer.Status != 200 || !p.Cleaned && v.Fingerprint == used.Fingerprint && p.Key == key {
			continue
		}
		if p.Key == key || v.Fingerprint == used.Fingerprint {
			ev = append(ev, streamRow(f, p))
		}
	}
	return ev
}

// streamRow is one cell of the grid as evidence.
func streamRow(f *facts.Facts, p *facts.Pair) finding.Evidence {
	v := facts.ValueAt(f, p.Secret)
	what := "the secret in " + facts.Where(v)
	if v != nil && v.Kind == facts.KindDashboard {
		what = facts.Where(v)
	}
	if p.Cleaned {
		what += " " + without(v)
	}
	return finding.Evidence{Label: "Stream, " + p.Key + " with " + what, Got: Answered(&p.Answer), Source: f.Target.StreamURL}
}

// without says what was taken away from a value: "without the trailing space".
func without(v *facts.Value) string {
	if v == nil || len(v.Blemishes) == 0 {
		return "cleaned up"
	}
	var words []string
	for _, b := range v.Blemishes {
		if b == "not-64" {
			continue
		}
		words = append(words, the(b))
	}
	if len(words) == 0 {
		return "cleaned up"
	}
	return "without " + strings.Join(words, " and ")
}

// the names a blemish as one that is known: "the trailing space".
func the(b string) string {
	for _, article := range []string{"a ", "an "} {
		if rest, ok := affix.CutPrefix(facts.Blemish(b), article); ok {
			return "the " + rest
		}
	}
	switch s := facts.Blemish(b); {
	case affix.HasPrefix(s, "the "), affix.HasPrefix(s, "dotenvx"):
		return s
	default:
		return "the " + s
	}
}

// acceptedClean is Stream's word that a value without its blemishes is right:
// "Without the trailing space Stream accepts it (200)."; "" where that wasn't tried.
func acceptedClean(f *facts.Facts, v *facts.Value) string {
	if f.Stream == nil || v == nil || facts.AuthDisabled(f) {
		return ""
	}
	for i := range f.Stream.Grid {
		p := &f.Stream.Grid[i]
		s := facts.ValueAt(f, p.Secret)
		if s == nil || p.Answer.Status != 200 || v.Clean == v.Fingerprint {
			continue
		}
		if p.Cleaned && s.Clean == v.Clean || !p.Cleaned && s.Fingerprint == v.Clean {
			w := without(v)
			return fmt.Sprintf(" %s%s Stream accepts it (200).", strings.ToUpper(w[:1]), w[1:])
		}
	}
	return ""
}

// acceptedAsItIs is Stream's word that the secret which was changed on its way to
// the signature is right: what the change is, is then the whole fault.
func acceptedAsItIs(f *facts.Facts, right *facts.Value) (sentence string, row []finding.Evidence) {
	if f.Stream == nil || right == nil || facts.AuthDisabled(f) {
		return "", nil
	}
	for i := range f.Stream.Grid {
		p := &f.Stream.Grid[i]
		if v := facts.ValueAt(f, p.Secret); v != nil && !p.Cleaned && p.Answer.Status == 200 && v.Fingerprint == right.Fingerprint {
			return " Stream accepts the secret itself (200).", []finding.Evidence{streamRow(f, p)}
		}
	}
	return "", nil
}
