package follow

import (
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"badsig/checks"
	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
)

func report(verdict string, pid int32, found ...finding.Cause) *checks.Report {
	f := &facts.Facts{Process: &facts.Listeners{Known: true}}
	if pid > 0 {
		f.Process.Listeners = []facts.Listener{{PID: pid, Name: "node"}}
	}
	r := &checks.Report{Verdict: verdict, Causes: found, Facts: f}
	signs := finding.Result{ID: "secret-signs", Status: finding.Pass}
	if pid == 0 {
		signs.Status = finding.Skip
	}
	for _, c := range found {
		if c.ID == causes.SecretWhitespace {
			signs.Status, signs.Cause = finding.Fail, c.ID
		}
	}
	r.Checks = []finding.Result{signs}
	return r
}

func told(s *Story, r *checks.Report) string {
	var out []string
	for _, l := range s.Tell(time.Date(2026, 11, 26, 12, 1, 5, 0, time.Local), r) {
		out = append(out, strings.TrimPrefix(l.Text, "12:01:05 "))
	}
	return strings.Join(out, "\n")
}

// A warning that isn't a cause is told, and told again only when it is another.
func TestWarningsAreToldOnce(t *testing.T) {
	var s Story
	warns := func(summary string) *checks.Report {
		r := report(checks.Accepted, 7)
		r.Checks = append(r.Checks, finding.Result{ID: "secret-read", Status: finding.Warn, Summary: summary})
		return r
	}
	const shell = "the shell's STREAM_API_SECRET overrides server/.env line 2: without it the backend signs with another secret"
	for i, c := range []struct {
		summary string
		told    bool
	}{{shell, true}, {shell, false}, {"another", true}, {shell, true}} {
		if got := told(&s, warns(c.summary)); strings.Contains(got, "  warning: "+c.summary+"\n✓ accepted") != c.told || strings.Contains(got, "warning") != c.told {
			t.Errorf("run %d tells\n%s", i+1, got)
		}
	}
}

// The story of a bug: it breaks, the backend stops (which fixes nothing), it is fixed after a restart.
func TestStory(t *testing.T) {
	space := finding.New(causes.SecretWhitespace, finding.Proven, "why", finding.LocAt("server/.env", 2), nil, finding.Step{Text: "Remove the space", Command: "npm run dev"})
	space.Title = "The API secret ends in a space"
	down := finding.New(causes.ServerDown, finding.Proven, "why", nil, nil)
	var s Story
	for _, c := range []struct {
		name      string
		report    *checks.Report
		has, lack []string
	}{
		{"first", report(checks.Accepted, 7), []string{"✓ accepted"}, []string{"fixed", "broke", "↻"}},
		{"break", report(checks.Rejected, 7, space), []string{"✗ broke: The API secret ends in a space [secret-whitespace]",
			"  server/.env:2: error: The API secret ends in a space [secret-whitespace]", "  fix: Remove the space", "$ npm run dev", "✗ rejected"}, []string{"↻", "fixed"}},
		{"the same again", report(checks.Rejected, 7, space), []string{"  server/.env:2: error:", "✗ rejected"}, []string{"broke", "fix:"}},
		{"the backend stops", report(checks.Rejected, 0, down), []string{"↻ the backend stopped listening", "✗ broke: " + down.Title}, []string{"fixed"}},
		{"it is started with the bug", report(checks.Rejected, 8, space), []string{"↻ the backend started: node, pid 8"}, []string{"broke"}},
		{"fix and restart", report(checks.Accepted, 9), []string{"↻ the backend restarted: node, pid 9", "✓ fixed: The API secret ends in a space [secret-whitespace]", "✓ accepted"}, []string{"broke"}},
	} {
		got := told(&s, c.report)
		for _, want := range c.has {
			if !strings.Contains(got, want) {
				t.Errorf("%s: no %q in\n%s", c.name, want, got)
			}
		}
		for _, not := range c.lack {
			if strings.Contains(got, not) {
				t.Errorf("%s: %q in\n%s", c.name, not, got)
			}
		}
	}
}

