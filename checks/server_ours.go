package checks

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"badsig/checks/causes"
	"badsig/checks/probe"
)

// Rules of this file:
//   - an owner that may not be seen, a forwarder (docker, ssh, a proxy) and workers of one parent accuse nobody
//   - two processes on the two loopback addresses are a fault only where they answer differently
//   - a stranger is one that lies outside a project which holds a token server, and gives no token

// forwarders carry another program's answers: their own folder says nothing.
var forwarders = []string{
	"docker-proxy", "com.docker.backend", "com.docker.vpnkit", "vpnkit", "rootlessport", "rootlesskit", "gvproxy", "conmon",
	"podman", "limactl", "colima", "orbstack helper", "orbstack", "wslrelay", "wslhost", "ssh", "sshd", "kubectl", "socat", "nginx",
	"caddy", "traefik", "haproxy", "httpd", "apache2", "envoy", "ngrok", "cloudflared", "slirp4netns", "pasta", "iphlpsvc", "svchost",
}

// ruleServerIsOurs finds wrong-server.
func ruleServerIsOurs(f *probe.Facts) Result {
	a := mainAnswer(f)
	if a == nil {
		return unsure(whyNot(f, probe.NameBackend, "nothing responded"))
	}
	if s := a.Header["Server"]; strings.HasPrefix(s, "AirTunes/") {
		ev := []Evidence{{Label: "Server header", Got: s, Want: "your backend", Source: a.Method + " " + a.URL}}
		return found("the AirPlay Receiver of macOS responds", ev, cause(causes.WrongServer, Proven,
			"The AirPlay Receiver of macOS has the port and responds to the token request; it never reaches your backend. Its Server header says so.", nil, ev,
			Step{Text: "Give the backend another port, and use it in the front end"},
			Step{Text: "Or turn it off: System Settings › General › AirDrop & Handoff › AirPlay Receiver"}))
	}
	if f.Process == nil || !f.Process.Known {
		return unsure(whyNot(f, probe.NameListener, "who owns the port can't be seen here"))
	}
	if host, _ := probe.HostPort(f.Target.URL); !probe.LocalHost(host) {
		return unsure(host + " is another machine: its processes can't be seen from here")
	}
	owners := ownersOf(f.Process.Listeners)
	if len(owners) == 0 {
		return unsure("who owns the port can't be seen here")
	}
	if r := twoServers(f, owners); r != nil {
		return *r
	}
	l := answering(f, owners)
	if r := onOtherFamily(f, owners, l); r != nil {
		return *r
	}
	ev := []Evidence{listenerEvidence(l)}
	if !stranger(f, l) || givesToken(a) {
		return passed(owner(f, l), ev...)
	}
	if len(f.Project.Servers) == 0 {
		return unsettled(owner(f, l)+", outside this folder", Link{What: "which project this server belongs to",
			Next: []Step{{Text: "run badsig in your project's folder, or give it with --dir", Command: again(f, "dir", "--dir PROJECT")}}}, ev)
	}
	ev = append(ev, Evidence{Label: "response", Got: answerLine(a), Want: "200, JSON with a token", Source: a.Method + " " + a.URL})
	return found(fmt.Sprintf("%s, pid %d, which isn't part of this project", cmp.Or(l.Name, "a process"), l.PID), ev,
		cause(causes.WrongServer, Proven,
			fmt.Sprintf("Process %d (%s) has port %d. It runs outside this project and returns no token: the request never reaches your backend.", l.PID, cmp.Or(l.Name, "unknown"), l.Port),
			frontAt(f), ev,
			Step{Text: "Give the backend another port, and use it in the front end" + placed(frontAt(f))},
			startStep(f),
			Step{Text: fmt.Sprintf("Or stop process %d (%s), if you don't need it, and start the backend", l.PID, cmp.Or(l.Name, "unknown"))}))
}

// ownersOf gives one listener a process, in the order found; none where one of them may not be seen.
func ownersOf(list []probe.Listener) []probe.Listener {
	var owners []probe.Listener
	for _, l := range list {
		if l.PID == 0 {
			return nil
		}
		if !slices.ContainsFunc(owners, func(o probe.Listener) bool { return o.PID == l.PID }) {
			owners = append(owners, l)
		}
	}
	return owners
}

// answering is the owner that answered the main request.
func answering(f *probe.Facts, owners []probe.Listener) probe.Listener {
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
func stranger(f *probe.Facts, l probe.Listener) bool {
	return l.InsideKnown && !l.Inside && f.Project != nil &&
		!slices.Contains(forwarders, strings.TrimSuffix(strings.ToLower(l.Name), ".exe"))
}

func givesToken(a *probe.Answer) bool { return a.Status/100 == 2 && len(a.Tokens) > 0 }
