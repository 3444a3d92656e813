package ui

import (
	"context"
	"time"

	"badsig/checks"
	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/probe/stream"
	"badsig/checks/probe/vault"
	"badsig/checks/watching"
	"badsig/tokens"
	"badsig/ui/theme"
)

// Rules of this file:
//   - a session is what the panes read; only the root model and the events of a run write it
//   - results of an earlier run stay until the new ones are in: nothing flickers
//   - events of a run that is no longer the present one are dropped

// flashFor is how long a check shows that it turned green.
const flashFor = 2500 * time.Millisecond

// row is one check on the screen.
type row struct {
	finding.Result
	run     int // that brought the result
	running bool
	since   time.Time // of running
	flash   time.Time // until when it shows that it turned green
}

// session is the state of one console.
type session struct {
	drawn drawn // what is drawn of the tokens
	th    *theme.Theme
	now   time.Time // this frame's moment; panes have no clock of their own

	target facts.Target // what the next run looks at
	demo   *DemoInfo

	number  int // of the present run
	running bool
	began   time.Time
	judged  time.Time // when the run began that the report is of
	order   []finding.ID
	rows    map[finding.ID]*row

	facts  *facts.Facts
	world  *vault.World
	report *checks.Report // of the last finished run
	stream *facts.Stream  // Stream's last responses
	asked  time.Time      // when they came
	turned turning        // what the last finished run changed
	past   ledger         // what was wrong earlier

	pastedURL string // of the request that was pasted last

	source  source // which token the token pane shows
	minted  string // by the userId as it is now, "" where no secret is known
	mintBy  string // whose secret that was
	pending bool   // userId or userName was edited and the checks have not run yet

	manual map[int]answer // what the user said to the checklist's steps
	child  *child
	spin   int
	watch  string // how the project is watched, in one word

	others   []neighbor // of the project's processes that listen on other ports, those to be told of
	lastTick time.Time
	bound    []action          // what the console does, with its keys
	keyNames map[string]string // the shown key of each action
	keysSay  string            // where keys can be changed
	first    bool              // the console was never used before: it says how to begin
}

// begin opens a run.
func (s *session) begin(number int) {
	s.number, s.running, s.began = number, true, s.now
}

// apply handles one event of the present run.
func (s *session) apply(ev checks.Event) {
	if ev.Run != s.number {
		return
	}
	switch ev.Kind {
	case checks.Planned:
		s.planned(ev.Plan)
	case checks.Started:
		if r := s.rows[ev.Check]; r != nil {
			r.running, r.since = true, s.now
		}
	case checks.Finished:
		s.finished(ev.Result)
	case checks.FactsIn:
		if s.report == nil || ready(ev.Facts) {
			s.take(ev)
		}
	case checks.Done:
		s.take(ev)
		s.done(ev.Report)
	}
}

func (s *session) planned(plan []finding.Result) {
	rows := make(map[finding.ID]*row, len(plan))
	s.order = s.order[:0]
	for _, r := range plan {
		s.order = append(s.order, r.ID)
		old := s.rows[r.ID]
		if old == nil {
			old = &row{Result: r}
		}
		old.running = false
		rows[r.ID] = old
	}
	s.rows = rows
}

func (s *session) finished(res finding.Result) {
	r := s.rows[res.ID]
	if r == nil {
		return
	}
	red := r.Status == finding.Fail || r.Status == finding.Warn
	if red && res.Status == finding.Pass {
		r.flash = s.now.Add(flashFor)
	}
	r.Result, r.running, r.run = res, false, s.number
}

// ready reports whether unfinished facts already say all that the panes show of
// this machine, so that they may replace the facts of an earlier run.
func ready(f *facts.Facts) bool {
	return f != nil && f.Project != nil && f.Server != nil && f.Backend != nil &&
		(len(f.Tokens) == 0 || f.Tokens[0].Signer != nil)
}

func (s *session) take(ev checks.Event) {
	if ev.Facts == nil {
		return
	}
	s.facts, s.world = ev.Facts, ev.World
	if st := ev.Facts.Stream; st != nil {
		if s.stream == nil || st.Requests > 0 {
			s.asked = ev.Facts.At
		}
		s.stream = st
	}
}

