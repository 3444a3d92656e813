package ui

import (
	"strings"
	"testing"
	"testing/synctest"

	"github.com/charmbracelet/x/ansi"

	"badsig/ui/theme"
)

// TestTheBrokenLinkIsMarked breaks each of the five places in every width that
// has a picture: one mark, always, and its word as soon as there is room.
func TestTheBrokenLinkIsMarked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := drive(t, Options{}, 120, 36, rejected(t))
		root := &d.a.s.report.Causes[0]
		for _, hop := range hops {
			root.Hop = hop
			for w := 40; w <= 200; w++ {
				lines := pathView(d.a.s, w, 2)
				picture := ansi.Strip(lines[0])
				if n := strings.Count(picture, theme.Fail); n != 1 || !strings.HasSuffix(picture, "Stream") {
					t.Errorf("%s broken, %d cells: %d marks in %q", hop, w, n, picture)
				}
				if w >= 54 && strings.Contains(hop, "-") && !strings.Contains(picture, "signature") {
					t.Errorf("%s broken, %d cells: no word in %q", hop, w, picture)
				}
				if answer := ansi.Strip(lines[1]); !strings.Contains(answer, "401 · 43 signature is not valid") {
					t.Errorf("%d cells: Stream's response is cut: %q", w, answer)
				}
			}
		}
	})
}
