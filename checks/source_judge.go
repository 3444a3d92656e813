package checks

import (
	"slices"

	"badsig/checks/probe"
)

// Rules of this file:
//   - where there is no endpoint, and with --static, nothing that only a request could tell is held against the project
//   - what the signing call itself says wrong is judged where no token of its making was seen

// requesting are the checks that need a request of the endpoint.
var requesting = []ID{"server-listens", "server-is-ours", "endpoint-answers", "endpoint-json", "endpoint-cors", "endpoint-cache"}

// unrequested says why the endpoint isn't requested; "" where it is.
func unrequested(f *probe.Facts) string {
	if f.Target.Static {
		return "not checked with --static"
	}
	return f.MadeBy()
}

// withoutRequest is the result of a check that a request would decide, where
// none is made.
func withoutRequest(c Check, f *probe.Facts) (Result, bool) {
	if !slices.Contains(requesting, c.ID) && (c.ID != "server-fresh" || !f.Target.Static) {
		return Result{}, false
	}
	why := unrequested(f)
	if why == "" {
		return Result{}, false
	}
	return tamed(Result{ID: c.ID, Title: c.Title(f), Status: Skip, Summary: why}), true
}

// fromSource adds to a result without a token what the source itself says wrong.
func fromSource(c Check, f *probe.Facts, r Result) Result {
	rule := sourceRules[c.ID]
	if rule == nil || r.Status == Pass || len(r.Causes) > 0 || f.Project == nil || firstToken(f, "backend") != nil || f.Target.Given {
		return r
	}
	all := rule(f)
	if len(all) == 0 {
		return r
	}
	out := found(all[0].Summary, nil, all...)
	out.ID, out.Title, out.TookMs = r.ID, r.Title, r.TookMs
	return tamed(honest(f, out))
}

// readInSource marks a finding that rests on lines of source alone.
func readInSource(c Cause, s *probe.Site) Cause {
	c.source = true
	return c.on(Link{What: "whether anything runs the signing call", Known: s.Runs})
}

// runningSites are the signing calls to which something leads, one for each place.
func runningSites(f *probe.Facts) []*probe.Site {
	var out []*probe.Site
	for i := range f.Project.Sites {
		if s := &f.Project.Sites[i]; s.Runs.Sure() {
			out = append(out, s)
		}
	}
	return out
}

// provenBySource tells whether, without any token, nothing is left that could
// be wrong: every signing call that runs was read completely, all of them sign
// with the secret that the server reads, and that secret and the key in use are
// a pair that Stream, or the dashboard, knows.
func provenBySource(f *probe.Facts) bool {
	if unrequested(f) == "" || f.Project == nil || f.Server == nil || authDisabled(f) || !f.Server.SecretKnown {
		return false
	}
	v := valueAt(f, f.Server.Secret)
	if v == nil || v.Empty {
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
	key := clientKey(f)
	if key == "" {
		return false
	}
	if f.Target.HasSecret && f.Target.Key == key {
		d := valueAt(f, f.Target.DashboardSecret)
		return d != nil && d.Fingerprint == v.Fingerprint
	}
	p := cell(f, key, v.ID, false)
	return p != nil && p.Answer.Status == 200
}
