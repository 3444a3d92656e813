package vault

import (
	"slices"

	"badsig/checks/affix"
	"badsig/tokens"
)

// Written gives what follows the = of an env file's Value where that
// differs from what its loader is known to make of it: a loader written by hand
// may keep the quotes, the comment or the carriage return.
func (w *World) Written(id int) []tokens.Secret {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.written[id])
}

func (w *World) AddWritten(id int, forms [][]byte) {
	if len(forms) == 0 {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.hidden = nil
	for _, b := range forms {
		s := tokens.NewSecret(b)
		if !affix.Any(w.written[id], s.Equal) {
			w.written[id] = append(w.written[id], s)
		}
	}
}
