package checks

import (
	"bytes"
	"context"
	"io"
	"log"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/probe"
	"badsig/checks/probe/vault"
	"badsig/checks/rules"
)

// slow is a probe that needs d of the test's own time.
func slow(n facts.Name, d time.Duration, needs ...facts.Name) probe.Probe {
	return probe.Probe{Name: n, Needs: needs, Run: func(ctx context.Context, _ *vault.World) error {
		select {
		case <-time.After(d):
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}}
}

func always(s finding.Status) rules.Rule {
	return func(*facts.Facts) finding.Result { return finding.Result{Status: s, Summary: string(s)} }
}

func gather(ch <-chan Event) (byCheck map[finding.ID]finding.Result, kinds []EventKind) {
	byCheck = map[finding.ID]finding.Result{}
	for e := range ch {
		kinds = append(kinds, e.Kind)
		if e.Kind == Finished {
			byCheck[e.Check] = e.Result
		}
	}
	return byCheck, kinds
}

func TestRunTakesAsLongAsItsLongestChain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		probes := []probe.Probe{
			slow("a", 40*time.Millisecond), slow("b", 70*time.Millisecond),
			slow("c", 60*time.Millisecond, "a"), slow("d", 20*time.Millisecond, "b"), slow("e", 5*time.Millisecond, "c", "d"),
		}
		begin := time.Now()
		gather(run(context.Background(), vault.New(facts.Target{}), 1, probes, []rules.Check{{ID: "x", Title: title("x"), Uses: []facts.Name{"e"}, Rule: always(finding.Pass)}}))
		if took := time.Since(begin); took != 105*time.Millisecond {
			t.Errorf("took %s, the longest chain is 105ms", took)
		}
	})
}

func TestAResultArrivesAsSoonAsItsProbesHaveEnded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		probes := []probe.Probe{slow("quick", time.Millisecond), slow("slow", time.Minute)}
		begin := time.Now()
		for e := range run(context.Background(), vault.New(facts.Target{Timeout: time.Hour}), 1, probes, []rules.Check{
			{ID: "late", Title: title("late"), Uses: []facts.Name{"slow"}, Rule: always(finding.Pass)},
			{ID: "early", Title: title("early"), Uses: []facts.Name{"quick"}, Rule: always(finding.Pass)},
		}) {
			if e.Kind == Finished && e.Check == "early" && time.Since(begin) > time.Second {
				t.Error("the early check waited for the late one")
			}
		}
	})
}

func TestWhatFailsSkipsWhatNeedsIt(t *testing.T) {
	got, _ := gather(run(context.Background(), vault.New(facts.Target{}), 1, nil, []rules.Check{
		{ID: "root", Title: title("root"), Rule: always(finding.Fail)},
		{ID: "child", Title: title("child"), Needs: []finding.ID{"root"}, Rule: always(finding.Pass)},
		{ID: "grandchild", Title: title("grandchild"), Needs: []finding.ID{"child"}, Rule: always(finding.Pass)},
		{ID: "vague", Title: title("vague"), Rule: always(finding.Unknown)},
		{ID: "after vague", Title: title("after vague"), Needs: []finding.ID{"vague"}, Rule: always(finding.Pass)},
	}))
	for id, want := range map[finding.ID]finding.Status{"root": finding.Fail, "child": finding.Skip, "grandchild": finding.Skip, "vague": finding.Unknown, "after vague": finding.Pass} {
		if got[id].Status != want {
			t.Errorf("%s is %s, want %s", id, got[id].Status, want)
		}
	}
	if got["grandchild"].BlockedBy != "root" {
		t.Errorf("the grandchild is blocked by %q, want the root", got["grandchild"].BlockedBy)
	}
}

func TestAPanicIsUnknown(t *testing.T) {
	probes := []probe.Probe{{Name: "bad", Run: func(context.Context, *vault.World) error { panic("boom") }}}
	got, kinds := gather(run(context.Background(), vault.New(facts.Target{}), 1, probes, []rules.Check{
		{ID: "rule", Title: title("rule"), Uses: []facts.Name{"bad"}, Rule: func(*facts.Facts) finding.Result { panic("boom") }},
	}))
	if got["rule"].Status != finding.Unknown {
		t.Errorf("a rule that panics is %s, want unknown", got["rule"].Status)
	}
	if kinds[len(kinds)-1] != Done {
		t.Error("the run did not end with Done")
	}
}

