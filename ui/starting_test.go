package ui

import (
	"strings"
	"testing"
	"testing/synctest"

	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
)

// Where nothing listens, F shows the command that the project's files name, and runs it only after y.
func TestStartIsOffered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := drive(t, Options{}, 120, 36, down(t))
		d.sees("[F] start it", "F start it")
		d.keys("F")
		d.sees("Start the backend?", "$ cd server && npm run dev", "stops when you quit badsig")
		d.keys("x", "n")
		d.sees("nothing was changed")
		if d.a.s.child != nil {
			t.Fatal("it was started without y")
		}
	})
}

// No start is offered for what a start doesn't fix, nor of a process that badsig didn't start.
func TestNoStartIsOffered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for name, change := range map[string]func(*scene, *finding.Cause){
			"a stale process of another terminal": func(_ *scene, c *finding.Cause) { c.ID = causes.ServerStale },
			"a port that is only guessed":         func(_ *scene, c *finding.Cause) { c.Certainty = finding.Likely },
			"no command was found": func(sc *scene, c *finding.Cause) {
				sc.world.Update(func(f *facts.Facts) { f.Server.Command = "" })
				c.Fix[0].Command = ""
				sc.refresh()
			},
			"another program has the port": func(_ *scene, c *finding.Cause) { c.ID = causes.WrongServer },
		} {
			sc := down(t)
			change(sc, &sc.report.Causes[0])
			d := drive(t, Options{}, 120, 36, sc)
			if strings.Contains(d.a.frame(), "start it") {
				t.Errorf("%s: a start is offered", name)
			}
			d.keys("F")
			d.sees("badsig knows no edit")
		}
	})
}

// A variable of the shell that overrides the right secret: the backend that badsig started is
// started again without it; for one that runs elsewhere the command is shown and that's all.
func TestRestartWithoutAVariable(t *testing.T) {
	t.Setenv("STREAM_TEST_SECRET", "x")
	sc := rejected(t)
	sc.world.Update(func(f *facts.Facts) {
		f.Values = append(f.Values, facts.Value{Name: "STREAM_TEST_SECRET", Kind: facts.KindProcess, ID: len(f.Values)})
	})
	sc.refresh()
	c := &sc.report.Causes[0]
	c.Fix = []finding.Step{{Text: "Unset it", Command: "unset STREAM_TEST_SECRET"}}
	s := &session{facts: sc.facts, world: sc.world, report: sc.report}
	if launchFor(s, c) != nil {
		t.Error("a restart of another terminal's backend is offered")
	}
	s.child = newChild([]string{"node", "server.js"})
	if l := launchFor(s, c); l == nil || l.unset != "STREAM_TEST_SECRET" || l.offers(c.Fix[0].Command) == "" {
		t.Errorf("offered: %+v", l)
	}
	c.Fix[0].Command = "unset STREAM_OTHER"
	if l := launchFor(s, c); l != nil {
		t.Errorf("offered: %+v", l)
	}
}
