package rules

import (
	"fmt"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/loopback"
	"badsig/checks/rules/parts"
)

// Rules of this file:
//   - an owner that may not be seen, a forwarder (docker, ssh, a proxy) and workers of one parent accuse no one
//   - two processes on the two loopback addresses are a fault only where they respond differently
//   - a stranger is one that is outside a project which holds a token server, and gives no token; inside, one that can't
//     be its server, on the port that the server's source names

// forwarders carry another program's responses: their own folder says nothing.
var forwarders = []string{
	"docker-proxy", "com.docker.backend", "com.docker.vpnkit", "vpnkit", "rootlessport", "rootlesskit", "gvproxy", "conmon",
	"podman", "limactl", "colima", "orbstack helper", "orbstack", "wslrelay", "wslhost", "ssh", "sshd", "kubectl", "socat", "nginx",
	"caddy", "traefik", "haproxy", "httpd", "apache2", "envoy", "ngrok", "cloudflared", "slirp4netns", "pasta", "iphlpsvc", "svchost",
}

// ServerIsOurs finds wrong-server.
func ServerIsOurs(f *facts.Facts) finding.Result {
	a := facts.MainAnswer(f)
	if a == nil {
		if r := ownerUnasked(f); r != nil {
			return *r
		}
		return finding.Unsure(parts.WhyNot(f, facts.NameBackend, "nothing responded"))
	}
	if s := a.Header["Server"]; affix.HasPrefix(s, "AirTunes/") {
		ev := []finding.Evidence{{Label: "Server header", Got: s, Want: "your backend", Source: a.Method + " " + a.URL}}
		return finding.Found("the AirPlay Receiver of macOS responds", ev, finding.New(causes.WrongServer, finding.Proven,
			"The AirPlay Receiver of macOS has the port and responds to the token request; it never reaches your backend. Its Server header says so.", nil, ev,
			finding.Step{Text: "Give the backend another port, and use it in the front end"},
			finding.Step{Text: "Or turn it off: System Settings › General › AirDrop & Handoff › AirPlay Receiver"}))
	}
	if f.Process == nil || !f.Process.Known {
		return finding.Unsure(parts.WhyNot(f, facts.NameListener, "who owns the port can't be seen here"))
	}
	if host, _ := loopback.HostPort(f.Target.URL); !loopback.LocalHost(host) {
		return finding.Unsure(host + " is another machine: its processes can't be seen from here")
	}
	owners := ownersOf(f.Process.Listeners)
	if len(owners) == 0 {
		return finding.Unsure("who owns the port can't be seen here")
	}
	if r := twoServers(f, owners); r != nil {
		return *r
	}
	l := answering(f, owners)
	if r := onOtherFamily(f, owners, l); r != nil {
		return *r
	}
	ev := []finding.Evidence{listenerEvidence(l)}
	code := facts.CodeOf(f)
	inside := l.Inside && f.Foreign(&l) && code != nil && code.ListensOn(l.Port)
	if !inside && !stranger(f, l) || facts.GivesToken(a) {
		return finding.Passed(owner(f, l), ev...)
	}
	if inside && !lacksRoute(a) {
		return finding.Passed(owner(f, l), ev...)
	}
	if len(f.Project.Servers) == 0 || !lacksRoute(a) {
		return unsettled(owner(f, l)+", outside this folder", finding.Link{What: "which project this server belongs to",
			Next: []finding.Step{{Text: "Run badsig in your project's folder, or give it with --dir", Command: Again(f, "dir", "--dir PROJECT")}}}, ev)
	}
	ev = append(ev, finding.Evidence{Label: "response", Got: parts.AnswerLine(a), Want: "200, JSON with a token", Source: a.Method + " " + a.URL})
	what := "runs outside this project"
	if inside {
		what = "isn't the backend"
	}
	return finding.Found(fmt.Sprintf("%s, pid %d, which %s", facts.First(l.Name, "a process"), l.PID, what), ev,
		finding.New(causes.WrongServer, finding.Proven,
			fmt.Sprintf("Process %d (%s) has port %d. It %s and returns no token: the request never reaches your backend.", l.PID, facts.First(l.Name, "unknown"), l.Port, what),
			parts.FrontAt(f), ev,
			finding.Step{Text: "Give the backend another port, and use it in the front end" + placed(parts.FrontAt(f))},
			parts.StartStep(f),
			finding.Step{Text: fmt.Sprintf("Or stop process %d (%s), if you don't need it, and start the backend", l.PID, facts.First(l.Name, "unknown"))}))
}

// ownerUnasked names the project's own process after an endpoint that wasn't
// requested; nil where it isn't the project's, or can't be seen.
func ownerUnasked(f *facts.Facts) *finding.Result {
	if f.Backend == nil || f.Backend.NotAsked == "" || f.Process == nil || !f.Process.Known {
		return nil
	}
	owners := ownersOf(f.Process.Listeners)
	if len(owners) == 0 {
		return nil
	}
	l := answering(f, owners)
	if !l.InsideKnown || !l.Inside {
		return nil
	}
	r := finding.Passed(owner(f, l), listenerEvidence(l))
	return &r
}

// lacksRoute reports whether a response shows that the program has no token
// route: one that wants a login, or fails, may be the project's own, started in
// another folder.
func lacksRoute(a *facts.Answer) bool {
	return a.HTML || a.Status == 404 || a.Status == 405 || a.Status == 501 || a.Status/100 == 2 || a.Error == "not-http"
}

// ownersOf gives one listener a process, in the order found; none where one of them may not be seen.
func ownersOf(list []facts.Listener) []facts.Listener {
	var owners []facts.Listener
	for _, l := range list {
		if l.PID == 0 {
			return nil
		}
		if !affix.Any(owners, func(o facts.Listener) bool { return o.PID == l.PID }) {
			owners = append(owners, l)
		}
	}
	return owners
}

// answering is the owner that responded to the main request.
func answering(f *facts.Facts, owners []facts.Listener) facts.Listener {
	for _, d := range f.Backend.Dials {
		if !d.OK {
			continue
		}
		for _, l := range owners {
			if reaches(l, hostOf(d.Address)) {
				return l
			}
		}
	}
	return owners[0]
}

// stranger tells whether a process surely is none of the project's, where the
// project holds a token server at all.
func stranger(f *facts.Facts, l facts.Listener) bool {
	return l.InsideKnown && !l.Inside && f.Project != nil &&
		!facts.OneOf(forwarders, affix.TrimSuffix(strings.ToLower(l.Name), ".exe"))
}
