//go:build linux

package recording

import (
	"fmt"
	"html"
	"strings"

	"github.com/hinshun/vt10x"
)

// The colors of the drawn terminal: the sixteen names, then text and background.
var palette = [16]string{
	"#1c1f26", "#e06c75", "#98c379", "#e5c07b", "#61afef", "#c678dd", "#56b6c2", "#abb2bf",
	"#5c6370", "#ff7b86", "#b5e890", "#ffd68a", "#82c4ff", "#dd9bf0", "#7fd8e4", "#ffffff",
}

const (
	ink, paper  = "#c8ccd4", "#15181e"
	cellW       = 8.4
	cellH       = 18
	margin      = 14
	bold, faint = 1 << 2, 1 << 7
)

// draw is the cast as an SVG: one group a scene, shown one after another forever.
func draw(events []event) string {
	total := events[len(events)-1].at + scenes[len(scenes)-1].shown
	var b strings.Builder
	w, h := 2*margin+wide*cellW, 2*margin+high*cellH
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %.0f %d" font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace" font-size="14">`+"\n", w, h)
	b.WriteString("<title>badsig demo: the API secret ends in a space</title>\n<style>\n.s{visibility:hidden}\n")
	for i, e := range events {
		end := total
		if i+1 < len(events) {
			end = events[i+1].at
		}
		from, to := 100*e.at/total, 100*end/total
		fmt.Fprintf(&b, "#s%d{animation:k%d %.1fs step-end infinite}\n@keyframes k%d{0%%{visibility:%s}%.3f%%{visibility:visible}%.3f%%{visibility:hidden}}\n",
			i, i, total, i, map[bool]string{true: "visible", false: "hidden"}[i == 0], from, to)
	}
	// Who wants no movement sees the first scene.
	b.WriteString("@media (prefers-reduced-motion:reduce){.s{animation:none!important}#s0{visibility:visible}}\ntext{white-space:pre}\n</style>\n")
	fmt.Fprintf(&b, `<rect width="%.0f" height="%d" rx="8" fill="%s"/>`+"\n", w, h, paper)
	for i, frame := range frames(events) {
		fmt.Fprintf(&b, `<g class="s" id="s%d">`+"\n", i)
		for y, row := range frame {
			drawRow(&b, y, row)
		}
		b.WriteString("</g>\n")
	}
	b.WriteString("</svg>\n")
	return b.String()
}

// drawRow draws the stretches of one style.
func drawRow(b *strings.Builder, y int, row []vt10x.Glyph) {
	for x := 0; x < len(row); {
		g, end := row[x], x
		var text strings.Builder
		for end < len(row) && row[end].FG == g.FG && row[end].BG == g.BG && row[end].Mode == g.Mode {
			text.WriteRune(max(row[end].Char, ' '))
			end++
		}
		fg, bg := color(g.FG, ink), color(g.BG, paper)
		if bg != paper {
			fmt.Fprintf(b, `<rect x="%.1f" y="%d" width="%.1f" height="%d" fill="%s"/>`, margin+float64(x)*cellW, margin+y*cellH, float64(end-x)*cellW, cellH, bg)
		}
		if said := strings.TrimRight(text.String(), " "); said != "" {
			style := ""
			if g.Mode&bold != 0 {
				style = ` font-weight="bold"`
			}
			n := len([]rune(said))
			fmt.Fprintf(b, `<text x="%.1f" y="%d" fill="%s"%s textLength="%.1f" lengthAdjust="spacingAndGlyphs">%s</text>`+"\n",
				margin+float64(x)*cellW, margin+y*cellH+14, fg, style, float64(n)*cellW, html.EscapeString(said))
		}
		x = end
	}
}

// color is one of the 16 or 256 colors, or one that was passed in full.
func color(c vt10x.Color, none string) string {
	switch {
	case c < 16:
		return palette[c]
	case c < 232:
		n := int(c) - 16
		level := func(v int) int {
			if v == 0 {
				return 0
			}
			return 55 + 40*v
		}
		return fmt.Sprintf("#%02x%02x%02x", level(n/36), level(n/6%6), level(n%6))
	case c < 256:
		v := 8 + 10*(int(c)-232)
		return fmt.Sprintf("#%02x%02x%02x", v, v, v)
	case c == vt10x.DefaultFG:
		return ink
	case c == vt10x.DefaultBG:
		return paper
	case c > vt10x.DefaultBG:
		return none
	}
	return fmt.Sprintf("#%06x", uint32(c)&0xffffff)
}
