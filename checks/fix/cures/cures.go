package cures

import (
	"strconv"

	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
)

// Of proposes edits for a cause, the least change first.
func (x *View) Of(c *finding.Cause) []Proposal {
	if at := x.Facts.Target.TokenAt; at.File != "" && c.Location != nil && c.Location.File == at.File && c.Location.Line == at.Line { // a token that is written there: no edit makes another
		return nil
	}
	switch c.ID {
	case causes.SecretWhitespace, causes.SecretInvisible, causes.SecretQuoted, causes.SecretPadded, causes.SecretCase, causes.SecretEncoding,
		causes.SecretTruncated, causes.SecretTypo, causes.SecretPlaceholder, causes.SecretOtherApp, causes.KeySecretMismatch, causes.SecretIsKey:
		return x.secret(c)
	case causes.SecretMissing, causes.SecretFallback:
		if code := facts.CodeOf(x.Facts); code != nil && code.RandomSecret {
			return append(x.varies(c), x.missing(c)...)
		}
		return append(singletons(x, c), x.missing(c)...)
	case causes.SecretShadowed:
		return append(singletons(x, c), x.shadowed(c)...)
	case causes.KeyMismatch, causes.KeyMalformed, causes.KeyUnknown:
		return append(keys{x}.key(c), chosen(x, c)...)
	case causes.KeyMissing:
		return keys{x}.keyMissing(c)
	case causes.SecretExposed:
		return x.exposed(c)
	case causes.SecretInSource:
		return x.inSource(c)
	case causes.TokenAlgorithm, causes.UserIDMissing, causes.EXPRelative, causes.EXPMilliseconds, causes.IATMilliseconds, causes.IATFuture, causes.ClaimType:
		all := x.claim(c)
		if c.ID == causes.UserIDMissing {
			all = append(all, users{x}.user(c)...)
		}
		return all
	case causes.ServerOnOtherPort, causes.EndpointNotFound:
		return x.address(c)
	case causes.UserIDMismatch, causes.UserIDPlaceholder:
		return users{x}.user(c)
	case causes.TokenMissing:
		return append(append(users{x}.awaited(c), users{x}.field(c)...), append(users{x}.left(c), users{x}.answered(c)...)...)
	case causes.TokenEncoding:
		return append(x.unwrapped(c.Location), users{x}.byHand(c)...)
	case causes.UserIDType:
		return append(x.unwrapped(c.Location), users{x}.user(c)...)
	case causes.TokenWrapped, causes.TokenTruncated:
		return x.unwrapped(c.Location)
	case causes.TokenMalformed:
		return append(x.unwrapped(c.Location), users{x}.answered(c)...)
	case causes.EndpointHTML:
		return catchAll(x, facts.CodeOf(x.Facts))
	case causes.ServerHangs:
		return users{x}.answered(c)
	case causes.NBFFuture, causes.EXPTooShort, causes.TokenExpired:
		return append(users{x}.answered(c), x.times(c)...)
	case causes.TokenServer, causes.TokenDev:
		return x.userToken(c)
	case causes.EndpointMethod, causes.EndpointRedirect:
		return x.asked(c)
	case causes.CORSBlocked, causes.EndpointBody, causes.TokenCacheable:
		return answers{x}.server(c)
	case causes.ServerFamily:
		return append(x.family(c), listensAt(x)...)
	case causes.TokenForeign:
		return append(streamsToken(x), users{x}.answered(c)...)
	case causes.SecretVaries:
		return x.varies(c)
	case causes.KeySecretSwapped:
		return x.swapped(c)
	}
	return nil
}

// secret proposes for a secret that isn't the right one where it is written.
func (x *View) secret(c *finding.Cause) []Proposal {
	out := x.wholeFile(c)
	for _, v := range x.values(c.Location, facts.WhatSecret, facts.WhatOther, facts.WhatKey) {
		if v.What == facts.WhatKey && c.ID != causes.SecretIsKey {
			continue
		}
		out = append(out, x.spoiled(v)...)
		out = append(out, x.fromEnvironment(v)...)
		if v.Kind != facts.KindEnvFile && v.Kind != facts.KindConfig {
			out = append(append(out, x.missing(c)...), moved(x, v)...)
		}
		out = append(out, x.replaced(v)...)
	}
	out = append(undone(x, c), out...)
	if c.ID == causes.SecretEncoding {
		out = append(out, x.decoded(c)...)
	}
	switch c.ID {
	case causes.SecretIsKey, causes.SecretOtherApp, causes.KeySecretMismatch:
		out = append(out, x.otherVariable(c)...)
		if c.ID == causes.SecretIsKey {
			out = append(out, x.crossed()...)
			out = append(out, x.swapped(c)...)
		}
	default:
		out = append(out, x.unwrapped(c.Location)...)
		for _, at := range links(x.Facts) { // the finding names where the secret is read, and another line changes it
			if loc := finding.LocAt(at.File, at.Line); c.Location == nil || *loc != *c.Location {
				out = append(out, x.unwrapped(loc)...)
			}
		}
	}
	return out
}

//go:noinline
func lineOf(file string, line int) string { return file + " line " + strconv.Itoa(line) }
