package ui

import (
	"encoding/json"
	"strings"

	"badsig/ui/theme"
)

// Rules of this file: a large window shows more, never the same with more room around it.

// tall reports whether a window has room for two rows of boxes under what to fix.
func (a screen) tall() bool { return a.w >= 150 && a.h >= 48 }

// tallView are the boxes of a large window, h lines in all. At the left is what to
// fix, as high as it is, then how it is known, the log and the token; at the right
// the checks, the checklist and who connects.
func (a screen) tallView(y, h int) []string {
	const rightWidth, checksHeight, identityHeight, tokenHeight = 58, 21, 11, 10
	left := a.w - rightWidth
	var out []string
	put := func(p pane, x, w, h int) {
		a.areas = append(a.areas, area{p, x, y + len(out), w, h})
		out = append(out, a.paneBox(p, rect{w, h})...)
	}
	under := a.under()
	fix := h - tokenHeight
	if len(under) > 0 {
		fix = min(max(len(a.wrongLines(rect{left, h}))+2, 10), fix-8)
	} else {
		fix = min(max(len(a.wrongLines(rect{left, h}))+2, 8), fix)
	}
	put(paneWrong, 0, left, fix)
	if n := len(under); n > 0 {
		var boxes [][]string
		room, each := h-tokenHeight-fix, left/n
		for i, p := range under {
			w := each
			if i == n-1 {
				w = left - each*(n-1)
			}
			a.areas = append(a.areas, area{p, each * i, y + len(out), w, room})
			boxes = append(boxes, a.paneBox(p, rect{w, room}))
		}
		out = append(out, beside(boxes...)...)
	}
	put(paneToken, 0, left, h-len(out))
	leftLines := out
	out = nil
	put(paneChecks, left, rightWidth, checksHeight)
	put(paneGuide, left, rightWidth, h-checksHeight-identityHeight)
	put(paneIdentity, left, rightWidth, identityHeight)
	return beside(leftLines, out)
}

// under are the boxes below what to fix: none, where there is nothing to show.
func (a screen) under() []pane {
	var out []pane
	if a.wrong.cause(a.s) != nil && !waits(a.s) {
		out = append(out, paneEvidence)
	}
	switch {
	case a.s.child != nil:
		return append(out, paneLog)
	case len(out) > 0:
		return append(out, panePage)
	}
	return nil
}

// glance is the checklist as it is without its keys: a line for each step, and
// where there is room what was seen.
func (p *guide) glance(s *session, w, h int) []string {
	th := s.th
	var out []string
	for i, st := range steps {
		at := p.stepAt(s, i)
		title := p.title(s, st)
		if at.status == "" {
			title = th.Dim.Paint(title)
		}
		out = append(out, cut(stepSign(th, at)+" "+th.Dim.Paint(itoa(i+1))+"  "+title, w))
		say := clean(at.evidence)
		if say == byHand { // its keys act in the checklist only
			say = "badsig can't check this"
		}
		if say != "" && h > 2*len(steps) {
			out = append(out, "     "+th.Dim.Paint(cut(say, w-5)))
		}
	}
	if len(out) < h {
		out = append(out, "")
	}
	return append(out, th.AccentBold.Paint(s.key("checklist"))+th.Dim.Paint(" opens it"))
}

// decoded is what a token says, as it is signed: shown where there is room.
func (p *tokenPane) decoded(s *session, w int) []string {
	v, ok := s.tokenOf(fromAny)
	if !ok || v.tok.Claims == nil {
		return nil
	}
	lead := func(name string) string { return s.th.Dim.Paint(pad(name, 11)) }
	out := []string{""}
	for i, part := range []map[string]any{v.tok.Header, v.tok.Claims} {
		body, err := json.MarshalIndent(part, "", "  ")
		if err != nil {
			return nil
		}
		name := [...]string{"header", "payload"}[i]
		for _, l := range strings.Split(string(body), "\n") {
			out = append(out, cut(lead(name)+s.th.Segment[i].Paint(clean(l)), w))
			name = ""
		}
	}
	return append(out, lead("signature")+s.th.Dim.Paint(theme.Ellipsis+" not shown: y copies the token"))
}
