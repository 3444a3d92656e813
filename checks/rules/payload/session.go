package payload

import (
	"fmt"
	"slices"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/rules/meet"
)

// Rules of this file, about a user whom the backend has from a session, and as whom the page connects:
//   - an email, a name and a session's own ID differ from a user's ID; what both sides call an ID is taken for the same
//   - where the names don't tell (a session of the project's own, in which an ID may be a name), nothing is said of a name
//   - a page that connects as a field of the response follows the backend

// providers are the services whose sessions and pages call the same things by the same names.
var providers = []string{"clerk", "next-auth", "supabase", "firebase", "auth0", "kinde", "workos"}

// Session judges a session's email, name or own ID that is signed where pages connect as the user's ID, and a page that
// connects as an email or a name where the session's ID is signed; at is the line of what isn't the ID.
func Session(f *facts.Facts, s *facts.Site) (fault Fault, got string, at facts.Place) {
	name := s.User.Name
	if s.User.From == "body" && leftOut(f, s) {
		name = s.User.Else
	} else if s.User.From != "session" {
		return fault, "", at
	}
	if s.Language != "js" || !s.User.Known.Sure() || s.User.Changed.Line > 0 || !affix.Contains(name, ".") {
		return fault, "", at
	}
	own, told, ways := !affix.Contains(strings.ToLower(name), "supabase"), []string(nil), 0
	for i := range f.Project.Entries {
		if e := &f.Project.Entries[i]; e.Known.Sure() && e.Kind != facts.EntryScript && f.Project.SiteOf(e) == s {
			own, told, ways = own && !facts.OneOf(providers, strings.ToLower(e.Session)), append(told, e.Answer...), ways+1
		}
	}
	signs := facts.LastName(name)
	named := strings.EqualFold(signs, "sessionId") || affix.HasPrefix(signs, "email") || facts.Naming(signs) && !own
	named = named || facts.OtherKey(signs) && connectsAll(f, "_id")
	if ways == 0 || !named && !userID(signs) {
		return fault, "", at
	}
	var as *facts.StreamCall
	for i := range f.Project.Calls {
		c := &f.Project.Calls[i]
		of := facts.First(c.AsOf, c.As)
		last := facts.LastName(of)
		switch {
		case c.Role != facts.RoleFront || c.As == "" && c.AsText == "" || elsewhere(f, c, s):
		case named && (c.OwnID || c.AsText != "" || !userID(last) || !affix.Contains(of, ".") || facts.OneOf(told, facts.LastName(c.As))):
			return fault, "", at
		case facts.OtherKey(last): // beside the database's own, which it connects as elsewhere
			if signs == "_id" || signs == "id" && own && facts.OneOf(connectsAs(f), affix.TrimSuffix(of, last)+"_id") {
				as = c
			}
		case named, c.AsLine > 0 && !c.OwnID && (!own || affix.Contains(strings.ToLower(name), "user.")):
			as = c
		}
	}
	if as == nil {
		return fault, "", at
	}
	got, at = signs, s.User.Place
	if i := slices.IndexFunc(s.Claims, func(c facts.Claim) bool { return c.Name == "user_id" }); i >= 0 && (s.Claims[i].File == at.File || affix.Contains(s.Claims[i].Text, "."+signs)) {
		at = s.Claims[i].Place
	}
	says := facts.First(as.AsOf, as.As)
	want := facts.LastName(says)
	if !named {
		got, want, at = want, signs, facts.Place{File: as.File, Line: as.AsLine}
	}
	return Fault{causes.UserIDMismatch, fmt.Sprintf("The backend signs the session's %s, and the front end connects as %s. Stream rejects a token of another user than the one who connects.", signs, says),
		want, "use " + want + " instead of " + got}, got, at
}

// leftOut reports a field with the user's ID that no page sends, where the session's is in its place.
func leftOut(f *facts.Facts, s *facts.Site) bool {
	return s.User.Else != "" && !slices.ContainsFunc(slices.Concat(f.Project.Fetches, f.Project.Handed), func(x facts.Fetch) bool {
		return x.BodyOpen || facts.OneOf(x.Body, s.User.Name)
	})
}

// elsewhere reports a call in a file whose requests end at other signing calls.
func elsewhere(f *facts.Facts, c *facts.StreamCall, s *facts.Site) bool {
	other := false
	for _, m := range meet.All(f) {
		if e := m.Entry(f); e != nil && m.Fetch.File == c.File {
			at := f.Project.SiteOf(e)
			if at == s {
				return false
			}
			other = other || at != nil
		}
	}
	return other
}

// connectsAs are the paths as which pages connect.
func connectsAs(f *facts.Facts) (out []string) {
	for _, c := range f.Project.Calls {
		if of := facts.First(c.AsOf, c.As); c.Role == facts.RoleFront && of != "" {
			out = append(out, of)
		}
	}
	return out
}

// connectsAll reports pages that connect as one member alone.
func connectsAll(f *facts.Facts, member string) bool {
	all := connectsAs(f)
	return len(all) > 0 && !affix.Any(all, func(of string) bool { return facts.LastName(of) != member })
}

// userID reports a field that has a user's ID.
func userID(field string) bool {
	return facts.OneOf([]string{"id", "_id", "uid", "userId", "userID", "user_id", "sub"}, field) || facts.OtherKey(field)
}
