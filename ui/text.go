package ui

import (
	"strings"

	"github.com/charmbracelet/x/ansi"

	"badsig/checks/affix"
	"badsig/checks/sanitize"
	"badsig/ui/theme"
)

// Rules of this file:
//   - the one place that measures and cuts strings; nothing is cut without a mark
//   - outside text passes clean before it is drawn

// clean makes an outside text fit for one line of the screen: control
// characters are made visible, tabs become spaces.
func clean(s string) string {
	return sanitize.Visible(affix.ReplaceAll(s, "\t", "    "))
}

// width is how many cells a string needs.
//
//go:noinline
func width(s string) int { return ansi.StringWidth(s) }

// cut shortens a string to at most w cells, with a mark where something is lost.
//
//go:noinline
func cut(s string, w int) string {
	if w <= 0 {
		return ""
	}
	return ansi.Truncate(s, w, theme.Ellipsis)
}

// cutMiddle shortens a plain text from its middle: paths and identifiers say
// most at their ends.
func cutMiddle(s string, w int) string {
	if width(s) <= w || w < 8 {
		return cut(s, w)
	}
	head := (w - 1) / 2
	tail := w - 1 - head
	end := ansi.TruncateLeft(s, width(s)-tail, "")
	if width(end) > tail { // the cut fell into a character of two cells, which then stays whole
		end = ansi.TruncateLeft(s, width(s)-tail+1, "")
	}
	return ansi.Truncate(s, head, "") + theme.Ellipsis + end
}

// pad makes a string exactly w cells wide.
func pad(s string, w int) string {
	s = cut(s, w)
	if n := w - width(s); n > 0 {
		s += strings.Repeat(" ", n)
	}
	return s
}

// spread puts left at the left and right at the right of w cells; right gives
// way where both do not fit.
func spread(left, right string, w int) string {
	l, r := width(left), width(right)
	if right == "" || l+r+1 > w {
		room := w - l - 1
		if room < 6 {
			return pad(left, w)
		}
		right = cut(right, room)
		r = width(right)
	}
	return left + strings.Repeat(" ", max(0, w-l-r)) + right
}

// noBreak is a hyphen after which a line isn't wrapped: that of --data, or of en-US.
const noBreak = "\uE02D"

// wrap breaks a string into lines of at most w cells, at spaces where it can.
func wrap(s string, w int) (lines []string) {
	if w <= 0 {
		return nil
	}
	s = affix.ReplaceAll(s, "-", noBreak)
	for l := range strings.SplitSeq(ansi.Wrap(s, w, ""), "\n") {
		l = affix.ReplaceAll(l, noBreak, "-")
		if width(l) > w { // ansi.Wrap counts a word wrongly where a wide character or a hyphen is at the line's end
			l = ansi.Hardwrap(l, w, true)
		}
		lines = append(lines, strings.Split(l, "\n")...)
	}
	return lines
}

// hang wraps a string after a lead that is on the first line only.
func hang(lead, text string, w int) []string {
	in := width(lead)
	if in+8 > w {
		return wrap(lead+text, w)
	}
	lines := wrap(text, w-in)
	for i := range lines {
		if i == 0 {
			lines[i] = lead + lines[i]
		} else {
			lines[i] = strings.Repeat(" ", in) + lines[i]
		}
	}
	return lines
}

// fit is the last thing done to every frame: at most h lines of at most w
// cells each. Bubble Tea drops the top of a frame that is too tall, so what is
// too tall loses its end here.
func fit(frame string, w, h int) string {
	if w <= 0 || h <= 0 {
		return ""
	}
	lines := strings.Split(frame, "\n")
	if len(lines) > h {
		lines = lines[:h]
	}
	for i, l := range lines {
		if strings.ContainsRune(l, '\t') {
			l = affix.ReplaceAll(l, "\t", "    ")
		}
		lines[i] = cut(l, w)
	}
	return strings.Join(lines, "\n")
}

// plural is "1 place", "4 places".
//
//go:noinline
func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return itoa(n) + " " + many
}

// paintEach paints lines one by one: no style runs over a line's end.
//
//go:noinline
func paintEach(st theme.Style, lines []string) []string {
	for i := range lines {
		lines[i] = st.Paint(lines[i])
	}
	return lines
}
