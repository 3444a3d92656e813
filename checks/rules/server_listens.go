package rules

import (
	"fmt"
	"net"
	"slices"

	"badsig/checks/affix"
	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/loopback"
	"badsig/checks/rules/down"
	"badsig/checks/rules/parts"
)

// Rules of this file:
//   - browsers try both loopback addresses for "localhost": one that responds is enough
//   - only a refusal proves that no one listens; a name that is not found or a timeout proves nothing
//   - a front end's dev server is not the backend on another port, and neither is what runs no source of the backend's language

// ServerListens finds server-down, server-on-other-port and server-family.
func ServerListens(f *facts.Facts) finding.Result {
	if f.Backend == nil {
		return finding.Unsure(parts.WhyNot(f, facts.NameBackend, "the port wasn't tried"))
	}
	return onAnotherHost(f, listens(f))
}

// listens judges the connection to the address that was requested.
func listens(f *facts.Facts) finding.Result {
	if f.Target.URL == "" || !f.Request().URL.Sure() && !answers(f) { // "": the reading of the project ended before one was chosen
		// 3001 is badsig's own guess: that nothing listens there says nothing of anybody.
		return notNamed(f)
	}
	host, port := loopback.HostPort(f.Target.URL)
	ev := dialEvidence(f)
	for _, d := range f.Backend.Dials {
		if d.OK {
			return finding.Passed(whoListens(f, d), ev...)
		}
	}
	if len(f.Backend.Dials) == 0 {
		return finding.Unsure("no address of "+host+" was tried", ev...)
	}
	if c := listensElsewhere(f, host, port, ev); c != nil {
		return finding.Found(c.Summary, ev, *c)
	}
	if c := queueIsFull(f, host, port, ev); c != nil {
		return finding.Found(c.Summary, ev, *c)
	}
	refused := affix.Any(f.Backend.Dials, func(d facts.Dial) bool { return d.Error == "refused" })
	for _, d := range f.Backend.Dials { // one loopback family may be missing, and not both
		if d.Error != "refused" && !(refused && loopback.LocalHost(host) && d.Error == "unreachable") {
			return finding.Unsure(fmt.Sprintf("%s: %s", d.Address, facts.First(d.Detail, d.Error)), ev...)
		}
	}
	if loopback.LocalHost(host) {
		if c := onOtherPort(f, port, ev); c != nil {
			return finding.Found(c.Summary, ev, *c)
		}
	}
	seen := fmt.Sprintf("nothing is listening on port %d", port)
	if l := down.Starting(f); l != nil && loopback.LocalHost(host) {
		return unsettled(seen, *l, ev)
	}
	return finding.Found(seen, ev, serverDown(f, host, port, ev))
}

// answers reports whether any address accepted a connection.
func answers(f *facts.Facts) bool {
	return affix.Any(f.Backend.Dials, func(d facts.Dial) bool { return d.OK })
}

// queueIsFull finds a server of this machine that does not even accept: on
// loopback nothing but a full queue of connections lets a dial wait.
func queueIsFull(f *facts.Facts, host string, port int, ev []finding.Evidence) *finding.Cause {
	if f.Process == nil || !f.Process.Known || f.Process.Port != port || !loopback.LocalHost(host) || !affix.Any(f.Backend.Dials, func(d facts.Dial) bool { return d.Error == "timeout" }) {
		return nil
	}
	for _, l := range f.Process.Listeners {
		if reaches(l, host) {
			return new(finding.New(causes.ServerHangs, finding.Proven, fmt.Sprintf("Port %d no longer accepts connections: earlier requests never finished.", port),
				parts.MintsAt(f), append(slices.Clone(ev), listenerEvidence(l)),
				finding.Step{Text: "Find what the handler waits for: a promise that is never resolved, a missing next(), a database that isn't running"}, parts.RestartStep(f)))
		}
	}
	return nil
}

func serverDown(f *facts.Facts, host string, port int, ev []finding.Evidence) finding.Cause {
	certainty, fix := finding.Proven, []finding.Step{parts.StartStep(f)}
	if elsewhere(f, port) {
		fix = []finding.Step{{Text: fmt.Sprintf("Start the backend that listens on port %d: its source isn't in this folder", port)}}
		if at := parts.HostLoc(f); at != nil {
			fix = append(fix, finding.Step{Text: fmt.Sprintf("Or use another address in %s line %d", at.File, at.Line)})
		}
	}
	if !loopback.LocalHost(host) {
		certainty = finding.Likely // a packet filter on the way rejects in the same words
		fix = []finding.Step{{Text: fmt.Sprintf("Start the backend on %s, or correct the URL", host)}}
	}
	if f.Process != nil && f.Process.Cut {
		certainty = finding.Likely
		fix = append(fix, finding.Step{Text: "Or, if the backend is running, use its port in the URL: badsig ran out of time before it knew which ports this machine's processes listen on"})
	}
	fix = append(fix, finding.Step{Text: "If it exits immediately, read its first lines: a missing module, a syntax error or EADDRINUSE"})
	c := finding.New(causes.ServerDown, certainty,
		fmt.Sprintf("The browser can't get a token: nothing is listening on port %d.", port),
		nil, ev, fix...).Titled(fmt.Sprintf("Nothing is listening on port %d", port))
	if loopback.LocalHost(host) && !elsewhere(f, port) {
		c = down.Explained(f, c)
	}
	return c
}

