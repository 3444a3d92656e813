package ui

import (
	"context"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"badsig/checks/probe"
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
	watcher *watcher
	state   memory
	exit    int
}

func newApp(ctx context.Context, opt Options, color bool) *app {
	s := &session{th: theme.New(color), target: opt.Target, demo: opt.Demo, now: opt.Now()}
	a := &app{ctx: ctx, opt: opt, s: s, actions: actions(), exit: -1}
	a.runs = runs{run: opt.Run, memory: probe.NewMemory()}
	a.state = openMemory(opt.StateDir, opt.Target.Dir)
	id, name := a.state.identity()
	if s.target.UserID == "" {
		s.target.UserID = firstText(id, probe.DefaultUserID)
	}
	if s.target.UserName == "" {
		s.target.UserName = firstText(name, probe.DefaultUserName)
	}
	s.first = a.state.first()
	a.identity = newIdentity(s.target.UserID, s.target.UserName)
	if len(opt.Child) > 0 {
		s.child = newChild(opt.Child)
	}
	s.mint()
	return a
}

func firstText(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}

// Init starts the first run, the clock, the watching and the child.
func (a *app) Init() tea.Cmd {
	return tea.Batch(a.start(), tick(a.opt.Now()), a.watchFirst(), a.childStart())
}

// start begins a run on the session's target.
func (a *app) start() tea.Cmd {
	a.runs.start(a.ctx, a.s.target)
	a.s.begin(a.runs.number)
	return tea.Batch(next(a.runs.number, a.runs.events), spin(a.runs.number))
}

// again is a run asked for by hand.
func (a *app) again() tea.Cmd {
	a.say(note, "checking again")
	return a.start()
}

// Update takes one message in and shows at once what it changed.
func (a *app) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	a.s.now = a.opt.Now()
	cmd := a.handle(msg)
	if later := a.paint(msg); later != nil {
		cmd = tea.Batch(cmd, later)
	}
	return a, cmd
}

func (a *app) handle(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		a.w, a.h = msg.Width, msg.Height
	case tea.KeyMsg:
		return a.key(msg)
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
			return tea.Batch(a.start(), a.state.keep(a.s.target.UserID, a.s.target.UserName))
		}
	case copiedMsg:
		a.copied(msg)
		return fade(toastFor)
	case savedMsg:
		if msg.err != nil {
			a.say(bad, "the report could not be saved: "+msg.err.Error())
		} else {
			a.say(good, "saved the redacted report as "+msg.file)
		}
		return fade(toastFor)
	case plantedMsg:
		return a.planted(msg)
	case watchMsg:
		return a.watched(msg)
	case childMsg:
		return a.childSaid(msg)
	case tea.ResumeMsg:
		if a.canvas != nil {
			a.canvas.forget()
		}
		return a.start()
	}
	return nil
}

// event takes one event of a run in and waits for the next one.
func (a *app) event(m eventMsg) tea.Cmd {
	if m.run != a.runs.number {
		return nil // of a run that was given up: its channel needs no draining
	}
	if !m.open {
		a.s.running = false
		return nil
	}
	a.s.apply(m.event)
	cmds := []tea.Cmd{next(m.run, a.runs.events)}
	if m.event.Facts != nil {
		if !a.s.pending || a.s.minted == "" {
			a.s.mint()
		}
		cmds = append(cmds, a.watchFacts())
	}
	if m.event.Report != nil {
		if t := a.s.turned; t.mended != "" {
			a.say(good, "mended: "+t.title)
			cmds = append(cmds, fade(toastFor))
		}
		cmds = append(cmds, fade(flashFor))
	}
	return tea.Batch(cmds...)
}

