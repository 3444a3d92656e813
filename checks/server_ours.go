package checks

import (
	"fmt"
	"maps"
	"slices"
	"strings"

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
		return unsure(whyNot(f, probe.NameBackend, "nothing answered"))
	}
	if s := a.Header["Server"]; strings.HasPrefix(s, "AirTunes/") {
		ev := []Evidence{{Label: "Server header", Got: s, Want: "the project's server", Source: a.Method + " " + a.URL}}
		return found("macOS's AirPlay Receiver answers", ev, cause(CauseWrongServer, Proven,
			"The AirPlay Receiver of macOS has the port and answers the token request itself; your backend never sees it. Its Server header says so.", nil, ev,
			Step{Text: "give the backend another port and write it into the front end"},
			Step{Text: "or switch it off: System Settings → General → AirDrop & Handoff → AirPlay Receiver"}))
	}
	if f.Process == nil || !f.Process.Known {
		return unsure(whyNot(f, probe.NameListener, "who owns the port may not be seen here"))
	}
	if host, _ := hostPort(f.Target.URL); !loopback(host) {
		return unsure(host + " is another machine: its processes cannot be seen from here")
	}
	owners := ownersOf(f.Process.Listeners)
	if len(owners) == 0 {
		return unsure("who owns the port may not be seen here")
	}
	if r := twoServers(f, owners); r != nil {
		return *r
	}
	l := answering(f, owners)
	ev := []Evidence{listenerEvidence(l)}
	if !stranger(f, l) || givesToken(a) {
		return passed(owner(f, l), ev...)
	}
	ev = append(ev, Evidence{Label: "it answers", Got: answerLine(a), Want: "200, JSON with a token", Source: a.Method + " " + a.URL})
	return found(fmt.Sprintf("%s, pid %d, which is not of this project", orText(l.Name, "a process"), l.PID), ev,
		cause(CauseWrongServer, Proven,
			fmt.Sprintf("Port %d belongs to process %d (%s), which runs outside this project and gives no token: the request never reaches your server.", l.Port, l.PID, orText(l.Name, "unknown")),
			nil, ev,
			Step{Text: fmt.Sprintf("end process %d if you do not need it", l.PID), Command: fmt.Sprintf("kill %d", l.PID)},
			startStep(f),
			Step{Text: "or give the backend another port and write it into the front end"}))
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

// twoServers judges unrelated processes on the two loopback addresses.
func twoServers(f *probe.Facts, owners []probe.Listener) *Result {
	if len(owners) < 2 || related(owners) || len(f.Backend.ByFamily) < 2 {
		return nil
	}
	a, b := &f.Backend.ByFamily[0], &f.Backend.ByFamily[1]
	what := differ(f, a, b)
	if what == "" {
		return nil
	}
	wrong, right := owners[0], owners[1]
	if stranger(f, right) && !stranger(f, wrong) || (stranger(f, right) == stranger(f, wrong) && right.Start.Before(wrong.Start)) {
		wrong, right = right, wrong
	}
	ev := []Evidence{listenerEvidence(wrong), listenerEvidence(right),
		{Label: "answer over " + orText(a.Family, "the first address"), Got: answerLine(a), Source: a.Method + " " + a.URL},
		{Label: "answer over " + orText(b.Family, "the second address"), Got: answerLine(b), Source: b.Method + " " + b.URL},
		{Label: "they differ in", Got: what}}
	r := found(fmt.Sprintf("two processes, %d and %d, share the port and answer differently", wrong.PID, right.PID), ev,
		cause(CauseWrongServer, Proven,
			fmt.Sprintf("Processes %d and %d listen on the same port, one on 127.0.0.1 and one on ::1, and answer differently; which one a browser gets for localhost is chance. %s",
				wrong.PID, right.PID, guessWrong(f, wrong, right)),
			nil, ev,
			Step{Text: fmt.Sprintf("end process %d (%s)", wrong.PID, orText(strings.Join(wrong.Command, " "), wrong.Name)), Command: fmt.Sprintf("kill %d", wrong.PID)}))
	return &r
}

func guessWrong(f *probe.Facts, wrong, right probe.Listener) string {
	if stranger(f, wrong) && !stranger(f, right) {
		return fmt.Sprintf("Process %d is not of this project.", wrong.PID)
	}
	if wrong.Start.Before(right.Start) {
		return fmt.Sprintf("Process %d is the older one, likely left over.", wrong.PID)
	}
	return ""
}

