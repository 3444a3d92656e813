package fix

import (
	"net"
	"net/url"
	"slices"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/fix/cures"
)

// Rules of this file:
//   - a cause that a response has shown, on a line of the project, is cured where that line says what it should
//   - a token that is made by hand has no signing call, so its own lines are looked at

// lives proves that a token lives as long as it should, from now on, for a user,
// and that the front end's request reaches the route.
func (b *bench) lives(c *finding.Cause, after *state) (string, bool) {
	if !b.proven(c) {
		return "", false
	}
	switch c.ID {
	case causes.NBFFuture:
		late := func(f *facts.Facts) bool {
			return claimed(f, func(n, _ string) bool { return n == "nbf" || n == "notBefore" })
		}
		set := func(s *state) bool { return b.mentions(s, c.Location.File, ".setNotBefore(") }
		return "after this edit, the token is valid immediately", (late(b.base.facts) || set(b.base)) && !late(after.facts) && !set(after)
	case causes.EXPTooShort:
		return "after this edit, the token lives for longer than a minute", onlyClaim(after.facts, "expiresIn", func(t string) bool { return t == "1h" || affix.HasPrefix(t, "Number(") }) && differ(b.base, after)
	case causes.TokenExpired:
		gone := onlyClaim(after.facts, "expiresIn", func(t string) bool { return t == "1h" }) || seconds(after.facts, "exp") &&
			claimed(after.facts, func(n, t string) bool { return n == "exp" && affix.Contains(t, "+") }) && !claimed(after.facts, func(n, t string) bool { return n == "exp" && !affix.Contains(t, "+") })
		return "after this edit, the token ends in the future", gone && differ(b.base, after)
	case causes.TokenServer:
		return "after this edit, the signing call has a user_id", !signsID(b.base.facts) && signsID(after.facts) && !claimed(after.facts, func(n, _ string) bool { return n == "server" })
	case causes.TokenDev:
		return "after this edit, the token is signed with the API secret", len(runningSites(after.facts)) > len(runningSites(b.base.facts)) && plainUser(after.facts)
	case causes.EndpointMethod:
		if _, was, is, _, ok := changed(b, after); ok && after.facts.Fetch() != nil {
			if allow, put := b.report.Facts.Backend.Posts[0].Header["Allow"], after.facts.Fetch().Method; allow != "" && was != is && cures.OtherMethod(was, allow, put) == is {
				return "after this edit, the route accepts the method of the front end's request", true
			}
		}
		return "after this edit, the route has the method and the body of the front end's request", !routed(b.base.facts) && routed(after.facts) && signsID(after.facts)
	case causes.EndpointRedirect:
		return "after this edit, the front end requests the address that the server redirects to", b.redirected(after)
	}
	return "", false
}

// claimed reports whether a signing call that runs has such a claim or option.
func claimed(f *facts.Facts, is func(name, text string) bool) bool {
	return affix.Any(runningSites(f), func(s *facts.Site) bool {
		return affix.Any(s.Claims, func(c facts.Claim) bool { return is(c.Name, c.Text) })
	})
}

// onlyClaim reports whether a claim is there, and is as it should be everywhere.
func onlyClaim(f *facts.Facts, name string, right func(text string) bool) bool {
	return claimed(f, func(n, _ string) bool { return n == name }) && !claimed(f, func(n, t string) bool { return n == name && !right(t) })
}

// differ reports whether the signing calls' claims aren't those of before.
func differ(was, is *state) bool {
	list := func(f *facts.Facts) (out []string) {
		for _, s := range runningSites(f) {
			for _, c := range s.Claims {
				out = append(out, c.Name+"="+c.Text)
			}
		}
		return out
	}
	return !slices.Equal(list(was.facts), list(is.facts))
}

// routed reports whether a route has the method and the path of the front end's request.
func routed(f *facts.Facts) bool {
	fetch := f.Fetch()
	if fetch == nil || f.Project == nil {
		return false
	}
	u, err := url.Parse(fetch.URL)
	return err == nil && affix.Any(f.Project.Entries, func(e facts.Entry) bool {
		return e.Kind == facts.EntryHTTP && e.Method == fetch.Method && e.Path == u.Path && e.Site >= 0
	})
}

// redirected reports whether the front end now requests what the server redirected to.
func (b *bench) redirected(after *state) bool {
	was, is := b.base.facts.Fetch(), after.facts.Fetch()
	if was == nil || is == nil || len(b.report.Facts.Backend.Posts) == 0 {
		return false
	}
	from, err := url.Parse(was.URL)
	to, err2 := url.Parse(b.report.Facts.Backend.Posts[0].Header["Location"])
	if err != nil || err2 != nil || to.Path == from.Path {
		return false
	}
	from.Path = to.Path
	return is.URL == from.String()
}

// arrives reports whether the front end now requests an address at which the
// backend was seen to listen, on the same port and path as before.
func (b *bench) arrives(after *state) bool {
	p, f := b.report.Facts.Process, b.report.Facts
	if p == nil || !p.Known || after.facts.Project == nil || b.base.facts.Project == nil {
		return false
	}
	reached := func(s *state) (n int) {
		for _, x := range s.facts.Project.Fetches {
			u, err := url.Parse(facts.First(x.To, x.URL))
			was, err2 := url.Parse(f.Target.URL)
			if err != nil || err2 != nil || u.Port() != was.Port() || u.Path != was.Path {
				continue
			}
			for _, l := range p.Listeners {
				at := net.ParseIP(l.Address)
				if u.Hostname() == "localhost" && (at.IsLoopback() || at.IsUnspecified()) || at != nil && at.Equal(net.ParseIP(u.Hostname())) {
					n++
					break
				}
			}
		}
		return n
	}
	return reached(after) > reached(b.base)
}