// ticked is what the clock brings: a backend's token that has just expired, and
// a clock that jumped (the machine slept), are looked at again.
func (a *app) ticked(time.Time) tea.Cmd {
	slept := a.s.now.Sub(a.s.lastTick) > 30*time.Second && !a.s.lastTick.IsZero()
	expired := false
	if v, ok := a.s.tokenOf(fromBackend); ok && !a.s.running {
		exp, has := v.tok.Claims.Time("exp")
		iat, hasIat := v.tok.Claims.Time("iat")
		expired = has && hasIat && exp.Sub(iat) >= time.Minute && exp.After(a.s.lastTick) && !exp.After(a.s.now)
	}
	a.s.lastTick = a.s.now
	if slept || expired {
		return a.start()
	}
	return nil
}

// edited takes a changed identity in: the token is minted at once, the checks
// follow when the typing stops.
func (a *app) edited() tea.Cmd {
	a.s.target.UserID, a.s.target.UserName = a.identity.fields[0].value(), a.identity.fields[1].value()
	a.s.pending = true
	a.s.mint()
	a.edits++
	return quiet(a.edits)
}

// key routes a key: what is open over the panes first, then the table of
// actions, then the pane that has the focus.
func (a *app) key(msg tea.KeyMsg) tea.Cmd {
	if msg.Type == tea.KeyCtrlC {
		return a.interrupt()
	}
	if msg.Paste && !a.typing() { // whatever it is, somebody wants to know
		a.open(newPaste())
	}
	if a.over != nil {
		if msg.Type == tea.KeyEsc {
			a.over = nil
			return nil
		}
		if msg.Type == tea.KeyCtrlZ {
			return a.suspend()
		}
		return a.over.key(a, msg)
	}
	if a.at == paneLog && a.logs.searching {
		a.logs.key(a.s, msg)
		return nil
	}
	if x := a.find(msg); x != nil {
		return x.do(a)
	}
	if msg.Type == tea.KeyEsc {
		a.back()
		return nil
	}
	if k := msg.String(); !a.typing() && letter(k) {
		if p, ok := paneKeys[k]; ok {
			a.show(p)
			return nil
		}
	}
	switch a.at {
	case paneIdentity:
		if a.identity.key(msg) {
			return a.edited()
		}
	case paneToken:
		a.token.key(a.s, msg)
	case paneChecks:
		a.live.key(a.s, msg)
	case paneWrong:
		a.wrong.key(a.s, msg)
	case paneGuide:
		return a.guide.key(a, msg)
	case paneLog:
		a.logs.key(a.s, msg)
	}
	return nil
}

// paneKeys are the numbers of the tabs; they work in the wide layout too.
var paneKeys = map[string]pane{"0": paneWrong, "1": paneIdentity, "2": paneToken, "3": paneChecks, "4": paneGuide, "5": paneLog}

// typing tells whether plain letters go into a field.
func (a *app) typing() bool {
	if a.over != nil {
		return a.over.typing()
	}
	return a.at == paneIdentity || a.at == paneLog && a.logs.searching
}

// turn moves the focus.
func (a *app) turn(step int) {
	order := []pane{paneWrong, paneIdentity, paneToken, paneChecks}
	if modeOf(a.w, a.h) == narrow {
		order = append(order, paneGuide)
		if a.s.child != nil {
			order = append(order, paneLog)
		}
	}
	for i, p := range order {
		if p == a.at {
			a.show(order[(i+step+len(order))%len(order)])
			return
		}
	}
	a.back()
}

// show gives a pane the focus; shown again, checklist and log give it back.
func (a *app) show(p pane) {
	if a.at == p && (p == paneGuide || p == paneLog) {
		a.back()
		return
	}
	if a.at != paneGuide && a.at != paneLog {
		a.before = a.at
	}
	a.at, a.over = p, nil
}

func (a *app) back() {
	if a.at == paneGuide || a.at == paneLog {
		a.at = a.before
		return
	}
	a.at = paneWrong
}

func (a *app) open(o overlay) { a.over = o }

func (a *app) interrupt() tea.Cmd {
	a.exit = 130
	return tea.Quit
}

func (a *app) suspend() tea.Cmd {
	if !canSuspend() {
		a.say(note, "there is no shell behind this terminal to go back to")
		return fade(toastFor)
	}
	return tea.Suspend
}
