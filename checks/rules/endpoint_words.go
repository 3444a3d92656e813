package rules

import (
	"net/url"
	"strings"

	"badsig/checks/facts"
	"badsig/checks/rules/signature"
)

// Rules of this file:
//   - an endpoint's own words are outside text: they point at a cause, and only what was seen besides proves it

// saysNoBody tells whether an answer is Node's complaint about an empty req.body. Where the source has a parser for
// it, a name that other objects have too (the id of req.user) doesn't point at the body.
func saysNoBody(a *facts.Answer, parsed bool) bool {
	w := signature.Words(a)
	if parsed && !signature.OnlyBodyNames.MatchString(w) {
		return false
	}
	return signature.NoBodyWords.MatchString(w) && signature.BodyNames.MatchString(w) && !signature.BelowBodyWords.MatchString(w)
}

func saysNoUser(a *facts.Answer) bool {
	return signature.NoUserWords.MatchString(signature.Words(a)) && !signature.UserUnknownWords.MatchString(signature.Words(a))
}

// plainWords is the text of an answer without the tags of an error page.
func plainWords(a *facts.Answer) string {
	text := signature.Words(a)
	if !a.HTML {
		return text
	}
	var b strings.Builder
	tag := false
	for _, r := range text {
		switch {
		case r == '<':
			tag = true
		case r == '>' && tag:
			tag = false
			b.WriteByte(' ')
		case r == '␊' || r == '␍' || r == '␉':
			b.WriteByte(' ')
		case !tag:
			b.WriteRune(r)
		}
	}
	out := strings.Join(strings.Fields(strings.ReplaceAll(b.String(), "&nbsp;", " ")), " ")
	return strings.TrimPrefix(out, "Error ")
}

// request names a request in evidence: "POST /api/stream/token".
func request(a *facts.Answer) string {
	u, err := url.Parse(a.URL)
	if err != nil || u.Path == "" {
		return a.Method + " " + a.URL
	}
	return a.Method + " " + u.Path
}
