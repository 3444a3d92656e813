package down

import (
	"fmt"

	"badsig/checks/affix"
	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/loopback"
	"badsig/checks/rules/meet"
	"badsig/checks/rules/parts"
)

// SourcePort finds a request of a port on which nothing of the project listens,
// where the path is that of the one server that makes tokens.
func SourcePort(f *facts.Facts) []finding.Cause {
	if f.Target.URLSource == "flag" || meet.Answered(f) || f.Project.Composed || f.Backend != nil && affix.Any(f.Backend.Dials, func(d facts.Dial) bool { return d.OK }) {
		return PortBeside(f)
	}
	if x := f.Fetch(); x != nil {
		if c := otherPort(f, x); c != nil {
			return []finding.Cause{*c}
		}
	}
	return PortBeside(f)
}

// PortBeside judges the requests beside the main one by which a client of Stream gets its token.
func PortBeside(f *facts.Facts) []finding.Cause {
	if f.Project.Composed {
		return nil
	}
	main := f.Fetch()
	for i := range f.Project.Fetches {
		if x := &f.Project.Fetches[i]; x != main && x.Product != "" && x.Address.File != "" {
			if c := otherPort(f, x); c != nil {
				return []finding.Cause{*c}
			}
		}
	}
	return nil
}

// otherPort judges one request.
func otherPort(f *facts.Facts, x *facts.Fetch) *finding.Cause {
	if !x.Known.Sure() {
		return nil
	}
	to, ok := meet.AddressOf(f, x)
	if !ok || to.Host == "" || loopback.LAN(to.Hostname()) && !meet.EmulatorHost(to.Hostname()) {
		return nil
	}
	_, port := loopback.HostPort(to.String())
	if f.Project.ListensOn(port) {
		return nil
	}
	if f.Process != nil && affix.Any(append(f.Process.Others[:len(f.Process.Others):len(f.Process.Others)], f.Process.Listeners...), func(l facts.Listener) bool { return l.Port == port }) {
		return nil
	}
	if affix.Any(f.Project.Origins, func(o facts.Found) bool { return affix.HasSuffix(o.Text, fmt.Sprintf(":%d", port)) }) {
		return nil // a dev server of the project's own, which may hand the request on
	}
	only := -1
	for i := range f.Project.Entries {
		e := &f.Project.Entries[i]
		if e.Server < 0 || e.Path == "" || !facts.PathFits(e.Path, to.Path) || e.Server == only {
			continue
		}
		if only >= 0 || !e.Known.Sure() {
			return nil
		}
		only = e.Server
	}
	if only < 0 || len(f.Project.Servers[only].Ports) != 1 || !f.Project.Servers[only].Ports[0].Known().Sure() {
		return nil
	}
	p := f.Project.Servers[only].Ports[0]
	for _, x := range f.Project.Published {
		if x.Port == port {
			return nil
		}
		if x.Target == p.Port { // where the page reaches it, if Compose starts it
			p = facts.Port{Port: x.Port, File: x.File, Line: x.Line}
		}
	}
	if p.Env != "" && f.Server != nil && f.Server.SecretUnset { // the file that sets the one may set the other
		return nil
	}
	at := finding.LocAt(x.Address.File, x.Address.Line)
	if at == nil || at.File == "" {
		at = finding.LocAt(x.File, x.Line)
	}
	listens := finding.LocAt(p.File, p.Line)
	c := finding.New(causes.ServerOnOtherPort, finding.Likely, // a shell may set the port
		fmt.Sprintf("The front end requests port %d, and the backend listens on %d.", port, p.Port), at,
		[]finding.Evidence{{Label: "port in the URL", Got: fmt.Sprint(port), Want: fmt.Sprint(p.Port), Source: at.String()}, {Label: "port in the source", Got: fmt.Sprint(p.Port), Source: listens.String()}},
		finding.Step{Text: parts.Sentence(parts.InLine(at)) + fmt.Sprintf("use port %d in the URL", p.Port)},
		finding.Step{Text: fmt.Sprintf("Or let the backend listen on %d (%s)", port, listens)}, parts.RestartStep(f))
	c = meet.BothRead(c, x)
	return &c
}
