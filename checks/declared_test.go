package checks_test

import (
	"reflect"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"badsig/checks"
	"badsig/checks/e2e/records"
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/rules"
)

// Every check says of every recorded run the same with only the parts of the facts that it declares as with all of them,
// and one that is skipped says what it can know when the checks before it are decided.
func TestChecksReadWhatTheyDeclareOfEveryRecord(t *testing.T) {
	recorded, err := records.Read("e2e/scenarios/testdata/facts.jsonl.gz")
	if err != nil {
		t.Fatal(err)
	}
	if testing.Short() {
		t.Log("-short: one record in seven")
		for i := range len(recorded) / 7 {
			recorded[i] = recorded[7*i]
		}
		recorded = recorded[:len(recorded)/7]
	}
	everything := []facts.Name{facts.NameProject, facts.NameListener, facts.NameServer, facts.NameBackend, facts.NameSigner, facts.NamePair, facts.NameUser}
	wrong, shown := 0, map[finding.ID]bool{}
	var mu sync.Mutex
	each(recorded, func(rec records.Record) {
		f, err := rec.Seen()
		if err != nil {
			t.Error(err)
			return
		}
		done, skipped := map[finding.ID]finding.Result{}, map[finding.ID]bool{}
		for _, c := range checks.All() {
			uses := c.Uses
			if _, blocked := checks.Blocker(c, f, done); blocked {
				skipped[c.ID] = true
				uses = usedBefore(c, skipped)
			}
			sees := c
			sees.Uses = everything
			whole, declared := checks.ResultOf(sees, f, done), checks.ResultOf(c, checks.View(f, uses), done)
			if !reflect.DeepEqual(whole, declared) {
				mu.Lock()
				if wrong++; !shown[c.ID] {
					shown[c.ID] = true
					t.Errorf("%s reads more than %v, of %s, %s:\n%+v\n%+v", c.ID, uses, rec.Scenario, rec.Mode, whole, declared)
				}
				mu.Unlock()
			}
			done[c.ID] = whole
		}
	})
	if wrong > 0 {
		t.Errorf("%d results of %d records differ", wrong, len(recorded))
	}
}

// each calls f for every record, on all processors.
func each(recorded []records.Record, f func(records.Record)) {
	var next atomic.Int64
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for i := next.Add(1) - 1; int(i) < len(recorded); i = next.Add(1) - 1 {
				f(recorded[i])
			}
		})
	}
	wg.Wait()
}

// usedBefore are the probes that are finished once the checks that c needs are decided; those that are skipped wait for none.
func usedBefore(c rules.Check, skipped map[finding.ID]bool) (out []facts.Name) {
	for _, before := range checks.All() {
		if slices.Contains(c.Needs, before.ID) {
			if out = append(out, usedBefore(before, skipped)...); !skipped[before.ID] {
				out = append(out, before.Uses...)
			}
		}
	}
	return out
}