// listensElsewhere finds a listener on the port whose address the URL's
// literal host does not reach.
func listensElsewhere(f *facts.Facts, host string, port int, ev []finding.Evidence) *finding.Cause {
	if f.Process == nil || !f.Process.Known || f.Process.Port != port || !loopback.LocalHost(host) {
		return nil
	}
	for _, l := range f.Process.Listeners {
		if reaches(l, host) {
			continue
		}
		return new(finding.New(causes.ServerFamily, finding.Proven,
			fmt.Sprintf("The backend listens on %s only, and the URL uses %s, so the connection is refused although the backend is running.", net.JoinHostPort(l.Address, fmt.Sprint(port)), host),
			parts.HostLoc(f), ev,
			finding.Step{Text: fmt.Sprintf("%suse localhost instead of %s in the URL", sentenceIn(parts.AddressLoc(f)), host)},
			finding.Step{Text: "Or let the backend listen on both: app.listen(port) without a host"}))
	}
	return nil
}

// reaches tells whether a connection to host arrives at the listener.
func reaches(l facts.Listener, host string) bool {
	if host == "localhost" || affix.HasSuffix(host, ".localhost") {
		return net.ParseIP(l.Address) == nil || net.ParseIP(l.Address).IsLoopback() || net.ParseIP(l.Address).IsUnspecified()
	}
	want, got := net.ParseIP(host), net.ParseIP(l.Address)
	switch { // a connection to the unspecified address goes to this machine's own
	case want.Equal(net.IPv4zero):
		want = net.IPv4(127, 0, 0, 1)
	case want.Equal(net.IPv6unspecified):
		want = net.IPv6loopback
	}
	if want == nil || got == nil || l.Family == "dual" {
		return true
	}
	if got.IsUnspecified() {
		return (want.To4() != nil) == (l.Family == "ipv4")
	}
	return want.Equal(got)
}

// onOtherPort finds the project's own backend on another port.
func onOtherPort(f *facts.Facts, port int, ev []finding.Evidence) *finding.Cause {
	if f.Process == nil {
		return nil
	}
	code := facts.CodeOf(f)
	var best *facts.Listener
	proven := false
	for i := range f.Process.Others {
		l := &f.Process.Others[i]
		if l.Port == port || !backendLike(f, *l) {
			continue
		}
		named := code != nil && (code.ListensOn(l.Port) || code.RunBy(l.Command))
		if !named {
			if code == nil && !l.Interpreted() || code != nil && !l.Runs(code.File) {
				continue // a tunnel, a database
			}
			named = code != nil && code.Dir != "" && code.Dir != "." && l.Dir == code.Dir
		}
		if best == nil || (named && !proven) {
			best, proven = l, named
		}
	}
	if best == nil {
		return nil
	}
	certainty := finding.Likely
	if proven {
		certainty = finding.Proven
	}
	loc, fix := parts.HostLoc(f), []finding.Step{
		{Text: fmt.Sprintf("%suse port %d in the URL", sentenceIn(parts.HostLoc(f)), best.Port)},
		{Text: fmt.Sprintf("Or let the backend listen on %d%s, and restart it", port, setHere(code)), Command: facts.StartCommand(f)},
	}
	if loc == nil && code != nil && len(code.Ports) > 0 {
		loc = finding.LocAt(code.Ports[0].File, code.Ports[0].Line)
	}
	return new(finding.New(causes.ServerOnOtherPort, certainty,
		fmt.Sprintf("The backend is running on port %d, and the token is requested on port %d, where nothing is listening.", best.Port, port),
		loc, append(slices.Clone(ev), listenerEvidence(*best)), fix...).Titled(fmt.Sprintf("The backend listens on port %d, not %d", best.Port, port)))
}

func setHere(code *facts.ServerCode) string {
	if code == nil || len(code.Ports) == 0 {
		return ""
	}
	p := code.Ports[0]
	if p.Env != "" {
		return fmt.Sprintf(" (%s, read at %s)", p.Env, finding.LocAt(p.File, p.Line))
	}
	return fmt.Sprintf(" (%s)", finding.LocAt(p.File, p.Line))
}

func inFile(source string) string {
	if l := finding.SourceLoc(source); l != nil {
		return " at " + l.String()
	}
	return ""
}
