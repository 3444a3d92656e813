package checks

import (
	"encoding/json"
	"io"
)

// WriteJSON writes the document of the contract, and nothing else.
func (r *Report) WriteJSON(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(r)
}
