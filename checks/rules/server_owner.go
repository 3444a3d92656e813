package rules

import (
	"fmt"
	"net"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/rules/parts"
	"badsig/checks/tools"
)

// backendLike tells whether a listener of the project may be its backend: no
// debugger, no dev server of a front end.
func backendLike(f *facts.Facts, l facts.Listener) bool {
	if l.Port >= 9229 && l.Port <= 9239 || l.Port == 24678 {
		return false // node --inspect, Vite's hot reload
	}
	next := false
	for _, name := range programs(l.Command) {
		if tools.Command(name, func(t *tools.Tool) bool { return t.Pages }) {
			return false
		}
		next = next || name == "next" || name == "next-server"
	}
	if next {
		c := facts.CodeOf(f)
		return c != nil && c.Loader == "next"
	}
	return true
}

// programs are the names that say what a command line runs: the program, the
// script that is an interpreter's first argument, and packages run from node_modules.
func programs(command []string) []string {
	var names []string
	for i, arg := range command {
		if _, inside, ok := affix.Cut(affix.ReplaceAll(arg, `\`, "/"), "node_modules/"); ok {
			pkg := strings.Split(affix.TrimPrefix(inside, ".bin/"), "/")
			names = append(names, plainName(pkg[0]))
		}
		if i < 2 {
			names = append(names, plainName(facts.BaseName(arg)))
		}
	}
	return names
}

func plainName(s string) string {
	for _, end := range []string{".js", ".mjs", ".cjs", ".cmd", ".exe"} {
		s = affix.TrimSuffix(s, end)
	}
	return s
}

// whoListens says who accepts a connection: "node, pid 4711, in server, for 3 min".
func whoListens(f *facts.Facts, d facts.Dial) string {
	words := []string{d.Address}
	if f.Process == nil {
		return words[0] + " answers"
	}
	for _, l := range f.Process.Listeners {
		if !reaches(l, hostOf(d.Address)) {
			continue
		}
		return owner(f, l)
	}
	return words[0] + " responds; badsig isn't allowed to see who it is"
}

func owner(f *facts.Facts, l facts.Listener) string {
	if l.PID == 0 {
		return net.JoinHostPort(l.Address, fmt.Sprint(l.Port)) + " responds; badsig isn't allowed to see who it is"
	}
	s := fmt.Sprintf("%s, pid %d", facts.First(l.Name, "a process"), l.PID)
	if l.Dir != "" {
		s += ", in " + l.Dir
	}
	if !l.Start.IsZero() && f.At.After(l.Start) {
		s += ", since " + parts.Moment(l.Start, f.At)
	}
	return s
}

func hostOf(address string) string {
	h, _, err := net.SplitHostPort(address)
	if err != nil {
		return address
	}
	return h
}

// dialEvidence lists the addresses that were tried and what listens.
func dialEvidence(f *facts.Facts) []finding.Evidence {
	var ev []finding.Evidence
	for _, d := range f.Backend.Dials {
		got := "connected"
		if !d.OK {
			got = facts.First(d.Detail, d.Error)
		}
		ev = append(ev, finding.Evidence{Label: "connect to " + d.Address, Got: got, Want: "connected", Source: "TCP"})
	}
	if f.Process != nil {
		for _, l := range f.Process.Listeners {
			ev = append(ev, listenerEvidence(l))
		}
	}
	return ev
}

func listenerEvidence(l facts.Listener) finding.Evidence {
	got := "a process badsig can't see"
	if l.PID != 0 {
		got = facts.First(strings.Join(l.Command, " "), l.Name)
		if l.Dir != "" {
			got += ", in " + l.Dir
		}
		if !l.Start.IsZero() {
			got += ", started " + l.Start.Local().Format("15:04:05")
		}
	}
	source := "table of sockets"
	if l.PID != 0 {
		source = fmt.Sprintf("pid %d", l.PID)
	}
	return finding.Evidence{Label: "listens on " + net.JoinHostPort(l.Address, fmt.Sprint(l.Port)), Got: got, Source: source}
}
