package checks

import (
	"cmp"
	"fmt"
	"net"
	"slices"
	"strings"

	"badsig/checks/causes"
	"badsig/checks/probe"
)

// Rules of this file:
//   - browsers try both loopback addresses for "localhost": one that answers is enough
//   - only a refusal proves that nobody listens; a name that is not found or a timeout proves nothing
//   - a front end's dev server is not the backend on another port, and neither is what runs no source of the backend's language

// ruleServerListens finds server-down, server-on-other-port and server-family.
func ruleServerListens(f *probe.Facts) Result {
	if f.Backend == nil {
		return unsure(whyNot(f, probe.NameBackend, "the port was not tried"))
	}
	host, port := probe.HostPort(f.Target.URL)
	ev := dialEvidence(f)
	for _, d := range f.Backend.Dials {
		if d.OK {
			return passed(whoListens(f, d), ev...)
		}
	}
	if len(f.Backend.Dials) == 0 {
		return unsure("no address of "+host+" was tried", ev...)
	}
	if c := listensElsewhere(f, host, port, ev); c != nil {
		return found(c.Summary, ev, *c)
	}
	if c := queueIsFull(f, host, port, ev); c != nil {
		return found(c.Summary, ev, *c)
	}
	for _, d := range f.Backend.Dials {
		if d.Error != "refused" && !(probe.LocalHost(host) && d.Error == "unreachable") {
			return unsure(fmt.Sprintf("%s: %s", d.Address, cmp.Or(d.Detail, d.Error)), ev...)
		}
	}
	if probe.LocalHost(host) {
		if c := onOtherPort(f, port, ev); c != nil {
			return found(c.Summary, ev, *c)
		}
	}
	return found(fmt.Sprintf("nothing listens on port %d", port), ev, serverDown(f, host, port, ev))
}

// queueIsFull finds a server of this machine that does not even accept: on
// loopback nothing but a full queue of connections lets a dial wait.
func queueIsFull(f *probe.Facts, host string, port int, ev []Evidence) *Cause {
	if f.Process == nil || !f.Process.Known || f.Process.Port != port || !probe.LocalHost(host) || !slices.ContainsFunc(f.Backend.Dials, func(d probe.Dial) bool { return d.Error == "timeout" }) {
		return nil
	}
	for _, l := range f.Process.Listeners {
		if reaches(l, host) {
			return new(cause(causes.ServerHangs, Proven, fmt.Sprintf("A server listens on port %d and takes no connection any more: it is busy with earlier requests that do not end.", port),
				mintsAt(f), append(slices.Clone(ev), listenerEvidence(l)),
				Step{Text: "find what the handler waits for: a promise that is never resolved, a missing next(), a database that is not there"}, restartStep(f)))
		}
	}
	return nil
}

func serverDown(f *probe.Facts, host string, port int, ev []Evidence) Cause {
	certainty, fix := Proven, []Step{startStep(f)}
	if !probe.LocalHost(host) {
		certainty = Likely // a packet filter on the way refuses in the same words
		fix = []Step{{Text: fmt.Sprintf("start the backend on %s, or correct the URL", host)}}
	}
	fix = append(fix, Step{Text: "if it ends at once, read its first lines: a missing module, a syntax error and EADDRINUSE end it at start"})
	return cause(causes.ServerDown, certainty,
		fmt.Sprintf("The browser cannot fetch a token: port %d refuses every connection, so no server listens there.", port),
		nil, ev, fix...)
}

// listensElsewhere finds a listener on the port whose address the URL's
// literal host does not reach.
func listensElsewhere(f *probe.Facts, host string, port int, ev []Evidence) *Cause {
	if f.Process == nil || !f.Process.Known || f.Process.Port != port || !probe.LocalHost(host) {
		return nil
	}
	for _, l := range f.Process.Listeners {
		if reaches(l, host) {
			continue
		}
		return new(cause(causes.ServerFamily, Proven,
			fmt.Sprintf("The server listens on %s only, and the URL asks %s: a refused connection, although the server runs.", net.JoinHostPort(l.Address, fmt.Sprint(port)), host),
			sourceLoc(f.Target.URLSource), append(slices.Clone(ev), listenerEvidence(l)),
			Step{Text: fmt.Sprintf("write localhost instead of %s in the URL%s", host, inFile(f.Target.URLSource))},
			Step{Text: "or let the server listen on both: app.listen(port) without a host"}))
	}
	return nil
}

// reaches tells whether a connection to host arrives at the listener.
func reaches(l probe.Listener, host string) bool {
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
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
func onOtherPort(f *probe.Facts, port int, ev []Evidence) *Cause {
	if f.Process == nil {
		return nil
	}
	code := serverCode(f)
	var best *probe.Listener
	proven := false
	for i := range f.Process.Others {
		l := &f.Process.Others[i]
		if l.Port == port || !backendLike(f, *l) {
			continue
		}
		named := code != nil && (namesPort(code, l.Port) || runsEntry(code, *l))
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
	certainty := Likely
	if proven {
		certainty = Proven
	}
	loc, fix := sourceLoc(f.Target.URLSource), []Step{
		{Text: fmt.Sprintf("write port %d in the URL%s", best.Port, inFile(f.Target.URLSource))},
		{Text: fmt.Sprintf("or let the server listen on %d%s, and restart it", port, setHere(code)), Command: startCommand(f)},
	}
	if loc == nil && code != nil && len(code.Ports) > 0 {
		loc = locAt(code.Ports[0].File, code.Ports[0].Line)
	}
	return new(cause(causes.ServerOnOtherPort, certainty,
		fmt.Sprintf("The project's server runs, but on port %d; the token is asked for on port %d, where nothing listens.", best.Port, port),
		loc, append(slices.Clone(ev), listenerEvidence(*best)), fix...))
}

func namesPort(code *probe.ServerCode, port int) bool {
	return slices.ContainsFunc(code.Ports, func(p probe.Port) bool { return p.Port == port })
}

func runsEntry(code *probe.ServerCode, l probe.Listener) bool {
	return code.Entry != "" && slices.ContainsFunc(l.Command, func(a string) bool {
		a = strings.ReplaceAll(a, `\`, "/")
		return a == code.Entry || strings.HasSuffix(a, "/"+code.Entry) || (a != "" && a == baseName(code.Entry))
	})
}

func setHere(code *probe.ServerCode) string {
	if code == nil || len(code.Ports) == 0 {
		return ""
	}
	p := code.Ports[0]
	if p.Env != "" {
		return fmt.Sprintf(" (%s, read at %s)", p.Env, locAt(p.File, p.Line))
	}
	return fmt.Sprintf(" (%s)", locAt(p.File, p.Line))
}

func inFile(source string) string {
	if l := sourceLoc(source); l != nil {
		return " at " + l.String()
	}
	return ""
}
