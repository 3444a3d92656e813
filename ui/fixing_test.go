package ui

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"badsig/checks"
	"badsig/checks/causes"
	"badsig/checks/finding"
	"badsig/checks/fix"
	"badsig/checks/probe/vault"
)

// edit is an edit that counts how often it was made.
type edit struct{ made int }

func (e *edit) Text() string { return "remove the trailing space" }
func (e *edit) Diff() string {
	return "--- a/server/.env\n+++ b/server/.env\n-X=\"‹64 chars›␠\"\n+X=\"‹64 chars›\"\n"
}
func (e *edit) Tried() string   { return "the backend signs with the app's secret" }
func (e *edit) Notes() []string { return []string{"git tracks server/.env"} }
func (e *edit) Files() []string { return []string{"server/.env"} }
func (e *edit) Apply() (*fix.Undo, error) {
	e.made++
	return &fix.Undo{}, nil
}
func (e *edit) Restart() (what, command string) { return "the backend", "cd server && npm run dev" }

func withEdit(e *edit) Options {
	return Options{
		Offer: func(_ context.Context, r *checks.Report, _ *vault.World) {
			c := &r.Causes[0]
			c.Fix = append([]finding.Step(nil), c.Fix...)
			c.Fix[0].Edits = []finding.Edit{{File: "server/.env", Line: 2, Tried: true}}
			c.Fix[0].Tried = e.Tried()
		},
		OpenFix: func(*checks.Report, *vault.World, causes.ID) (Fix, error) { return e, nil },
	}
}

// F shows the edit and makes it only after y; u undoes it.
func TestFix(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := &edit{}
		d := drive(t, withEdit(e), 120, 36, rejected(t))
		d.sees("[F] fix it", "tried: the backend signs with the app's secret")
		d.keys("u")
		d.sees("nothing to undo")
		d.keys("F")
		d.sees("Make this edit?", "+X=\"‹64 chars›\"", "git tracks server/.env", "Tried in memory")
		d.keys("x", "n")
		d.sees("nothing was changed")
		if e.made != 0 {
			t.Fatal("an edit was made without y")
		}
		d.keys("F", "y")
		d.sees("changed server/.env (u undoes it); now restart the backend: cd server && npm run dev")
		if e.made != 1 {
			t.Errorf("the edit was made %d times", e.made)
		}
		d.keys("u")
		d.sees("undone: server/.env is as it was")
		d.keys("u")
		d.sees("nothing to undo")
	})
	synctest.Test(t, func(t *testing.T) { // undoing an edit that made the backend stale doesn't count as fixing that
		stale := rejected(t)
		stale.report.Causes[0].ID, stale.report.Causes[0].Title = causes.ServerStale, "The backend is still using the old secret"
		d := drive(t, withEdit(&edit{}), 120, 36, rejected(t), stale, rejected(t))
		d.keys("F", "y").pass(time.Second)
		d.sees("✗ The backend is still using the old secret")
		d.keys("u").pass(time.Second)
		d.sees("undone: server/.env is as it was", "✗ The API secret ends in a space")
		d.misses("Fixed:")
	})
	synctest.Test(t, func(t *testing.T) {
		d := drive(t, Options{}, 120, 36, rejected(t))
		d.keys("F")
		d.sees("badsig knows no edit")
	})
}
