// Package payload judges the claims of a signing call as its source has them.
package payload

import (
	"fmt"

	"badsig/checks/affix"
	"badsig/checks/causes"
	"badsig/checks/facts"
)

// Fault is what is wrong with a claim, what it should be, and the edit.
type Fault struct {
	ID            causes.ID
	Why, Want, Do string
}

// Server judges the payload of a server's own token: { server: true }, and no user.
func Server(f *facts.Facts, s *facts.Site) (fault Fault, at facts.Place) {
	for _, c := range s.Claims {
		switch {
		case c.Name == "server" && c.Text == "true":
			at = c.Place
		case c.Name == "user_id":
			return Fault{}, at
		}
	}
	if at.Line == 0 || !s.Complete {
		return Fault{}, at
	}
	return Fault{causes.TokenServer, "The handler hands out a server token: its payload says server and names no user. A page needs a user's token, and a server token may do everything.",
		"user_id", "sign the user's ID instead: { user_id: userId }"}, at
}

// Encoding judges the segments of a token that is made by hand.
func Encoding(s *facts.Site) (fault Fault, got string, at facts.Place) {
	for _, x := range s.Coded {
		return Fault{causes.TokenEncoding, "The code writes the token's " + x.As + " in " + x.How + ". A JWT is in base64url, without padding, so Stream rejects the token with code 5 (\"illegal base64 data\") or code 43.", "base64url", "change " + x.How + " to base64url"}, x.How, x.Place
	}
	return Fault{}, "", at
}

// NoID judges an ID that is nothing, or a whole body that is made a string; at is where.
func NoID(f *facts.Facts, s *facts.Site) (fault Fault, got string, at facts.Place) {
	u := &s.User
	if at = u.Place; u.Changed.Line > 0 {
		at = u.Changed
	}
	text := u.Text || u.Changed.Line > 0
	lacks := "" // of what Supabase's getUser() gives: { data: { user } }
	if _, member, ok := affix.Cut(u.Name, "auth.getUser.data."); ok && u.From == "session" && u.Known.Sure() && !affix.HasPrefix(member, "user.") {
		lacks = member
	}
	constant := u.From == "constant" && u.Known.Sure() && facts.NoID(u.Name)
	switch {
	case at.Line == 0:
	case u.Promise:
		call := before(u.Name) + "()"
		if u.From == "body" {
			call = "request.json()"
		}
		return Fault{causes.UserIDMissing, "The signing call gets the user's ID of a promise, which has none: nothing awaits " + call + ".", "the user's ID", "await it: await " + call}, "undefined", u.Place
	case text && (lacks == "user" || u.Name == "currentUser" && u.From == "session"):
		return Fault{causes.UserIDPlaceholder, "The signing call makes a string of the whole user: it's \"[object Object]\" in every token.", "the user's ID", "pass the user's ID: user.id"}, "the whole user", at
	case lacks != "" && lacks != "user" && text:
		return Fault{causes.UserIDPlaceholder, "The user's ID in the signing call is the string \"undefined\", or contains it: Supabase's getUser() has no data." + lacks + ".", "the user's ID", "pass data.user.id"}, "data." + lacks, at
	case lacks != "" && lacks != "user":
		return Fault{causes.UserIDMissing, "The signing call gets undefined as the user's ID: Supabase's getUser() has no data." + lacks + ".", "the user's ID", "pass data.user.id"}, "data." + lacks, at
	case constant, u.Nothing() && u.Text:
		return Fault{causes.UserIDPlaceholder, fmt.Sprintf("The user's ID in the signing call is the string %q, or contains it: the code makes a string of nothing.", u.Name), "the user's ID", "pass the user's ID instead of " + u.Name}, u.Name, at
	case u.Nothing():
		return Fault{causes.UserIDMissing, "The signing call gets " + u.Name + " as the user's ID, so no token names a user.", "the user's ID", "pass the user's ID instead of " + u.Name}, u.Name, at
	case u.Text && sendsObject(f, s):
		return Fault{causes.UserIDPlaceholder, "The signing call makes a string of the whole body for the user's ID: it's \"[object Object]\" in every token.", "the user's ID", "pass the field of the body that has the user's ID"}, "the whole body", at
	}
	return Fault{}, "", at
}

// before is what a member is of.
func before(name string) string {
	of, _, _ := affix.Cut(name, ".")
	return of
}

// sendsObject reports a page that sends the user's ID as a field of JSON to the site's entry.
func sendsObject(f *facts.Facts, s *facts.Site) bool {
	return affix.Any(f.Project.Entries, func(e facts.Entry) bool {
		return e.Known.Sure() && f.Project.SiteOf(&e) == s && affix.Any(f.Project.Fetches, func(x facts.Fetch) bool {
			return x.Known.Sure() && facts.PathFits(e.Path, facts.PathOf(x.URL)) && facts.HasID(x.Body)
		})
	})
}
