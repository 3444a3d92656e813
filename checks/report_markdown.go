package checks

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"badsig/checks/probe"
)

// Rules of this file: outside text goes into code spans and code blocks, so
// that nothing of it becomes markup; the report holds no secret because
// Results hold none.

// WriteMarkdown writes the redacted report for an issue or a support ticket.
func (r *Report) WriteMarkdown(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "# badsig report\n\n**%s**\n\n", md(r.Headline()))
	fmt.Fprintf(&b, "| | |\n| --- | --- |\n| endpoint | %s |\n| user | %s |\n| Stream | %s |\n",
		code(r.Target.URL), code(r.Target.UserID), code(orOffline(r.Target.StreamURL)))
	if r.Stream != nil {
		fmt.Fprintf(&b, "| Stream's answer (%s) | %s |\n", r.Stream.Source, code(streamLine(r.Stream)))
	}
	for i, c := range r.Causes {
		fmt.Fprintf(&b, "\n## %d. %s\n\n`%s` · %s · %s", i+1, md(c.Title), c.ID, c.Severity, c.Certainty)
		if c.Location != nil {
			fmt.Fprintf(&b, " · %s", code(c.Location.String()))
		}
		fmt.Fprintf(&b, "\n\n%s\n\n", md(c.Summary))
		for _, e := range c.Evidence {
			fmt.Fprintf(&b, "- %s\n", code(evidenceLine(e)))
		}
		b.WriteString("\n")
		for j, s := range c.Fix {
			fmt.Fprintf(&b, "%d. %s", j+1, md(s.Text))
			if s.Command != "" {
				fmt.Fprintf(&b, ": %s", code(s.Command))
			}
			b.WriteString("\n")
		}
	}
	b.WriteString("\n## Checks\n\n| | check | seen |\n| --- | --- | --- |\n")
	for _, c := range r.Checks {
		fmt.Fprintf(&b, "| %s %s | %s | %s |\n", Signs[c.Status], c.Status, md(c.Title), code(c.Summary))
	}
	if r.Token != nil {
		claims, err := json.MarshalIndent(r.Token.Claims, "", "  ")
		if err == nil {
			lines := strings.Split(string(claims), "\n") // JSON's own; those of a claim are escaped
			for i := range lines {
				lines[i] = strings.ReplaceAll(probe.Visible(lines[i]), "```", "ʼʼʼ")
			}
			fmt.Fprintf(&b, "\n## Token (%s)\n\n```json\n%s\n```\n", r.Token.Source, strings.Join(lines, "\n"))
		}
		if r.Token.SignedBy != "" {
			fmt.Fprintf(&b, "\nsigned by %s\n", code(r.Token.SignedBy))
		}
	}
	if len(r.Notes) > 0 {
		b.WriteString("\n## Of the project's files\n\n")
		for _, n := range r.Notes {
			fmt.Fprintf(&b, "- %s\n", code(n))
		}
	}
	b.WriteString("\nNo secret and no whole token stands in this report.\n")
	_, err := io.WriteString(w, b.String())
	return err
}

func orOffline(s string) string {
	if s == "" {
		return "not asked (offline)"
	}
	return s
}

// md escapes what Markdown would read as markup.
func md(s string) string {
	var b strings.Builder
	for _, r := range probe.Visible(s) {
		if strings.ContainsRune("\\`*_{}[]<>#|~", r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// code puts a text into a code span that it cannot leave, in a table or out of one.
func code(s string) string {
	s = strings.ReplaceAll(strings.ReplaceAll(probe.Visible(s), "`", "ʼ"), "|", "¦")
	if s == "" {
		return ""
	}
	return "`" + s + "`"
}

func sortedKeys(m map[string]any) []string { return slices.Sorted(maps.Keys(m)) }
