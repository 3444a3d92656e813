package checks

import (
	"embed"
	"slices"
	"strings"
	"sync"
)

// Rules of this file:
//   - titles, severities, groups, hops and every word of explanation stand in causes/ID.md and nowhere else
//   - an id is never reused for something else; the order is the contract's
//   - rules name a cause by its constant, so a misspelt id does not compile

// The catalogue.
const (
	CauseServerDown        CauseID = "server-down"
	CauseServerOnOtherPort CauseID = "server-on-other-port"
	CauseWrongServer       CauseID = "wrong-server"
	CauseServerHangs       CauseID = "server-hangs"
	CauseServerFamily      CauseID = "server-family"
	CauseServerStale       CauseID = "server-stale"

	CauseEndpointNotFound CauseID = "endpoint-not-found"
	CauseEndpointMethod   CauseID = "endpoint-method"
	CauseEndpointHTML     CauseID = "endpoint-html"
	CauseEndpointRedirect CauseID = "endpoint-redirect"
	CauseEndpointAuth     CauseID = "endpoint-auth"
	CauseEndpointError    CauseID = "endpoint-error"
	CauseEndpointBody     CauseID = "endpoint-body"
	CauseCORSBlocked      CauseID = "cors-blocked"
	CauseTokenMissing     CauseID = "token-missing"
	CauseTokenCacheable   CauseID = "token-cacheable"

	CauseTokenWrapped   CauseID = "token-wrapped"
	CauseTokenTruncated CauseID = "token-truncated"
	CauseTokenMalformed CauseID = "token-malformed"
	CauseTokenEncoding  CauseID = "token-encoding"
	CauseTokenAlgorithm CauseID = "token-algorithm"
	CauseTokenForeign   CauseID = "token-foreign"
	CauseTokenDev       CauseID = "token-dev"
	CauseTokenServer    CauseID = "token-server"
	CauseTokenStale     CauseID = "token-stale"

	CauseUserIDMissing     CauseID = "user-id-missing"
	CauseUserIDMismatch    CauseID = "user-id-mismatch"
	CauseUserIDType        CauseID = "user-id-type"
	CauseUserIDPlaceholder CauseID = "user-id-placeholder"
	CauseUserIDCharacters  CauseID = "user-id-characters"
	CauseIATFuture         CauseID = "iat-future"
	CauseIATMilliseconds   CauseID = "iat-milliseconds"
	CauseClockSkew         CauseID = "clock-skew"
	CauseTokenExpired      CauseID = "token-expired"
	CauseEXPRelative       CauseID = "exp-relative"
	CauseEXPMilliseconds   CauseID = "exp-milliseconds"
	CauseEXPTooShort       CauseID = "exp-too-short"
	CauseClaimType         CauseID = "claim-type"
	CauseNBFFuture         CauseID = "nbf-future"
	CauseTokenRevoked      CauseID = "token-revoked"

	CauseSecretMissing     CauseID = "secret-missing"
	CauseSecretPlaceholder CauseID = "secret-placeholder"
	CauseSecretWhitespace  CauseID = "secret-whitespace"
	CauseSecretInvisible   CauseID = "secret-invisible"
	CauseSecretQuoted      CauseID = "secret-quoted"
	CauseSecretEncoding    CauseID = "secret-encoding"
	CauseSecretCase        CauseID = "secret-case"
	CauseSecretTruncated   CauseID = "secret-truncated"
	CauseSecretPadded      CauseID = "secret-padded"
	CauseSecretTypo        CauseID = "secret-typo"
	CauseSecretIsKey       CauseID = "secret-is-key"
	CauseKeySecretSwapped  CauseID = "key-secret-swapped"
	CauseSecretFallback    CauseID = "secret-fallback"
	CauseSecretShadowed    CauseID = "secret-shadowed"
	CauseSecretOtherApp    CauseID = "secret-other-app"
	CauseSecretVaries      CauseID = "secret-varies"
	CauseSecretUnknown     CauseID = "secret-unknown"

	CauseKeyMissing        CauseID = "key-missing"
	CauseKeyMalformed      CauseID = "key-malformed"
	CauseKeyMismatch       CauseID = "key-mismatch"
	CauseKeyUnknown        CauseID = "key-unknown"
	CauseKeySecretMismatch CauseID = "key-secret-mismatch"
	CauseSecretExposed     CauseID = "secret-exposed"
	CauseSecretInSource    CauseID = "secret-in-source"

	CauseAppSuspended       CauseID = "app-suspended"
	CauseAuthChecksDisabled CauseID = "auth-checks-disabled"
	CauseStreamUnreachable  CauseID = "stream-unreachable"
)

