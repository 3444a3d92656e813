package inspect

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"badsig/checks"
	"badsig/checks/causes"
	"badsig/checks/probe"
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
	Keys *probe.Keyring // the secrets to try; nil for none
	Key  tokens.APIKey  // the app's key, where it is known
	Now  func() time.Time

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
}

// TokenFinding is the token inside a text.
type TokenFinding struct {
	Shown    string         `json:"shown"` // header.payload.…
	Header   map[string]any `json:"header"`
	Claims   map[string]any `json:"claims"`
	Flaws    []tokens.Flaw  `json:"flaws,omitempty"`
	SignedBy string         `json:"signedBy"` // where that secret stands and how it was damaged, "" if unknown
	Tried    int            `json:"tried"`    // HMACs computed to find it
}

// Inspect says what a text is and what Stream makes of it.
func (in *Inspector) Inspect(ctx context.Context, text string) Finding {
	return in.Judge(ctx, Recognise(text))
}

// Judge says what Stream makes of what was recognised.
func (in *Inspector) Judge(ctx context.Context, i Inspection) Finding {
	f := Finding{Inspection: i, Verdict: unproven, Says: make([]string, 0, 6)}
	switch i.Kind {
	case KindError:
		f.sayError()
	case KindKey:
		f.Verdict = accepted
		f.say("a key is public: it stands in every request of the browser")
		f.say("whether Stream knows it, and which secret belongs to it, is for: badsig check --api-key %s", i.Key)
	case KindSecret:
		f.say("it is not repeated here; a secret belongs into the server's environment alone, and a shell keeps what is typed")
		f.say("to compare it with the project's: badsig check --secret-stdin")
	case KindNothing, KindUnknown:
		f.say("what can be given: a token, a Bearer header, Stream's error, a WebSocket URL, a copied cURL command")
	default:
		f.sayRequest()
	}
	if i.token != "" {
		in.judgeToken(ctx, &f)
	}
	return f
}

func (f *Finding) say(format string, args ...any) { f.add(fmt.Sprintf(format, args...)) }

// add is say for a sentence that stands: of a million tokens, what each of
// them says is not put together by fmt.
func (f *Finding) add(sentence string) { f.Says = append(f.Says, sentence) }

// sayRequest tells of the key, the user and the address of a URL or a command.
func (f *Finding) sayRequest() {
	if f.URL != "" {
		f.say("%s %s", cmp.Or(f.Method, "GET"), f.URL)
	}
	if f.Key != "" {
		f.sayKey("the API key is %s", f.Key)
	}
	switch {
	case f.Kind == KindWebSocket && f.token == "":
		f.say("there is no token in it: newer clients of Stream send it after the connection stands; look at its first message")
	case f.Kind == KindAnswer && f.token == "":
		f.Verdict, f.Cause = rejected, causes.TokenMissing
		f.say("its fields are %s", cmp.Or(strings.Join(f.Fields, ", "), "none"))
	case f.Kind == KindHeader && f.token == "":
		f.Verdict, f.Cause = rejected, causes.TokenMissing
	case f.Kind == KindCurl && f.Endpoint() != "" && f.token == "":
		f.say("it asks a token endpoint; to check that endpoint: badsig check --url %s", f.URL)
	case f.Kind == KindURL && f.Endpoint() != "" && f.token == "":
		f.say("to check it as the token endpoint: badsig check --url %s", f.URL)
	}
}

// sayKey tells of a key and whether it can be one.
func (f *Finding) sayKey(format, key string) {
	s := fmt.Sprintf(format, key)
	switch {
	case key == "undefined" || key == "null" || key == "":
		f.Verdict, f.Cause = rejected, causes.KeyMissing
		s += ": the front end reads a variable that is not set"
	case !tokens.APIKey(key).WellFormed():
		f.Verdict, f.Cause = rejected, causes.KeyMalformed
		s += ", which is not how Stream's keys look (12 of a-z and 0-9)"
	}
	f.say("%s", s)
}

// sayError tells what Stream's error proves, and what not.
func (f *Finding) sayError() {
	e := f.Error
	f.Verdict = rejected
	code := "no code"
	if e.Code != 0 {
		code = fmt.Sprintf("code %d", e.Code)
	}
	f.say("%s: %s", code, cmp.Or(e.Message, "no message"))
	f.Says = append(f.Says, errorSays(e)...)
	f.Cause = errorCause(e)
	if f.Key != "" {
		f.say("the key it names, %s, is the one that the browser sent: compare it with the backend's", f.Key)
	}
	if e.Kind == tokens.ErrSignature || e.Kind == tokens.ErrMalformed {
		f.say("which of them it is shows the token itself: badsig check, or badsig inspect - with the token")
	}
}

