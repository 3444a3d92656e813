package inspect

import (
	"context"
	"strings"
	"time"

	"badsig/checks/affix"
	"badsig/checks/causes"
	"badsig/checks/inspect/dress"
	"badsig/checks/sanitize"
	"badsig/tokens"
)

// Rules of this file:
//   - what is shown of a token has no signature and no secret

// judgeToken decodes the token, looks for its signer and says what Stream responds.
func (in *Inspector) judgeToken(ctx context.Context, f *Finding) {
	now := time.Now()
	if in.Now != nil {
		now = in.Now()
	}
	in.count()
	t := tokens.Parse(f.token)
	f.Token = &f.room.token
	*f.Token = TokenFinding{Shown: in.shown(t), Header: orEmpty(t.Header), Claims: orEmpty(t.Claims), Flaws: t.Flaws}
	id, hasUser := t.UserID()
	if hasUser && f.UserID == "" {
		f.UserID = sanitize.Shown(id)
	}
	if header, claims := t.Texts(); in.holds(claims) || in.holds(header) {
		f.say("The token's claims contain a secret of this project, where every browser can read it: they aren't shown here")
		f.Token.Shown, f.Token.Header, f.Token.Claims = "…", map[string]any{}, map[string]any{}
	} else {
		f.sayClaims(t, now)
	}
	for _, fl := range t.Flaws {
		if fl.Kind == tokens.FlawServer && t.Claims["resource"] != nil {
			continue // told as what it is
		}
		f.add(sanitize.Shown(fl.Detail))
	}
	if m := partialClaims(t); m != nil {
		f.Token.Claims = m
		f.sayPartial(m)
	}
	s, known := in.signer(ctx, t)
	if known {
		f.Token.Tried = s.Tried
	}
	in.predict(f, t, s, known, now)
	if c, severe := flawCause(t, now); c != "" && (f.Error == nil || severe && agrees(f.Error, c)) {
		f.Cause = c
		if severe { // a server token in a browser is accepted by Stream, and is an error all the same
			f.Verdict = rejected
		}
	}
	if f.connects && hasUser && f.UserID != sanitize.Shown(id) {
		f.say("The client connects as %s, and the token is for %s", f.UserID, sanitize.Shown(id))
		f.Cause, f.Verdict, f.Stream = causes.UserIDMismatch, rejected, nil
	} else if hasUser && f.UserID != sanitize.Shown(id) && id != "" {
		f.say("What was pasted names the user %s, and the token is for %s: the client has to connect with the token's", f.UserID, sanitize.Shown(id))
	}
	in.sayPair(f, s)
	in.sayFront(f, s)
}

// shown is a token without its signature. A corrupted one may contain a secret
// that was pasted into it.
func (in *Inspector) shown(t tokens.Token) string {
	s := t.Redacted()
	switch {
	case len(t.Flaws) == 0 && in.pasted(t):
		return "…"
	case len(t.Flaws) == 0:
		return sanitize.Visible(s)
	case in.holds(s):
		return "…"
	case affix.ContainsAny(s, " \t\r\n\"'=,;:"):
		return sanitize.Shown(s)
	}
	return sanitize.Visible(s)
}

// pasted reports whether a secret was pasted into a token's first two segments and both can still be
// read: what they decode to doesn't tell of it.
func (in *Inspector) pasted(t tokens.Token) bool {
	if in.Keys == nil {
		return false
	}
	header, claims := t.Texts()
	for n, decoded := range [...]string{header, claims} {
		switch {
		case n >= len(t.Segments) || n == 0 && t.HasStandardHeader():
		case strings.IndexFunc(decoded, func(r rune) bool { return r < ' ' || r > '~' }) < 0:
			if in.Keys.HoldsAsWritten(t.Segments[n]) {
				return true
			}
		case in.Keys.Holds(t.Segments[n]): // base64 amid base64 decodes to anything
			return true
		}
	}
	return false
}

// agrees reports whether a flaw of the token explains what Stream said.
func agrees(e *tokens.StreamError, c causes.ID) bool {
	switch e.Kind {
	case tokens.ErrExpired:
		return c == causes.TokenExpired || c == causes.EXPRelative || c == causes.EXPTooShort
	case tokens.ErrBeforeIssued:
		return c == causes.IATFuture || c == causes.IATMilliseconds
	case tokens.ErrNotYet:
		return c == causes.NBFFuture
	case tokens.ErrSignature:
		return c == causes.TokenTruncated || c == causes.TokenDev || c == causes.TokenForeign || c == causes.TokenAlgorithm
	case tokens.ErrMalformed, dress.ErrUserType, dress.ErrClaimType, dress.ErrDevToken, dress.ErrAnonymous:
		return true
	}
	return false
}

func orEmpty(m map[string]any) map[string]any {
	if m == nil {
		return map[string]any{}
	}
	return m
}
