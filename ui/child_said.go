package ui

import (
	"fmt"
	"path/filepath"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"badsig/checks/affix"
)

// childSaid handles what happened to the child.
func (a *app) childSaid(m childMsg) tea.Cmd {
	c := a.s.child
	if m.gen != c.gen {
		if m.started != nil { // overtaken by a restart
			return func() tea.Msg { m.started.Stop(); return nil }
		}
		return nil
	}
	switch {
	case m.err != nil:
		c.state, c.end = childEnded, "did not start"
		if c.open != nil {
			c.ring.mark("can't follow the log: " + m.err.Error())
			a.say(bad, "can't follow the log: "+m.err.Error())
			break
		}
		c.ring.mark("could not start: " + m.err.Error())
		a.say(bad, "couldn't start the backend: "+m.err.Error())
	case m.started != nil:
		c.state, c.proc, c.src, c.since, c.heard = childUp, m.started, m.started, a.s.now, a.s.now
		c.ring.mark(fmt.Sprintf(startMark+"%s, process %d", strings.Join(c.args, " "), m.started.PID()))
		if c.onlyLogs() {
			c.ring.mark("this command follows a log; it isn't the backend")
		}
		if a.s.report != nil { // it is of the process before
			return tea.Batch(c.read(), c.wait(), c.pause(), a.start())
		}
		return tea.Batch(c.read(), c.wait(), c.pause())
	case m.following != nil:
		c.state, c.src, c.since = childUp, m.following, a.s.now
		c.ring.mark("following " + c.name)
		return c.read()
	case m.output != nil:
		c.ring.write(m.output)
		if f, ok := c.src.(*fileLog); ok && f.at <= f.old || c.onlyLogs() && !c.past {
			c.ring.disown() // they say nothing of the backend as it is now
		}
		c.heard = a.s.now
		return tea.Batch(c.read(), c.pause())
	case !m.quiet.IsZero():
		if c.past || !m.quiet.Equal(c.heard) && a.s.now.Sub(c.since) < pastAtMost {
			return nil
		}
		c.past = true
		if c.ring.len() > 2 && c.state == childUp { // badsig's request may have been among the old ones
			return a.start()
		}
		return nil
	case m.stopped:
		return c.start()
	case m.exit != "":
		c.end = m.exit
	case m.eof:
		c.eof = true
	}
	if c.state == childUp && c.eof && c.end != "" { // its last lines come before the line that says so
		c.state = childEnded
		c.ring.mark(c.end + " after " + span(a.s.now.Sub(c.since)))
		if c.onlyLogs() {
			a.say(note, strings.Join(c.args, " ")+" "+c.end+": the log ends here, which says nothing about the backend")
			return fade(toastFor)
		}
		a.say(bad, "the backend "+c.end+"; "+a.s.key("restart")+" starts it again, "+a.s.key("log")+" shows its log")
		return tea.Batch(a.start(), fade(toastFor))
	}
	return fade(toastFor)
}

// restart stops the child, group and all, and starts it again.
func (a *app) restart() tea.Cmd {
	a.say(note, "restarting the backend")
	if a.s.demo != nil && a.s.demo.Restart != nil {
		return demos{a}.restart()
	}
	c := a.s.child
	if c == nil {
		return nil
	}
	p := c.proc
	c.gen++ // no matter what the old one still says is dropped
	gen := c.gen
	c.state, c.proc = childStarting, nil
	return func() tea.Msg {
		if p != nil {
			p.Stop()
		}
		return childMsg{gen: gen, stopped: true}
	}
}

// envChanged restarts the child, or says how, where a file changed from which
// it has read its variables.
func (c *child) envChanged(a *app, files []string) tea.Cmd {
	if !c.ours() || !c.running() {
		return nil
	}
	for _, f := range files {
		base := filepath.Base(f)
		if !affix.HasPrefix(base, ".env") {
			continue
		}
		if a.opt.Restart {
			cmd := a.restart()
			a.say(note, base+" changed: restarting the backend")
			return tea.Batch(cmd, fade(toastFor))
		}
		a.say(note, base+" changed: "+a.s.key("restart")+" restarts the backend")
		return fade(toastFor)
	}
	return nil
}
