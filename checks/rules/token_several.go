package rules

import (
	"fmt"
	"slices"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/probe/pattern"
	"badsig/checks/rules/older"
	"badsig/checks/rules/parts"
	"badsig/tokens"
)

// Rules of this file:
//   - of several Stream tokens in one response each is judged, and the worst decides
//   - a token beside Stream's (a session's, a refresh token) isn't one of them: its field has to name Stream or a product
//   - where the front end uses one of them, that one counts alone
//   - a token of another app than the first is right where the front end has that app's key, too

// eachTokens are the checks that judge one token.
var eachToken = []finding.ID{"token-formed", "token-user", "token-times", "secret-signs"}

// productNames tell a product by a field's name.
var productNames = []struct{ product, words string }{
	{"video", "video|call|meeting|livestream"}, {"feeds", "feed|activity"}, {"chat", "chat|messag"},
}

var streamField = pattern.New(`(?i)stream|chat|video|feed|user_?token`)

// streamTokens are the tokens of the main response that are Stream's, by their
// index into Facts.Tokens, the one that counts first.
func streamTokens(f *facts.Facts) []int {
	a := facts.MainAnswer(f)
	if a == nil || len(a.Tokens) == 0 {
		return nil
	}
	out := a.Tokens[:1:1]
	if fetch := f.Fetch(); fetch != nil && fetch.Takes != "" {
		return out
	}
	for _, i := range a.Tokens[1:] {
		if i < 0 || i >= len(f.Tokens) {
			continue
		}
		t := &f.Tokens[i]
		if streamField.MatchString(t.Field) && t.Claims != nil && !facts.HasFlaw(t, tokens.FlawForeign) {
			out = append(out, i)
		}
	}
	return out
}

// WorstToken judges each of the response's tokens, and gives the worst result.
func WorstToken(c Check, f *facts.Facts) finding.Result {
	all := streamTokens(f)
	if len(all) < 2 || f.Target.Given || !slices.Contains(eachToken, c.ID) {
		return Honest(f, older.Outdated(f, c.Rule(f), SourceRules))
	}
	var worst finding.Result
	for k, i := range all {
		if k > 0 && c.ID == "secret-signs" && !judgedBeside(f, &f.Tokens[i]) {
			continue
		}
		v := tokenFirst(f, i)
		r := Honest(v, older.Outdated(v, c.Rule(v), SourceRules))
		if k > 0 && c.ID == "secret-signs" && acceptedSecret(f, &f.Tokens[i]) {
			continue // of another app, whose pair Stream accepts
		}
		r.Token = i + 1
		if k == 0 || badness(r.Status) > badness(worst.Status) {
			if k > 0 {
				r.Summary = f.Tokens[i].Field + ": " + r.Summary
			}
			worst = r
		}
	}
	return worst
}

func badness(s finding.Status) int {
	return slices.Index([]finding.Status{finding.Skip, finding.Pass, finding.Warn, finding.Unknown, finding.Fail}, s)
}

// tokenFirst gives the facts with another token of the responses in the first place.
func tokenFirst(f *facts.Facts, token int) *facts.Facts {
	v, b := *f, *f.Backend
	v.Backend, b.Posts = &b, slices.Clone(b.Posts)
	field := f.Tokens[token].Field
	for i := range b.Posts {
		p := &b.Posts[i]
		at := slices.IndexFunc(p.Tokens, func(n int) bool { return n >= 0 && n < len(f.Tokens) && f.Tokens[n].Field == field })
		if at > 0 {
			p.Tokens = append([]int{p.Tokens[at]}, slices.Delete(slices.Clone(p.Tokens), at, at+1)...)
		}
	}
	if first := facts.FirstToken(f, "backend"); first != &f.Tokens[token] && f.Stream != nil {
		s := *f.Stream // Stream got the first token alone
		s.User = nil
		v.Stream = &s
	}
	return &v
}

// acceptedSecret reports whether a token is signed with a secret that Stream
// accepts with a key that the front end may send it with: one of its own, or one
// that the response carries. Where no such key is known, any of the project's will do.
func acceptedSecret(f *facts.Facts, t *facts.Token) bool {
	if f.Stream == nil || t.Signer == nil {
		return false
	}
	sent := sentKeys(f)
	for _, h := range t.Signer.Hits {
		for _, p := range f.Stream.Grid {
			if len(sent) > 0 && !facts.OneOf(sent, p.Key) {
				continue
			}
			if v := facts.ValueAt(f, p.Secret); p.Answer.Status == 200 && !p.Cleaned && v != nil && v.Fingerprint == h.Signed {
				return true
			}
		}
	}
	return false
}

