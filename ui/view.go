package ui

import (
	"strings"

	"github.com/charmbracelet/x/ansi"

	"badsig/checks"
	"badsig/checks/causes"
	"badsig/ui/theme"
)

// View gives Bubble Tea nothing to draw where the canvas draws.
func (a *app) View() string {
	if a.canvas != nil {
		return ""
	}
	return a.frame()
}

func (a *app) frame() string { return screen{a}.frame() }

// screen draws the console; of what it draws it keeps only how far it is scrolled.
type screen struct{ *app }

// frame is the whole screen. Before the first size is known there is nothing to draw.
func (a screen) frame() string {
	if a.w <= 0 || a.h <= 0 {
		return ""
	}
	var lines []string
	switch modeOf(a.w, a.h) {
	case tiny:
		lines = []string{a.tinyLine()}
	case narrow:
		lines = a.narrowView()
	case wide:
		lines = a.wideView()
	}
	if a.over != nil && modeOf(a.w, a.h) != tiny {
		lines = a.overlaid(lines)
	}
	frame := fit(strings.Join(lines, "\n"), a.w, a.h)
	if a.opt.ASCII {
		frame = fit(theme.Typed.Replace(frame), a.w, a.h)
	}
	return frame
}

// tinyLine is all that is said below 40×10: the verdict, which gives way to
// the wish for more room.
func (a screen) tinyLine() string {
	style, sign, say := a.verdict()
	say = sign + " " + say
	ask := " (badsig: a larger window says more)"
	if width(say)+width(ask) > a.w {
		if ask = " (enlarge)"; a.w < 3*width(ask) {
			ask = ""
		}
	}
	return style.Paint(cut(say, a.w-width(ask))) + a.s.th.Dim.Paint(ask)
}

// verdict is the whole result in one line.
func (a screen) verdict() (style theme.Style, sign, say string) {
	s, th, r := a.s, a.s.th, a.s.report
	root := a.s.root()
	switch {
	case r == nil:
		return th.AccentBold, theme.Spinner[s.spin%len(theme.Spinner)], "looking…"
	case waits(s):
		return th.AccentBold, theme.Spinner[s.spin%len(theme.Spinner)], "the backend is starting…"
	case root != nil && root.Severity == causes.Error:
		return th.TagBad, theme.Fail, clean(root.Title)
	case r.Verdict == checks.Accepted && root != nil:
		return th.TagWarn, theme.Warn, s.accepts() + ", but: " + clean(root.Title)
	case r.Verdict == checks.Accepted:
		return th.TagGood, theme.Pass, s.accepts()
	case root != nil:
		return th.TagWarn, theme.Warn, clean(root.Title)
	}
	if s.child.ours() && s.child.state == childEnded {
		return th.TagWarn, theme.Warn, "the backend " + s.child.end
	}
	return th.TagWarn, theme.Unknown, "no problem found, but not everything could be checked"
}

// head is the verdict, whole, with which of several causes is open: the first
// thing that the eye meets in every layout.
func (a screen) head() []string {
	th := a.s.th
	style, sign, say := a.verdict()
	count := ""
	if r := a.s.report; r != nil && len(r.Causes) > 1 && !waits(a.s) {
		count = "1 of " + itoa(len(r.Causes))
	}
	lines := wrap(say, a.w-4-width(count)-2)
	if most := verdictLines(a.h); len(lines) > most { // the pane below has all of it
		lines = append(lines[:most-1], cut(strings.Join(lines[most-1:], " "), a.w-4-width(count)-2))
	}
	for i, l := range lines {
		lead := " " + sign + " "
		if i > 0 {
			lead = "   "
		}
		lines[i] = style.Paint(lead + l + " ")
	}
	lines[0] = spread(lines[0], th.Dim.Paint(count+" "), a.w)
	return lines
}

func (a screen) wideView() []string {
	a.areas = a.areas[:0]
	out := append([]string{a.header()}, a.head()...)
	if a.zoomed {
		out = append(out, a.paneBox(a.at, rect{a.w, a.h - len(out) - 1})...)
		return append(out, a.footer())
	}
	out = append(out, pathView(a.s, a.w, 2)...)
	if a.at == paneGuide || a.at == paneLog {
		out = append(out, a.paneBox(a.at, rect{a.w, a.h - len(out) - 1})...)
		return append(out, a.footer())
	}
	for _, line := range []string{a.beginLine(), a.neighborLine()} {
		if line != "" {
			out = append(out, line)
		}
	}
	if a.tall() {
		out = append(out, a.tallView(len(out), a.h-len(out)-1)...)
		return append(out, a.footer())
	}
	z := sizesOf(a.w, a.h-len(out)-1)
	y := len(out)
	a.areas = append(a.areas, area{paneWrong, 0, y, z.wrong.w, z.wrong.h}, area{paneChecks, a.w - z.checks.w, y, z.checks.w, z.checks.h},
		area{paneToken, 0, y + z.wrong.h, z.token.w, z.token.h}, area{paneIdentity, z.token.w, y + z.wrong.h, z.identity.w, z.identity.h})
	above := [][]string{a.paneBox(paneWrong, z.wrong)}
	if z.more.w > 0 {
		p := paneEvidence
		if a.s.child != nil {
			p = paneLog
		}
		above = append(above, a.paneBox(p, z.more))
	}
	out = append(out, beside(append(above, a.paneBox(paneChecks, z.checks))...)...)
	out = append(out, beside(a.paneBox(paneToken, z.token), a.paneBox(paneIdentity, z.identity))...)
	return append(out, a.footer())
}

