package rules

import (
	"fmt"
	"net/netip"
	"strings"

	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/loopback"
	"badsig/checks/shell"
)

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
	if !f.Request().URL.Sure() || r.Status == finding.Fail && !lanHost(host) { // what runs here or not, the front end doesn't request it
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

// lanHost tells an address of a private network, or a name that such a network resolves.
func lanHost(host string) bool {
	if strings.HasSuffix(strings.ToLower(host), ".local") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Unmap().IsPrivate()
}
