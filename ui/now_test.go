package ui

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"badsig/checks"
	"badsig/checks/facts"
)

// counted is a runner that counts its runs.
func counted(t testing.TB, n *int, sc *scene) Runner {
	run := runner(sc)
	return func(ctx context.Context, tg facts.Target, o checks.Options) <-chan checks.Event {
		*n++
		return run(ctx, tg, o)
	}
}

// When the browser's token expires while it is looked at, it is looked at again without a key.
func TestTheBrowsersTokenExpiresOnScreen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		runs := 0
		sc := accepted(t)
		sc.target.Token = mustMint(appSecret, "test123", noon.Add(-time.Hour+5*time.Second))
		d := drive(t, Options{Run: counted(t, &runs, sc)}, 120, 36, sc)
		d.a.s.target.Token = sc.target.Token
		d.exec(tick(d.a.opt.Now()))
		d.pass(3 * time.Second)
		before := runs
		d.pass(4 * time.Second)
		if runs == before {
			t.Error("nothing was looked at again when it expired")
		}
	})
}

// While nothing listens, the project's processes are looked for again: a backend may come up on another port.
func TestABackendThatComesUpElsewhere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		runs := 0
		sc := down(t)
		d := drive(t, Options{Run: counted(t, &runs, sc)}, 120, 36, sc)
		d.exec(tick(d.a.opt.Now()))
		before := runs
		d.pass(10 * time.Second)
		if runs == before || runs > before+4 {
			t.Errorf("%d runs in ten seconds", runs-before)
		}
	})
}

// What Stream said a while ago looks old, on a small screen, too.
func TestOldResponsesLookOld(t *testing.T) {
	for _, w := range []int{60, 80, 120} {
		synctest.Test(t, func(t *testing.T) {
			d := drive(t, Options{}, w, 24, accepted(t))
			d.misses("min ago")
			d.pass(6 * time.Minute)
			d.send(tickMsg(d.a.opt.Now()))
			d.sees("checked 6 min ago")
		})
	}
}