// A fix is told when it works, however many runs lie between: the file is saved, the old backend goes on, it stops, the new one starts.
func TestFixThatNeedsARestartIsTold(t *testing.T) {
	space := finding.New(causes.SecretWhitespace, finding.Proven, "why", finding.LocAt("server/.env", 2), nil)
	space.Title = "The API secret ends in a space"
	stale := finding.New(causes.ServerStale, finding.Proven, "why", finding.LocAt("server/.env", 2), nil)
	saved := report(checks.Rejected, 7, stale)
	saved.Checks[0].Status, saved.Checks[0].Cause = finding.Fail, stale.ID
	var s Story
	told(&s, report(checks.Rejected, 7, space))
	for _, r := range []*checks.Report{saved, report(checks.Rejected, 0, finding.New(causes.ServerDown, finding.Proven, "why", nil, nil))} {
		if got := told(&s, r); strings.Contains(got, "fixed") {
			t.Errorf("told before it works:\n%s", got)
		}
	}
	got := told(&s, report(checks.Accepted, 8))
	for _, want := range []string{"✓ fixed: The API secret ends in a space [secret-whitespace]", "✓ fixed: " + stale.Title + " [server-stale]"} {
		if strings.Count(got, want) != 1 {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	if got := told(&s, report(checks.Accepted, 8)); strings.Contains(got, "fixed") {
		t.Errorf("told twice:\n%s", got)
	}
	if got := told(&s, report(checks.Rejected, 8, space)); !strings.Contains(got, "✗ broke: The API secret ends in a space") {
		t.Errorf("the same bug again is new:\n%s", got)
	}
}

// Each line begins with the time and a sign, so that it can be searched and heard.
func TestLinesBeginWithTheTime(t *testing.T) {
	var s Story
	line := regexp.MustCompile(`^\d\d:\d\d:\d\d […✓✗?↻ ] ?`)
	lines := append([]Line{s.Again(time.Now(), "", "")}, s.Tell(time.Now(), report(checks.Rejected, 1, finding.New(causes.ServerDown, finding.Likely, "", nil, nil)))...)
	for _, l := range append(lines, s.Again(time.Now(), "", "server/.env changed")) {
		if !line.MatchString(l.Text) || strings.Contains(l.Text, "\n") {
			t.Errorf("%q", l.Text)
		}
	}
	if got := Changed("p", []string{"p/a", "p/b", "", "p/a", "p/c", "p/d"}, func(_, f string) string { return f[2:] }); got != "a and 3 other files changed" {
		t.Error(got)
	}
}

// VS Code's background task knows from the lines when a run begins and ends, and finds each place.
func TestProblemMatcherReadsTheLines(t *testing.T) {
	raw, err := os.ReadFile("../../../.github/examples/vscode-tasks.json")
	if err != nil {
		t.Fatal(err)
	}
	var tasks struct {
		Tasks []struct {
			ProblemMatcher struct {
				Pattern    json.RawMessage
				Background struct{ BeginsPattern, EndsPattern string }
			}
		}
	}
	var pattern struct {
		Regexp                              string
		File, Line, Severity, Message, Code int
	}
	if err := json.Unmarshal(raw, &tasks); err != nil {
		t.Fatal(err)
	}
	matcher := tasks.Tasks[1].ProblemMatcher
	if err := json.Unmarshal(matcher.Pattern, &pattern); err != nil {
		t.Fatal(err)
	}
	begins, ends, place := regexp.MustCompile(matcher.Background.BeginsPattern), regexp.MustCompile(matcher.Background.EndsPattern), regexp.MustCompile(pattern.Regexp)
	var s Story
	for _, verdict := range []string{checks.Accepted, checks.Rejected, checks.Unproven} {
		var found []finding.Cause
		if verdict == checks.Rejected {
			found = append(found, finding.New(causes.SecretWhitespace, finding.Proven, "why", finding.LocAt("server/.env", 2), nil))
		}
		if l := s.Again(time.Now(), "", "server/.env changed"); !begins.MatchString(l.Text) {
			t.Errorf("a run doesn't begin with %q", l.Text)
		}
		places := 0
		lines := s.Tell(time.Now(), report(verdict, 7, found...))
		for i, l := range lines {
			if last := i == len(lines)-1; ends.MatchString(l.Text) != last {
				t.Errorf("%s: the run ends with %q: %v", verdict, l.Text, !last)
			}
			if m := place.FindStringSubmatch(l.Text); m != nil {
				places++
				if m[pattern.File] != "server/.env" || m[pattern.Line] != "2" || m[pattern.Severity] != "error" || m[pattern.Message] != found[0].Title || m[pattern.Code] != "secret-whitespace" {
					t.Errorf("VS Code finds %q", m)
				}
			}
		}
		if places != len(found) {
			t.Errorf("%s: VS Code finds %d places", verdict, places)
		}
	}
}
