// Package down says why a server doesn't listen that should.
package down

import (
	"fmt"
	"strings"

	"badsig/checks/facts"
	"badsig/checks/finding"
)

// Rules of this file, about a port on which nothing listens:
//   - a program that was started a moment ago isn't down: it may be a restart
//   - a watcher without a child has seen its program end: to start the backend again wouldn't help
//   - what the program demands at its start, and no file sets, is likely why it ended; a shell may set it

// Starting is the program that was started too short a time ago to listen; nil for none.
func Starting(f *facts.Facts) *finding.Link {
	if f.Process == nil {
		return nil
	}
	for i := range f.Process.Idle {
		if p := &f.Process.Idle[i]; p.Restarts == "" && p.Young(f.At) {
			return &finding.Link{What: fmt.Sprintf("whether it gets ready: %s (pid %d) was started a moment ago", strings.Join(p.Command, " "), p.PID),
				Next: []finding.Step{{Text: "Wait until its log says that it listens, and check again", Command: "badsig check"}}}
		}
	}
	return nil
}

// Explained adds to a backend that is down what its processes and its source say of the cause.
func Explained(f *facts.Facts, c finding.Cause) finding.Cause {
	if f.Process != nil {
		for i := range f.Process.Idle {
			p := &f.Process.Idle[i]
			what, fix, title := strings.Join(p.Command, " "), "Read the backend's log: it waits for something before it listens, such as a database that isn't running", "The backend runs, and doesn't listen yet"
			if p.Restarts != "" {
				fix, title = "Read the last lines that "+p.Restarts+" shows: they name the error that ended the backend. It starts again when you save a corrected file", "The backend has crashed: "+p.Restarts+" waits for a change"
			} else if !facts.CodeOf(f).RunBy(p.Command) {
				continue
			}
			c.Fix[0] = finding.Step{Text: fix}
			c.Evidence = append(c.Evidence, finding.Evidence{Label: "runs, and listens on no port", Got: what, Source: fmt.Sprintf("pid %d", p.PID)})
			c = c.Titled(title)
			break
		}
	}
	if f.Server == nil || f.Server.Ends == nil {
		return c
	}
	e := f.Server.Ends
	c.Certainty, c.Location = finding.Likely, finding.LocAt(e.File, e.Line)
	c.Summary += " It exits when it starts without " + e.Name + ", and no file that it loads sets that."
	at, step := c.Location.String(), "In the .env file that the backend loads, set "+e.Name+" (read at "
	if e.Transform != "" {
		step = "Call " + e.Transform + " " + e.Name + ": that's the name that the code reads ("
	} else if len(f.Server.Loaded) > 0 {
		step = "In " + f.Server.Loaded[0] + ", set " + e.Name + " (read at "
	}
	c.Fix = append([]finding.Step{{Text: step + at + ")"}}, c.Fix...)
	return c.Titled("The backend exits when it starts without " + e.Name)
}
