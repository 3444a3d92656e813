package ui

import (
	"strings"

	"badsig/ui/theme"
)

// Rules of this file: the one place for the sizes of frames and boxes.

// mode is which of the layouts a terminal of this size gets.
type mode int

const (
	tiny   mode = iota // one line
	narrow             // one column with tabs
	wide               // everything at the same time
)

func modeOf(w, h int) mode {
	switch {
	case w < 40 || h < 10:
		return tiny
	case w < 110 || h < 24:
		return narrow
	}
	return wide
}

// rect is a size in cells.
type rect struct{ w, h int }

// inner is the room inside a box: one cell of line and one space at each side.
func (r rect) inner() rect { return rect{max(0, r.w-4), max(0, r.h-2)} }

// wideSizes are the boxes of the wide layout: what to fix with the checks at
// its right, and under them who connects and with which token. A large window
// has room for one more beside what to fix: the log, or the evidence.
type wideSizes struct{ wrong, more, checks, identity, token rect }

// sizesOf gives the boxes of a window of w cells, h lines of which are theirs.
func sizesOf(w, h int) wideSizes {
	base := 11 // all of the identity
	switch {
	case h < 24:
		base = 8
	case h < 28:
		base = 9
	}
	narrow := min(56, max(44, w*36/100))
	left := w - narrow
	z := wideSizes{
		wrong: rect{left, h - base}, checks: rect{narrow, h - base},
		identity: rect{narrow, base}, token: rect{w - narrow, base},
	}
	if w >= 150 && h >= 36 {
		z.wrong.w = max(64, left*52/100)
		z.more = rect{left - z.wrong.w, h - base}
	}
	return z
}

// frame is how a box is drawn.
type frame struct {
	title, right string // painted by the caller
	line         theme.Style
	scroll       *int // lines scrolled away; clamped here
}

// box draws lines inside a border, exactly r in size. More lines than fit are
// scrolled; the lower border then says how many are left.
func box(f frame, lines []string, r rect) []string {
	in := r.inner()
	if r.w < 6 || r.h < 3 {
		return plain(lines, r)
	}
	off := 0
	if f.scroll != nil {
		*f.scroll = max(0, min(*f.scroll, len(lines)-in.h))
		off = *f.scroll
	}
	below := max(0, len(lines)-off-in.h)
	out := make([]string, 0, r.h)
	out = append(out, f.top(r.w))
	for i := range in.h {
		text := ""
		if off+i < len(lines) {
			text = lines[off+i]
		}
		out = append(out, f.line.Paint(theme.Side)+" "+pad(text, in.w)+" "+f.line.Paint(theme.Side))
	}
	return append(out, f.base(r.w, off, below))
}

func (f frame) top(w int) string {
	title, right := f.title, f.right
	if title != "" {
		title = " " + cut(title, w-6) + " "
	}
	if right != "" {
		if width(right)+width(title)+6 > w {
			right = cut(right, w-width(title)-6)
		}
		if right != "" {
			right = " " + right + " "
		}
	}
	n := max(0, w-4-width(title)-width(right))
	return f.line.Paint(theme.TopLeft+theme.Line) + title + f.line.Paint(strings.Repeat(theme.Line, n)) + right +
		f.line.Paint(theme.Line+theme.TopRight)
}

func (f frame) base(w, above, below int) string {
	say := ""
	switch {
	case above > 0 && below > 0:
		say = " " + theme.Up + itoa(above) + " " + theme.Down + itoa(below) + " "
	case below > 0:
		say = " " + theme.Down + " " + itoa(below) + " more "
	case above > 0:
		say = " " + theme.Up + " " + itoa(above) + " above "
	}
	say = cut(say, w-4)
	n := max(0, w-4-width(say))
	return f.line.Paint(theme.BaseLeft + strings.Repeat(theme.Line, n+1) + say + theme.Line + theme.BaseRight)
}

// plain gives lines without a border, exactly r in size.
func plain(lines []string, r rect) []string {
	out := make([]string, max(0, r.h))
	for i := range out {
		text := ""
		if i < len(lines) {
			text = lines[i]
		}
		out[i] = pad(text, r.w)
	}
	return out
}

// beside puts blocks of lines next to each other.
func beside(blocks ...[]string) []string {
	var out []string
	for i := range blocks[0] {
		var b strings.Builder
		for _, block := range blocks {
			if i < len(block) {
				b.WriteString(block[i])
			}
		}
		out = append(out, b.String())
	}
	return out
}

// table lines up columns: each as wide as its widest cell but the last, which
// gets what is left of w.
func table(rows [][]string, gap, w int) []string {
	var widths []int
	for _, row := range rows {
		for i, c := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], width(c))
		}
	}
	var out []string
	for _, row := range rows {
		var b strings.Builder
		for i, c := range row {
			if i == len(row)-1 {
				b.WriteString(c)
			} else {
				b.WriteString(pad(c, widths[i]+gap))
			}
		}
		out = append(out, cut(b.String(), w))
	}
	return out
}
