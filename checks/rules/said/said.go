// Package said reads what a response says about itself in words: an error page,
// a stack trace, a complaint about the body.
package said

import (
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/probe/pattern"
	"badsig/checks/rules/signature"
)

// Rules of this file:
//   - an endpoint's own words are outside text: they point at a cause, and only what was seen besides proves it
//   - an error's own words name what failed: the one line on the way to the token that uses that name is the place;
//     where several lines do, or none, no line is named

// NoBody tells whether a response is Node's complaint about an empty req.body. Where the source has a parser for
// it, a name that other objects have too (the id of req.user) doesn't point at the body.
func NoBody(a *facts.Answer, parsed bool) bool {
	w := signature.Words(a)
	if parsed && !signature.OnlyBodyNames.MatchString(w) {
		return false
	}
	return signature.NoBodyWords.MatchString(w) && signature.BodyNames.MatchString(w) && !signature.BelowBodyWords.MatchString(w)
}

// NoUser tells whether a response complains that no user ID was sent.
func NoUser(a *facts.Answer) bool {
	return signature.NoUserWords.MatchString(signature.Words(a)) && !signature.UserUnknownWords.MatchString(signature.Words(a))
}

// Plain is the text of a response without the tags of an error page.
func Plain(a *facts.Answer) string {
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
	out := strings.Join(strings.Fields(affix.ReplaceAll(b.String(), "&nbsp;", " ")), " ")
	return affix.TrimPrefix(out, "Error ")
}

var (
	noWay       = pattern.New(`(?i)getaddrinfo|EAI_AGAIN|ENOTFOUND|no such host|resolve|UnknownHost|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|unreachable|timed? ?out|timeout|dial tcp|Max retries|Failed to open TCP|cURL error (?:6|7|28)`)
	streamHost  = pattern.New(`(?i)[a-z0-9.-]*(?:stream-io-api|getstream)\.(?:com|io)`)
	notDefined  = pattern.New(`([A-Za-z_$][\w$]*) is not defined`)
	notFunction = pattern.New(`([\w$.()]*?)([A-Za-z_$][\w$]*) is not a function`)
	readingOf   = pattern.New(`(?:Cannot read propert(?:y|ies) (?:of (?:undefined|null) \(reading )?|is evaluating ')'?([\w$.]+)'?`)
	badOption   = pattern.New(`(?i)"(?:options\.)?(expiresIn|notBefore|algorithm|exp|iat|nbf|subject|issuer|audience)"`)
)

// NoWayTo is the host of Stream's that the backend couldn't reach, in the words of Node, Go, Python, PHP, Ruby or Java;
// "" where the response doesn't say so.
func NoWayTo(a *facts.Answer) string {
	w := signature.Words(a)
	if !noWay.MatchString(w) || !streamHost.MatchString(w) {
		return ""
	}
	return streamHost.FindStringSubmatch(w)[0]
}

// QuotedAt is the line that the words of a failed response point to.
func QuotedAt(f *facts.Facts, a *facts.Answer) *finding.Location {
	e := f.Entry()
	if e == nil {
		return nil
	}
	words := signature.Words(a)
	find := func(fits func(facts.Use) bool) *finding.Location {
		var at *finding.Location
		for _, u := range e.Uses {
			if !fits(u) {
				continue
			}
			l := finding.LocAt(u.File, u.Line)
			if at != nil && at.String() != l.String() {
				return nil
			}
			at = l
		}
		return at
	}
	for _, u := range e.Uses {
		if u.Throws != "" && len(u.Throws) > 5 && affix.Contains(words, u.Throws) {
			return finding.LocAt(u.File, u.Line)
		}
	}
	if m := notDefined.FindStringSubmatch(words); m != nil {
		return find(func(u facts.Use) bool { return u.Name == m[1] || affix.HasPrefix(u.Name, m[1]+".") })
	}
	if m := notFunction.FindStringSubmatch(words); m != nil {
		return find(func(u facts.Use) bool { return facts.LastName(u.Name) == m[2] })
	}
	if m := readingOf.FindStringSubmatch(words); m != nil {
		name := facts.LastName(m[1])
		return find(func(u facts.Use) bool {
			head, rest, dotted := affix.Cut(u.Name, ".")
			return dotted && head != "res" && (affix.Contains("."+rest+".", "."+name+"."))
		})
	}
	if m := badOption.FindStringSubmatch(words); m != nil {
		if s := f.Site(); s != nil {
			for _, c := range s.Claims {
				if c.Name == m[1] && c.Line > 0 {
					return finding.LocAt(c.File, c.Line)
				}
			}
		}
	}
	return nil
}

// OnlyThrow is the one throw on the way to the token, where the response says
// nothing that is not its text; one that wants an ID is none, as one was sent.
func OnlyThrow(f *facts.Facts, a *facts.Answer) *finding.Location {
	e := f.Entry()
	if e == nil || len(e.Throws) != 1 {
		return nil
	}
	words := signature.Words(a)
	for _, u := range e.Uses {
		if u.Throws == "" || u.Line != e.Throws[0].Line {
			continue
		}
		if notDefined.MatchString(words) || notFunction.MatchString(words) || readingOf.MatchString(words) || WantsID(u.Throws) {
			return nil
		}
	}
	return finding.LocAt(e.Throws[0].File, e.Throws[0].Line)
}

// WantsID tells an error's text that misses an ID.
func WantsID(text string) bool {
	low := strings.ToLower(text)
	return affix.Contains(low, "id") && (affix.Contains(low, "required") || affix.Contains(low, "missing") || affix.Contains(low, "must"))
}

// Unsignable is the claim of which jsonwebtoken says, before it signs, that it isn't a number; "" for none.
func Unsignable(a *facts.Answer) string {
	w := signature.Words(a)
	if i := strings.Index(w, `" should be a number of seconds`); i > 0 && !affix.Contains(w, "timespan") {
		if name := w[:i]; facts.OneOf([]string{"exp", "iat", "nbf"}, name[strings.LastIndexByte(name, '"')+1:]) {
			return name[strings.LastIndexByte(name, '"')+1:]
		}
	}
	return ""
}

// NoSuchMethod is the signing call of a client of Stream Chat by the method that
// Stream Video's clients have: it throws, no matter for whom.
func NoSuchMethod(f *facts.Facts) (at *finding.Location, old string) {
	s := f.Site()
	if s == nil || s.Language != "js" || s.Made.Line == 0 {
		return nil, ""
	}
	old = facts.LastName(s.Callee)
	if old != "createUserToken" && old != "generateUserToken" {
		return nil, ""
	}
	for _, c := range f.Project.Calls {
		if c.File == s.Made.File && c.Line == s.Made.Line && affix.Contains(c.Callee, "StreamChat") {
			return finding.LocAt(s.File, s.Line), old
		}
	}
	return nil, ""
}
