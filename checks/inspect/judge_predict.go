package inspect

import (
	"fmt"
	"strings"
	"time"

	"badsig/checks"
	"badsig/checks/affix"
	"badsig/checks/causes"
	"badsig/checks/sanitize"
	"badsig/tokens"
)

// Rules of this file:
//   - where Stream rejects a token no matter what the secret is, that is said, and nothing of the secret
//   - a cut signature is never a 200

// predict compares how Stream responds if the signature is right with how it
// responds if it is wrong: where both reject, nothing has to be known of the secret.
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
	case len(s.Hits) > 0 && affix.HasSuffix(t.Segments[2], "="):
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

// answer files Stream's predicted response.
func (f *Finding) answer(p tokens.Prediction) {
	f.Stream = &f.room.stream
	*f.Stream = checks.ReportStream{Status: p.Status, Code: p.Code, Message: p.Message, Source: "predicted"}
	if p.Status != 200 {
		f.Verdict = rejected
	}
}

func spell(p tokens.Prediction) string {
	if p.Status == 200 {
		return "200"
	}
	return fmt.Sprintf("%d, code %d: %s", p.Status, p.Code, sanitize.Visible(p.Message))
}
