// Package slips judges the lines of a server's source because of which it makes no token, or one without its user.
package slips

import (
	"slices"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/rules/meet"
	"badsig/checks/rules/parts"
)

// Rules of this file:
//   - a request that wasn't read completely, and fields that either side may rename, say nothing
//   - a GET request has no body, and a parameter of the path has the route's name

// kinds says what is said of a kind of slip: in each text %s is what is written there, %w what belongs there, and %o the other line that says so.
var kinds = [...]struct {
	kind          string
	id            causes.ID
	why, want, do string
}{
	{facts.SlipNoSecret, causes.SecretMissing, "%s gets the API key alone. Stream's client signs tokens only where it has the API secret too: \"tokens can only be created server-side using the API Secret\".", "key and secret", "pass the API secret as the second argument"},
	{facts.SlipNoReturn, causes.TokenMissing, "The function %s makes the token and doesn't return it, so its caller gets undefined.", "a return", "return the token"},
	{facts.SlipNeedsMap, causes.UserIDMissing, "%s gets the ID alone, and it expects an object with user_id.", "{ user_id: … }", "pass an object: %s({ user_id: %w })"},
	{facts.SlipObjectID, causes.UserIDType, "The signing call gets %s, an ObjectId of MongoDB's, as the user's ID. Stream's client accepts a string only (\"userId should be a string\").", "a string", "make a string of it: %s.toString()"},
	{facts.SlipDocument, causes.UserIDType, "The signing call gets a whole document of MongoDB's (%s) as the user's ID. Stream's client accepts a string only (\"userId should be a string\").", "the user's ID, a string", "pass the ID alone, as a string: its _id.toString()"},
	{facts.SlipLate, causes.EndpointBody, "%s adds the parser of JSON after the route, so it never runs for it: the body is undefined there.", "the parser before the routes", "move it to a line before the routes"},
	{facts.SlipRequires, causes.EndpointBody, "The handler rejects a request without the field %s, and the front end doesn't send it: it sends %w.", "a field that is sent", "require what the front end sends, or send %s in the request in %o"},
	{reparsed, causes.EndpointError, "The request's body is JSON, which a parser has read before the handler: JSON.parse gets an object there, and fails (\"[object Object]\" isn't JSON).", "no JSON.parse", "use the body as it is, without JSON.parse"},
	{otherParam, causes.UserIDMissing, "The handler reads the parameter %s of the path, and the route calls it %w: it's undefined, and the token is for no user.", "the route's name", "read %w instead of %s, or name it %s in the route at %o"},
	{inQuery, causes.EndpointBody, "The handler reads the user's ID (%s) of the body, and the request has it in the query: there is no ID.", "read of the query", "read it of the query: req.query.%w"},
	{inBody, causes.EndpointBody, "The handler reads the user's ID (%s) of the query, and the request has it in the body: there is no ID.", "read of the body", "read it of the body: req.body.%w"},
	{noBody, causes.EndpointBody, "The handler reads the user's ID (%s) of the body, and the request is a GET request, which has none: there is no ID.", "a request with a body", "take the ID of the session, or send it: a POST request with the field %w"},
}

// Kinds that only the request beside the handler tells.
const (
	reparsed   = "reparsed"
	otherParam = "other-param"
	inQuery    = "in-query"
	inBody     = "in-body"
	noBody     = "no-body"
)

// Endpoint judges the slips because of which the endpoint gives no token.
func Endpoint(f *facts.Facts) []finding.Cause { return of(f, false) }

// User judges those because of which the token has no user.
func User(f *facts.Facts) []finding.Cause { return of(f, true) }

//go:noinline
func of(f *facts.Facts, user bool) []finding.Cause {
	for i := range f.Project.Slips {
		if x := &f.Project.Slips[i]; x.Way.Line == 0 && user == (x.Kind == facts.SlipNeedsMap) {
			return cause(f, x, "", "whether anything runs the signing call", f.Project.Sites[x.Site].Runs)
		}
	}
	return nil
}

