package rules

import (
	"fmt"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/loopback"
	"badsig/checks/shell"
)

// Rules of this file:
//   - a front end that makes its token itself has no endpoint

// notNamed is the result where nothing names an endpoint on this machine: what
// the front end does instead, as far as its source says it.
func notNamed(f *facts.Facts) finding.Result {
	if c := devTokenCall(f); c != nil {
		return unsettled(fmt.Sprintf("the front end makes a development token itself (%s), so no token endpoint was found; Stream accepts development tokens only while the app's auth checks are disabled", finding.LocAt(c.File, c.Line)),
			finding.Link{What: "which endpoint creates tokens", Next: urlKnown(f).Next}, nil)
	}
	return unsettled("no file and no flag names the token endpoint, and nothing listens on badsig's own guess", urlKnown(f), nil)
}

// devTokenCall is where a front end makes a development token.
func devTokenCall(f *facts.Facts) *facts.StreamCall {
	if f.Project == nil {
		return nil
	}
	for i := range f.Project.Calls {
		if c := &f.Project.Calls[i]; affix.HasSuffix("."+c.Callee, ".devToken") && (c.Role == facts.RoleFront || c.Role == facts.RoleShared) {
			return c
		}
	}
	return nil
}

// elsewhere tells a port that the front end names and no program of the
// project is known to listen on: nothing here can be started for it.
func elsewhere(f *facts.Facts, port int) bool {
	fetch := f.Fetch()
	if fetch == nil || !fetch.Names(f.Target.URL) || f.Project == nil || len(f.Project.Entries) > 0 || len(f.Project.Sites) > 0 {
		return false
	}
	for i := range f.Project.Servers {
		code := &f.Project.Servers[i]
		if code.ListensOn(port) || len(code.SecretRead) > 0 {
			return false
		}
	}
	return true
}

// onAnotherHost reports what the front end names on another host: badsig
// requests this machine in its place, and says so.
func onAnotherHost(f *facts.Facts, r finding.Result) finding.Result {
	e := f.Backend.Elsewhere
	if e == nil || e.Own {
		return r
	}
	at := finding.LocAt(e.File, e.Line)
	ev := finding.Evidence{Label: "URL in the front end", Got: e.URL, Source: at.String()}
	host, _ := loopback.HostPort(e.URL)
	if !f.Request().URL.Sure() || r.Status == finding.Fail && !loopback.LAN(host) { // what runs here or not, the front end doesn't request it
		return unsettled(fmt.Sprintf("the front end requests %s (%s), which is on another host", e.URL, at),
			finding.Link{What: "whether it may request another host", Next: []finding.Step{{Text: "Give it with --url", Command: Again(f, "url", "--url "+shell.ShellWord(e.URL))}}}, append(r.Evidence, ev))
	}
	if r.Status == finding.Pass {
		r.Status = finding.Warn
	}
	r.Summary += fmt.Sprintf("; but %s names %s, which is not an address of this machine: badsig requested %s instead, and what uses that address doesn't reach this backend", at, host, f.Target.URL)
	r.Evidence = append(r.Evidence, ev)
	return r
}
