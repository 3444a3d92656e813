package checks_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"badsig/checks"
	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/rules/parts"
)

// rejectedReport has n checks that passed, and one that failed.
func rejectedReport(causesThere, passed, steps int) *checks.Report {
	r := &checks.Report{Version: 1, Verdict: checks.Rejected, Target: checks.ReportTarget{URL: "http://localhost:3001/api/stream/token", Dir: "."},
		Token: &parts.ReportToken{Source: "backend", Claims: map[string]any{"user_id": "jane", "iat": json.Number("1790000000")}, SignedBy: "server/.env:2"}}
	for i := range causesThere {
		c := finding.New(causes.SecretWhitespace, finding.Proven, fmt.Sprintf("Reason %d: ", i+1)+strings.Repeat("the signature doesn't match ", 8),
			finding.LocAt("server/.env", i+2), []finding.Evidence{{Label: "token verifies with", Got: "65 characters", Want: "64 characters", Source: "server/.env:2"}})
		c.Title = fmt.Sprintf("Title %d", i+1)
		for j := range steps {
			c.Fix = append(c.Fix, finding.Step{Text: fmt.Sprintf("Step %d of %d, in a sentence that is too long for one narrow line of a terminal", j+1, i+1), Command: "cd server && npm run dev"})
		}
		r.Causes = append(r.Causes, c)
	}
	r.Checks = append(r.Checks, finding.Result{ID: "secret-signs", Title: "it is signed", Status: finding.Fail, Summary: "another secret signed it"})
	for i := range passed {
		r.Checks = append(r.Checks, finding.Result{ID: finding.ID(fmt.Sprint("p", i)), Title: fmt.Sprint("passing check ", i), Status: finding.Pass, Summary: "fine"})
	}
	return r
}

var colors = regexp.MustCompile("\x1b\\[[0-9;]*m")

// On a terminal of 24 lines, verdict, place and first fix are in sight when the report
// has scrolled by, however long it is.
func TestTheVerdictIsInSightOnAnyScreen(t *testing.T) {
	for _, shape := range [][3]int{{1, 3, 1}, {1, 16, 2}, {4, 16, 3}, {1, 16, 14}, {6, 0, 9}} {
		for _, size := range [][2]int{{80, 24}, {40, 24}, {120, 60}, {0, 0}} {
			r := rejectedReport(shape[0], shape[1], shape[2])
			lines := r.Lines(checks.Screen{Width: size[0], Height: size[1]})
			height := size[1]
			if height == 0 {
				height = 24
			}
			seen := lines[max(0, len(lines)-(height-1)):] // the prompt has the last line
			text := strings.Join(strings.Fields(strings.Join(seen, " ")), " ")
			for _, want := range []string{"✗ rejected: Title 1", "server/.env:2", "Step 1 of 1, in a sentence that is too long for one narrow line of a terminal"} {
				if !strings.Contains(text, want) {
					t.Errorf("%v on %v: %q isn't among the last %d lines:\n%s", shape, size, want, height-1, strings.Join(lines, "\n"))
				}
			}
			verdict := 0
			for i, l := range lines {
				if strings.HasPrefix(l, "✗ rejected") {
					verdict = i
				}
			}
			if long := len(lines) > height-1; long && verdict != len(lines)-1 || !long && verdict != 0 {
				t.Errorf("%v on %v: the verdict is line %d of %d", shape, size, verdict+1, len(lines))
			}
			if all := strings.Join(lines, "\n"); strings.Contains(all, "passing check") || shape[1] > 0 && strings.Count(all, fmt.Sprintf("✓ %d passed", shape[1])) != 1 {
				t.Errorf("%v on %v: what passed isn't one line:\n%s", shape, size, all)
			}
		}
	}
}

