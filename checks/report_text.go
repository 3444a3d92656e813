package checks

import (
	"fmt"
	"io"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/rules"
	"badsig/checks/sanitize"
)

// Rules of this file: the verdict comes first and the first thing to fix right
// after it; there's a word for every sign; no escape byte is ever printed.

// Signs are the one-cell signs of the five outcomes.
var Signs = map[finding.Status]string{finding.Pass: "✓", finding.Warn: "!", finding.Fail: "✗", finding.Skip: "–", finding.Unknown: "?"}

// WriteText writes what a person reads in a terminal or hears from a screen
// reader: the verdict, every cause with its fix, every check.
func (r *Report) WriteText(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", r.Headline())
	for i := range r.Causes {
		r.writeCause(&b, i+1, &r.Causes[i])
	}
	if r.Target.Dir == ".." || affix.HasPrefix(r.Target.Dir, "../") {
		fmt.Fprintf(&b, "\nProject folder: %s (paths and commands here are relative to it)\n", sanitize.Visible(r.Target.Dir))
	}
	of := sanitize.Visible(r.Target.URL)
	if of == "" {
		of = "the project's files"
	}
	fmt.Fprintf(&b, "\nChecks of %s\n", of)
	said := ""
	for i := range r.Checks {
		c := &r.Checks[i]
		fmt.Fprintf(&b, "  %s %-7s %s\n", Signs[c.Status], c.Status, c.Title)
		// One cause makes many checks skip: say so once, not a dozen times.
		if c.Summary != "" && (c.Status != finding.Skip || c.Summary != said) {
			fmt.Fprintf(&b, "            %s\n", c.Summary)
		}
		if c.Status == finding.Unknown {
			writeNext(&b, c.Next)
		}
		said = c.Summary
	}
	if r.Token != nil {
		fmt.Fprintf(&b, "\nToken (%s)\n", tokenSourceWord(r.Token.Source))
		for _, k := range sortedKeys(r.Token.Claims) {
			fmt.Fprintf(&b, "  %-10s %s\n", sanitize.Visible(k), claimLine(k, r.Token.Claims[k]))
		}
		if r.Token.SignedBy != "" {
			fmt.Fprintf(&b, "  %-10s %s\n", "signed by", r.Token.SignedBy)
		}
		if len(r.Tokens) > 1 {
			fmt.Fprintf(&b, "  %-10s %s\n", "one of", rules.TokensLine(r.Tokens))
		}
	}
	if s := r.Stream; s != nil {
		fmt.Fprintf(&b, "\nStream (%s)  %s\n", streamSourceWord(s.Source), streamLine(s))
	}
	if len(r.Notes) > 0 {
		b.WriteString("\nProject files\n")
		for _, n := range r.Notes {
			fmt.Fprintf(&b, "  %s\n", n)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// writeNext writes what would settle an unknown check.
func writeNext(b *strings.Builder, steps []finding.Step) {
	for _, s := range steps {
		if s.Command != "" {
			fmt.Fprintf(b, "            $ %s\n", s.Command)
		}
	}
}

// claimLine is a claim's value; a timestamp is also written as a date.
func claimLine(name string, value any) string {
	line := sanitize.Visible(fmt.Sprint(value))
	if at, ok := facts.NumericDate(value); ok && (name == "iat" || name == "exp" || name == "nbf") {
		line += ", " + facts.Stamp(at)
	}
	return line
}

func streamLine(s *ReportStream) string {
	if s.Code == 0 {
		return fmt.Sprint(s.Status)
	}
	return fmt.Sprintf("%d · code %d · %s", s.Status, s.Code, sanitize.Visible(s.Message))
}

// Headline is the verdict in one plain sentence.
func (r *Report) Headline() string {
	root := r.Root()
	switch {
	case r.Verdict == Rejected && root != nil:
		return "✗ rejected: " + root.Title
	case r.Verdict == Rejected:
		return "✗ rejected: " + firstOf(r.Checks, finding.Fail)
	case r.Verdict == Accepted && root != nil:
		return "✓ accepted: " + r.Accepts() + " (" + finding.Plural(len(r.Causes), "warning") + ")"
	case r.Verdict == Accepted:
		return "✓ accepted: " + r.Accepts()
	}
	if root != nil {
		return "? unproven: no error found; " + root.Title
	}
	if r.noProject() {
		return "? unproven: nothing in this folder uses Stream; run badsig in your project's folder, or pass --dir DIR"
	}
	return "? unproven: no error found, but " + firstUnknown(r.Checks)
}

// Accepts says what was accepted: the token, or, where none was seen, what the
// code makes one with.
func (r *Report) Accepts() string {
	if r.Token == nil {
		return "API key and secret match, and the code signs with them"
	}
	return "Stream accepts this token"
}

func firstOf(rs []finding.Result, s finding.Status) string {
	for _, r := range rs {
		if r.Status == s {
			return r.Summary
		}
	}
	return ""
}

// firstUnknown prefers the checks that the verdict depends on.
func firstUnknown(rs []finding.Result) string {
	for _, r := range rs {
		if r.Status == finding.Unknown && needed[r.ID] {
			return r.Summary
		}
	}
	if s := firstOf(rs, finding.Unknown); s != "" {
		return s
	}
	return "the signature couldn't be verified"
}

// tokenSourceWord says where the token in use came from.
func tokenSourceWord(source string) string {
	switch source {
	case "backend":
		return "from your backend"
	case "given":
		return "the one that the browser uses"
	case "minted":
		return "signed by badsig"
	}
	return source
}

// streamSourceWord tells a response of Stream from badsig's prediction.
func streamSourceWord(source string) string {
	if source == "asked" {
		return "checked"
	}
	return source
}

// certaintyWord is how well a cause is known, for people.
func certaintyWord(c finding.Certainty) string {
	if c == finding.Proven {
		return "confirmed"
	}
	return string(c)
}

func (r *Report) writeCause(b *strings.Builder, n int, c *finding.Cause) {
	fmt.Fprintf(b, "\n%d. %s\n   %s · %s · %s\n", n, c.Title, c.ID, c.Severity, certaintyWord(c.Certainty))
	if c.Summary != "" {
		fmt.Fprintf(b, "   %s\n", c.Summary)
	}
	if c.Location != nil {
		fmt.Fprintf(b, "   Where     %s\n", c.Location)
	}
	for i, s := range c.Fix {
		fmt.Fprintf(b, "   %-9s %d. %s\n", labelOnce("Fix", i), i+1, s.Text)
		if s.Command != "" {
			fmt.Fprintf(b, "                $ %s\n", s.Command)
		}
	}
	if fix := r.fixCommand(c); fix != "" {
		fmt.Fprintf(b, "             %s\n                $ %s\n", letBadsig, fix)
	}
	label := "Evidence"
	if c.Certainty != finding.Proven && len(c.Evidence) > 0 {
		b.WriteString("   Evidence (likely)\n")
		label = ""
	}
	for i, e := range c.Evidence {
		fmt.Fprintf(b, "   %-9s %s\n", labelOnce(label, i), evidenceLine(e))
	}
	fmt.Fprintf(b, "   More      badsig explain %s\n", c.ID)
}

// letBadsig leads to the command that makes the edit of a fix.
const letBadsig = "Or let badsig make this edit after you say yes:"

// fixCommand makes the edit of a cause, with the flags that this run had; ""
// where no edit was tried.
func (r *Report) fixCommand(c *finding.Cause) string {
	if len(c.Edits()) == 0 || r.Facts == nil {
		return ""
	}
	words := []string{"badsig fix"}
	if c != r.Root() {
		words = append(words, string(c.ID))
	}
	words = append(words, r.Facts.Target.Flags...)
	if r.Facts.Target.Static {
		words = append(words, "--static")
	}
	return strings.Join(words, " ")
}

// labelOnce is a label on the first line of a list only.
func labelOnce(label string, i int) string {
	if i > 0 {
		return ""
	}
	return label
}

// evidenceLine is a piece of evidence with its source: "label: found X, expected
// Y (source)".
func evidenceLine(e finding.Evidence) string {
	s := e.Line()
	if e.Source != "" {
		s += " (" + e.Source + ")"
	}
	return s
}
