package ui

import (
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"badsig/checks"
	"badsig/checks/affix"
	"badsig/checks/causes"
	"badsig/checks/watching"
)

// Rules of this file:
//   - a program that began to listen is told of; whether it's the backend is said only of badsig run's own child
//   - it is above the fix only where the port may be the problem

// neighbor is a process of the project that listens on another port than the
// one that the token is requested on.
type neighbor struct {
	watching.Neighbor
	ours bool // badsig started it
}

// neighborhood is what is watched beside the port.
type neighborhood struct {
	now    []watching.Neighbor // of the last look
	looked bool
	known  map[watching.Neighbor]bool // those that were there from the start; nil before the first look
	toldOf map[watching.Neighbor]bool
}

// debugPorts are those on which Node waits for a debugger.
func debugPort(port int) bool { return port >= 9229 && port <= 9239 }

// seen handles the last look at who listens.
func (n *neighborhood) seen(a *app) tea.Cmd {
	if !n.looked || a.s.facts == nil {
		return nil
	}
	now := n.now
	if n.known == nil {
		n.known, n.toldOf = map[watching.Neighbor]bool{}, map[watching.Neighbor]bool{}
		for _, x := range now {
			n.known[x] = true
		}
	}
	port, front := watching.Port(a.s.facts.Target.URL), watching.Port(a.s.facts.Target.Origin)
	child := a.s.child
	owns := func(x watching.Neighbor) bool {
		return child.ours() && child.running() && child.proc != nil && child.proc.Owns(int(x.PID))
	}
	reaches := affix.Any(now, func(x watching.Neighbor) bool { return x.Port == port && owns(x) })
	was := a.s.others
	a.s.others = nil
	var cmd tea.Cmd
	for _, x := range now {
		ours := owns(x)
		if x.Port == port || x.Port == front || debugPort(x.Port) || ours && reaches || !ours && n.known[x] {
			continue
		}
		a.s.others = append(a.s.others, neighbor{x, ours})
		if !n.toldOf[x] {
			n.toldOf[x] = true
			a.say(note, neighbor{x, ours}.says())
			cmd = fade(2 * toastFor)
		}
	}
	if !slices.Equal(was, a.s.others) && childPort(a.s) > 0 && a.s.root() != nil && !a.s.running {
		return tea.Batch(cmd, a.start()) // where the backend listens is known now
	}
	return cmd
}

func (n neighbor) says() string {
	if n.ours {
		return "your backend listens on port " + itoa(n.Port)
	}
	return clean(n.Name) + " (process " + itoa(int(n.PID)) + ", in this project) listens on port " + itoa(n.Port) + " now"
}

// childPort is the port that badsig run's own child listens on where that isn't
// the one that the token is requested on; 0 otherwise.
func childPort(s *session) int {
	for _, n := range s.others {
		if n.ours {
			return n.Port
		}
	}
	return 0
}

// portMatters reports whether another port can be what is wrong: the problem is
// where the token is requested, or nothing is known yet.
func portMatters(s *session) bool {
	root := s.root()
	if root == nil {
		return s.report == nil || s.report.Verdict != checks.Accepted
	}
	page, ok := causes.PageOf(root.ID)
	return ok && (page.Group == causes.Server || page.Group == causes.Endpoint) && root.Severity == causes.Error
}

// neighborLines say above the fix who listens elsewhere, where that may be the
// backend that the front end means.
func neighborLines(s *session, w int) []string {
	if s.facts == nil {
		return nil
	}
	var out []string
	asked := watching.Port(s.facts.Target.URL)
	for _, n := range s.others {
		switch {
		case n.ours:
			out = append(out, wrap(s.th.Bold.Paint("Your backend listens on port "+itoa(n.Port))+", and the token is requested on port "+itoa(asked)+
				". Use port "+itoa(n.Port)+" in the front end's URL, or start the backend with PORT="+itoa(asked)+" if it reads PORT.", w)...)
		case asked > 0 && portMatters(s):
			out = append(out, wrap(n.says()+"; the token is requested on port "+itoa(asked)+". If that's your backend, use its port in the URL.", w)...)
		}
	}
	if len(out) > 0 {
		out = append(out, "")
	}
	return out
}

// neighborLine is the same where the problem is another one: a line of its own
// below the picture, and nothing that is above the fix.
func (a screen) neighborLine() string {
	s := a.s
	if s.facts == nil || portMatters(s) || watching.Port(s.facts.Target.URL) == 0 {
		return ""
	}
	for _, n := range s.others {
		if n.ours {
			continue
		}
		short := clean(n.Name) + " listens on port " + itoa(n.Port) + " now"
		for _, say := range []string{n.says() + ". If that's your backend, use its port in the URL.", short + ". If that's your backend, use its port.", short} {
			if width(say)+2 <= a.w {
				return " " + s.th.Dim.Paint(say)
			}
		}
	}
	return ""
}
