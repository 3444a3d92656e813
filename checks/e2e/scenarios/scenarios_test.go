package scenarios

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sort"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"badsig/checks/causes"
	"badsig/checks/e2e/records"
	"badsig/checks/internal/nodetest"
)

// Every cause has a scenario, every ID that a scenario names is a cause, and no name is used twice.
func TestEveryCauseHasAScenario(t *testing.T) {
	seen, names, doubles, silences := map[string]int{}, map[string]bool{}, 0, 0
	for _, s := range All() {
		if names[s.Name] {
			t.Errorf("%s is there twice", s.Name)
		}
		names[s.Name] = true
		switch s.Group() {
		case "double":
			doubles++
		case "healthy":
			silences++
			if s.Want.First != "" {
				t.Errorf("%s wants %s", s.Name, s.Want.First)
			}
		default:
			seen[s.Group()]++
			if s.Group() != s.Want.First {
				t.Errorf("%s wants %s", s.Name, s.Want.First)
			}
		}
		wants := []Want{s.Want}
		for _, w := range s.In {
			wants = append(wants, w)
		}
		for _, w := range wants {
			for _, id := range slices.Concat([]string{w.First}, w.Or, w.Then, w.May) {
				if _, ok := causes.PageOf(causes.ID(id)); id != "" && !ok {
					t.Errorf("%s: %s is not a cause", s.Name, id)
				}
			}
		}
	}
	for _, p := range causes.Pages() {
		if seen[string(p.ID)] == 0 {
			t.Errorf("there is no scenario for %s: add one to checks/e2e/scenarios/data_*.go", p.ID)
		}
	}
	if doubles < 15 {
		t.Errorf("%d double faults, want 15", doubles)
	}
	t.Logf("%d scenarios: %d causes, %d double faults, %d look-alikes", len(names), len(seen), doubles, silences)
}

// buildBadsig builds the program into a folder that the testing package owns and removes.
func buildBadsig(t *testing.T) string {
	t.Helper()
	bin := filepath.Join(t.TempDir(), "badsig")
	if out, err := exec.Command("go", "build", "-o", bin, "badsig").CombinedOutput(); err != nil {
		t.Fatalf("build badsig: %v: %s", err, out)
	}
	return bin
}

// Each scenario means real, is broken (or healthy) as it says, and badsig names its cause first.
func TestScenarios(t *testing.T) {
	live(t)
	pkgs := nodetest.Packages(t)
	validateOnly := os.Getenv("SCENARIOS_ONLY_FAULTS") != ""
	bin := ""
	if !validateOnly {
		bin = buildBadsig(t)
	}
	var mu sync.Mutex
	var outcomes []Outcome
	var recording records.Recording
	known := knownWrong(t)
	t.Run("all", func(t *testing.T) {
		for i, s := range All() {
			if testing.Short() && i%12 != 0 {
				continue
			}
			t.Run(s.Name, func(t *testing.T) {
				t.Parallel()
				if s.Runtime != "" || s.Layout.Name == "python" || s.Layout.Name == "pyapi" {
					need := s.Runtime
					if need == "" {
						need = "python3"
					}
					if _, err := exec.LookPath(need); err != nil {
						t.Skip(need + " is not there")
					}
				}
				l, err := setUp(s, t.TempDir(), pkgs)
				t.Cleanup(l.close)
				if err != nil {
					t.Fatalf("%v\n%s", err, l.logs())
				}
				revoked := time.Time{}
				if s.Stream.RevokedAgo > 0 {
					revoked = time.Now().Add(-time.Duration(s.Stream.RevokedAgo) * time.Second)
				}
				if err := l.check(revoked); err != nil {
					t.Fatalf("the fault is not as it says: %v\n%s", err, l.logs())
				}
				if validateOnly {
					return
				}
				stream, streamURL, stop, err := l.standIn(revoked)
				if err != nil {
					t.Fatal(err)
				}
				defer stop()
				for _, m := range s.modes() {
					stream.Reset()
					a, err := l.badsig(bin, m, streamURL)
					if err != nil {
						t.Errorf("%s: %v", m, err)
						continue
					}
					o := l.judge(m, a, stream.Requests())
					rec, differs := l.replayed(m, a)
					if differs != "" {
						t.Errorf("%s: %s", m, differs)
					}
					recording.Add(rec)
					mu.Lock()
					outcomes = append(outcomes, o)
					mu.Unlock()
					if o.Text != "" && known[s.Name] {
						t.Logf("known: %s: %s", m, o.Text)
					} else if o.Text != "" {
						t.Errorf("%s: %s\nsaid: [%s] exit %d verdict %s\n%s", m, o.Text, o.Said, a.Exit, a.Report.Verdict, a.brief())
					}
				}
				if everyNth := everyCommandOn(); i%everyNth != 0 {
					return
				}
				stream.Reset()
				l.everyCommand(t, bin, streamURL)
				for _, wrong := range l.missent(stream.Requests()) {
					t.Error(wrong)
				}
			})
		}
	})
	if len(outcomes) > 0 {
		t.Log(summary(outcomes))
	}
	if os.Getenv("BADSIG_RECORD") != "" {
		if err := recording.Write(recordFile); err != nil {
			t.Error(err)
		}
	}
}

// everyCommandOn is on each how many-th scenario all of badsig's commands are
// tried: BADSIG_COMMANDS, or each fourth, which keeps the whole within the time
// that CI has. 1 tries them on all.
func everyCommandOn() int {
	if n, err := strconv.Atoi(os.Getenv("BADSIG_COMMANDS")); err == nil && n > 0 {
		return n
	}
	return 4
}

// summary is the figure of the whole: named first, named at all, missed, false alarms.
func summary(all []Outcome) string {
	sort.Slice(all, func(i, j int) bool { return all[i].Scenario+string(all[i].Mode) < all[j].Scenario+string(all[j].Mode) })
	var faults, first, named, healthy, alarms int
	var took []time.Duration
	var b strings.Builder
	for _, o := range all {
		took = append(took, o.Took)
		if o.Fault {
			faults++
		} else {
			healthy++
		}
		if o.First {
			first++
		}
		if o.Named {
			named++
		}
		if o.Alarm {
			alarms++
		}
		if o.Text != "" {
			fmt.Fprintf(&b, "%-72s %-12s said [%s]: %s\n", o.Scenario, o.Mode, o.Said, o.Text)
		}
	}
	slices.Sort(took)
	return fmt.Sprintf("%d runs on faults: %d named first, %d named at all, %d missed; %d runs on look-alikes; %d false alarms; median run %v, longest %v\n%s",
		faults, first, named, faults-named, healthy, alarms, took[len(took)/2].Round(time.Millisecond), took[len(took)-1].Round(time.Millisecond), b.String())
}

// knownWrong are the scenarios of testdata/wrong.txt: badsig's result for them is
// wrong today, and what it should be is what the scenario says. They are run and
// told all the same.
func knownWrong(t *testing.T) map[string]bool {
	t.Helper()
	text, err := os.ReadFile("testdata/wrong.txt")
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for _, s := range All() {
		names[s.Name] = true
	}
	known := map[string]bool{}
	for line := range strings.Lines(string(text)) {
		name, _, _ := strings.Cut(strings.TrimSpace(line), " # ")
		switch {
		case name == "" || strings.HasPrefix(name, "#"):
		case !names[name]:
			t.Errorf("testdata/wrong.txt names %q, which isn't a scenario", name)
		default:
			known[name] = true
		}
	}
	return known
}
