package rules

import (
	"strings"
	"time"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/tools"
)

// This file tells what the endpoint wants of a session, and how long badsig has
// to wait before a server that says nothing can be said to hang.

// guardReads is what the guard of the entry reads of a request: a header, and
// the cookie's name where it reads one; "" where that is not known.
func guardReads(f *facts.Facts) (header, cookie string) {
	if e := f.Entry(); e != nil {
		switch name := strings.ToLower(e.Session); {
		case name == "":
		case name == "authorization", name == "bearer", name == "firebase", name == "supabase":
			return "authorization", ""
		case name == "session", name == "passport":
			if h := headersOf(e.Guards); h != "" {
				return h, ""
			}
			return "cookie", ""
		case name == "clerk", name == "next-auth":
			return "cookie", ""
		case affix.HasPrefix(name, "x-"):
			return name, ""
		default:
			return "cookie", e.Session
		}
		h := headersOf(e.Guards)
		switch {
		case affix.HasPrefix(strings.ToLower(e.Session), "x-"):
			return strings.ToLower(e.Session), ""
		case h == "cookie" && e.Session != "": // a cookie's own name
			return h, e.Session
		case h != "":
			return h, ""
		}
	}
	if c := facts.CodeOf(f); c != nil {
		return headersOf(c.Guards), ""
	}
	return "", ""
}

// headersOf is the header that all guards read, where there is one.
func headersOf(guards []facts.Guard) string {
	header := ""
	for _, g := range guards {
		for _, h := range g.Headers {
			if header == "" || h == header {
				header = h
			} else if h == "authorization" {
				header = h
			}
		}
	}
	return header
}

const (
	enoughPlain    = 4500 * time.Millisecond // of a server that has nothing to compile; without --timeout badsig waits four times as long
	enoughCompiled = 45 * time.Second
)

// waitedEnough tells whether badsig waited long enough for its silence to count.
func waitedEnough(f *facts.Facts) facts.Known {
	var waited float64
	if a := facts.MainAnswer(f); a != nil {
		waited = a.TookMs
	} else if f.Backend != nil {
		for _, d := range f.Backend.Dials {
			waited = max(waited, d.TookMs)
		}
	}
	enough := enoughPlain
	if compiles(f) {
		enough = enoughCompiled
	}
	if time.Duration(waited*float64(time.Millisecond)) >= enough {
		return facts.IsSeen
	}
	return facts.IsAssumed
}

// compiles reports whether the server may compile the route on its first request.
func compiles(f *facts.Facts) bool {
	if f.Compiles() {
		return true
	}
	if f.Process == nil {
		return false
	}
	return affix.Any(f.Process.Listeners, func(l facts.Listener) bool {
		return affix.Any(programs(l.Command), func(n string) bool { return tools.Command(n, func(t *tools.Tool) bool { return t.Compiles }) })
	})
}
