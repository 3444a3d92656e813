package checks

import (
	"badsig/checks/probe"
)

// tokenInUse is the token that the browser sends: the given one, else the one
// that counts in the backend's first answer. nil where none was seen.
func tokenInUse(f *probe.Facts) *probe.Token {
	if t := givenToken(f); t != nil {
		return t
	}
	return backendToken(f)
}

// givenToken is the token of --token.
func givenToken(f *probe.Facts) *probe.Token { return firstToken(f, "given") }

// backendToken is the token that counts in the backend's first answer.
func backendToken(f *probe.Facts) *probe.Token {
	if a := mainAnswer(f); a != nil {
		if t := answerToken(f, a); t != nil {
			return t
		}
	}
	return firstToken(f, "backend")
}

// backendTokens are the tokens that count in each of the backend's answers to
// the same request.
func backendTokens(f *probe.Facts) []*probe.Token {
	if f.Backend == nil {
		return nil
	}
	var list []*probe.Token
	for i := range f.Backend.Posts {
		if t := answerToken(f, &f.Backend.Posts[i]); t != nil {
			list = append(list, t)
		}
	}
	return list
}

// answerToken is the token that counts in an answer, which probe has put first;
// nil where there is none, or where replayed facts point at none.
func answerToken(f *probe.Facts, a *probe.Answer) *probe.Token {
	if len(a.Tokens) == 0 || a.Tokens[0] < 0 || a.Tokens[0] >= len(f.Tokens) {
		return nil
	}
	return &f.Tokens[a.Tokens[0]]
}

// firstToken is the first token of a source: backend, given or minted.
func firstToken(f *probe.Facts, source string) *probe.Token {
	for i := range f.Tokens {
		if f.Tokens[i].Source == source {
			return &f.Tokens[i]
		}
	}
	return nil
}

// mainAnswer is the answer to the request that the front end makes; nil where
// nothing was asked.
func mainAnswer(f *probe.Facts) *probe.Answer {
	if f.Backend == nil || len(f.Backend.Posts) == 0 {
		return nil
	}
	return &f.Backend.Posts[0]
}

// noToken says why there is no token to judge.
func noToken(f *probe.Facts) Result {
	if f.Backend == nil {
		return unsure(whyNot(f, probe.NameBackend, "no token was received"))
	}
	return unsure("the endpoint returned no token to check")
}
