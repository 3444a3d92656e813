package rules

import (
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/rules/signature"
)

// Rules of this file:
//   - where there is no endpoint, and with --static, nothing that only a request could tell is held against the project
//   - what the signing call itself says wrong is judged where no token of its making was seen

// Requesting are the checks that need a request of the endpoint.
var Requesting = []finding.ID{"server-listens", "server-is-ours", "endpoint-answers", "endpoint-json", "endpoint-cors", "endpoint-cache"}

// Unrequested says why the endpoint isn't requested; "" where it is.
func Unrequested(f *facts.Facts) string {
	if f.Target.Static {
		return "not checked with --static"
	}
	return f.MadeBy()
}

// readInSource marks a finding that rests on lines of source alone.
//
//go:noinline
func readInSource(c finding.Cause, s *facts.Site) finding.Cause {
	c.Source = true
	return c.On(finding.Link{What: "whether anything runs the signing call", Known: s.Runs})
}

// runningSites are the signing calls to which something leads, one for each place.
func runningSites(f *facts.Facts) []*facts.Site {
	var out []*facts.Site
	for i := range f.Project.Sites {
		if s := &f.Project.Sites[i]; s.Runs.Sure() {
			out = append(out, s)
		}
	}
	return out
}

// ProvenBySource tells whether, without any token, nothing is left that could
// be wrong: every signing call that runs was read completely, all of them sign
// with the secret that the server reads, and that secret and the key in use are
// a pair that Stream, or the dashboard, knows.
func ProvenBySource(f *facts.Facts) bool {
	if Unrequested(f) == "" || f.Project == nil || f.Server == nil || facts.AuthDisabled(f) || !f.Server.SecretKnown {
		return false
	}
	v := facts.ValueAt(f, f.Server.Secret)
	if v == nil || v.Empty || signature.Changed(f, v) != nil {
		return false
	}
	sites := runningSites(f)
	if len(sites) == 0 {
		return false
	}
	for _, s := range sites {
		if s.Language != "js" || !s.Complete || len(s.Secret) == 0 || s.Server != f.Server.Code || s.Secret[0].Name != sites[0].Secret[0].Name {
			return false
		}
	}
	key := facts.ClientKey(f)
	if key == "" {
		return false
	}
	if f.Target.HasSecret && f.Target.Key == key {
		d := facts.ValueAt(f, f.Target.DashboardSecret)
		return d != nil && d.Fingerprint == v.Fingerprint
	}
	p := facts.Cell(f, key, v.ID, false)
	return p != nil && p.Answer.Status == 200
}

// sentTo is the field in which a request tells an entry the user that the front end then connects as; "" for none.
func sentTo(f *facts.Facts, e *facts.Entry) string {
	if !affix.Any(f.Project.Calls, func(c facts.StreamCall) bool { return c.Sent }) {
		return ""
	}
	for _, x := range f.Project.Fetches {
		if x.Known.Sure() && facts.PathFits(e.Path, facts.PathOf(x.URL)) && facts.HasID(x.Body) {
			return facts.IDName(x.Body)
		}
	}
	return ""
}

// asks reports whether the front end was seen to request an entry with a user
// of its own, and to connect as a user that it has by name: an entry that no one
// requests may be a bot's, and a front end may connect as the constant.
func asks(f *facts.Facts, e *facts.Entry) bool {
	if s := f.Project.Sites; f.Project.ConnectsAs(s[e.Site].User.Name) || !affix.Any(f.Project.Calls, func(c facts.StreamCall) bool { return c.As != "" || c.AsText != "" }) {
		return false
	}
	return affix.Any(f.Project.Fetches, func(x facts.Fetch) bool {
		return x.Known.Sure() && facts.PathFits(e.Path, facts.PathOf(x.URL)) && (facts.HasID(x.Body) || facts.HasID(facts.InPath(e.Path)))
	}) || affix.Any(f.Project.Handed, func(x facts.Fetch) bool { return x.Action == e.Place && facts.HasID(e.Fields) })
}

// sameField compares two names as the backend's language does: Go's and .NET's parsers of JSON ignore case.
func sameField(f *facts.Facts, e *facts.Entry, a, b string) bool {
	if i := e.Site; i >= 0 && i < len(f.Project.Sites) && (f.Project.Sites[i].Language == "go" || f.Project.Sites[i].Language == "csharp") {
		return strings.EqualFold(a, b)
	}
	return a == b
}
