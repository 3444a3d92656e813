package scenarios

import (
	"fmt"
	"strings"
	"time"

	"badsig/checks/e2e/oracle"
)

// check proves that the scenario is broken (or healthy) as its Truth says.
func (l *Live) check(revoked time.Time) error {
	// A server that its watcher restarts is away for a moment, on a busy machine for seconds.
	for end := time.Now().Add(15 * time.Second); ; time.Sleep(200 * time.Millisecond) {
		if err := l.asSaid(revoked); err == nil || time.Now().After(end) {
			return err
		}
	}
}

func (l *Live) asSaid(revoked time.Time) error {
	want := l.Scenario.Truth
	status, body, err := l.ask()
	if want.Down {
		if err == nil {
			return fmt.Errorf("it answers %d: %s", status, body)
		}
		return nil
	}
	if err != nil {
		return err
	}
	if want.Status != 0 && status != want.Status {
		return fmt.Errorf("status %d, want %d: %s", status, want.Status, body)
	}
	if want.Body != "" && !strings.Contains(string(body), want.Body) {
		return fmt.Errorf("%q is not in the answer %s", want.Body, body)
	}
	token := oracle.TokenIn(body)
	if want.SignedBy != "" && !oracle.SignedBy(token, l.Vars.fill(want.SignedBy)) {
		return fmt.Errorf("%s does not sign %s", want.SignedBy, token)
	}
	if want.Claim != "" {
		name, value, _ := strings.Cut(want.Claim, "=")
		if got := oracle.Claim(token, name); got != value {
			return fmt.Errorf("claim %s is %s, want %s", name, got, value)
		}
	}
	if want.Code != 0 {
		key := l.Vars.fill(want.Key)
		if key == "" {
			key = l.Vars["K1"]
		}
		code := 2
		for _, n := range []string{"1", "2"} {
			if key == l.Vars["K"+n] {
				code = oracle.Code(token, l.Vars["S"+n], revoked, time.Now())
			}
		}
		if code != max(want.Code, 0) {
			return fmt.Errorf("Stream would answer code %d, want %d: %s", code, want.Code, token)
		}
	}
	return nil
}

// brief is what of a response helps to see why it is wrong.
func (a Answer) brief() string {
	var b strings.Builder
	for _, c := range a.Report.Causes {
		fmt.Fprintf(&b, "  cause %s (%s, %s): %s", c.ID, c.Severity, c.Certainty, c.Title)
		if c.Location != nil {
			fmt.Fprintf(&b, " @ %s:%d", c.Location.File, c.Location.Line)
		}
		for _, e := range c.Evidence {
			fmt.Fprintf(&b, "\n    %s: got %q want %q (%s)", e.Label, e.Got, e.Want, e.Source)
		}
		b.WriteByte('\n')
	}
	for _, c := range a.Report.Checks {
		if c.Status != "pass" {
			fmt.Fprintf(&b, "  check %s %s %s: %s\n", c.ID, c.Status, c.BlockedBy, c.Summary)
		}
	}
	if a.Report.Token != nil {
		fmt.Fprintf(&b, "  token %s signed by %q\n", a.Report.Token.Source, a.Report.Token.SignedBy)
	}
	if a.JSON != nil {
		fmt.Fprintf(&b, "  stdout %.400s\n", a.Stdout)
	}
	if a.Stderr != "" {
		fmt.Fprintf(&b, "  stderr %.400s\n", a.Stderr)
	}
	return b.String()
}
