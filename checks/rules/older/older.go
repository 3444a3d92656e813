// Package older judges what a process does that is older than the source which it runs, or that isn't ready yet.
package older

import (
	"fmt"
	"slices"

	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/rules/parts"
	"badsig/checks/rules/signature"
)

// Rules of this file, about a process that is older than the source that it runs:
//   - what it does says nothing about a line that was changed since: where that line is right now, a restart is what is missing
//   - a line is right now where all on its way was read, and nothing of that kind is wrong with it; a fault that is still there is told

// Outdated tells a restart in the place of a fault which the response has, and the source, as it is now, hasn't.
func Outdated(f *facts.Facts, r finding.Result, source map[finding.ID]func(*facts.Facts) []finding.Cause) finding.Result {
	if f.Server == nil || len(f.Server.Newer) == 0 || f.Target.Given || f.Compiles() {
		return r
	}
	for i := range r.Causes {
		c := &r.Causes[i]
		if c.Severity != causes.Error || c.Source || c.Location == nil {
			continue
		}
		n := slices.IndexFunc(f.Server.Newer, func(n facts.Newer) bool { return n.File == c.Location.File })
		if n < 0 || !mended(f, c.ID, source) {
			continue
		}
		changed := f.Server.Newer[n]
		loc := *c.Location
		s := finding.New(causes.ServerStale, finding.Likely,
			fmt.Sprintf("%s was changed after the backend started, so the backend still runs the old code: %s", changed.File, c.Summary), &loc,
			append(slices.Clone(c.Evidence), finding.Evidence{Label: "process started", Got: signature.Clock(f.Server.Start, f.At), Source: fmt.Sprintf("process %d", f.Server.PID)},
				finding.Evidence{Label: changed.File + " changed", Got: signature.Clock(changed.Changed, f.At), Want: "before the process started", Source: changed.File}),
			finding.Step{Text: "Restart the backend, so that it runs " + parts.LineOf(loc.File, loc.Line) + " as it is now", Command: facts.StartCommand(f)}).Titled("The backend is still running the old code")
		r.Causes = slices.Clone(r.Causes)
		r.Causes[i] = s
		r.Summary = s.Summary
	}
	return r
}

// mended reports whether the source has, as far as it was read, no fault of this kind any more.
func mended(f *facts.Facts, id causes.ID, source map[finding.ID]func(*facts.Facts) []finding.Cause) bool {
	code, site := f.ServerCode(), f.Site()
	page, _ := causes.PageOf(id)
	switch {
	case code == nil || code.Language != "" || f.Project == nil:
		return false
	case id == causes.CORSBlocked:
		return code.CORSLine > 0 && code.CORSOrigin == 0 // an origin that it names may still be the wrong one
	case id == causes.EndpointBody:
		return code.JSONBody && !code.Open
	case id == causes.TokenMissing:
	case page.Group != causes.Claims && page.Group != causes.TokenFormat, site == nil || !site.Complete || len(site.Wraps) > 0:
		return false
	}
	alone := *f // what was seen is of the older code
	alone.Backend, alone.Tokens = nil, nil
	for _, rule := range source {
		if slices.ContainsFunc(rule(&alone), func(c finding.Cause) bool { return c.ID == id }) {
			return false
		}
	}
	return true
}

// NotReady is what has to be waited for where a server says by itself that it isn't ready: a development server that is
// starting, or one that says when to try again. nil for other responses.
func NotReady(f *facts.Facts, a *facts.Answer) *finding.Link {
	if !f.Starting(a) && (a.Status != 503 || a.Header["Retry-After"] == "") {
		return nil
	}
	return &finding.Link{What: "how the endpoint responds once the server is ready", Next: []finding.Step{
		{Text: "Wait until the server's log says that it's ready, and check again", Command: "badsig check"},
		{Text: "Or read its log, if it never gets ready: it shows what keeps it from starting"}}}
}
