package ui

import (
	"context"
	"path/filepath"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"badsig/checks/affix"
	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/watching"
)

// watchMsg is what watching brought; fell is what it panicked with.
type watchMsg struct {
	watching.Change
	open bool
	fell any
}

// watchFirst opens the watcher.
func (a *app) watchFirst(ctx context.Context) tea.Cmd {
	a.s.watch = "watching"
	return func() tea.Msg {
		return openedMsg{watching.Watch(ctx, watching.Looks{Owners: a.opt.Owners, Neighbors: a.opt.Neighbors})}
	}
}

// openedMsg brings the watcher, which then sees what a run has found so far.
type openedMsg struct{ watcher *watching.Watcher }

// waitForChange waits for what the watcher sees next.
func waitForChange(w *watching.Watcher) tea.Cmd {
	return func() tea.Msg {
		c, open := <-w.Changes
		if !open {
			return watchMsg{fell: w.Fell()}
		}
		return watchMsg{Change: c, open: true}
	}
}

// watched handles what watching brought.
func (a *app) watched(m watchMsg) tea.Cmd {
	if !m.open {
		if m.fell != nil {
			panic(m.fell)
		}
		return nil
	}
	if m.Polls {
		a.s.watch = "watching by polling"
	}
	var cmds []tea.Cmd
	if len(m.Files) > 0 {
		pastes{a}.frontChanged(m.Files)
		cmds = append(cmds, a.s.child.envChanged(a, m.Files))
	}
	if len(m.Files) > 0 || m.Listeners {
		cmds = append(cmds, a.start())
	}
	if m.Looked {
		a.around.now, a.around.looked = m.Others, true
		cmds = append(cmds, a.around.seen(a))
	}
	if a.watcher != nil {
		cmds = append(cmds, waitForChange(a.watcher))
	}
	return tea.Batch(cmds...)
}

// frontChanged drops the browser's key where a file changed that the front end has its key from:
// the browser sent it before that.
func (a pastes) frontChanged(files []string) {
	if a.s.target.Browser == "" || a.s.facts == nil {
		return
	}
	for _, v := range a.s.facts.Values {
		if v.What == facts.WhatKey && v.Public && v.Wins && v.File != "" && affix.Any(files, func(f string) bool { return filepath.ToSlash(f) == v.File }) {
			a.s.target.Browser = ""
			a.say(note, clean(v.File)+" changed: the API key in the error you pasted is from before, so the file's counts")
		}
	}
}

// lookElsewhere reports whether it is time to look for the backend on other
// ports: nothing listens on its own, and it may come up on another one. One that
// is starting is looked for more often.
func lookElsewhere(s *session) bool {
	root := s.root()
	if s.awaited() && !s.running && s.now.Sub(s.began) >= time.Second {
		return true
	}
	return root != nil && root.ID == causes.ServerDown && !s.running && s.now.Sub(s.began) >= watching.Elsewhere
}