// judgedBeside reports a further token whose signer is judged: a client of Stream
// gets that very field, and its secret isn't one of a pair that Stream didn't judge.
func judgedBeside(f *facts.Facts, t *facts.Token) bool {
	fetch := f.Fetch()
	if fetch == nil || !facts.OneOf(fetch.TakesEach, facts.LastName(t.Field)) || t.Signer == nil {
		return false
	}
	for _, h := range t.Signer.Hits {
		v := facts.ValueAt(f, h.Candidate)
		if v == nil {
			continue
		}
		if k := facts.ValueAt(f, v.Pair); k != nil && facts.OneOf(sentKeys(f), k.Key) && k.Key != facts.ClientKey(f) && facts.Cell(f, k.Key, v.ID, false) == nil {
			return false
		}
	}
	return true
}

// sentKeys are the keys that the front end may send a token with.
func sentKeys(f *facts.Facts) (keys []string) {
	if f.Server == nil {
		return nil
	}
	for _, id := range f.Server.FrontKeys {
		if v := facts.ValueAt(f, id); v != nil && v.Key != "" {
			keys = append(keys, v.Key)
		}
	}
	for i := range f.Values {
		if v := &f.Values[i]; v.Kind == facts.KindAnswer && v.What == facts.WhatKey && v.Key != "" {
			keys = append(keys, v.Key)
		}
	}
	return keys
}

// DecisiveToken is the token that decides: the one that the root cause was
// found in, else the one in use.
func DecisiveToken(f *facts.Facts, causes []finding.Cause, results []finding.Result) *facts.Token {
	if len(causes) > 0 {
		for _, r := range results {
			if r.Token > 0 && r.Token <= len(f.Tokens) && affix.Any(r.Causes, func(c finding.Cause) bool { return c.ID == causes[0].ID }) {
				return &f.Tokens[r.Token-1]
			}
		}
	}
	return facts.TokenInUse(f)
}

// AllTokens lists a response's tokens; nil where it has one.
func AllTokens(f *facts.Facts) []parts.ReportToken {
	a := facts.MainAnswer(f)
	if a == nil || len(a.Tokens) < 2 {
		return nil
	}
	var out []parts.ReportToken
	for _, i := range a.Tokens {
		if i >= 0 && i < len(f.Tokens) {
			out = append(out, *ShownToken(f, &f.Tokens[i]))
		}
	}
	return out
}

func ShownToken(f *facts.Facts, t *facts.Token) *parts.ReportToken {
	r := &parts.ReportToken{Source: t.Source, Field: t.Field, Product: productOf(f, t), Header: parts.ShownClaims(t.Header), Claims: parts.ShownClaims(t.Claims), SignedBy: facts.SignedBy(f, t)}
	if a := facts.MainAnswer(f); a == nil || len(a.Tokens) < 2 || t.Source == "given" {
		r.Field = ""
	}
	finding.Visible(&r.Source, &r.Field, &r.SignedBy)
	return r
}

// productOf tells a token's product by its claims, its field, or the front
// end's client; "" where none says.
func productOf(f *facts.Facts, t *facts.Token) string {
	switch {
	case t.Claims["call_cids"] != nil:
		return "video"
	case t.Claims["feed_id"] != nil || t.Claims["resource"] != nil:
		return "feeds"
	}
	field := strings.ToLower(t.Field)
	for _, p := range productNames {
		for w := range strings.SplitSeq(p.words, "|") {
			if affix.Contains(field, w) {
				return p.product
			}
		}
	}
	if fetch := f.Fetch(); fetch != nil && t.Source == "backend" {
		return fetch.Product
	}
	return ""
}

// TokensLine names the tokens of a response: "chatToken (chat), videoToken (video)".
func TokensLine(ts []parts.ReportToken) string {
	var names []string
	for _, t := range ts {
		n := t.Field
		if t.Product != "" {
			n += fmt.Sprintf(" (%s)", t.Product)
		}
		names = append(names, n)
	}
	return strings.Join(names, ", ")
}