// Outside of any probe and rule a panic ends the run, without a report, and not
// the program.
func TestAPanicOfTheEngine(t *testing.T) {
	titled := 0
	events := run(context.Background(), vault.New(facts.Target{}), 1, nil, []rules.Check{{ID: "rule", Rule: func(*facts.Facts) finding.Result { return finding.Result{} }, Title: func(*facts.Facts) string {
		if titled++; titled > 1 { // the first is the plan's
			panic("boom")
		}
		return "it works"
	}}})
	for e := range events {
		if e.Kind == Done {
			t.Error("it has a report")
		}
	}
	if titled < 2 {
		t.Error("nothing panicked")
	}
}

// What a probe or a rule fails on may be a secret: neither the debug log
// nor the report repeats it.
func TestAPanicTellsNoSecret(t *testing.T) {
	const secret = "q7w8e9r2t3y4u5p6a7s8d9f2g3h4j5k6z7x8c9v2b3n4m5q6w7e8r9t2y3u4p5a6"
	var logged bytes.Buffer
	defer log.SetOutput(log.Writer())
	log.SetOutput(&logged)
	w := vault.New(facts.Target{})
	w.AddValue(facts.Value{What: facts.WhatSecret}, []byte(secret))
	probes := []probe.Probe{{Name: "bad", Run: func(context.Context, *vault.World) error { panic("cannot sign with " + secret) }}}
	var said strings.Builder
	for e := range run(context.Background(), w, 1, probes, []rules.Check{{ID: "rule", Title: title("rule"), Uses: []facts.Name{"bad"}, Rule: func(*facts.Facts) finding.Result { panic(secret) }}}) {
		if e.Kind == Done {
			for _, write := range []func(io.Writer) error{e.Report.WriteText, e.Report.WriteJSON, e.Report.WriteMarkdown} {
				if err := write(&said); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	if !strings.Contains(logged.String(), "panicked") || said.Len() == 0 {
		t.Errorf("nothing is told of it: %q %q", logged.String(), said.String())
	}
	if all := logged.String() + said.String(); strings.Contains(all, secret[:12]) || strings.Contains(all, secret[50:]) {
		t.Errorf("the secret is told: %s", all)
	}
}

func TestAnAbandonedRunEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(context.Background())
		ch := run(ctx, vault.New(facts.Target{Timeout: time.Hour}), 1, []probe.Probe{slow("a", time.Hour)}, nil)
		synctest.Wait()
		cancel()
		_, kinds := gather(ch)
		for _, k := range kinds {
			if k == Done {
				t.Error("a cancelled run says that it is done")
			}
		}
	})
}

func TestAProbeThatHangsEndsTheRunAllTheSame(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		never := make(chan struct{})
		defer close(never)
		w := vault.New(facts.Target{Timeout: time.Second})
		probes := []probe.Probe{{Name: "hangs", Run: func(context.Context, *vault.World) error { <-never; return nil }}}
		_, kinds := gather(run(context.Background(), w, 1, probes, nil))
		if kinds[len(kinds)-1] != Done {
			t.Error("the run did not end")
		}
		if w.Snapshot().Errors["hangs"] == "" {
			t.Error("nothing says that the probe did not end")
		}
	})
}

func TestRegistryIsInOrder(t *testing.T) {
	seen := map[finding.ID]bool{}
	names := map[facts.Name]bool{}
	for _, p := range probe.All(nil) {
		for _, n := range p.Needs {
			if !names[n] {
				t.Errorf("probe %s needs %s, which is below it", p.Name, n)
			}
		}
		names[p.Name] = true
	}
	for _, c := range All() {
		for _, n := range c.Needs {
			if !seen[n] {
				t.Errorf("check %s needs %s, which is below it", c.ID, n)
			}
		}
		for _, u := range c.Uses {
			if !names[u] {
				t.Errorf("check %s uses %s, which isn't a probe", c.ID, u)
			}
		}
		seen[c.ID] = true
	}
	for id := range needed {
		if !seen[id] {
			t.Errorf("the verdict hangs on %s, which isn't a check", id)
		}
	}
}
