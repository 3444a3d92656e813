package checks

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"badsig/checks/affix"
	"badsig/checks/finding"
)

// Rules of this file: how lines of a report are folded and painted; what they say is decided elsewhere.

// paint adds a color, if there are any.
func (s Screen) paint(style, text string) string {
	if !s.Color || style == "" || text == "" {
		return text
	}
	return "\x1b[" + style + "m" + text + "\x1b[0m"
}

func (s Screen) each(style string, lines []string) []string {
	for i := range lines {
		lines[i] = s.paint(style, lines[i])
	}
	return lines
}

// label is the left column of a cause.
//
//go:noinline
func label(name string) string { return fmt.Sprintf("  %-9s ", name) }

func empty(lines []string) bool { return len(lines) == 0 }

// apart joins blocks with an empty line between them.
func apart(blocks [][]string) []string {
	var out []string
	for i, b := range blocks {
		if i > 0 {
			out = append(out, "")
		}
		out = append(out, b...)
	}
	return out
}

// fold breaks a string at spaces. The first line begins with lead, the others
// are indented as far. A word that is wider than the line isn't split, so that
// a path or a command can be copied.
func fold(lead, text string, width int) []string {
	indent := strings.Repeat(" ", utf8.RuneCountInString(lead))
	var out []string
	line, used, fresh := lead, utf8.RuneCountInString(lead), true
	for _, word := range strings.Fields(text) {
		n := utf8.RuneCountInString(word)
		if !fresh && used+1+n > width {
			out = append(out, line)
			line, used, fresh = indent, len(indent), true
		}
		if !fresh {
			line, used = line+" ", used+1
		}
		line, used, fresh = line+word, used+n, false
	}
	return append(out, line)
}

// Brief is verdict, place and fix, and nothing else.
func (r *Report) Brief(s Screen) []string {
	sign, rest, _ := affix.Cut(r.Headline(), " ")
	out := []string{s.paint(bold+";"+r.verdictColor(), sign+" "+rest)}
	root := r.Root()
	if root == nil {
		for _, c := range r.Checks {
			if c.Status == finding.Unknown && needed[c.ID] {
				return append(out, commands(c.Next)...)
			}
		}
		return out
	}
	if root.Location != nil {
		out = append(out, root.Location.String())
	}
	for _, step := range root.Fix {
		out = append(out, step.Text)
		out = append(out, commands([]finding.Step{step})...)
	}
	return out
}

func commands(steps []finding.Step) []string {
	var out []string
	for _, s := range steps {
		if s.Command != "" {
			out = append(out, "$ "+s.Command)
		}
	}
	return out
}
