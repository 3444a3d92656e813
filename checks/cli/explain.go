package cli

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"badsig/checks/affix"
	"badsig/checks/causes"
)

func newExplain(p *Program) *cobra.Command {
	return &cobra.Command{
		Use:   "explain [CAUSE]",
		Short: "Explain a cause, or list them all",
		Long: `explain prints the page of one cause: symptoms, why it happens, how badsig confirms
it, how to fix it, where it was reported, and what it's often confused with.
Without a cause, it lists all of them.`,
		Example:           "  badsig explain secret-whitespace\n  badsig explain | grep exp",
		ValidArgsFunction: causeCompletion,
		RunE: func(cmd *cobra.Command, args []string) error {
			width := p.width()
			switch len(args) {
			case 0:
				return p.print(causeList(causes.Pages(), width))
			case 1:
				page, ok := causes.PageOf(causes.ID(args[0]))
				if !ok {
					return unknownCause(args[0], "badsig explain")
				}
				return p.print(pageText(page.Text, width))
			}
			return wrong("badsig explain "+short(args[0]), "explain accepts one cause")
		},
	}
}

// unknownCause rejects an unknown id and suggests the nearest ones.
func unknownCause(id, command string) error {
	near := nearest(id, causes.Pages())
	if len(near) == 0 {
		return wrong("badsig explain", "unknown cause %q", short(id))
	}
	others := ""
	if len(near) > 1 {
		others = fmt.Sprintf(" (similar: %s)", strings.Join(near[1:], ", "))
	}
	return wrong(command+" "+near[0], "unknown cause %q%s", short(id), others)
}

// nearest gives up to three ids that a mistyped one may have meant, best first.
func nearest(id string, pages []causes.Page) []string {
	id = strings.ToLower(affix.ReplaceAll(strings.TrimSpace(id), "_", "-"))
	if len(id) > 64 {
		return nil
	}
	best := make([][]string, 4) // by distance
	for _, p := range pages {
		name := string(p.ID)
		d := distance(id, name)
		if id != "" && (affix.HasPrefix(name, id) || affix.HasSuffix(name, "-"+id)) {
			d = min(d, 1)
		}
		if d < len(best) {
			best[d] = append(best[d], name)
		}
	}
	var out []string
	for _, names := range best {
		out = append(out, names...)
	}
	return out[:min(3, len(out))]
}

// distance is Levenshtein's, over bytes.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

// causeCompletion completes a cause, with its title beside it.
func causeCompletion(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var out []string
	for _, p := range causes.Pages() {
		out = append(out, string(p.ID)+"\t"+p.Title)
	}
	return out, cobra.ShellCompDirectiveNoFileComp
}

// causeList is the catalogue, by group.
func causeList(pages []causes.Page, width int) string {
	column := 0
	for _, p := range pages {
		column = max(column, len(p.ID))
	}
	var b strings.Builder
	for i, p := range pages {
		if i == 0 || p.Group != pages[i-1].Group {
			if i > 0 {
				b.WriteByte('\n')
			}
			b.WriteString(string(p.Group) + "\n")
		}
		title := p.Title
		if p.Severity == causes.Warning {
			title += " (warning)"
		}
		b.WriteString(wrap(fmt.Sprintf("  %-*s  ", column, p.ID), strings.Repeat(" ", column+4), title, width))
	}
	b.WriteString("\nbadsig explain CAUSE explains one of them.\n")
	return b.String()
}

// width is how wide text may be: the terminal's columns, at most 100, and 80
// where there is no terminal.
func (p *Program) width() int {
	w := 0
	if f := p.Stdout.File(); f != nil {
		w, _ = size(f)
	}
	if w == 0 {
		if n, err := strconv.Atoi(p.Getenv("COLUMNS")); err == nil {
			w = n
		}
	}
	if w <= 0 {
		w = 80
	}
	return max(20, min(w, 100))
}