// judgeToken decodes the token, looks for its signer and says what Stream answers.
func (in *Inspector) judgeToken(ctx context.Context, f *Finding) {
	now := time.Now()
	if in.Now != nil {
		now = in.Now()
	}
	t := tokens.Parse(f.token)
	f.Token = &TokenFinding{Shown: probe.Visible(t.Redacted()), Header: orEmpty(t.Header), Claims: orEmpty(t.Claims), Flaws: t.Flaws}
	if id, ok := t.UserID(); ok && f.UserID == "" {
		f.UserID = probe.Visible(id)
	}
	if in.Keys != nil && (in.Keys.Holds(t.ClaimsRaw) || in.Keys.Holds(t.HeaderRaw)) {
		f.say("it carries a secret of this project's in its claims, where every browser can read it: they are not repeated here")
		f.Token.Shown, f.Token.Header, f.Token.Claims = "…", map[string]any{}, map[string]any{}
	} else {
		f.sayClaims(t, now)
	}
	for _, fl := range t.Flaws {
		f.say("%s", probe.Visible(fl.Detail))
	}
	s, known := in.signer(ctx, t)
	if known {
		f.Token.Tried = s.Tried
	}
	in.predict(f, s, known, now)
	if c, severe := flawCause(t, now); c != "" {
		f.Cause = c
		if severe { // a server token in a browser is accepted by Stream, and is an error all the same
			f.Verdict = rejected
		}
	}
}

// predict compares what Stream answers if the signature is right with what it
// answers if it is wrong: where both refuse, nothing has to be known of the secret.
func (in *Inspector) predict(f *Finding, s tokens.Signer, known bool, now time.Time) {
	key := tokens.APIKey(f.Key)
	if key == "" {
		key = in.Key
	}
	if key == "" {
		key = "…"
	}
	raw := strings.TrimRight(f.token, "\r\n")
	good, bad := tokens.PredictEither(raw, tokens.World{Now: now, Key: key, KeyKnown: true})

	by, sound, proven := in.signedBy(s)
	f.Token.SignedBy = by
	switch {
	case good == bad: // refused before the signature is looked at
		f.answer(good)
		f.say("Stream refuses it whatever the secret is: %s", spell(good))
	case len(s.Hits) > 0 && sound:
		f.add("signed by the secret of " + by)
		f.answer(good)
		if good.Status == 200 && f.Verdict == unproven {
			f.Verdict = accepted
		}
		switch {
		case proven:
			f.add("Stream answers " + spell(good))
		default:
			f.say("Stream answers %s, if that is the secret of the app whose key the browser uses", spell(good))
		}
	case len(s.Hits) > 0:
		f.say("signed by the secret of %s: Stream computes another signature", by)
		f.cause(in.signerCause(s))
		f.answer(bad)
		f.say("Stream answers %s", spell(bad))
	case known && in.Keys.HasDashboard():
		f.say("%s", notFound(s))
		f.answer(bad)
		f.say("it is not signed with the dashboard's secret: Stream answers %s", spell(bad))
		f.cause(causes.SecretUnknown)
	default:
		if known && s.Candidates > 0 {
			f.say("%s", notFound(s))
		} else {
			f.say("no secret is known here, so the signature cannot be judged; try: badsig inspect --secret-file FILE -")
		}
		if good.Status != 200 {
			f.Verdict = rejected
			f.say("Stream refuses it in any case: %s, or code %d if the signature is wrong as well", spell(good), bad.Code)
		} else {
			f.say("apart from the signature, nothing is wrong with it")
		}
	}
}

// answer files Stream's predicted answer.
func (f *Finding) answer(p tokens.Prediction) {
	f.Stream = &checks.ReportStream{Status: p.Status, Code: p.Code, Message: p.Message, Source: "predicted"}
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
	return fmt.Sprintf("%d, code %d: %s", p.Status, p.Code, probe.Visible(p.Message))
}

func notFound(s tokens.Signer) string {
	switch {
	case s.Tried == 0 && s.Candidates > 0:
		return "no secret could be tried: too little of an HMAC's signature is there"
	case s.Damages == 0:
		return fmt.Sprintf("none of the %d secrets that are known here signed it", s.Candidates)
	}
	return fmt.Sprintf("none of the %d secrets that are known here signed it, nor any of %d damages of each (%d signatures computed)", s.Candidates, s.Damages, s.Tried)
}

func orEmpty(m map[string]any) map[string]any {
	if m == nil {
		return map[string]any{}
	}
	return m
}
