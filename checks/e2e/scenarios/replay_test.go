package scenarios

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"testing"

	"badsig/checks"
	"badsig/checks/e2e/records"
)

// Garbage is collected less often than in the program: a sixth of the tests' work less.
var _ = debug.SetGCPercent(300)

var recordedOnce = sync.OnceValues(func() ([]records.Record, error) { return records.Read(recordFile) })

// replay runs f on every record, on all processors.
func replay(t *testing.T, f func(rec records.Record, s Scenario) string) {
	t.Helper()
	recorded, err := recordedOnce()
	if err != nil {
		t.Fatal(err)
	}
	byName := map[string]Scenario{}
	for _, s := range All() {
		byName[s.Name] = s
	}
	work := make(chan records.Record)
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for rec := range work {
				s, ok := byName[rec.Scenario]
				if !ok {
					t.Errorf("%s is recorded, and no scenario any more: %s", rec.Scenario, again)
					continue
				}
				if wrong := f(rec, s); wrong != "" {
					t.Errorf("%s, %s: %s", rec.Scenario, rec.Mode, wrong)
				}
			}
		})
	}
	every := 1
	if testing.Short() {
		every = 7
		t.Log("-short: one record in seven")
	}
	for i, rec := range recorded {
		if i%every == 0 {
			work <- rec
		}
	}
	close(work)
	wg.Wait()
}

const again = "record again: BADSIG_E2E=1 BADSIG_RECORD=1 go test -timeout 30m ./checks/e2e/scenarios"

// judgedAgain is what a record's facts are judged to be, for all tests that look at it.
func judgedAgain(rec records.Record) (*checks.Report, error) {
	key := rec.Scenario + "\x00" + rec.Mode
	if r, ok := verdicts.Load(key); ok {
		return r.(*checks.Report), nil
	}
	r, err := records.JudgeAgain(rec.Facts)
	if err == nil {
		verdicts.Store(key, r)
	}
	return r, err
}

var verdicts sync.Map

// What every scenario's facts are judged to be: the cause that it wants first, and all that the live run said.
func TestReplay(t *testing.T) {
	known := knownWrong(t)
	replay(t, func(rec records.Record, s Scenario) string {
		r, err := judgedAgain(rec)
		if err != nil {
			return err.Error()
		}
		now := records.Saying(r)
		var wrong []string
		if d := rec.Said.Differs(now); d != "" {
			wrong = append(wrong, "live it said "+d+"; if that is meant, "+again)
		}
		if known[s.Name] {
			return strings.Join(wrong, "; ")
		}
		w := s.want(Mode(rec.Mode))
		first := ""
		if len(now.Causes) > 0 {
			first, _, _ = strings.Cut(now.Causes[0], " ")
		}
		if w.First != "" && !slices.Contains(slices.Concat([]string{w.First}, w.Or, w.Then), first) {
			wrong = append(wrong, fmt.Sprintf("first is %q, want %s", first, w.First))
		}
		if !slices.Contains(w.Exit, now.Exit) {
			wrong = append(wrong, fmt.Sprintf("exit %d, want %d", now.Exit, w.Exit))
		}
		return strings.Join(wrong, "; ")
	})
}

// Every scenario was recorded in each of its modes.
func TestEveryScenarioIsRecorded(t *testing.T) {
	recorded, err := recordedOnce()
	if err != nil {
		t.Fatal(err)
	}
	have := map[string]bool{}
	for _, rec := range recorded {
		have[rec.Scenario+"\x00"+rec.Mode] = true
	}
	for _, s := range All() {
		for _, m := range s.modes() {
			if !have[s.Name+"\x00"+string(m)] {
				t.Errorf("%s, %s isn't recorded: %s", s.Name, m, again)
			}
		}
	}
}

// live skips a test that starts real backends, where it wasn't wanted.
func live(t *testing.T) {
	t.Helper()
	if os.Getenv("BADSIG_E2E") == "" {
		t.Skip("live suite: BADSIG_E2E=1 go test -timeout 30m ./checks/e2e/...")
	}
}
