package ui

import (
	"context"
	"errors"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"badsig/checks"
	"badsig/checks/affix"
	"badsig/checks/causes"
	"badsig/checks/fix"
	"badsig/checks/probe/vault"
)

// Rules of this file:
//   - nothing is written before it was shown and y was pressed
//   - what was written can be taken back while the console is open

// fixes makes edits, and undoes them.
type fixes struct{ *app }

// offeredMsg is a report with the edits that were tried.
type offeredMsg struct {
	was, report *checks.Report
}

// offerFixes tries edits for the causes of the report, on a copy of it.
func (a fixes) offerFixes() tea.Cmd {
	was, world, offer := a.s.report, a.s.world, a.opt.Offer
	if was == nil || len(was.Causes) == 0 || world == nil || offer == nil {
		return nil
	}
	ctx := a.ctx
	return func() tea.Msg {
		r := *was
		r.Causes = slices.Clone(was.Causes)
		offer(ctx, &r, world)
		return offeredMsg{was, &r}
	}
}

func (a fixes) offered(m offeredMsg) {
	if a.s.report == m.was {
		a.s.report = m.report
	}
}

// Fix is an edit that was tried, ready to be made.
type Fix interface {
	Text() string
	Diff() string
	Tried() string
	Notes() []string
	Files() []string
	Apply() (*fix.Undo, error)
	Restart() (what, command string)
}

// Opener prepares the edit of a cause.
type Opener func(*checks.Report, *vault.World, causes.ID) (Fix, error)

// openFix prepares the edit with package fix.
func openFix(r *checks.Report, w *vault.World, id causes.ID) (Fix, error) {
	for i := range r.Causes {
		if r.Causes[i].ID == id {
			return fix.Open(r, w, &r.Causes[i])
		}
	}
	return nil, fix.ErrNone
}

// realFixes tries edits with package fix.
func realFixes(ctx context.Context, r *checks.Report, w *vault.World) { fix.Offer(ctx, r, w) }

// noFix says why there is no edit to make.
func noFix(a *app) string {
	switch c := a.wrong.cause(a.s); {
	case c == nil:
		return noProblem(a) + "nothing to edit"
	case len(c.Edits()) == 0 && launchFor(a.s, c) == nil:
		return "badsig knows no edit for this that it could prove; the steps say what to do"
	}
	return ""
}

// preparedMsg is an edit that can be shown.
type preparedMsg struct {
	fix Fix
	err error
}

// prepareFix reads the files that the edit changes.
func (a fixes) prepareFix() tea.Cmd {
	if l := launchFor(a.s, a.wrong.cause(a.s)); l != nil {
		a.open(l)
		return nil
	}
	r, w, id, open := a.s.report, a.s.world, a.wrong.cause(a.s).ID, a.opt.OpenFix
	return func() tea.Msg {
		f, err := open(r, w, id)
		return preparedMsg{f, err}
	}
}

func (a fixes) prepared(m preparedMsg) tea.Cmd {
	if m.err != nil {
		a.say(bad, "can't make this edit: "+fixError(m.err))
		return fade(2 * toastFor)
	}
	a.open(&proposal{fix: m.fix})
	return nil
}

func fixError(err error) string {
	if errors.Is(err, fix.ErrChanged) {
		return "the file has changed since badsig read it; check again"
	}
	return err.Error()
}

// proposal shows an edit and waits for y.
type proposal struct {
	pager
	fix Fix
}

func (p *proposal) title(*session) string { return "Make this edit?" }
func (p *proposal) hints() [][2]string {
	return [][2]string{{"y", "make the edit"}, {"n", "leave everything as it is"}, {"↑↓", "scroll"}}
}

func (p *proposal) key(a *app, msg tea.KeyMsg) tea.Cmd {
	switch msg.String() {
	case "y":
		a.over = nil
		f := p.fix
		return func() tea.Msg {
			undo, err := f.Apply()
			return appliedMsg{f, undo, err}
		}
	case "n", "q":
		a.over = nil
		a.say(note, "nothing was changed")
		return fade(toastFor)
	}
	return p.pager.key(a, msg)
}

