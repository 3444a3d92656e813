package ui

import (
	"strings"

	"badsig/checks/facts"
	"badsig/tokens"
	"badsig/ui/theme"
)

// Rules of this file: in what two secrets differ is drawn by kind, length and position, never by a character of them.

func same(th *theme.Theme, equal bool) string {
	if equal {
		return th.Good.Paint(theme.Pass) + " the same"
	}
	return th.Bad.Paint(theme.Fail + " differs")
}

// differs says in what two secrets differ.
func differs(d tokens.Difference) string {
	few := len(d.Positions) > 0 && len(d.Positions) <= 4
	switch {
	case len(d.Damages) > 0 && !few:
		return facts.Says(d.Damages)
	case d.LenA != d.LenB:
		return itoa(d.LenB) + " characters instead of " + itoa(d.LenA)
	case len(d.Positions) > 8:
		return itoa(len(d.Positions)) + " of " + itoa(d.LenA) + " characters differ: a different secret"
	case len(d.Positions) > 0:
		var at []string
		for _, p := range d.Positions {
			at = append(at, itoa(p+1))
		}
		return "differs at character " + strings.Join(at, ", ")
	}
	return "a different secret"
}

// stripSigns are the cells of tokens.Align.
func stripSigns(th *theme.Theme) []stripSign {
	return []stripSign{
		{tokens.AlignSame, th.Dim.Paint(theme.Open), "the same"},
		{tokens.AlignOther, th.BadBold.Paint(theme.Fail), "different"},
		{tokens.AlignExtra, th.WarnBold.Paint("+"), "extra"},
		{tokens.AlignMissing, th.BadBold.Paint("_"), "missing"},
	}
}

type stripSign struct {
	cell rune
	sign string
	says string
}

// stripRow is how many cells of n fit in a line of w: all, or where they do
// not fit, half a secret's.
func stripRow(n, w int) int {
	if n <= w {
		return n
	}
	return max(1, min(32, w))
}

// strip is one cell a character: same, different, extra or missing.
func strip(th *theme.Theme, align string) string {
	signs := stripSigns(th)
	var b strings.Builder
	for _, c := range align {
		for _, s := range signs {
			if s.cell == c {
				b.WriteString(s.sign)
			}
		}
	}
	return b.String()
}

// legend says what the signs of the strips mean, "" where there is none.
func (c *compare) legend(th *theme.Theme) string {
	all := ""
	for _, row := range c.rows {
		all += row.align
	}
	if all == "" {
		return ""
	}
	out := th.Dim.Paint("one symbol per character:")
	for _, s := range stripSigns(th) {
		if strings.ContainsRune(all, s.cell) {
			out += "  " + s.sign + th.Dim.Paint(" "+s.says)
		}
	}
	return out
}
