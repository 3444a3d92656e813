package facts

import "badsig/tokens"

// userless tells whether the response's token names no one: a server that signs what
// accepts anything has not understood the request.
func userless(f *Facts, a *Answer) bool {
	t := AnswerToken(f, a)
	return t == nil || HasFlaw(t, tokens.FlawUserMissing, tokens.FlawUserText, tokens.FlawServer)
}

//go:noinline
func HasFlaw(t *Token, kinds ...tokens.FlawKind) bool { return FlawOf(t, kinds...) != nil }

// FlawOf gives the token's first flaw of one of the kinds, nil for none.
//
//go:noinline
func FlawOf(t *Token, kinds ...tokens.FlawKind) *tokens.Flaw {
	for i := range t.Flaws {
		for _, k := range kinds {
			if t.Flaws[i].Kind == k {
				return &t.Flaws[i]
			}
		}
	}
	return nil
}

// JudgedToken is the token whose signer is the backend's: its own, else the given one.
func JudgedToken(f *Facts) *Token {
	if t := BackendToken(f); t != nil {
		return t
	}
	return GivenToken(f)
}

// TokenInUse is the token that the browser sends: the given one, else the one
// that counts in the backend's first response. nil where none was seen.
func TokenInUse(f *Facts) *Token {
	if t := GivenToken(f); t != nil {
		return t
	}
	return BackendToken(f)
}

// GivenToken is the token of --token.
func GivenToken(f *Facts) *Token { return FirstToken(f, "given") }

// BackendToken is the token that counts in the backend's first response.
func BackendToken(f *Facts) *Token {
	if a := MainAnswer(f); a != nil {
		if t := AnswerToken(f, a); t != nil {
			return t
		}
	}
	return FirstToken(f, "backend")
}

// BackendTokens are the tokens that count in each of the backend's responses to
// the same request.
func BackendTokens(f *Facts) []*Token {
	if f.Backend == nil {
		return nil
	}
	var list []*Token
	for i := range f.Backend.Posts {
		if t := AnswerToken(f, &f.Backend.Posts[i]); t != nil {
			list = append(list, t)
		}
	}
	return list
}

// AnswerToken is the token that counts in a response, which probe has put first;
// nil where there is none, or where replayed facts point at none.
func AnswerToken(f *Facts, a *Answer) *Token {
	if len(a.Tokens) == 0 || a.Tokens[0] < 0 || a.Tokens[0] >= len(f.Tokens) {
		return nil
	}
	return &f.Tokens[a.Tokens[0]]
}

// FirstToken is the first token of a source: backend, given or minted.
//
//go:noinline
func FirstToken(f *Facts, source string) *Token {
	for i := range f.Tokens {
		if f.Tokens[i].Source == source {
			return &f.Tokens[i]
		}
	}
	return nil
}

// MainAnswer is the response to the request that the front end makes; nil where
// nothing was requested.
//
//go:noinline
func MainAnswer(f *Facts) *Answer {
	if f.Backend == nil || len(f.Backend.Posts) == 0 {
		return nil
	}
	return &f.Backend.Posts[0]
}
