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
func givenToken(f *probe.Facts) *probe.Token {
	for i := range f.Tokens {
		if f.Tokens[i].Source == "given" {
			return &f.Tokens[i]
		}
	}
	return nil
}

// backendToken is the token that counts in the backend's first answer.
func backendToken(f *probe.Facts) *probe.Token {
	if a := mainAnswer(f); a != nil {
		for _, i := range a.Tokens {
			if i >= 0 && i < len(f.Tokens) {
				return &f.Tokens[i]
			}
		}
	}
	for i := range f.Tokens {
		if f.Tokens[i].Source == "backend" {
			return &f.Tokens[i]
		}
	}
	return nil
}

// backendTokens are the tokens that count in each of the backend's answers to
// the same request.
func backendTokens(f *probe.Facts) []*probe.Token {
	var list []*probe.Token
	if f.Backend == nil {
		return nil
	}
	for i := range f.Backend.Posts {
		for _, k := range f.Backend.Posts[i].Tokens {
			if k >= 0 && k < len(f.Tokens) {
				list = append(list, &f.Tokens[k])
				break
			}
		}
	}
	return list
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
		return unsure(whyNot(f, probe.NameBackend, "no token was seen"))
	}
	return unsure("the endpoint gave no token to judge")
}
