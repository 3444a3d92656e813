package inspect

import (
	"context"
	"fmt"
	"time"

	"badsig/checks"
	"badsig/checks/causes"
	"badsig/checks/probe/signer"
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
	Given bool            // Key was passed as the dashboard's
	Now   func() time.Time

	many *many // for a long list; nil for single strings
}

// Finding is an Inspection and what is to be said about it: one JSON document.
type Finding struct {
	Inspection
	Verdict string               `json:"verdict"` // accepted, rejected, unproven
	Token   *TokenFinding        `json:"token,omitempty"`
	Stream  *checks.ReportStream `json:"stream,omitempty"` // how Stream responds to this exact text
	Says    []string             `json:"says"`             // what a person reads, one sentence each
	Cause   causes.ID            `json:"cause,omitempty"`  // what badsig explain has a page about

	room    *room
	own     uint64 // which of Says have nothing but badsig's own words and numbers in them
	differs bool   // the project's secret was found to be the pasted one, changed: that is the reason
}

// TokenFinding is the token inside a string.
type TokenFinding struct {
	Shown    string         `json:"shown"` // header.payload.…
	Header   map[string]any `json:"header"`
	Claims   map[string]any `json:"claims"`
	Flaws    []tokens.Flaw  `json:"flaws,omitempty"`
	SignedBy string         `json:"signedBy"` // where that secret is and how it was changed, "" if unknown
	Tried    int            `json:"tried"`    // HMACs computed to find it
}

// Inspect says what a string is and what Stream makes of it.
func (in *Inspector) Inspect(ctx context.Context, text string) Finding {
	return in.Judge(ctx, Recognise(text))
}

// Judge says what Stream makes of what was recognized. What it says contains no secret.
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
		if f.token == "" && (f.Error.Kind == tokens.ErrSignature && !f.differs || f.Error.Kind == tokens.ErrMalformed) {
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

// cause names a cause unless a better one is named already.
func (f *Finding) cause(c causes.ID) {
	if f.Cause == "" {
		f.Cause = c
	}
}