// Requests judges what the front end's request carries beside what the handler reads.
func Requests(f *facts.Facts) []finding.Cause {
	for i := range f.Project.Entries {
		e := &f.Project.Entries[i]
		if name := param(f, e); name != "" {
			return cause(f, &facts.Slip{Kind: otherParam, Got: e.User.Name, Want: name, Place: e.User.Place}, facts.At(e.File, e.Line), "which requests reach the handler", e.Known)
		}
	}
	for _, m := range meet.All(f) {
		x, e := m.Fetch, m.Entry(f)
		if e == nil || m.Answered || x.BodyOpen || m.Reshaped(f) {
			continue
		}
		known := x.Known
		if x.Loose || meet.ByName(x) {
			known = facts.IsRead
		}
		if s := met(f, x, e); s != nil {
			return cause(f, s, facts.At(x.File, x.Line), "which URL your front end requests", known)
		}
	}
	return nil
}

// met is what a request shows of the handler that it reaches.
func met(f *facts.Facts, x *facts.Fetch, e *facts.Entry) *facts.Slip {
	u := &e.User
	name, get := facts.LastName(u.Name), strings.EqualFold(x.Method, "GET")
	for i := range f.Project.Slips {
		// An ID that is sent under another name is told where one of both sides names it.
		if s := &f.Project.Slips[i]; s.Way == e.Place && len(x.Body) > 0 && !sends(x, s.Got) && (s.Got != name || !facts.HasID(x.Body)) {
			return &facts.Slip{Kind: s.Kind, Got: s.Got, Want: strings.Join(x.Body, ", "), Place: s.Place}
		}
	}
	body, kind, has := u.From == "body", "", facts.OneOf(x.Query, name)
	switch {
	case !u.Known.Sure() || u.Line == 0 || name == "" || u.Promise || x.Method == "":
		return nil
	case u.Again && (x.Type == "json" || e.Server >= 0 && f.Project.Servers[e.Server].Loader != "next"): // Next parses by the type
		kind = reparsed
	case body && get && has:
		kind = inQuery
	case body && get && !sends(x, name):
		kind = noBody
	case u.From == "query" && !get && !has && !facts.OneOf(e.Fields, name) && sends(x, name) && !affix.Contains(e.Path, name):
		kind = inBody
	default:
		return nil
	}
	return &facts.Slip{Kind: kind, Got: u.Name, Want: name, Place: u.Place}
}

// sends reports a request that has a field of that name, no matter where.
//
//go:noinline
func sends(x *facts.Fetch, name string) bool {
	return slices.ContainsFunc(x.Body, func(b string) bool { return facts.LastName(b) == name || affix.HasPrefix(b, name+".") })
}

// param is what a route calls the parameter of its path that the handler reads by another name; "" for the same one.
func param(f *facts.Facts, e *facts.Entry) string {
	u := &e.User
	if s := f.Project.SiteOf(e); !e.Known.Sure() || e.Kind != facts.EntryHTTP || u.From != "path" || !u.Known.Sure() || u.Line == 0 || u.Name == "" || affix.ContainsAny(e.Path, "*({$+|?.") || affix.ContainsAny(u.Name, ".[") || s == nil || s.Language != "js" {
		return ""
	}
	in := facts.InPath(affix.ReplaceAll(affix.ReplaceAll(e.Path, "[", ":"), "]", ""))
	if len(in) == 0 || facts.OneOf(in, u.Name) {
		return ""
	}
	return in[len(in)-1]
}

// cause is one of these, likely, because it rests on lines of source; other is the other line that says so.
func cause(f *facts.Facts, x *facts.Slip, other, link string, known facts.Known) (out []finding.Cause) {
	fill := func(text string) string {
		return affix.ReplaceAll(affix.ReplaceAll(affix.ReplaceAll(text, "%s", x.Got), "%w", x.Want), "%o", other)
	}
	at := finding.LocAt(x.File, x.Line)
	for i := range kinds {
		if s := &kinds[i]; s.kind == x.Kind {
			ev := []finding.Evidence{{Label: "in the source", Got: x.Got, Want: s.want, Source: at.String()}, {Label: "beside it", Got: facts.First(x.Want, s.want), Source: other}}
			if other == "" {
				ev = ev[:1]
			}
			out = []finding.Cause{finding.New(s.id, finding.Likely, fill(s.why), at, ev, parts.StepIn(at, fill(s.do)), parts.RestartStep(f))}
			out[0].Source, out[0].Links = true, finding.Links{{What: link, Known: known}}
		}
	}
	return out
}
