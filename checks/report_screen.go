package checks

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"badsig/checks/affix"
	"badsig/checks/finding"
	"badsig/checks/rules"
	"badsig/checks/sanitize"
)

// Rules of this file:
//   - verdict, place and first fix are together: on top, or at the bottom where the rest is longer than the screen
//   - colors only stress what the words say; without them nothing is lost
//   - nothing that passed has a line of its own, unless all checks were requested

// Screen is the terminal that a report is written for.
type Screen struct {
	Width, Height int  // cells; 0: 80 and 24
	Color         bool // SGR colors may be used
	All           bool // every check has its line
}

// The colors of a report.
const (
	red    = "31"
	green  = "32"
	yellow = "33"
	bold   = "1"
	dim    = "2"
)

// Lines is the report for a person at a terminal, line by line.
func (r *Report) Lines(s Screen) []string {
	if s.Width <= 0 {
		s.Width = 80
	}
	if s.Height <= 0 {
		s.Height = 24
	}
	s.Width = min(s.Width, 100) // a longer line is hard to read
	verdict, what, why := r.verdictLines(s), r.whatToDo(s), r.whyLines(s)
	var others [][]string
	for i := 1; i < len(r.Causes); i++ {
		c := &r.Causes[i]
		head := fold(fmt.Sprintf("%d. ", i+1), c.Title, s.Width)
		others = append(others, slices.Concat(s.each(bold, head), s.causeWhat(c, r.fixCommand(c)), s.causeWhy(c)))
	}
	rest := affix.Without([][]string{r.folderLines(s), r.checkLines(s), r.tokenLines(s), r.noteLines(s)}, empty)
	top := affix.Without(slices.Concat([][]string{slices.Concat(verdict, what, why)}, others, rest), empty)
	if out := apart(top); len(out) <= s.Height-1 { // one line is the prompt's
		return out
	}
	slices.Reverse(others)
	slices.Reverse(rest)
	end := slices.Concat(what, verdict)
	if len(end) > s.Height-2 { // a long way to fix it: its beginning stays in sight
		why, end = slices.Concat(why, what), slices.Concat(s.firstStep(r), verdict)
	}
	return apart(affix.Without(slices.Concat(rest, others, [][]string{why, end}), empty))
}

func (r *Report) verdictColor() string {
	switch r.Verdict {
	case Accepted:
		return green
	case Rejected:
		return red
	}
	return yellow
}

func (r *Report) verdictLines(s Screen) []string {
	sign, rest, _ := affix.Cut(r.Headline(), " ")
	return s.each(bold+";"+r.verdictColor(), fold(sign+" ", rest, s.Width))
}

// whatToDo is the place and the fix of the cause to fix first; without a
// cause, what would settle the first check that the verdict lacks.
func (r *Report) whatToDo(s Screen) []string {
	if root := r.Root(); root != nil {
		return s.causeWhat(root, r.fixCommand(root))
	}
	if r.Verdict != Unproven {
		return nil
	}
	var files, asked []finding.Step
	for _, c := range r.Checks {
		switch {
		case c.Status != finding.Unknown:
		case c.ID == "secret-read": // without its file the backend doesn't start
			files = c.Next
		case len(asked) == 0 && (needed[c.ID] || c.ID == "server-listens"):
			asked = c.Next
		}
	}
	return s.steps("Next", slices.Concat(files, asked))
}

// firstStep is the place, and the first step of the fix.
func (s Screen) firstStep(r *Report) []string {
	if root := r.Root(); root != nil && len(root.Fix) > 0 {
		first := *root
		first.Fix = root.Fix[:1]
		return s.causeWhat(&first, r.fixCommand(root))
	}
	return nil
}

func (r *Report) whyLines(s Screen) []string {
	if root := r.Root(); root != nil {
		return s.causeWhy(root)
	}
	return nil
}

// causeWhat is the place and the fix of a cause, and the command that makes its edit.
func (s Screen) causeWhat(c *finding.Cause, fix string) []string {
	var out []string
	if c.Location != nil {
		out = fold(label("Where"), c.Location.String(), s.Width)
	}
	out = append(out, s.steps("Fix", c.Fix)...)
	if fix != "" {
		out = append(out, s.steps("", []finding.Step{{Text: letBadsig, Command: fix}})...)
	}
	return out
}

// steps are numbered, where there are several.
func (s Screen) steps(name string, steps []finding.Step) []string {
	var out []string
	for i, step := range steps {
		lead := label(labelOnce(name, i))
		if len(steps) > 1 {
			lead += fmt.Sprintf("%d. ", i+1)
		}
		out = append(out, fold(lead, step.Text, s.Width)...)
		if step.Command != "" {
			out = append(out, strings.Repeat(" ", utf8.RuneCountInString(lead))+s.paint(bold, "$ "+step.Command))
		}
	}
	return out
}

