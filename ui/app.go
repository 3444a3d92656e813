package ui

import (
	"context"
	"time"

	"github.com/charmbracelet/bubbletea"

	"badsig/checks/facts"
	"badsig/checks/probe/stream"
	"badsig/checks/watching"
	"badsig/ui/theme"
)

// Rules of this file:
//   - one tea.Model; panes are plain structs that read the session and never message each other
//   - no I/O in Update but the frame itself: what touches the world is a tea.Cmd

// pane is one of the areas that can have the focus.
type pane int

const (
	paneWrong pane = iota
	paneIdentity
	paneToken
	paneChecks
	paneGuide
	paneLog
	paneEvidence // of what is open in paneWrong, where there is room beside it
	panePage     // its page, where there is room for that, too
)

// overlay is what opens over the panes and closes with esc.
type overlay interface {
	title(*session) string
	view(s *session, r rect) []string
	key(*app, tea.KeyMsg) tea.Cmd
	hints() [][2]string
	typing() bool
}

// app is the root model.
type app struct {
	ctx  context.Context
	opt  Options
	s    *session
	runs runs
	w, h int

	at      pane
	before  pane // the pane that esc goes back to from checklist and log
	zoomed  bool // the pane that has the focus has the window
	over    overlay
	actions []action

	identity identity
	token    tokenPane
	live     live
	wrong    wrong
	guide    guide
	logs     logs

	edits   int // counts changes of userId and userName
	toast   toast
	canvas  *canvas // nil: Bubble Tea draws what View gives
	clip    clipboard
	watcher *watching.Watcher // nil until it is open
	around  neighborhood
	state   memory
	in      *keyboard
	fell    bool // it panicked
	exit    int
	undos   []undoable // edits that were made, the last one last
	links   linker
	areas   []area // where panes and tabs were drawn
	keysErr string // what is wrong with the file of keys
}

func newApp(ctx context.Context, opt Options, colour bool) *app {
	s := &session{th: theme.New(colour), target: opt.Target, demo: opt.Demo, now: opt.Now()}
	a := &app{ctx: ctx, opt: opt, s: s, exit: -1}
	a.runs = runs{run: opt.Run, memory: stream.NewMemory()}
	a.state = openMemory(opt.StateDir, opt.Target.Dir)
	id, name := a.state.identity()
	if s.target.UserID == "" {
		s.target.UserID = facts.First(id, facts.DefaultUserID)
	}
	if s.target.UserName == "" {
		s.target.UserName = facts.First(name, facts.DefaultUserName)
	}
	s.first = a.state.first()
	a.identity = newIdentity(s.target.UserID, s.target.UserName)
	switch {
	case len(opt.Child) > 0:
		s.child = newChild(opt.Child)
	case opt.Log != "":
		s.child = followed(opt.Log, func() (logSource, error) { return openLog(opt.Log) })
	case opt.Demo != nil && opt.Demo.Log != nil:
		s.child = followed("the demo's backend", func() (logSource, error) { return &readerLog{opt.Demo.Log(), make([]byte, 32<<10)}, nil })
	}
	s.mint()
	a.readKeys()
	return a
}

// Init starts the first run, the clock, the watching and the child.
func (a *app) Init() tea.Cmd {
	if a.keysErr != "" {
		a.toast = toast{a.keysErr, bad, a.s.now.Add(4 * toastFor)}
	}
	return guarded(tea.Batch(a.asked(), a.start(), tick(a.opt.Now()), a.watchFirst(a.ctx), a.s.child.start(), a.in.nextPaste(a.ctx)))
}

// start begins a run on the session's target.
func (a *app) start() tea.Cmd {
	a.runs.start(a.ctx, a.s.target)
	a.s.begin(a.runs.number)
	return tea.Batch(next(a.runs.number, a.runs.events), spin(a.runs.number))
}

// again is a run started by hand: Stream is checked again, too.
func (a *app) again() tea.Cmd {
	a.say(note, "checking again")
	a.runs.memory.Forget()
	return a.start()
}

// Update handles one message and shows immediately what it changed.
func (a *app) Update(msg tea.Msg) (m tea.Model, cmd tea.Cmd) {
	defer func() {
		if crashed(recover()) {
			m, cmd, a.fell = a, tea.Quit, true
		}
	}()
	a.s.now = a.opt.Now()
	cmd = a.handle(msg)
	if later := a.paint(msg); later != nil {
		cmd = tea.Batch(cmd, later)
	}
	return a, guarded(cmd)
}

