package checks

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"runtime"
	"slices"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/finding"
	"badsig/checks/sanitize"
)

// Rules of this file: text from outside goes into code spans and code blocks, so
// none of it becomes markup; the report contains no secret because Results
// contain none.

// WriteMarkdown writes the redacted report for an issue or a support ticket.
func (r *Report) WriteMarkdown(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "# badsig report\n\n**%s**\n\n", md(r.Headline()))
	fmt.Fprintf(&b, "| | |\n| --- | --- |\n| endpoint | %s |\n| user | %s |\n| Stream | %s |\n",
		code(r.Target.URL), code(r.Target.UserID), code(orOffline(r.Target.StreamURL)))
	if r.Stream != nil {
		fmt.Fprintf(&b, "| Stream's response (%s) | %s |\n", streamSourceWord(r.Stream.Source), code(streamLine(r.Stream)))
	}
	for _, row := range r.surroundings() {
		fmt.Fprintf(&b, "| %s | %s |\n", row[0], code(row[1]))
	}
	for i, c := range r.Causes {
		fmt.Fprintf(&b, "\n## %d. %s\n\n`%s` · %s · %s", i+1, md(c.Title), c.ID, c.Severity, certaintyWord(c.Certainty))
		if c.Location != nil {
			fmt.Fprintf(&b, " · %s", code(c.Location.String()))
		}
		fmt.Fprintf(&b, "\n\n%s\n\n", md(c.Summary))
		if len(c.Evidence) > 0 {
			if c.Certainty == finding.Proven {
				b.WriteString("**Evidence**\n\n")
			} else {
				b.WriteString("**Evidence (likely)**\n\n")
			}
		}
		for _, e := range c.Evidence {
			fmt.Fprintf(&b, "- %s\n", code(evidenceLine(e)))
		}
		if len(c.Fix) > 0 {
			b.WriteString("\n**Fix**\n\n")
		}
		for j, s := range c.Fix {
			fmt.Fprintf(&b, "%d. %s", j+1, md(s.Text))
			if s.Command != "" {
				fmt.Fprintf(&b, ": %s", code(s.Command))
			}
			b.WriteString("\n")
		}
	}
	b.WriteString("\n## Checks\n\n| | check | result |\n| --- | --- | --- |\n")
	for _, c := range r.Checks {
		fmt.Fprintf(&b, "| %s %s | %s | %s |\n", Signs[c.Status], c.Status, md(c.Title), code(c.Summary))
	}
	if r.Token != nil {
		claims, err := json.MarshalIndent(r.Token.Claims, "", "  ")
		if err == nil {
			lines := strings.Split(string(claims), "\n") // JSON's own; those of a claim are escaped
			for i := range lines {
				lines[i] = affix.ReplaceAll(sanitize.Visible(lines[i]), "```", "ʼʼʼ")
			}
			fmt.Fprintf(&b, "\n## Token (%s)\n\n```json\n%s\n```\n", tokenSourceWord(r.Token.Source), strings.Join(lines, "\n"))
		}
		if r.Token.SignedBy != "" {
			fmt.Fprintf(&b, "\nSigned by %s\n", code(r.Token.SignedBy))
		}
	}
	if len(r.Notes) > 0 {
		b.WriteString("\n## Project files\n\n")
		for _, n := range r.Notes {
			fmt.Fprintf(&b, "- %s\n", code(n))
		}
	}
	b.WriteString("\nThis report contains no secrets and no complete tokens.\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// Badsig is this program's version, for reports; main sets it.
var Badsig = "unknown"

// surroundings are the versions of everything involved, and the date.
func (r *Report) surroundings() [][2]string {
	rows := [][2]string{{"badsig", Badsig}, {"system", runtime.GOOS + "/" + runtime.GOARCH}}
	if r.Facts == nil {
		return rows
	}
	if !r.Facts.At.IsZero() {
		rows = append(rows, [2]string{"date", r.Facts.At.UTC().Format("2006-01-02 15:04:05 UTC")})
	}
	if p := r.Facts.Process; p != nil && len(p.Listeners) > 0 {
		l := &p.Listeners[0]
		name := l.Program()
		if l.Node != "" {
			name = "node " + l.Node
		}
		rows = append(rows, [2]string{"backend's runtime", name})
	}
	if r.Facts.Project != nil && len(r.Facts.Project.SDKs) > 0 {
		var all []string
		for _, s := range r.Facts.Project.SDKs {
			how := " (requested)"
			if s.Exact {
				how = ""
			}
			all = append(all, s.Name+" "+s.Version+how)
		}
		rows = append(rows, [2]string{"packages", strings.Join(all, ", ")})
	}
	return rows
}

func orOffline(s string) string {
	if s == "" {
		return "not contacted (offline)"
	}
	return s
}

// md escapes what Markdown would read as markup.
func md(s string) string {
	var b strings.Builder
	for _, r := range sanitize.Visible(s) {
		if strings.ContainsRune("\\`*_{}[]<>#|~", r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// code puts a string into a code span that it can't leave, inside a table or not.
func code(s string) string {
	s = affix.ReplaceAll(affix.ReplaceAll(sanitize.Visible(s), "`", "ʼ"), "|", "¦")
	if s == "" {
		return ""
	}
	return "`" + s + "`"
}

func sortedKeys(m map[string]any) []string { return slices.Sorted(maps.Keys(m)) }