// related tells whether processes belong together: a cluster's workers share a
// parent, or one is the other's.
func related(owners []probe.Listener) bool {
	kin := func(l probe.Listener) []int32 {
		ids := []int32{l.PID}
		if len(l.Ancestors) > 0 && l.Ancestors[0].PID > 1 && !shell(l.Ancestors[0]) {
			ids = append(ids, l.Ancestors[0].PID)
		}
		return ids
	}
	for _, a := range owners[1:] {
		if !slices.ContainsFunc(kin(a), func(id int32) bool { return slices.Contains(kin(owners[0]), id) }) {
			return false
		}
	}
	return true
}

// shell tells whether a parent is only the terminal, an init or an editor: what it starts is not one program.
func shell(a probe.Ancestor) bool {
	if len(a.Command) == 0 {
		return true
	}
	name := strings.TrimPrefix(baseName(a.Command[0]), "-")
	return slices.Contains([]string{
		"sh", "bash", "zsh", "fish", "dash", "ash", "ksh", "pwsh", "powershell.exe", "cmd.exe", "explorer.exe", "tmux", "screen",
		"init", "systemd", "launchd", "login", "sshd", "code", "badsig", "make", "timeout", "setsid",
	}, name) || strings.HasPrefix(name, "tmux")
}

// stranger tells whether a process surely is none of the project's, where the
// project holds a token server at all.
func stranger(f *probe.Facts, l probe.Listener) bool {
	return l.InsideKnown && !l.Inside && f.Project != nil && len(f.Project.Servers) > 0 &&
		!slices.Contains(forwarders, strings.TrimSuffix(strings.ToLower(l.Name), ".exe"))
}

func givesToken(a *probe.Answer) bool { return a.Status/100 == 2 && len(a.Tokens) > 0 }

// differ says in what two answers to the same request differ; "" where nothing
// shows that two different servers gave them.
func differ(f *probe.Facts, a, b *probe.Answer) string {
	switch {
	case a.Status == 0 || b.Status == 0:
		return ""
	case a.Status != b.Status:
		return "status"
	case len(a.Tokens) > 0 != (len(b.Tokens) > 0):
		return "only one gives a token"
	case a.JSON != b.JSON || a.HTML != b.HTML:
		return "kind of body"
	case a.Header["X-Powered-By"] != b.Header["X-Powered-By"] || a.Header["Server"] != b.Header["Server"]:
		return "server headers"
	}
	if len(a.Tokens) == 0 {
		return ""
	}
	x, y := tokenAt(f, a.Tokens[0]), tokenAt(f, b.Tokens[0])
	switch {
	case x == nil || y == nil:
		return ""
	case x.Input == y.Input && x.Signature != y.Signature:
		return "signature of the same content: they sign with different secrets"
	case x.Input != y.Input && signedWith(x) != "" && signedWith(y) != "" && signedWith(x) != signedWith(y):
		return "secret that signs"
	case !slices.Equal(slices.Sorted(maps.Keys(x.Claims)), slices.Sorted(maps.Keys(y.Claims))):
		return "claims of the token"
	}
	return ""
}

func tokenAt(f *probe.Facts, i int) *probe.Token {
	if i < 0 || i >= len(f.Tokens) {
		return nil
	}
	return &f.Tokens[i]
}

func signedWith(t *probe.Token) string {
	if t.Signer == nil || len(t.Signer.Hits) == 0 {
		return ""
	}
	return t.Signer.Hits[0].Signed
}

// answerLine is an answer in a few words: "404, text/html: Cannot POST /token".
func answerLine(a *probe.Answer) string {
	if a.Status == 0 {
		return orText(a.Detail, orText(a.Error, "no answer"))
	}
	s := fmt.Sprint(a.Status)
	if t, _, _ := strings.Cut(a.Header["Content-Type"], ";"); t != "" {
		s += ", " + t
	}
	if len(a.Tokens) > 0 {
		return s + ", with a token"
	}
	if a.Begin != "" {
		s += ": " + clip(a.Begin, 120)
	}
	return s
}

// clip shortens a text for one line of evidence.
func clip(s string, n int) string {
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}
