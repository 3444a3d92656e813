package ui

import (
	"testing"
	"testing/synctest"

	tea "github.com/charmbracelet/bubbletea"
)

// Letters that arrive in one message do what they do one by one, also where one of them opens a field for the rest.
func TestLettersThatArriveTogether(t *testing.T) {
	for _, burst := range []string{"3jjjj", "3jjk", "x?", "dabc", "pq"} {
		synctest.Test(t, func(t *testing.T) {
			one, all := drive(t, Options{}, 120, 36, rejected(t)), drive(t, Options{}, 120, 36, rejected(t))
			for _, r := range burst {
				one.send(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{r}})
			}
			all.send(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(burst)})
			if a, b := one.screen(), all.screen(); a != b {
				t.Errorf("%q typed at once shows\n%s\nand one by one\n%s", burst, b, a)
			}
		})
	}
}
