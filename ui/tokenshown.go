package ui

import (
	"strings"

	"badsig/checks/facts"
	"badsig/checks/probe/vault"
	"badsig/checks/sanitize"
	"badsig/tokens"
)

// Rules of this file:
//   - a pane draws a token's claims and segments only as they come from here

// drawn keeps what is drawn of the tokens until something more is known.
type drawn struct {
	facts  *facts.Facts
	world  *vault.World
	secret string
	tokens map[string]tokens.Token
}

// safe removes secrets and signatures from a string that is to be drawn.
func (s *session) safe(text string) string {
	text = s.target.Secret.Redact(text)
	if s.world != nil {
		text = s.world.Redact(text)
	}
	return sanitize.Shown(tokens.NewShreds(s.target.Secret).Redact(text))
}

// knows is what tells whether more is known to a session than before.
type knows struct {
	world  *vault.World
	values int
	secret string
}

func (s *session) knows() knows {
	k := knows{world: s.world, secret: s.target.Secret.Fingerprint()}
	if s.world != nil {
		k.values = s.world.Known()
	}
	return k
}

// Redact removes from a string what may not be copied or saved.
func (s *session) Redact(text string) string {
	text = onScreen{s}.Redact(text)
	if s.world != nil {
		return s.world.RedactOwn(text)
	}
	return sanitize.Shapes{Keep: []string{s.userID(), s.target.UserName}}.Redact(text)
}

// onScreen removes known secrets and signatures from a line of the screen. What
// only looks like a secret may be a part of a token's payload there.
type onScreen struct{ s *session }

func (o onScreen) Redact(text string) string {
	if !o.s.target.Secret.IsZero() {
		text = o.s.target.Secret.Redact(text)
	}
	if o.s.world != nil {
		text = o.s.world.RedactKnown(text)
	}
	return tokens.RedactTokens(text)
}

// shownToken is a token as it may be drawn: without the secrets and whole
// tokens in its claims, and without the segment in which they are encoded.
func (s *session) shownToken(t tokens.Token) tokens.Token {
	d := &s.drawn
	if secret := s.target.Secret.Fingerprint(); d.tokens == nil || len(d.tokens) > 16 || d.facts != s.facts || d.world != s.world || d.secret != secret {
		*d = drawn{facts: s.facts, world: s.world, secret: secret, tokens: map[string]tokens.Token{}}
	}
	if out, ok := d.tokens[t.Raw]; ok && t.Raw != "" {
		return out
	}
	out := t
	out.Segments = append([]string(nil), t.Segments...)
	for i, part := range []*map[string]any{&out.Header, (*map[string]any)(&out.Claims)} {
		if *part == nil {
			continue
		}
		m, changed := sanitize.Value(*part, s.changed)
		if changed {
			*part, _ = m.(map[string]any)
		}
		if changed && i < len(out.Segments) {
			out.Segments[i] = "…"
		}
	}
	for i, raw := range [][]byte{t.HeaderRaw, t.ClaimsRaw} {
		if text := strings.ToValidUTF8(string(raw), "\uFFFD"); i < len(out.Segments) && len(raw) > 0 && s.safe(text) != sanitize.Visible(text) {
			out.Segments[i] = "…"
		}
	}
	for i, seg := range out.Segments {
		if read := i == 0 && t.Header != nil || i == 1 && t.Claims != nil; !read {
			out.Segments[i] = s.safe(seg)
		}
	}
	if t.Raw != "" {
		d.tokens[t.Raw] = out
	}
	return out
}

// changed is safe, and leaves a string as it is where all that safe does is to make it visible.
func (s *session) changed(v string) string {
	if t := s.safe(v); t != sanitize.Visible(v) {
		return t
	}
	return v
}