// catalogue is the contract's order: explain, the README's index and the
// console list the pages in it.
var catalogue = []CauseID{
	CauseServerDown, CauseServerOnOtherPort, CauseWrongServer, CauseServerHangs, CauseServerFamily, CauseServerStale,

	CauseEndpointNotFound, CauseEndpointMethod, CauseEndpointHTML, CauseEndpointRedirect, CauseEndpointAuth,
	CauseEndpointError, CauseEndpointBody, CauseCORSBlocked, CauseTokenMissing, CauseTokenCacheable,

	CauseTokenWrapped, CauseTokenTruncated, CauseTokenMalformed, CauseTokenEncoding, CauseTokenAlgorithm,
	CauseTokenForeign, CauseTokenDev, CauseTokenServer, CauseTokenStale,

	CauseUserIDMissing, CauseUserIDMismatch, CauseUserIDType, CauseUserIDPlaceholder, CauseUserIDCharacters,
	CauseIATFuture, CauseIATMilliseconds, CauseClockSkew, CauseTokenExpired, CauseEXPRelative, CauseEXPMilliseconds,
	CauseEXPTooShort, CauseClaimType, CauseNBFFuture, CauseTokenRevoked,

	CauseSecretMissing, CauseSecretPlaceholder, CauseSecretWhitespace, CauseSecretInvisible, CauseSecretQuoted,
	CauseSecretEncoding, CauseSecretCase, CauseSecretTruncated, CauseSecretPadded, CauseSecretTypo, CauseSecretIsKey,
	CauseKeySecretSwapped, CauseSecretFallback, CauseSecretShadowed, CauseSecretOtherApp, CauseSecretVaries,
	CauseSecretUnknown,

	CauseKeyMissing, CauseKeyMalformed, CauseKeyMismatch, CauseKeyUnknown, CauseKeySecretMismatch,
	CauseSecretExposed, CauseSecretInSource,

	CauseAppSuspended, CauseAuthChecksDisabled, CauseStreamUnreachable,
}

// Page is one cause's page.
type Page struct {
	ID       CauseID
	Title    string // one sentence: what is wrong
	Severity Severity
	Group    string // Who answers, The endpoint, The token's shape, The claims, The secret, The key, Stream
	Hop      string // front, backend, stream, front-backend, backend-stream
	See      string // what you see (Stream's words)
	Why      string
	Proof    string
	Mend     string
	Seen     string // public threads
	NotThis  string // what looks like it but is not
	Text     string // the whole page, Markdown, with the head as a title line
}

//go:embed causes/*.md
var pageFiles embed.FS

// pages are read once, at first need: a start that explains nothing pays nothing.
var pages = sync.OnceValue(func() []Page {
	list := make([]Page, 0, len(catalogue))
	for _, id := range catalogue {
		if text, err := pageFiles.ReadFile("causes/" + string(id) + ".md"); err == nil {
			list = append(list, parsePage(id, string(text)))
		}
	}
	return list
})

// Pages lists the catalogue in the contract's order.
func Pages() []Page { return slices.Clone(pages()) }

// PageOf gives one page.
func PageOf(id CauseID) (Page, bool) {
	for _, p := range pages() {
		if p.ID == id {
			return p, true
		}
	}
	return Page{}, false
}

// parsePage reads a page: a head of "name: value" lines between two lines of
// dashes, then sections under "## " lines.
func parsePage(id CauseID, text string) Page {
	p := Page{ID: id}
	_, text, _ = strings.Cut(text, "---\n")
	head, body, _ := strings.Cut(text, "\n---\n")
	for line := range strings.Lines(head) {
		name, value, _ := strings.Cut(line, ":")
		value = strings.TrimSpace(value)
		switch name {
		case "title":
			p.Title = value
		case "severity":
			p.Severity = Severity(value)
		case "group":
			p.Group = value
		case "hop":
			p.Hop = value
		}
	}
	body = strings.TrimSpace(body)
	for section := range strings.SplitSeq("\n"+body, "\n## ") {
		name, words, _ := strings.Cut(section, "\n")
		words = strings.TrimSpace(words)
		switch name {
		case "What you see":
			p.See = words
		case "Why it happens":
			p.Why = words
		case "How badsig proves it":
			p.Proof = words
		case "Mend it":
			p.Mend = words
		case "Seen in":
			p.Seen = words
		case "Not this":
			p.NotThis = words
		}
	}
	p.Text = "# " + p.Title + "\n\n`" + string(id) + "` · " + string(p.Severity) + " · " + p.Group + "\n\n" + body + "\n"
	return p
}

// cause makes every finding. Title, severity and hop come from the page; summary
// says in one or two plain sentences why the token fails because of it and how
// that was proven. loc may be nil.
func cause(id CauseID, c Certainty, summary string, loc *Location, ev []Evidence, fix ...Step) Cause {
	p, _ := PageOf(id)
	if ev == nil {
		ev = []Evidence{}
	}
	if fix == nil {
		fix = []Step{}
	}
	return Cause{
		ID: id, Severity: p.Severity, Certainty: c, Title: p.Title, Hop: p.Hop,
		Summary: summary, Location: loc, Evidence: ev, Fix: fix,
	}
}

// lesser makes an error a warning: where what was seen speaks for the cause,
// but the browser may well do without the fault.
func lesser(c Cause) Cause {
	c.Severity = Warning
	return c
}
