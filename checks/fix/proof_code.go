package fix

import (
	"net/url"
	"path/filepath"
	"slices"
	"strconv"

	"badsig/checks/affix"
	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
)

// Rules of this file:
//   - what only a response shows is cured where the line that made it is read in the source, and reads right after the edit
//   - every signing call that runs counts, not only the one that was edited

// inCode tells the causes of the signing call's claims and of the server's own code.
func (b *bench) inCode(c *finding.Cause) bool {
	return slices.Contains([]causes.ID{causes.TokenAlgorithm, causes.UserIDMissing, causes.EXPRelative, causes.EXPMilliseconds, causes.IATMilliseconds, causes.IATFuture,
		causes.ClaimType, causes.UserIDType, causes.UserIDPlaceholder, causes.UserIDMismatch, causes.TokenMissing, causes.TokenWrapped, causes.TokenTruncated, causes.TokenEncoding, causes.TokenMalformed,
		causes.ServerOnOtherPort, causes.EndpointNotFound, causes.CORSBlocked, causes.EndpointBody, causes.TokenCacheable,
		causes.NBFFuture, causes.EXPTooShort, causes.TokenExpired, causes.TokenServer, causes.TokenDev, causes.EndpointMethod, causes.EndpointRedirect, causes.ServerFamily, causes.TokenForeign, causes.ServerHangs, causes.EndpointHTML}, c.ID)
}

// unsent are the causes of which a handler that doesn't send the token may be guilty.
var unsent = []causes.ID{causes.TokenMissing, causes.TokenMalformed, causes.TokenForeign, causes.TokenExpired, causes.ServerHangs}

// codeRight proves that the source does right what it did wrong.
func (b *bench) codeRight(c *finding.Cause, after *state) (string, bool) {
	was, is := facts.CodeOf(b.base.facts), facts.CodeOf(after.facts)
	if slices.Contains(unsent, c.ID) && handsOut(b, c, after) {
		return "after this edit, the response has a token for the user of the request", true
	}
	if !b.kept(c, after) {
		return "", false
	}
	switch c.ID {
	case causes.TokenAlgorithm:
		return "after this edit, the signing call uses HS256", hs256(after.facts) > hs256(b.base.facts) || b.headerOnly(c, after)
	case causes.UserIDMissing:
		read := requested(after.facts) || !requested(b.base.facts) && named(b.base, c) // else the files must have shown it
		return "after this edit, the signing call has a user_id", !signsID(b.base.facts) && plainUser(after.facts) && read || b.writtenID(c, after)
	case causes.UserIDMismatch:
		return "after this edit, the signing call passes the ID from the request", !signsID(b.base.facts) && signsID(after.facts) || b.readsField(c, after) || b.proven(c) && unprefixed(b, after)
	case causes.TokenMissing:
		if b.awaits(c, after) {
			return "after this edit, the response waits for the token", true
		}
		if b.sends(c, after) {
			return "after this edit, the response has the token", true
		}
		renamed := !returns(b.base.facts) && returns(after.facts) || b.renamesField(c, after)
		return "after this edit, the response has the token under the name that the front end reads", renamed
	case causes.UserIDPlaceholder:
		return "after this edit, the signing call passes the user's ID unchanged", !signsID(b.base.facts) && signsID(after.facts) || b.readsField(c, after)
	case causes.UserIDType:
		return "after this edit, the signing call passes the user's ID unchanged", !plainUser(b.base.facts) && plainUser(after.facts)
	case causes.EXPRelative, causes.EXPMilliseconds:
		return "after this edit, exp is a time in seconds", !seconds(b.base.facts, "exp") && seconds(after.facts, "exp")
	case causes.IATMilliseconds, causes.IATFuture:
		return "after this edit, iat is the present time in seconds", !seconds(b.base.facts, "iat") && seconds(after.facts, "iat") || was != nil && is != nil && was.RoundedIAT && !is.RoundedIAT
	case causes.ClaimType:
		return "after this edit, the times are whole numbers", wholeTimes(after.facts) && !wholeTimes(b.base.facts) || b.writtenTime(c, after)
	case causes.NBFFuture, causes.EXPTooShort, causes.TokenExpired, causes.TokenServer, causes.TokenDev, causes.EndpointMethod, causes.EndpointRedirect:
		return b.lives(c, after)
	case causes.TokenWrapped, causes.TokenTruncated, causes.TokenEncoding, causes.TokenMalformed:
		if c.ID == causes.TokenEncoding && b.proven(c) && b.encodes(c, after) {
			return "after this edit, the code encodes the token as base64url", true
		}
		same := slices.Equal(fields(b.base.facts), fields(after.facts))
		return "after this edit, nothing changes the token on its way to the response", wraps(b.base.facts) > 0 && wraps(after.facts) == 0 && same
	case causes.ServerOnOtherPort, causes.EndpointNotFound:
		return "after this edit, the front end requests the route that the backend has", b.reaches(c, after)
	case causes.ServerFamily:
		return "after this edit, the front end requests an address on which the backend listens", b.arrives(after) || rebound(b, c, after)
	case causes.TokenForeign:
		return "after this edit, the front end reads Stream's token from the response", takes(b, c, after)
	case causes.CORSBlocked:
		if ok, said := b.headersRight(c, after); ok {
			return said, true
		}
		if b.proven(c) && sendsCookies(b, after) {
			return "after this edit, the server's cors() lets the browser send cookies", true
		}
		if b.proven(c) && letIn(b, after) {
			return "after this edit, the server's cors() lets the page's origin in", true
		}
		if was != nil && is != nil && was.CORSFile == was.AppFile && was.CORSLine > was.AppLine && is.CORSLine == is.AppLine {
			return "after this edit, the server's cors() comes before its routes", is.CORS && is.CORSFile == is.AppFile && b.proven(c) && (!b.allowsSome() || b.allowsLate())
		}
		if !b.names(after, c.Location.File, b.report.Facts.Target.Origin) || b.names(b.base, c.Location.File, b.report.Facts.Target.Origin) || !b.proven(c) || was == nil || is == nil {
			return "", false
		}
		if was.CORS && was.CORSFile == "" && is.CORSFile == "" { // app.register(cors, …)
			return "after this edit, the server's CORS options name the page's origin", b.allowsSome()
		}
		if was.CORSFile == "" {
			return "after this edit, the server's cors() names the page's origin", is.CORSFile == is.AppFile && !b.allowsSome()
		}
		return "after this edit, the server's cors() names the page's origin", is.CORS && is.CORSFile == c.Location.File && b.allowsSome()
	case causes.EndpointBody:
		if was, is := b.base.facts.Fetch(), after.facts.Fetch(); was != nil && is != nil && was.Type != is.Type {
			return "after this edit, the front end sends JSON with its type", is.Type == "json" && b.proven(c) && facts.CodeOf(after.facts) != nil && facts.CodeOf(after.facts).JSONBody
		}
		if was != nil && is != nil && was.JSONBody && b.proven(c) && c.Location.File == was.AppFile && is.AppFile == was.AppFile && b.line(b.base, was.AppFile, was.AppLine) != b.line(after, is.AppFile, is.AppLine) {
			first := affix.HasPrefix(b.line(after, is.AppFile, is.AppLine), is.App+".use(express.json())")
			return "after this edit, the server parses JSON before its routes", first && is.JSONBody && is.Framework == was.Framework
		}
		return "after this edit, the server parses JSON before its routes", was != nil && is != nil && !was.JSONBody && is.JSONBody && is.Framework == was.Framework
	case causes.EndpointHTML:
		return "after this edit, the route comes before what responds to every request", was != nil && moved(b, was, after)
	case causes.TokenCacheable:
		return "after this edit, the line that sets Cache-Control says no-store", b.proven(c) && unstored(b, after)
	}
	return "", false
}

