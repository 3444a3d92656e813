package rules

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/loopback"
	"badsig/checks/rules/parts"
)

// Rules of this file:
//   - processes of one program (a cluster's workers) aren't two servers
//   - two servers are a fault where they respond differently, or where the URL reaches only the stranger

// onOtherFamily is the case that a stranger responds at the address in the URL,
// and the project's own server has the same port at another one.
func onOtherFamily(f *facts.Facts, owners []facts.Listener, l facts.Listener) *finding.Result {
	host, _ := loopback.HostPort(f.Target.URL)
	own := slices.IndexFunc(owners, func(o facts.Listener) bool { return o.InsideKnown && o.Inside && !reaches(o, host) })
	if own < 0 || !stranger(f, l) {
		return nil
	}
	o := owners[own]
	ev := []finding.Evidence{listenerEvidence(l), listenerEvidence(o)}
	r := finding.Found(fmt.Sprintf("process %d, which isn't part of this project, responds at %s; the backend (process %d) listens on %s", l.PID, host, o.PID, o.Address), ev,
		finding.New(causes.WrongServer, finding.Proven,
			fmt.Sprintf("The URL uses %s, where process %d of another program responds. The backend listens on the same port of %s only, so the request never reaches it.", host, l.PID, o.Address),
			parts.HostLoc(f), ev,
			finding.Step{Text: fmt.Sprintf("%suse %s instead of %s in the URL", sentenceIn(parts.AddressLoc(f)), urlHost(o.Address), host)},
			finding.Step{Text: fmt.Sprintf("Or stop process %d, if you don't need it, and let the backend listen on both addresses", l.PID)}))
	return &r
}

// urlHost is an address as a URL writes it.
func urlHost(address string) string {
	if affix.Contains(address, ":") {
		return "[" + address + "]"
	}
	return address
}

// twoServers judges unrelated processes on the two loopback addresses.
func twoServers(f *facts.Facts, owners []facts.Listener) *finding.Result {
	if len(owners) < 2 || related(owners) || len(f.Backend.ByFamily) < 2 {
		return nil
	}
	a, b := &f.Backend.ByFamily[0], &f.Backend.ByFamily[1]
	what := differ(f, a, b)
	if what == "" {
		return nil
	}
	wrong, right, sure := twoOf(f, owners)
	ev := []finding.Evidence{listenerEvidence(wrong), listenerEvidence(right),
		{Label: "response over " + facts.First(a.Family, "the first address"), Got: parts.AnswerLine(a), Source: a.Method + " " + a.URL},
		{Label: "response over " + facts.First(b.Family, "the second address"), Got: parts.AnswerLine(b), Source: b.Method + " " + b.URL},
		{Label: "they differ in", Got: what}}
	fix := []finding.Step{{Text: fmt.Sprintf("Stop process %d (%s): it isn't part of this project", wrong.PID, ranOn(wrong))},
		{Text: fmt.Sprintf("Or use %s instead of localhost in the URL: that is the backend of this project", urlHost(right.Address))}}
	if !sure {
		fix = []finding.Step{{Text: "Stop the one of the two that you don't need, or give the two different ports"}}
	}
	r := finding.Found(fmt.Sprintf("two processes, %d and %d, share the port and respond differently", wrong.PID, right.PID), ev,
		finding.New(causes.WrongServer, finding.Proven,
			fmt.Sprintf("Processes %d and %d listen on the same port, one on 127.0.0.1 and one on ::1, and respond differently; which one a browser gets for localhost is chance.%s",
				wrong.PID, right.PID, leftOver(wrong, right, sure)),
			parts.HostLoc(f), ev, fix...))
	return &r
}

// twoOf tells the process that is none of the project's from the one that is;
// sure is false where both or neither are.
func twoOf(f *facts.Facts, owners []facts.Listener) (wrong, right facts.Listener, sure bool) {
	wrong, right = owners[0], owners[1]
	if stranger(f, right) && !stranger(f, wrong) {
		wrong, right = right, wrong
	}
	return wrong, right, stranger(f, wrong) && !stranger(f, right) && right.Inside
}

// leftOver says which of the two processes is likely the one too many.
func leftOver(wrong, right facts.Listener, sure bool) string {
	old := wrong
	if right.Start.Before(old.Start) {
		old = right
	}
	switch {
	case sure:
		return fmt.Sprintf(" Process %d isn't part of this project.", wrong.PID)
	case !wrong.Start.Equal(right.Start):
		return fmt.Sprintf(" Process %d is the older one.", old.PID)
	}
	return ""
}

// ranOn is a listener's command and address.
func ranOn(l facts.Listener) string {
	return facts.First(strings.Join(l.Command, " "), l.Name) + " on " + urlHost(l.Address)
}

// related tells whether processes belong together: one is the other's parent,
// or they are the same program, started by the same parent, as a cluster's
// workers are. A parent alone says little: a terminal, a task runner or an
// editor starts what has nothing to do with each other.
func related(owners []facts.Listener) bool {
	first := owners[0]
	for _, o := range owners[1:] {
		switch {
		case descends(o, first), descends(first, o):
		case o.Dir == first.Dir && slices.Equal(o.Command, first.Command) && len(o.Ancestors) > 0 && len(first.Ancestors) > 0 &&
			o.Ancestors[0].PID == first.Ancestors[0].PID && o.Ancestors[0].PID > 1 && !isShell(o.Ancestors[0]):
		default:
			return false
		}
	}
	return true
}

func descends(l, from facts.Listener) bool {
	return l.PID == from.PID || affix.Any(l.Ancestors, func(a facts.Ancestor) bool { return a.PID == from.PID })
}

// isShell tells whether a parent is only the terminal, an init or an editor: what it starts is not one program.
func isShell(a facts.Ancestor) bool {
	if len(a.Command) == 0 {
		return true
	}
	name := affix.TrimPrefix(facts.BaseName(a.Command[0]), "-")
	return facts.OneOf([]string{
		"sh", "bash", "zsh", "fish", "dash", "ash", "ksh", "pwsh", "powershell.exe", "cmd.exe", "explorer.exe", "tmux", "screen",
		"init", "systemd", "launchd", "login", "sshd", "code", "badsig", "make", "timeout", "setsid",
	}, name) || affix.HasPrefix(name, "tmux")
}

// differ says in what two responses to the same request differ; "" where nothing
// shows that two different servers gave them.
func differ(f *facts.Facts, a, b *facts.Answer) string {
	switch {
	case a.Status == 0 || b.Status == 0:
		return ""
	case a.Status != b.Status:
		return "status"
	case len(a.Tokens) > 0 != (len(b.Tokens) > 0):
		return "only one returns a token"
	case a.JSON != b.JSON || a.HTML != b.HTML:
		return "kind of body"
	case a.Header["X-Powered-By"] != b.Header["X-Powered-By"] || a.Header["Server"] != b.Header["Server"]:
		return "server headers"
	}
	if len(a.Tokens) == 0 {
		return ""
	}
	x, y := facts.AnswerToken(f, a), facts.AnswerToken(f, b)
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

func signedWith(t *facts.Token) string {
	if t.Signer == nil || len(t.Signer.Hits) == 0 {
		return ""
	}
	return t.Signer.Hits[0].Signed
}
