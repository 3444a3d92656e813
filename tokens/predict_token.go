package tokens

// PredictToken is PredictEither for a token that was read already. refused says
// that Stream rejects it before it looks at the signature; bad is what it
// answers to a wrong one, put together only when it's called.
func PredictToken(t Token, w World) (good Prediction, bad func() Prediction, refused bool) {
	if c, ok := t.plain(); ok && w.Key != "" && w.KeyKnown && !w.Suspended && !w.AuthDisabled {
		return w.atItsTime(c), w.badSignature, false
	}
	good, wrong := PredictEither(t.Raw, w)
	return good, func() Prediction { return wrong }, good == wrong
}

// plain gives the times of a token that nothing is wrong with and that Stream
// therefore reads as Parse did.
func (t *Token) plain() (streamClaims, bool) {
	if len(t.Flaws) > 0 || len(t.Segments) != 3 || t.Segments[0] != standardHeader || len(t.Raw) != len(t.Clean) {
		return streamClaims{}, false
	}
	return plainTimes(t.Claims)
}
