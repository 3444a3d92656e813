package ui

import (
	"runtime/debug"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"badsig/checks"
)

// Rules of this file:
//   - every goroutine of the console is a tea.Cmd: Bubble Tea restores the terminal when one of them panics
//   - a stream is read by a command that waits for one message and is started again by its handler

// eventMsg is one event of a run; open false says that the run has ended.
type eventMsg struct {
	run   int
	event checks.Event
	open  bool
}

// next waits for a run's next event.
func next(run int, events <-chan checks.Event) tea.Cmd {
	return func() tea.Msg {
		ev, open := <-events
		return eventMsg{run, ev, open}
	}
}

// tickMsg is the clock, once a second, on the second.
type tickMsg time.Time

func tick(now time.Time) tea.Cmd {
	wait := now.Truncate(time.Second).Add(time.Second).Sub(now)
	return tea.Tick(wait, func(t time.Time) tea.Msg { return tickMsg(t) })
}

// spinMsg turns the spinners while a run is under way.
type spinMsg int

func spin(run int) tea.Cmd {
	return tea.Tick(90*time.Millisecond, func(time.Time) tea.Msg { return spinMsg(run) })
}

// giveBack returns the memory that a run needed and a console that only waits
// doesn't, once the frames after the run are drawn.
func giveBack() tea.Cmd {
	return tea.Tick(restAfter, func(time.Time) tea.Msg {
		debug.FreeOSMemory()
		return nil
	})
}

// restAfter is how long after a run a console is taken to wait.
const restAfter = 1500 * time.Millisecond

// quietMsg says that nothing was typed for a while since edit number n.
type quietMsg int

func quiet(n int) tea.Cmd {
	return tea.Tick(300*time.Millisecond, func(time.Time) tea.Msg { return quietMsg(n) })
}

// fadeMsg brings a frame when something that shows for a moment is over.
type fadeMsg struct{}

//go:noinline
func fade(d time.Duration) tea.Cmd {
	return tea.Tick(d, func(time.Time) tea.Msg { return fadeMsg{} })
}
