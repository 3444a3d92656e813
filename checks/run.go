package checks

import (
	"context"
	"fmt"
	"log"
	"runtime/debug"
	"time"

	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/probe"
	"badsig/checks/probe/stream"
	"badsig/checks/probe/vault"
	"badsig/checks/rules"
)

// Rules of this file:
//   - the channel holds a whole run, so the engine never waits for its reader
//   - a panic ends as an unknown result, or ends the run without a report; its stack goes to the debug log, never to the screen

// Options are what a run may be given beside its target.
type Options struct {
	Run    int            // number put on every event
	Memory *stream.Memory // kept between the runs of one console; nil: none
}

// Run diagnoses the target. The channel's capacity is the whole run's, so the
// engine never waits for a reader; it is closed after Done, or early when ctx
// ends. Closed without either, badsig hit an internal error outside of any probe and rule.
func Run(ctx context.Context, t facts.Target, o Options) <-chan Event {
	w := vault.New(t)
	w.Own(ownWords()...)
	return run(ctx, w, o.Run, probe.All(o.Memory), All())
}

// engine is one run's state; only the goroutine of loop touches it.
type engine struct {
	run     int
	world   *vault.World
	checks  []rules.Check
	probes  map[facts.Name]probe.Probe
	ended   map[facts.Name]time.Duration // finished probes and how long they took
	results map[finding.ID]finding.Result
	started map[finding.ID]bool
	out     chan Event
}

func run(ctx context.Context, w *vault.World, number int, probes []probe.Probe, checks []rules.Check) <-chan Event {
	e := &engine{
		run: number, world: w, checks: checks,
		probes: map[facts.Name]probe.Probe{}, ended: map[facts.Name]time.Duration{},
		results: map[finding.ID]finding.Result{}, started: map[finding.ID]bool{},
		out: make(chan Event, 2+2*len(checks)+2*len(probes)),
	}
	for _, p := range probes {
		e.probes[p.Name] = p
	}
	go e.loop(ctx, probes)
	return e.out
}

type ending struct {
	name facts.Name
	took time.Duration
}

func (e *engine) loop(ctx context.Context, probes []probe.Probe) {
	defer close(e.out)
	defer func() {
		if r := recover(); r != nil {
			log.Printf("the engine panicked: %s", e.world.Scrub(string(debug.Stack())))
		}
	}()
	e.emit(Event{Kind: Planned, Plan: e.plan()})
	begun := map[facts.Name]bool{}
	ends := make(chan ending, len(probes))
	for {
		for _, p := range probes {
			if !begun[p.Name] && e.have(p.Needs) {
				begun[p.Name] = true
				e.announce(p.Name)
				go func() { ends <- e.look(ctx, p) }()
			}
		}
		e.judge()
		if len(e.ended) == len(probes) {
			break
		}
		select {
		case <-ctx.Done():
			return
		case end := <-ends:
			e.ended[end.name] = end.took
			if ctx.Err() != nil {
				return
			}
			e.emit(Event{Kind: FactsIn, Probe: end.name, Facts: e.world.Snapshot()})
		}
	}
	f := e.world.Snapshot()
	e.emit(Event{Kind: Done, Facts: f, Report: report(f, e.ordered())})
}

func (e *engine) emit(ev Event) {
	ev.Run = e.run
	if ev.Facts != nil {
		ev.World = e.world
	}
	e.out <- ev
}

func (e *engine) have(needs []facts.Name) bool {
	for _, n := range needs {
		if _, ok := e.ended[n]; !ok {
			return false
		}
	}
	return true
}

// plan gives every check without a status, in the registry's order.
func (e *engine) plan() []finding.Result {
	f := e.world.Snapshot()
	var plan []finding.Result
	for _, c := range e.checks {
		plan = append(plan, finding.Sanitized(finding.Result{ID: c.ID, Title: c.Title(f)}))
	}
	return plan
}

// announce says of every check that reads this probe's facts that it is under way.
func (e *engine) announce(n facts.Name) {
	for _, c := range e.checks {
		for _, u := range c.Uses {
			if u == n {
				e.start(c.ID)
			}
		}
	}
}

func (e *engine) start(id finding.ID) {
	if _, done := e.results[id]; !done && !e.started[id] {
		e.started[id] = true
		e.emit(Event{Kind: Started, Check: id})
	}
}

// look runs one probe, bounded and guarded. A probe that does not come back
// is abandoned: its late writing can no longer reach a result.
func (e *engine) look(ctx context.Context, p probe.Probe) ending {
	limit := 2*e.world.Target.Timeout + time.Second
	switch p.Name { // some bound themselves
	case facts.NameProject: // how much it reads is bounded; a busy machine or a slow disk isn't the project's fault
		limit += facts.CompilePatience
	case facts.NameBackend:
		limit += 2 * facts.CompilePatience
	case facts.NameSigner:
		limit += facts.TypoPatience * e.world.Target.Timeout
	}
	pctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	begin := time.Now()
	done := make(chan error, 1)
	go func() {
		defer func() {
			if r := recover(); r != nil {
				log.Printf("the probe %s panicked: %s", p.Name, e.world.Scrub(string(debug.Stack())))
				done <- fmt.Errorf("badsig hit an internal error (%s); please report it", p.Name)
			}
		}()
		done <- p.Run(pctx, e.world)
	}()
	var err error
	select {
	case err = <-done:
	case <-pctx.Done():
		select { // the probe ends with its context, and says better than we do what it saw
		case err = <-done:
		case <-time.After(2 * time.Second):
			err = fmt.Errorf("no end after %s; raise --timeout", limit)
		}
	}
	if err != nil {
		e.world.Fail(p.Name, err)
	}
	return ending{p.Name, time.Since(begin)}
}

// judge runs every rule whose facts are in and whose needs are decided.
func (e *engine) judge() {
	var f *facts.Facts
	for _, c := range e.checks {
		if _, done := e.results[c.ID]; done {
			continue
		}
		if !e.decided(c.Needs) {
			continue
		}
		if f == nil {
			f = e.world.Snapshot()
		}
		if root, blocked := blocker(c, f, e.results); blocked {
			e.finish(fromSource(c, f, skipped(c, f, root, e.results)))
			continue
		}
		if !e.have(c.Uses) {
			continue
		}
		r := fromSource(c, f, apply(c, f))
		if len(c.Uses) > 0 {
			r.TookMs = float64(e.ended[c.Uses[0]].Microseconds()) / 1000
		}
		e.finish(r)
	}
}

func (e *engine) decided(needs []finding.ID) bool {
	for _, n := range needs {
		if _, ok := e.results[n]; !ok {
			return false
		}
	}
	return true
}

func (e *engine) finish(r finding.Result) {
	e.start(r.ID)
	e.results[r.ID] = r
	e.emit(Event{Kind: Finished, Check: r.ID, Result: r})
}

func (e *engine) ordered() []finding.Result {
	var rs []finding.Result
	for _, c := range e.checks {
		if r, ok := e.results[c.ID]; ok {
			rs = append(rs, r)
		}
	}
	return rs
}

// ownWords are the ids that are in every report: a secret of the project may hold one of them ("dev-secret-fallback-1").
func ownWords() []string {
	var words []string
	for _, p := range causes.Pages() {
		words = append(words, string(p.ID))
	}
	for _, c := range All() {
		words = append(words, string(c.ID))
	}
	return words
}
