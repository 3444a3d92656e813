package inspect

import (
	"context"
	"fmt"
	"strings"
	"time"

	"badsig/checks"
	"badsig/checks/causes"
	"badsig/checks/inspect/dress"
	"badsig/checks/probe/signer"
	"badsig/checks/sanitize"
	"badsig/tokens"
)

// The verdicts, as the document of check has them.
const (
	accepted = checks.Accepted
	rejected = checks.Rejected
	unproven = checks.Unproven
)

// Inspector judges what Recognise finds: it knows the project's secrets, the
// dashboard's, and the time. The zero Inspector knows nothing and still works.
// It is safe for concurrent use.
type Inspector struct {
	Keys  *signer.Keyring // the secrets to try; nil for none
	Key   tokens.APIKey   // the app's key, where it is known
	Given bool            // Key was given as the dashboard's
	Now   func() time.Time

	many *many // for a long list; nil for single texts
}

// Finding is an Inspection and what is to be said about it: one JSON document.
type Finding struct {
	Inspection
	Verdict string               `json:"verdict"` // accepted, rejected, unproven
	Token   *TokenFinding        `json:"token,omitempty"`
	Stream  *checks.ReportStream `json:"stream,omitempty"` // what Stream answers to this exact text
	Says    []string             `json:"says"`             // what a person reads, one sentence each
	Cause   causes.ID            `json:"cause,omitempty"`  // what badsig explain has a page about

	room *room
	own  uint64 // which of Says have nothing but badsig's own words and numbers in them
}

// TokenFinding is the token inside a text.
type TokenFinding struct {
	Shown    string         `json:"shown"` // header.payload.…
	Header   map[string]any `json:"header"`
	Claims   map[string]any `json:"claims"`
	Flaws    []tokens.Flaw  `json:"flaws,omitempty"`
	SignedBy string         `json:"signedBy"` // where that secret is and how it was changed, "" if unknown
	Tried    int            `json:"tried"`    // HMACs computed to find it
}

// Inspect says what a text is and what Stream makes of it.
func (in *Inspector) Inspect(ctx context.Context, text string) Finding {
	return in.Judge(ctx, Recognise(text))
}

// Judge says what Stream makes of what was recognised. What it says contains no secret.
func (in *Inspector) Judge(ctx context.Context, i Inspection) Finding {
	f := in.judge(ctx, i)
	in.redacted(&f)
	return f
}

func (in *Inspector) judge(ctx context.Context, i Inspection) Finding {
	room := in.room()
	f := Finding{Inspection: i, Verdict: unproven, Says: room.says[:0], room: room}
	switch i.Kind {
	case KindError:
		in.sayError(&f)
	case KindLocal, KindRelated:
		f.sayRelated()
	case KindKey:
		f.Verdict = accepted
		f.say("An API key is public: every request of the browser has it")
		f.say("Whether Stream recognizes it, and which secret belongs to it: badsig check --api-key %s", i.Key)
	case KindSecret:
	case KindHealthy:
		f.Verdict = accepted
		f.say("Stream accepted the API key and the token of this connection; what fails afterwards isn't about the signature")
	case KindClaims:
		f.say("Claims alone have no signature: paste the whole token to verify it")
	case KindNothing, KindUnknown:
		f.sayUnknown()
	default:
		in.sayRequest(&f)
		for _, row := range f.related {
			if row.cause == causes.StreamUnreachable {
				f.Says = append(f.Says, row.says...)
				f.cause(row.cause)
			}
		}
	}
	in.saySecret(&f)
	if i.remains != nil {
		in.judgeRemains(ctx, &f)
	}
	if i.token != "" {
		in.judgeToken(ctx, &f)
	}
	if f.Error != nil { // what Stream said counts, no matter what the token looks like here
		f.Verdict, f.Stream = rejected, nil
		if f.token == "" && (f.Error.Kind == tokens.ErrSignature || f.Error.Kind == tokens.ErrMalformed) {
			f.add(whichOne)
		}
	}
	return f
}

func (f *Finding) say(format string, args ...any) { f.add(fmt.Sprintf(format, args...)) }

// add is say for a finished sentence: of a million tokens, what each of
// them says is not put together by fmt.
//
//go:noinline
func (f *Finding) add(sentence string) { f.Says = append(f.Says, sentence) }

// addOwn is add for a sentence of badsig's own words and numbers, which can't have
// a secret in it.
func (f *Finding) addOwn(sentence string) {
	if len(f.Says) < 64 {
		f.own |= 1 << len(f.Says)
	}
	f.add(sentence)
}

// judgeToken decodes the token, looks for its signer and says what Stream answers.
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