func (s Screen) causeWhy(c *finding.Cause) []string {
	out := fold(label("Why"), c.Summary, s.Width)
	name := "Evidence"
	if c.Certainty != finding.Proven && len(c.Evidence) > 0 {
		out = append(out, "  Evidence (likely)")
		name = ""
	}
	for i, e := range c.Evidence {
		out = append(out, fold(label(labelOnce(name, i)), evidenceLine(e), s.Width)...)
	}
	more := fmt.Sprintf("badsig explain %s (%s, %s)", c.ID, c.Severity, certaintyWord(c.Certainty))
	return append(out, s.each(dim, fold(label("More"), more, s.Width))...)
}

func (r *Report) folderLines(s Screen) []string {
	if r.Target.Dir != ".." && !affix.HasPrefix(r.Target.Dir, "../") {
		return nil
	}
	return fold("", "Project folder: "+sanitize.Visible(r.Target.Dir)+" (paths and commands here are relative to it)", s.Width)
}

// checkLines are the checks: each that didn't pass, and how many did.
func (r *Report) checkLines(s Screen) []string {
	of := sanitize.Visible(r.Target.URL)
	if of == "" {
		of = "the project's files"
	}
	out := s.each(bold, fold("", "Checks of "+of, s.Width))
	counts := map[finding.Status]int{}
	reason, after := "", 0
	for i := range r.Checks {
		c := &r.Checks[i]
		counts[c.Status]++
		if !s.All && (c.Status == finding.Pass || c.Status == finding.Skip) {
			continue
		}
		if !s.All && c.Status == finding.Unknown && r.follows(c) {
			after++
			continue
		}
		out = append(out, s.paint(statusColor(c.Status), "  "+Signs[c.Status])+" "+c.Title)
		if c.Summary != "" && !r.tells(c.Summary) && (c.Status != finding.Skip || c.Summary != reason) {
			out = append(out, fold("      ", c.Summary, s.Width)...)
		}
		if reason = c.Summary; c.Status == finding.Unknown {
			for _, command := range commands(c.Next) {
				out = append(out, "      "+command)
			}
		}
	}
	if s.All {
		return out
	}
	var rest []string
	if n := counts[finding.Pass]; n > 0 {
		rest = append(rest, s.paint(green, Signs[finding.Pass])+fmt.Sprintf(" %d passed", n))
	}
	if n := counts[finding.Skip]; n > 0 {
		rest = append(rest, fmt.Sprintf("%s %d skipped", Signs[finding.Skip], n))
	}
	if after > 0 {
		rest = append(rest, fmt.Sprintf("%s %d depend on these", Signs[finding.Unknown], after))
	}
	if len(rest) > 0 {
		out = append(out, "  "+strings.Join(rest, "  ")+"  (--all lists them)")
	}
	return out
}

// follows reports whether a check couldn't be made because another one that it needs couldn't.
func (r *Report) follows(c *finding.Result) bool {
	return len(c.Next) == 0 && affix.Any(r.Checks, func(x finding.Result) bool {
		return x.Status == finding.Unknown && slices.Contains(Needs(c.ID), x.ID)
	})
}

// tells reports whether a cause's explanation says the same.
func (r *Report) tells(summary string) bool {
	return affix.Any(r.Causes, func(c finding.Cause) bool { return c.Summary == summary || c.Title == summary })
}

func statusColor(st finding.Status) string {
	switch st {
	case finding.Pass:
		return green
	case finding.Fail:
		return red
	case finding.Warn, finding.Unknown:
		return yellow
	}
	return ""
}

func (r *Report) tokenLines(s Screen) []string {
	if r.Token == nil {
		return nil
	}
	out := []string{s.paint(bold, "Token ("+tokenSourceWord(r.Token.Source)+")")}
	for _, k := range sortedKeys(r.Token.Claims) {
		out = append(out, fold(fmt.Sprintf("  %-10s ", sanitize.Visible(k)), claimLine(k, r.Token.Claims[k]), s.Width)...)
	}
	if r.Token.SignedBy != "" {
		out = append(out, fold("  signed by  ", r.Token.SignedBy, s.Width)...)
	}
	if len(r.Tokens) > 1 {
		out = append(out, fold("  one of     ", rules.TokensLine(r.Tokens), s.Width)...)
	}
	if r.Stream != nil {
		out = append(out, fold("  Stream     ", streamLine(r.Stream)+" ("+streamSourceWord(r.Stream.Source)+")", s.Width)...)
	}
	return out
}

func (r *Report) noteLines(s Screen) []string {
	if len(r.Notes) == 0 {
		return nil
	}
	out := []string{s.paint(bold, "Project files")}
	for _, n := range r.Notes {
		out = append(out, fold("  ", n, s.Width)...)
	}
	return out
}