func TestLinesFitTheScreenAndColorsOnlyStress(t *testing.T) {
	r := rejectedReport(3, 16, 3)
	for _, width := range []int{40, 60, 80, 100} {
		for _, all := range []bool{false, true} {
			plain := r.Lines(checks.Screen{Width: width, Height: 24, All: all})
			colored := r.Lines(checks.Screen{Width: width, Height: 24, All: all, Color: true})
			for _, l := range plain {
				if strings.ContainsRune(l, '\x1b') {
					t.Errorf("a color without colors: %q", l)
				}
				if utf8.RuneCountInString(l) > width && strings.Contains(strings.TrimSpace(l), " ") && !strings.Contains(l, "$ ") {
					t.Errorf("wider than %d: %q", width, l)
				}
			}
			if got := colors.ReplaceAllString(strings.Join(colored, "\n"), ""); got != strings.Join(plain, "\n") || got == strings.Join(colored, "\n") {
				t.Errorf("with colors it says\n%s\nwithout\n%s", got, strings.Join(plain, "\n"))
			}
			if has := strings.Contains(strings.Join(plain, "\n"), "✓ passing check 15"); has != all {
				t.Errorf("--all %v: a check that passed is listed: %v", all, has)
			}
		}
	}
}

// Brief is verdict, place and fix, one a line.
func TestBrief(t *testing.T) {
	got := strings.Join(rejectedReport(2, 3, 1).Brief(checks.Screen{}), "\n")
	want := "✗ rejected: Title 1\nserver/.env:2\nStep 1 of 1, in a sentence that is too long for one narrow line of a terminal\n$ cd server && npm run dev"
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	unproven := &checks.Report{Verdict: checks.Unproven, Checks: []finding.Result{{ID: "pair-matches", Status: finding.Unknown, Summary: "Stream wasn't contacted (--offline)"}}}
	if got := strings.Join(unproven.Brief(checks.Screen{}), "\n"); !strings.HasPrefix(got, "? unproven: ") || strings.Contains(got, "\n") {
		t.Errorf("got %q", got)
	}
}

// Of a fresh clone, what to do comes first; what couldn't be checked only because of
// something else has no line of its own.
func TestAFreshCloneOnAScreen(t *testing.T) {
	unknown := func(id finding.ID, says string, next ...finding.Step) finding.Result {
		return finding.Result{ID: id, Title: "check of " + string(id), Status: finding.Unknown, Summary: says, Next: next}
	}
	r := &checks.Report{Verdict: checks.Unproven, Checks: []finding.Result{
		unknown("server-listens", "which URL isn't known", finding.Step{Text: "Give it with --url", Command: "badsig check --url URL"}),
		unknown("endpoint-answers", "nothing was requested"), unknown("endpoint-json", "there is no response"), unknown("token-formed", "there is no token"),
		unknown("secret-read", "server/.env doesn't exist", finding.Step{Text: "Create server/.env"}),
	}}
	got := strings.Join(r.Lines(checks.Screen{}), "\n")
	if i, j := strings.Index(got, "Next      1. Create server/.env"), strings.Index(got, "2. Give it with --url"); i < 0 || j < i || j > strings.Index(got, "Checks of") {
		t.Errorf("what to do isn't first:\n%s", got)
	}
	if !strings.Contains(got, "? 3 depend on these  (--all lists them)") || strings.Contains(got, "there is no token") {
		t.Errorf("what follows has its lines:\n%s", got)
	}
	if all := strings.Join(r.Lines(checks.Screen{All: true}), "\n"); !strings.Contains(all, "there is no token") {
		t.Errorf("--all leaves it out:\n%s", all)
	}
}

// Where an edit was tried, check says which command makes it, with the flags of its own run.
func TestTheCommandThatMakesTheEdit(t *testing.T) {
	r := rejectedReport(2, 3, 1)
	r.Facts = &facts.Facts{Target: facts.TargetFacts{Flags: []string{"--url http://localhost:4000/token"}, Static: true}}
	shown := func() string {
		var b strings.Builder
		if err := r.WriteText(&b); err != nil {
			t.Fatal(err)
		}
		return b.String() + strings.Join(r.Lines(checks.Screen{Width: 100, Height: 24}), "\n")
	}
	if strings.Contains(shown(), "badsig fix") {
		t.Errorf("no edit was tried:\n%s", shown())
	}
	for i := range r.Causes {
		r.Causes[i].Fix[0].Edits = []finding.Edit{{File: "server/.env", Line: i + 2, Tried: true}}
	}
	for _, want := range []string{"$ badsig fix --url http://localhost:4000/token --static\n", "$ badsig fix secret-whitespace --url http://localhost:4000/token --static\n"} {
		if n := strings.Count(shown(), want); n != 2 {
			t.Errorf("%q is there %d times:\n%s", want, n, shown())
		}
	}
}