func (a screen) narrowView() []string {
	a.areas = a.areas[:0]
	out := append([]string{a.header()}, a.head()...)
	if a.zoomed {
		out = append(out, a.paneBox(a.at, rect{a.w, a.h - len(out) - 1})...)
		return append(out, a.footer())
	}
	path := 1
	if a.h >= 20 {
		path = 2
	}
	out = append(out, pathView(a.s, a.w, path)...)
	if line := a.beginLine(); line != "" && a.s.demo != nil && a.h >= 24 {
		out = append(out, line)
	}
	if line := a.neighborLine(); line != "" && a.h >= 20 {
		out = append(out, line)
	}
	out = append(out, a.tabs(len(out)))
	a.areas = append(a.areas, area{a.at, 0, len(out), a.w, a.h - len(out) - 1})
	out = append(out, a.paneBox(a.at, rect{a.w, a.h - len(out) - 1})...)
	return append(out, a.footer())
}

// verdictLines is how many lines the verdict may take.
func verdictLines(h int) int {
	if h < 18 {
		return 1
	}
	return 2
}

// hasMore reports whether the log or the evidence has a box beside what to fix.
func (a screen) hasMore() bool {
	return modeOf(a.w, a.h) == wide && sizesOf(a.w, a.h-5).more.w > 0
}

// wrongLines is what to fix, for a box of the size r.
func (a screen) wrongLines(r rect) []string {
	a.wrong.room = r.w - 16
	_, _, say := a.verdict()
	a.wrong.above = len(wrap(say, a.w-14)) <= verdictLines(a.h)
	a.wrong.brief = modeOf(a.w, a.h) == wide
	a.wrong.beside = !a.zoomed && (a.tall() || a.hasMore() && a.s.child == nil)
	return a.wrong.view(a.s, min(r.inner().w, readable))
}

// readable is how wide prose may get.
const readable = 104

// paneBox draws one pane in its box.
func (a screen) paneBox(p pane, r rect) []string {
	s, th := a.s, a.s.th
	in := r.inner()
	focused := a.at == p && a.over == nil
	f := frame{line: th.Dim}
	if focused {
		f.line = th.Accent
	}
	name := func(n string) string {
		if focused {
			return th.AccentBold.Paint(n)
		}
		return th.Bold.Paint(n)
	}
	var lines []string
	switch p {
	case paneIdentity:
		f.title, f.scroll = name("Identity"), &a.identity.scroll
		lines = a.identity.view(s, in.w, focused)
	case paneToken:
		f.title, f.right, f.scroll = name("Token"), a.token.title(s), &a.token.scroll
		if lines = a.token.view(s, in.w); in.h > len(lines)+12 {
			lines = append(lines, a.token.decoded(s, in.w)...)
		}
	case paneChecks:
		title, right := a.live.title(s, in.w)
		f.title, f.right, f.scroll = name(title), right, &a.live.scroll
		lines = a.live.view(s, in.w, in.h, focused)
	case paneWrong:
		f = a.wrong.frame(s)
		lines = a.wrongLines(r)
	case paneEvidence:
		f.title, f.scroll = name(a.wrong.evidenceTitle(s)), &a.wrong.more
		lines = a.wrong.evidence(s, in.w, !a.tall() || s.child != nil)
	case panePage:
		f.title = name("Explanation")
		lines = a.wrong.page(s, in.w)
	case paneGuide:
		f.title, f.right, f.scroll = name("Verification checklist"), th.Dim.Paint(a.guide.progress(s)), &a.guide.scroll
		if lines = a.guide.view(s, in.w, in.h); a.at != paneGuide {
			lines = a.guide.glance(s, in.w, in.h)
		}
	case paneLog:
		f.title, f.right = a.logs.title(s, name)
		lines = a.logs.view(s, in.w, in.h)
	}
	return box(f, lines, r)
}

// overlaid puts what is open over the panes, which step back.
func (a screen) overlaid(under []string) []string {
	s, th := a.s, a.s.th
	r := rect{min(a.w, max(60, a.w-16)), a.h - 4}
	if a.w < 110 {
		r = rect{a.w, a.h - 2}
	}
	f := frame{title: th.AccentBold.Paint(a.over.title(s)), line: th.Accent}
	if sc, ok := a.over.(interface{ scroller() *int }); ok {
		f.scroll = sc.scroller()
	}
	lines := a.over.view(s, r.inner())
	r.h = min(r.h, len(lines)+2)
	if a.w < 110 {
		r.h = a.h - 2
	}
	x, y := (a.w-r.w)/2, max(1, (a.h-1-r.h)/3)
	if a.w < 110 {
		y = 1
	}
	out := make([]string, a.h)
	top := box(f, lines, r)
	for i := range out {
		line := ""
		if i < len(under) {
			line = under[i]
		}
		if i == a.h-1 {
			out[i] = a.footer()
			continue
		}
		if i != 0 {
			line = th.Dim.Paint(ansi.Strip(line))
		}
		if i >= y && i < y+len(top) { // beside it nothing: halves of words and boxes are only noise
			line = strings.Repeat(" ", x) + top[i-y]
		}
		out[i] = line
	}
	return out
}
