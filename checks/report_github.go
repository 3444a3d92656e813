package checks

import (
	"fmt"
	"io"
	"strings"

	"badsig/checks/causes"
	"badsig/checks/finding"
)

// Rules of this file:
//   - one workflow command a line, and nothing else: a value can end neither its property nor its line
//   - a file is named as the repository has it, so that the annotation appears at its line

// WriteGitHub writes the report as workflow commands of GitHub Actions: an
// annotation for every cause, and a notice for what wasn't found out and can be given. path gives
// the repository's name of a file of the project.
func (r *Report) WriteGitHub(w io.Writer, path func(string) string) error {
	var b strings.Builder
	for i := range r.Causes {
		c := &r.Causes[i]
		kind := "warning"
		if c.Severity == causes.Error {
			kind = "error"
		}
		annotate(&b, kind, c.Title, path, c.Location, causeText(c))
	}
	switch {
	case r.Verdict == Unproven:
		annotate(&b, "notice", "badsig", path, nil, r.Headline())
		if r.noProject() {
			break
		}
		for _, c := range r.Checks {
			if c.Status == finding.Unknown && c.Summary != "" && len(c.Next) > 0 {
				annotate(&b, "notice", c.Title, path, nil, strings.Join(append([]string{c.Summary}, commands(c.Next)...), "\n"))
			}
		}
	case r.Verdict == Accepted, len(r.Causes) == 0:
		kind := "notice"
		if r.Verdict == Rejected {
			kind = "error"
		}
		annotate(&b, kind, "badsig", path, nil, r.Headline())
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// causeText is why, the fix, and where to read on.
func causeText(c *finding.Cause) string {
	lines := []string{c.Summary}
	if c.Summary == "" {
		lines = nil
	}
	for i, s := range c.Fix {
		lines = append(lines, fmt.Sprintf("%d. %s", i+1, s.Text))
		lines = append(lines, commands([]finding.Step{s})...)
	}
	return strings.Join(append(lines, "badsig explain "+string(c.ID)), "\n")
}

func annotate(b *strings.Builder, kind, title string, path func(string) string, at *finding.Location, text string) {
	b.WriteString("::" + kind + " ")
	if at != nil && at.File != "" {
		fmt.Fprintf(b, "file=%s,", property.Replace(path(at.File)))
		if at.Line > 0 {
			fmt.Fprintf(b, "line=%d,", at.Line)
		}
	}
	fmt.Fprintf(b, "title=%s::%s\n", property.Replace(title), data.Replace(text))
}

// What the runner reads back in a command's text, and in a property of it.
var (
	data     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	property = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)
