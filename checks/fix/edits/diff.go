package edits

import (
	"fmt"
	"strings"
	"unicode"

	"badsig/checks/affix"
	"badsig/checks/sanitize"
	"badsig/tokens"
)

// Rules of this file:
//   - of a file that may hold secrets (.env and its like) no value is shown, only its length and fingerprint; a public key is shown
//   - of source the words of a secret's shape, and every secret that is known, are hidden
//   - what can't be seen (a space at the end of a line, a zero-width character) is made visible

const around = 2 // lines of context

// Show is what a diff may show.
type Show struct {
	Hide   func(text string) string // removes the secrets from a string
	Public func(value string) bool  // a value that isn't secret: an API key
	Holds  func(text string) bool   // a string still holds a secret
	Whole  func(text string) string // marks whole secrets, so that what is around them is seen
}

// Diff is the change as a unified diff, with secrets masked.
func (c *Change) Diff(s Show) string {
	var b strings.Builder
	name := sanitize.Visible(c.File)
	if c.New {
		fmt.Fprintf(&b, "--- /dev/null\n+++ b/%s\n", name)
	} else {
		fmt.Fprintf(&b, "--- a/%s\n+++ b/%s\n", name, name)
	}
	var lines []string
	if t, err := Decode(c.Before); err == nil && !c.New {
		lines = linesOf(t.text)
		if is, err := Decode(c.After); err == nil && t.wide != nil && is.wide == nil {
			b.WriteString("# saved as UTF-8 instead of UTF-16\n")
		}
	}
	mask := s.maskOf(c.File)
	shift := 0
	for i, h := range c.Hunks {
		before := max(0, h.First-1-around)
		if i > 0 {
			last := c.Hunks[i-1]
			before = max(before, last.First-1+len(last.Old)+around)
		}
		before = min(before, h.First-1)
		behind := min(len(lines), h.First-1+len(h.Old)+around)
		if i+1 < len(c.Hunks) {
			behind = min(behind, c.Hunks[i+1].First-1)
		}
		behind = max(behind, h.First-1+len(h.Old))
		head, tail := cut(lines, before, h.First-1), cut(lines, h.First-1+len(h.Old), behind)
		oldN, newN := len(head)+len(h.Old)+len(tail), len(head)+len(h.New)+len(tail)
		fmt.Fprintf(&b, "@@ -%s +%s @@\n", span(before+1, oldN), span(before+1+shift, newN))
		for _, l := range head {
			b.WriteString(" " + mask(affix.TrimSuffix(l, "\r")) + "\n")
		}
		ending := "\r" // shown only where it's what changes
		if hasCR(h.Old) != hasCR(h.New) {
			ending = ""
		}
		for _, l := range h.Old {
			b.WriteString("-" + mask(affix.TrimSuffix(l, ending)) + "\n")
		}
		for _, l := range h.New {
			b.WriteString("+" + mask(affix.TrimSuffix(l, ending)) + "\n")
		}
		for _, l := range tail {
			b.WriteString(" " + mask(affix.TrimSuffix(l, "\r")) + "\n")
		}
		shift += len(h.New) - len(h.Old)
	}
	return b.String()
}

func hasCR(lines []string) bool {
	return affix.Any(lines, func(l string) bool { return affix.HasSuffix(l, "\r") })
}

func span(line, n int) string {
	if n == 0 {
		line--
	}
	return fmt.Sprintf("%d,%d", line, n)
}

func cut(lines []string, from, to int) []string {
	from, to = min(from, len(lines)), min(to, len(lines))
	if from >= to {
		return nil
	}
	return lines[from:to]
}

// maskOf is how a line of a file is shown.
func (s Show) maskOf(file string) func(string) string {
	hide := func(l string) string {
		if l = s.Hide(l); s.Holds(l) {
			return "(hidden: it contains a secret)"
		}
		return l
	}
	if Source(file) {
		return func(l string) string {
			return hide(visible(s.Whole(l)))
		}
	}
	return func(l string) string { return hide(visible(s.values(l))) }
}

