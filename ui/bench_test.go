package ui

import (
	"testing"
	"time"

	"badsig/ui/theme"

	tea "github.com/charmbracelet/bubbletea"
)

// BenchmarkFrame is one key and the frame that follows it, at 120×36.
func BenchmarkFrame(b *testing.B) {
	sc := rejected(b)
	a := newApp(b.Context(), Options{Target: sc.target, StateDir: "-", Run: runner(sc), Now: func() time.Time { return noon }}, true)
	a.s.th = theme.New(true)
	a.Update(tea.WindowSizeMsg{Width: 120, Height: 36})
	a.start()
	for _, ev := range sc.events(1) {
		a.Update(eventMsg{1, ev, true})
	}
	a.show(paneIdentity)
	keys := []tea.KeyMsg{{Type: tea.KeyRunes, Runes: []rune("x")}, {Type: tea.KeyBackspace}}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		a.Update(keys[i%2])
		if len(a.frame()) == 0 {
			b.Fatal("no frame")
		}
	}
}