// encodes reports whether the lines around the finding encode as base64url, and nothing else.
func (b *bench) encodes(c *finding.Cause, after *state) bool {
	if affix.HasSuffix(c.Location.File, ".py") {
		return !b.mentions(after, c.Location.File, "base64.b64encode(") && b.mentions(after, c.Location.File, "base64.urlsafe_b64encode(")
	}
	right := 0
	for n := max(1, c.Location.Line-2); n <= c.Location.Line+3; n++ {
		line := b.line(after, c.Location.File, n)
		for _, bad := range []string{"('base64')", "('hex')", `("base64")`, `("hex")`, "base64.b64encode("} {
			if affix.Contains(line, bad) {
				return false
			}
		}
		right += strings.Count(line, "base64url") + strings.Count(line, `urlsafe_b64encode`)
	}
	return right > 0
}

// headerOnly reports whether the algorithm that a token made by hand names is put
// right where it is signed with that of HS256.
func (b *bench) headerOnly(c *finding.Cause, after *state) bool {
	if c.Location == nil || !b.mentions(after, c.Location.File, "'HS256'") || b.mentions(after, c.Location.File, "'HS512'") {
		return false
	}
	data, err := b.view.Read(c.Location.File)
	src := string(data)
	return err == nil && (affix.Contains(src, "sha256") || affix.Contains(src, "SHA256")) && !affix.Contains(src, "sha512") && !affix.Contains(src, "sha384")
}

// writtenTime reports whether a claim of a token made by hand is a time in seconds now.
func (b *bench) writtenTime(c *finding.Cause, after *state) bool {
	file := ""
	if c.Location != nil {
		file = c.Location.File
	}
	const odd = " = Date.now() / 1000"
	if b.proven(c) && b.mentions(b.base, file, odd) && !b.mentions(after, file, odd) && b.mentions(after, file, " = Math.floor(Date.now() / 1000)") {
		return true
	}
	if _, was, is, _, ok := changed(b, after); ok && b.proven(c) && affix.HasSuffix(was, " = time.time()") && is == affix.TrimSuffix(was, "time.time()")+"int(time.time())" {
		return true
	}
	return b.proven(c) && b.mentions(b.base, file, ".toISOString()") && !b.mentions(after, file, ".toISOString()") &&
		b.mentions(after, file, "exp: Math.floor(Date.now() / 1000) + 3600")
}

// mentions reports whether a file has a string in this state.
func (b *bench) mentions(s *state, file, text string) bool {
	for n := 1; n <= maxLines; n++ {
		line := b.line(s, file, n)
		if affix.Contains(line, text) {
			return true
		}
	}
	return false
}

// maxLines bounds how far into a file a string is looked for.
const maxLines = 400

// readsField reports whether every signing call signs, after the edit, the field
// that the front end sends, and another one before.
func (b *bench) readsField(c *finding.Cause, after *state) bool {
	id := facts.IDName(after.facts.MainNames(after.facts.Fetch()))
	if !b.proven(c) || id == "" {
		return false
	}
	all := func(f *facts.Facts) bool {
		sites := runningSites(f)
		return len(sites) > 0 && !affix.Any(sites, func(s *facts.Site) bool {
			i := slices.IndexFunc(s.Claims, func(c facts.Claim) bool { return c.Name == "user_id" })
			return i < 0 || !affix.HasSuffix(strings.TrimRight(s.Claims[i].Text, ")"), "."+id) || affix.ContainsAny(s.Claims[i].Text, "+ `")
		})
	}
	return !all(b.base.facts) && all(after.facts)
}

// writtenID reports whether a token made by hand, whose claims no call shows, has a
// user_id after the edit and had none before.
func (b *bench) writtenID(c *finding.Cause, after *state) bool {
	if !b.proven(c) || claimed(b.base.facts, func(string, string) bool { return true }) {
		return false
	}
	has := func(s *state) bool {
		return affix.Any([]string{"'user_id':", `"user_id":`, " user_id: "}, func(t string) bool { return b.mentions(s, c.Location.File, t) })
	}
	return !has(b.base) && has(after)
}

// aboutUser are the causes whose cure may change whom a token is for.
var aboutUser = []causes.ID{causes.UserIDMissing, causes.UserIDMismatch, causes.UserIDPlaceholder, causes.UserIDType, causes.TokenServer, causes.TokenDev, causes.EndpointMethod}

// kept reports whether a cure of the code leaves alone whom a token is for, and what signs it.
func (b *bench) kept(c *finding.Cause, after *state) bool {
	was, is := facts.ValueAt(b.base.facts, server(b.base.facts)), facts.ValueAt(after.facts, server(after.facts))
	if was != nil && (is == nil || was.Fingerprint != is.Fingerprint) || changes(after.facts) != changes(b.base.facts) {
		return false
	}
	users := func(f *facts.Facts) (out []string) {
		for _, s := range runningSites(f) {
			for _, c := range s.Claims {
				if c.Name == "user_id" {
					out = append(out, c.Text)
				}
			}
		}
		return out
	}
	return slices.Contains(aboutUser, c.ID) || slices.Equal(users(b.base.facts), users(after.facts))
}