// Source tells a file of code, whose words aren't values.
func Source(file string) bool {
	switch affix.Ext(file) {
	case ".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx", ".vue", ".svelte", ".astro", ".html", ".py", ".go", ".php", ".rb", ".java", ".kt", ".cs", ".dart", ".swift":
		return true
	}
	return affix.Base(file) == ".gitignore"
}

// values masks what is after the = of a line, or all of a line without one.
func (s Show) values(line string) string {
	at := strings.IndexByte(line, '=')
	if i := strings.Index(line, ":"); i > 0 && (at < 0 || i < at) && (i+1 == len(line) || line[i+1] == ' ') { // YAML and JSON
		at = i
	}
	name, value, has := line, "", at >= 0
	if has {
		name, value = line[:at], line[at+1:]
	}
	bare := strings.TrimLeft(affix.TrimPrefix(strings.TrimSpace(name), "export "), "# ")
	bare = strings.Trim(affix.TrimPrefix(bare, "- "), "\"'")
	if !has || bare == "" || affix.ContainsAny(bare, " \"'") || len(bare) > 50 {
		if strings.TrimSpace(line) == "" || affix.HasPrefix(strings.TrimSpace(line), "# ") && !longWord(line) {
			return line
		}
		name, value = "", line
	} else {
		name = line[:at+1]
	}
	var b strings.Builder
	b.WriteString(name)
	for value != "" {
		n := strings.IndexFunc(value, func(r rune) bool { return !inWord(r) })
		if n < 0 {
			n = len(value)
		}
		if n > 0 {
			b.WriteString(s.word(value[:n]))
			value = value[n:]
			continue
		}
		n = strings.IndexFunc(value, inWord)
		if n < 0 {
			n = len(value)
		}
		b.WriteString(value[:n])
		value = value[n:]
	}
	return b.String()
}

func longWord(s string) bool {
	for w := range strings.FieldsSeq(s) {
		if len(w) >= 20 {
			return true
		}
	}
	return false
}

// inWord tells the characters of a value from what is around and in it by mistake.
//
//go:noinline
func inWord(r rune) bool {
	return r > ' ' && r < 0x7f && !strings.ContainsRune("\"'`;,{}", r)
}

// word masks one value.
func (s Show) word(w string) string {
	if i := strings.IndexByte(w, '='); i > 3 && affix.Contains(w[:i], "_") && strings.Trim(w[:i], "ABCDEFGHIJKLMNOPQRSTUVWXYZ_") == "" { // NAME=value in a command
		if i++; i == len(w) {
			return w
		}
		return w[:i] + s.word(w[i:])
	}
	switch {
	case len(w) <= 5 && strings.Trim(w, "0123456789") == "", w == "true", w == "false", w == ":", w == "#",
		affix.HasPrefix(w, "http://localhost"), affix.HasPrefix(w, "http://127.0.0.1"), s.Public(w):
		return w
	case len(w) < 32:
		return fmt.Sprintf("‹%d chars›", len(w))
	}
	return "‹" + tokens.NewSecret([]byte(w)).String() + "›"
}

// visible shows spaces at the end of a line, and what has no width.
func visible(l string) string {
	end := strings.TrimRightFunc(l, unicode.IsSpace)
	out := affix.ReplaceAll(end, "\t", "    ") + sanitize.VisibleBlanks(l[len(end):])
	if i := strings.IndexAny(end, "\"'"); i >= 0 { // and at the ends of a quoted value
		out = affix.ReplaceAll(affix.ReplaceAll(out, "› \"", "›␠\""), "\" ‹", "\"␠‹")
		out = affix.ReplaceAll(affix.ReplaceAll(out, "› '", "›␠'"), "' ‹", "'␠‹")
	}
	return sanitize.Visible(out)
}
