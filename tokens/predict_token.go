package tokens

// PredictToken is PredictEither for a token that was read already. rejected says
// that Stream rejects it before it looks at the signature.
func PredictToken(t Token, w World) (good Prediction, bad BadSignature, refused bool) {
	if c, ok := t.plain(); ok && w.Key != "" && w.KeyKnown && !w.Suspended && !w.AuthDisabled {
		return w.atItsTime(c), BadSignature{key: w.Key}, false
	}
	good, wrong := PredictEither(t.Raw, w)
	return good, BadSignature{known: wrong}, good == wrong
}

// BadSignature is what Stream responds to a wrong signature. Its text is put together when
// it is needed: in a long list that is seldom.
type BadSignature struct {
	known Prediction
	key   APIKey
}

// Prediction is that response.
func (b BadSignature) Prediction() Prediction {
	if b.known.Status != 0 {
		return b.known
	}
	return World{Key: b.key}.badSignature()
}

// plain gives the times of a token that nothing is wrong with and that Stream
// therefore reads as Parse did.
func (t *Token) plain() (streamClaims, bool) {
	if len(t.Flaws) > 0 || len(t.Segments) != 3 || t.Segments[0] != standardHeader || len(t.Raw) != len(t.Clean) {
		return streamClaims{}, false
	}
	return plainTimes(t.Claims)
}
