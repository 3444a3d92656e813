package checks

import (
	"fmt"
	"io"
	"strings"

	"badsig/checks/probe"
)

// Rules of this file: the verdict stands first and the first thing to change
// next to it; words, not only signs; no escape byte, ever.

// Signs are the one-cell signs of the five outcomes.
var Signs = map[Status]string{Pass: "✓", Warn: "!", Fail: "✗", Skip: "–", Unknown: "?"}

// WriteText writes what a person reads in a terminal or hears from a screen
// reader: the verdict, every cause with its mending, every check.
func (r *Report) WriteText(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", r.Headline())
	for i := range r.Causes {
		writeCause(&b, i+1, &r.Causes[i])
	}
	fmt.Fprintf(&b, "\nchecks of %s\n", probe.Visible(r.Target.URL))
	said := ""
	for i := range r.Checks {
		c := &r.Checks[i]
		fmt.Fprintf(&b, "  %s %-7s %s\n", Signs[c.Status], c.Status, c.Title)
		// One root skips many: its words once, not a dozen times.
		if c.Summary != "" && (c.Status != Skip || c.Summary != said) {
			fmt.Fprintf(&b, "            %s\n", c.Summary)
		}
		said = c.Summary
	}
	if r.Token != nil {
		fmt.Fprintf(&b, "\ntoken (%s)\n", r.Token.Source)
		for _, k := range sortedKeys(r.Token.Claims) {
			fmt.Fprintf(&b, "  %-10s %s\n", probe.Visible(k), claimLine(k, r.Token.Claims[k]))
		}
		if r.Token.SignedBy != "" {
			fmt.Fprintf(&b, "  %-10s %s\n", "signed by", r.Token.SignedBy)
		}
	}
	if s := r.Stream; s != nil {
		fmt.Fprintf(&b, "\nStream (%s)  %s\n", s.Source, streamLine(s))
	}
	if len(r.Notes) > 0 {
		b.WriteString("\nof the project's files\n")
		for _, n := range r.Notes {
			fmt.Fprintf(&b, "  %s\n", n)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// claimLine is a claim's value; a NumericDate is also said as people read it.
func claimLine(name string, value any) string {
	line := probe.Visible(fmt.Sprint(value))
	if at, ok := numericDate(value); ok && (name == "iat" || name == "exp" || name == "nbf") {
		line += ", " + stamp(at)
	}
	return line
}

func streamLine(s *ReportStream) string {
	if s.Code == 0 {
		return fmt.Sprint(s.Status)
	}
	return fmt.Sprintf("%d · code %d · %s", s.Status, s.Code, probe.Visible(s.Message))
}

// Headline is the verdict in one plain sentence.
func (r *Report) Headline() string {
	root := r.Root()
	switch {
	case r.Verdict == Rejected && root != nil:
		return "✗ rejected: " + root.Title
	case r.Verdict == Rejected:
		return "✗ rejected: " + firstOf(r.Checks, Fail)
	case r.Verdict == Accepted && root != nil:
		return "✓ accepted: Stream takes this token (" + plural(len(r.Causes), "warning") + ")"
	case r.Verdict == Accepted:
		return "✓ accepted: Stream takes this token"
	}
	if root != nil {
		return "? unproven: nothing wrong was found; " + root.Title
	}
	return "? unproven: nothing wrong was found, but " + firstUnknown(r.Checks)
}

func plural(n int, s string) string {
	if n == 1 {
		return "1 " + s
	}
	return fmt.Sprintf("%d %ss", n, s)
}

func firstOf(rs []Result, s Status) string {
	for _, r := range rs {
		if r.Status == s {
			return r.Summary
		}
	}
	return ""
}

// firstUnknown prefers what the verdict hangs on.
func firstUnknown(rs []Result) string {
	for _, r := range rs {
		if r.Status == Unknown && needed[r.ID] {
			return r.Summary
		}
	}
	if s := firstOf(rs, Unknown); s != "" {
		return s
	}
	return "the signature could not be proven"
}

func writeCause(b *strings.Builder, n int, c *Cause) {
	fmt.Fprintf(b, "\n%d. %s  [%s, %s, %s]\n", n, c.Title, c.ID, c.Severity, c.Certainty)
	if c.Summary != "" {
		fmt.Fprintf(b, "   %s\n", c.Summary)
	}
	if c.Location != nil {
		fmt.Fprintf(b, "   where  %s\n", c.Location)
	}
	for _, e := range c.Evidence {
		fmt.Fprintf(b, "   proof  %s\n", evidenceLine(e))
	}
	for i, s := range c.Fix {
		fmt.Fprintf(b, "   mend %d  %s\n", i+1, s.Text)
		if s.Command != "" {
			fmt.Fprintf(b, "           $ %s\n", s.Command)
		}
	}
	fmt.Fprintf(b, "   more   badsig explain %s\n", c.ID)
}

func evidenceLine(e Evidence) string {
	s := e.Label
	if e.Got != "" {
		s += ": " + e.Got
	}
	if e.Want != "" {
		s += " (wanted: " + e.Want + ")"
	}
	if e.Source != "" {
		s += " [" + e.Source + "]"
	}
	return s
}