// shown is a token without its signature. A damaged one may contain a secret
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
	case strings.ContainsAny(s, " \t\r\n\"'=,;:"):
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
	for n, s := range t.Segments[:min(2, len(t.Segments))] {
		if n == 0 && t.HasStandardHeader() {
			continue
		}
		if in.Keys.HoldsAsWritten(s) {
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

// predict compares what Stream answers if the signature is right with what it
// answers if it is wrong: where both reject, nothing has to be known of the secret.
func (in *Inspector) predict(f *Finding, t tokens.Token, s tokens.Signer, known bool, now time.Time) {
	key := tokens.APIKey(f.Key)
	if key == "" {
		key = in.Key
	}
	if key == "" {
		key = "…"
	}
	t.Raw = strings.TrimRight(f.token, "\r\n")
	good, bad, refused := tokens.PredictToken(t, tokens.World{Now: now, Key: key, KeyKnown: true})

	in.count()
	by, sound, proven := in.signedByLast(s)
	f.Token.SignedBy = by
	switch {
	case refused: // before the signature is looked at
		f.answer(good)
		f.say("Stream will reject it regardless of the secret: %s", spell(good))
	case s.Truncated || cutSignature(t): // what is left of the signature may fit, and isn't a signature
		f.answer(bad.Prediction())
		if len(s.Hits) > 0 {
			f.say("What is left of the signature matches %s, but a truncated signature is never valid", secretIn(by))
		}
		f.say("Stream will reject it: %s", spell(bad.Prediction()))
	case len(s.Hits) > 0 && longSignature(t):
		f.answer(bad.Prediction())
		f.say("The beginning of the signature matches %s, but it is too long, so it isn't valid", secretIn(by))
		f.say("Stream will reject it: %s", spell(bad.Prediction()))
	case len(s.Hits) > 0 && strings.HasSuffix(t.Segments[2], "="):
		f.Verdict = rejected
		f.say("Apart from the padding, it's signed with %s: remove the = at its end", secretIn(by))
	case len(s.Hits) > 0 && sound:
		f.add(in.signedWith(by))
		f.answer(good)
		if good.Status == 200 && f.Verdict == unproven {
			f.Verdict = accepted
		}
		switch {
		case proven && good.Status == 200:
			f.addOwn("Stream will respond with 200")
		case proven:
			f.add("Stream will respond with " + spell(good))
		case good.Status == 200 && in.otherApp(f, s):
			// said beside the two keys
		case good.Status == 200 && f.refused(t):
			// what was pasted says that Stream doesn't accept it
		case good.Status == 200:
			f.add("Stream will accept it (200) if this secret belongs to the browser's API key")
		default:
			f.say("Stream will reject it: %s", spell(good))
		}
	case len(s.Hits) > 0:
		f.say("Signed with %s: Stream computes a different signature", secretIn(by))
		f.cause(in.signerCause(s))
		f.answer(bad.Prediction())
		f.say("Stream will reject it: %s", spell(bad.Prediction()))
	case known && in.Keys.HasDashboard():
		f.say("%s", in.notFound(s))
		f.answer(bad.Prediction())
		f.say("It isn't signed with the dashboard's secret, so Stream will reject it: %s", spell(bad.Prediction()))
		f.cause(causes.SecretUnknown)
	default:
		f.say("%s", in.notFound(s))
		if good.Status != 200 {
			f.Verdict = rejected
			f.say("Stream will reject it in any case: %s, or code %d if the signature is wrong, too", spell(good), bad.Prediction().Code)
		} else {
			f.say("Apart from the signature, nothing is wrong with it")
		}
	}
}

// refused reports whether what was pasted with a token tells that Stream rejects it:
// Stream's own error about the signature, or a connection for another user.
func (f *Finding) refused(t tokens.Token) bool {
	id, ok := t.UserID()
	return f.Error != nil && f.Error.Kind == tokens.ErrSignature || f.connects && ok && f.UserID != sanitize.Shown(id)
}

// cutSignature recognizes a signature of which a part is missing.
func cutSignature(t tokens.Token) bool {
	for _, fl := range t.Flaws {
		if fl.Kind == tokens.FlawTruncated {
			return true
		}
	}
	return false
}

// longSignature recognizes a signature of HS256 with something added to it.
func longSignature(t tokens.Token) bool {
	return t.Alg() == "HS256" && len(t.Segments) == 3 && len(strings.TrimRight(t.Segments[2], "=")) > 43
}

// answer files Stream's predicted answer.
func (f *Finding) answer(p tokens.Prediction) {
	f.Stream = &f.room.stream
	*f.Stream = checks.ReportStream{Status: p.Status, Code: p.Code, Message: p.Message, Source: "predicted"}
	if p.Status != 200 {
		f.Verdict = rejected
	}
}

// cause names a cause unless a better one is named already.
func (f *Finding) cause(c causes.ID) {
	if f.Cause == "" {
		f.Cause = c
	}
}

func spell(p tokens.Prediction) string {
	if p.Status == 200 {
		return "200"
	}
	return fmt.Sprintf("%d, code %d: %s", p.Status, p.Code, sanitize.Visible(p.Message))
}

func orEmpty(m map[string]any) map[string]any {
	if m == nil {
		return map[string]any{}
	}
	return m
}