func (p *proposal) view(s *session, r rect) []string {
	th := s.th
	out := append(wrap(clean(p.fix.Text()), r.w), "")
	for l := range strings.SplitSeq(strings.TrimRight(p.fix.Diff(), "\n"), "\n") {
		line := cut(clean(l), r.w)
		switch {
		case affix.HasPrefix(l, "---"), affix.HasPrefix(l, "+++"):
			line = th.Bold.Paint(line)
		case affix.HasPrefix(l, "+"):
			line = th.Good.Paint(line)
		case affix.HasPrefix(l, "-"):
			line = th.Bad.Paint(line)
		case affix.HasPrefix(l, "@@"):
			line = th.Dim.Paint(line)
		}
		out = append(out, line)
	}
	out = append(out, "")
	if tried := p.fix.Tried(); tried != "" {
		out = append(out, hang(th.Bold.Paint("Tried in memory: "), clean(tried), r.w)...)
	}
	for _, n := range p.fix.Notes() {
		out = append(out, hang(th.Bold.Paint("Note: "), clean(n), r.w)...)
	}
	what, _ := p.fix.Restart()
	then := "Then restart " + what + "; badsig checks again by itself."
	if s.restartable() && what == backendName {
		then = "Then badsig restarts the backend and checks again."
	}
	out = append(out, wrap(then, r.w)...)
	out = append(out, "", th.AccentBold.Paint("y")+" makes the edit, "+th.AccentBold.Paint("n")+" leaves everything as it is")
	return p.page(th, out)
}

// backendName is how package fix names what badsig may restart.
const backendName = "the backend"

// restartable reports whether the console can restart the backend.
//
//go:noinline
func (s *session) restartable() bool {
	return s.child.ours() || s.demo != nil && s.demo.Restart != nil
}

// appliedMsg says that an edit was made.
type appliedMsg struct {
	fix  Fix
	undo *fix.Undo
	err  error
}

func (a fixes) applied(m appliedMsg) tea.Cmd {
	if m.err != nil {
		a.say(bad, "nothing was changed: "+fixError(m.err))
		return fade(2 * toastFor)
	}
	a.undos = append(a.undos, undoable{m.undo, m.fix})
	return a.afterEdit("changed "+strings.Join(m.fix.Files(), ", ")+" ("+a.s.key("undo")+" undoes it)", m.fix)
}

// afterEdit restarts the backend where that is the console's to do, and checks again.
func (a fixes) afterEdit(did string, f Fix) tea.Cmd {
	what, command := f.Restart()
	switch {
	case what != backendName:
		a.say(good, did+"; now restart "+what)
	case a.s.restartable():
		cmd := a.restart()
		a.say(good, did+"; restarting the backend")
		return tea.Batch(cmd, fade(2*toastFor))
	case command != "":
		a.say(good, did+"; now restart the backend: "+command)
	default:
		a.say(good, did+"; now restart the backend")
	}
	a.toast.until = a.s.now.Add(4 * toastFor)
	return tea.Batch(a.start(), fade(4*toastFor))
}

// undoable is an edit that was made.
type undoable struct {
	undo *fix.Undo
	fix  Fix
}

// noUndo says why nothing can be taken back.
func noUndo(a *app) string {
	if len(a.undos) == 0 {
		return "nothing to undo: badsig has changed no file"
	}
	return ""
}

// undoneMsg says that an edit was taken back.
type undoneMsg struct {
	fix Fix
	err error
}

// undoFix undoes the last edit.
func (a fixes) undoFix() tea.Cmd {
	last := a.undos[len(a.undos)-1]
	a.undos = a.undos[:len(a.undos)-1]
	return func() tea.Msg { return undoneMsg{last.fix, last.undo.Undo()} }
}

func (a fixes) undone(m undoneMsg) tea.Cmd {
	if m.err != nil {
		a.say(bad, "can't undo: "+fixError(m.err))
		return fade(2 * toastFor)
	}
	a.s.past.undid = true
	return a.afterEdit("undone: "+strings.Join(m.fix.Files(), ", ")+" is as it was", m.fix)
}