func (a *app) handle(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		a.w, a.h = min(msg.Width, maxWidth), min(msg.Height, maxHeight)
	case tea.MouseMsg:
		return a.mouse(msg)
	case tea.KeyMsg:
		return a.keys(msg)
	case longPaste:
		return a.takeLongPaste(msg)
	case eventMsg:
		return a.event(msg)
	case tickMsg:
		return tea.Batch(tick(a.s.now), a.ticked(time.Time(msg)))
	case spinMsg:
		if int(msg) == a.runs.number && a.s.running {
			a.s.spin++
			return spin(a.runs.number)
		}
	case quietMsg:
		if int(msg) == a.edits {
			a.identity.kept = [2]string{a.s.target.UserID, a.s.target.UserName}
			return tea.Batch(a.start(), a.state.keep(a.s.target.UserID, a.s.target.UserName))
		}
	case copiedMsg:
		copies{a}.confirm(msg)
		return fade(toastFor)
	case savedMsg:
		if msg.err != nil {
			a.say(bad, "couldn't save the report: "+msg.err.Error())
		} else {
			a.say(good, "saved the redacted report as "+msg.file)
		}
		return fade(toastFor)
	case inspectedMsg:
		return pastes{a}.inspected(msg)
	case offeredMsg:
		fixes{a}.offered(msg)
	case preparedMsg:
		return fixes{a}.prepared(msg)
	case appliedMsg:
		return fixes{a}.applied(msg)
	case undoneMsg:
		return fixes{a}.undone(msg)
	case editedMsg:
		return outside{a}.editorLeft(msg)
	case browsedMsg:
		if msg.err != nil {
			a.say(bad, "couldn't open the browser: "+msg.page)
		}
		return fade(2 * toastFor)
	case demoRestartedMsg:
		return demos{a}.restarted(msg)
	case plantedMsg:
		return demos{a}.planted(msg)
	case openedMsg:
		a.watcher = msg.watcher
		a.watcher.See(a.s.facts)
		return waitForChange(a.watcher)
	case watchMsg:
		return a.watched(msg)
	case childMsg:
		return a.childSaid(msg)
	case fellMsg:
		a.fell = true
		return tea.Quit
	case tea.ResumeMsg:
		if a.canvas != nil {
			a.canvas.forget()
		}
		return a.start()
	}
	return nil
}

// event handles one event of a run and waits for the next one.
func (a *app) event(m eventMsg) tea.Cmd {
	if m.run != a.runs.number {
		return nil // of a run that was passed up: its channel needs no draining
	}
	if !m.open {
		if !a.s.running || a.ctx.Err() != nil {
			return nil
		}
		a.s.running = false // and no report came
		a.say(bad, "badsig hit an internal error while checking; press "+a.s.key("check")+" to check again")
		return fade(toastFor)
	}
	a.s.apply(m.event)
	cmds := []tea.Cmd{next(m.run, a.runs.events)}
	if m.event.Facts != nil {
		if !a.s.pending || a.s.minted == "" {
			a.s.mint()
		}
		a.watcher.See(a.s.facts)
	}
	if m.event.Report != nil {
		if t := a.s.turned; t.fixed != "" {
			a.say(good, "Fixed: "+t.title)
			cmds = append(cmds, fade(toastFor))
		}
		cmds = append(cmds, fade(flashFor), fixes{a}.offerFixes(), giveBack())
	}
	return tea.Batch(cmds...)
}

// lastSecond is how long after exp a token may still be accepted: exp is a whole
// second, and the checks call it expired only when that is over.
const lastSecond = time.Second

// ticked is what the clock brings: a backend's token that has just expired, and
// a clock that jumped (the machine slept, the clock was set), are looked at again.
func (a *app) ticked(time.Time) tea.Cmd {
	last := a.s.lastTick
	wall := a.s.now.Round(0).Sub(last.Round(0)) // the monotonic clock stops while the machine sleeps and is never set
	slept := !last.IsZero() && (wall > 30*time.Second || (wall-a.s.now.Sub(last)).Abs() > 2*time.Second)
	expired := false
	for _, from := range []source{fromBackend, fromBrowser} {
		v, ok := a.s.tokenOf(from)
		if !ok || a.s.running {
			continue
		}
		exp, has := v.tok.Claims.Time("exp")
		iat, hasIat := v.tok.Claims.Time("iat")
		long := from == fromBrowser || hasIat && exp.Sub(iat) >= time.Minute // the backend's next one would soon expire, too
		over := exp.Add(lastSecond)
		expired = expired || has && long && over.After(last) && !over.After(a.s.now)
	}
	a.s.lastTick = a.s.now
	if slept || expired || lookElsewhere(a.s) {
		return tea.Batch(a.start(), a.around.seen(a))
	}
	return a.around.seen(a)
}

// edited handles a changed identity: the token is minted immediately, the checks
// follow when the typing stops.
func (a *app) edited() tea.Cmd {
	if cmd, held := a.identity.held(a); held {
		return cmd
	}
	a.s.target.UserID, a.s.target.UserName = a.identity.fields[0].value(), a.identity.fields[1].value()
	a.s.pending = true
	a.s.mint()
	a.edits++
	return quiet(a.edits)
}