// allowsSome reports whether the server's CORS middleware was seen at work, if for
// another origin.
func (b *bench) allowsSome() bool {
	all := b.report.Facts.Backend
	if all == nil {
		return false
	}
	answers := slices.Clone(all.Posts)
	if all.Preflight != nil {
		answers = append(answers, *all.Preflight)
	}
	return affix.Any(answers, func(a facts.Answer) bool {
		return a.Header["Access-Control-Allow-Origin"] != "" || a.Header["Access-Control-Allow-Methods"] != "" // of a list none, where the page isn't on it
	})
}

// allowsLate reports whether the preflight was allowed for the page's origin, and the
// response to the request itself was not: what allows it comes after the route.
func (b *bench) allowsLate() bool {
	all := b.report.Facts.Backend
	if all == nil || all.Preflight == nil || len(all.Posts) == 0 {
		return false
	}
	allowed := all.Preflight.Header["Access-Control-Allow-Origin"]
	return (allowed == "*" || allowed == b.report.Facts.Target.Origin) &&
		!affix.Any(all.Posts, func(a facts.Answer) bool { return a.Header["Access-Control-Allow-Origin"] != "" })
}

// proven reports whether the finding is proven on a line of the project.
func (b *bench) proven(c *finding.Cause) bool {
	return c.Certainty == finding.Proven && c.Location != nil && filepath.IsLocal(filepath.FromSlash(c.Location.File))
}

// names reports whether a file has a string as a literal.
func (b *bench) names(s *state, file, text string) bool {
	for n := 1; n <= maxLines; n++ {
		line, _, _ := affix.Cut(" "+b.line(s, file, n), " //")
		if affix.Contains(line, "'"+text+"'") || affix.Contains(line, `"`+text+`"`) {
			return true
		}
	}
	return false
}

// named reports whether the files alone show a cause.
func named(s *state, c *finding.Cause) bool { return has(s.report, c.ID) }

// reaches reports whether the front end's request goes, after the edit, to the port
// on which the backend was seen to listen, and to a path that it has a route for.
func (b *bench) reaches(c *finding.Cause, after *state) bool {
	if after.facts.Project == nil || b.base.facts.Project == nil {
		return false
	}
	good := func(f *facts.Facts) int {
		n := 0
		for _, x := range f.Project.Fetches {
			u, err := url.Parse(facts.First(x.To, x.URL))
			if err != nil {
				continue
			}
			if c.ID == causes.EndpointNotFound && affix.Any(f.Project.Entries, func(e facts.Entry) bool { return e.Kind == facts.EntryHTTP && e.Path == u.Path && e.Site >= 0 }) {
				n++
			}
			if c.ID == causes.ServerOnOtherPort && b.listens(u.Port()) {
				n++
			}
		}
		return n
	}
	return good(after.facts) > good(b.base.facts)
}

// listens reports whether the one process of the project that listens elsewhere does so on a port.
func (b *bench) listens(port string) bool {
	p := b.report.Facts.Process
	if p == nil || len(p.Others) == 0 || port == "" {
		return false
	}
	for _, l := range p.Others {
		if strconv.Itoa(l.Port) != port {
			return false
		}
	}
	return true
}