func (s *session) done(r *checks.Report) {
	s.running, s.pending = false, false
	before := s.root()
	if s.awaited() || s.past.undid { // that it listens now fixes nothing
		before, s.past.undid = nil, false
	}
	if was := s.report; was != nil && was.Facts != nil && r.Facts != nil {
		if t, now := was.Facts.Target, r.Facts.Target; t.Given && !now.Given || t.BrowserKey != "" && now.BrowserKey == "" {
			before = nil // what the browser uses isn't known any more
		}
	}
	failed := s.report.FailedFor(before)
	s.report, s.judged = r, s.began
	after := s.root()
	s.turned = turning{}
	if before != nil && (after == nil || after.ID != before.ID) {
		s.past.owes(owed{before.ID, before.Title, failed, len(s.past.open) > 0 && s.now.Sub(s.past.since) < briefly})
	}
	if done := s.past.settle(r); len(done) > 0 {
		s.turned.fixed, s.turned.title = done[0].id, done[0].title
	}
	if after != nil && (before == nil || after.ID != before.ID) {
		s.turned.broken, s.past.since = after.ID, s.now
	}
	for _, row := range s.rows {
		row.running = false
	}
}

// root is the cause to fix first, nil for none.
//
//go:noinline
func (s *session) root() *finding.Cause {
	if s.report == nil {
		return nil
	}
	return s.report.Root()
}

// awaited reports whether nothing listens because the child is still starting;
// other programs of the project's may listen elsewhere.
func (s *session) awaited() bool {
	root := s.root()
	return root != nil && (root.ID == causes.ServerDown || root.ID == causes.ServerOnOtherPort) && s.child.ours() && childPort(s) == 0 &&
		(s.child.state == childStarting || s.child.running() && s.now.Sub(s.child.since) < watching.StartsIn)
}

// restarting reports whether the child was started again and no report is of it
// yet: what the last one says is about a process that is gone.
func restarting(s *session) bool {
	c := s.child
	return s.report != nil && c.ours() && c.gen > 1 && (c.state == childStarting || c.state == childUp && s.judged.Before(c.since))
}

// waits reports whether nothing can be said of the backend before it has started.
func waits(s *session) bool { return restarting(s) || s.awaited() }

// accepts says that Stream accepts the token, or that it would.
func (s *session) accepts() string {
	if s.report != nil && s.report.Token == nil {
		return s.report.Accepts()
	}
	if s.report != nil && s.report.Stream != nil && s.report.Stream.Source == "asked" {
		return "Stream accepts this token"
	}
	return "Stream would accept this token"
}

// progress counts the checks of the present run that are decided.
func (s *session) progress() (done, all int) {
	for _, id := range s.order {
		if s.rows[id].run == s.number {
			done++
		}
	}
	return done, len(s.order)
}

// value gives a place where a key or secret is, nil for none.
func (s *session) value(id int) *facts.Value {
	if s.facts == nil || id < 0 || id >= len(s.facts.Values) {
		return nil
	}
	return &s.facts.Values[id]
}

// secretFor gives the secret to mint with and its place: the dashboard's, else
// the one that the server's code would use today.
func (s *session) secretFor() (tokens.Secret, string) {
	if !s.target.Secret.IsZero() {
		return s.target.Secret, "the dashboard's secret"
	}
	if s.facts == nil || s.world == nil || s.facts.Server == nil {
		return tokens.Secret{}, ""
	}
	v := s.value(s.facts.Server.Secret)
	if v == nil {
		return tokens.Secret{}, ""
	}
	return s.world.Secret(v.ID), facts.Where(v)
}

// mint makes the token of the present userId, right now.
func (s *session) mint() {
	s.minted, s.mintBy = "", ""
	secret, from := s.secretFor()
	if secret.IsZero() || s.userID() == "" {
		return
	}
	raw, err := tokens.Mint(secret, s.userID(), s.now, tokens.MintOptions{})
	if err == nil {
		s.minted, s.mintBy = raw, from
	}
}

func (s *session) userID() string { return facts.First(s.target.UserID, facts.DefaultUserID) }

// runs starts runs one after another: a new one cancels the old one.
type runs struct {
	run    Runner
	memory *stream.Memory
	number int
	cancel context.CancelFunc
	events <-chan checks.Event
}

// start cancels what runs and begins a new run.
func (r *runs) start(ctx context.Context, t facts.Target) {
	r.stop()
	r.number++
	ctx, r.cancel = context.WithCancel(ctx)
	r.events = r.run(ctx, t, checks.Options{Run: r.number, Memory: r.memory})
}

func (r *runs) stop() {
	if r.cancel != nil {
		r.cancel()
	}
}
