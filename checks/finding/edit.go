package finding

import "slices"

// Rules of this file:
//   - an edit says where and what, and never holds a secret: what has to be written of one is referred to
//   - edits of one step belong together; all refer to the files as they are before the first of them
//   - edits at the same place are written in the order in which they are listed

// Edit is one change of a file: what is from one place to another is taken out,
// and what Insert, InsertSecret and InsertFrom name is put there, in this order.
// Lines and columns count from 1, columns in characters; a byte order mark isn't
// one, and the carriage return of a CRLF file is its line's last.
type Edit struct {
	File   string `json:"file"` // relative to the project's folder
	Line   int    `json:"line"`
	From   int    `json:"from"`             // column of the first character that is taken out
	ToLine int    `json:"toLine,omitempty"` // absent if it is the same line
	To     int    `json:"to"`               // column after the last one that is taken out

	Insert       string    `json:"insert"`                 // each newline becomes the file's own line ending
	InsertSecret string    `json:"insertSecret,omitempty"` // "dashboard": the API secret that the dashboard shows, as it was passed to badsig
	InsertFrom   *EditFrom `json:"insertFrom,omitempty"`   // what is there on disk
	Create       bool      `json:"create,omitempty"`       // the file isn't there yet
	SaveAs       string    `json:"saveAs,omitempty"`       // "utf-8": the whole file is saved so, without a byte order mark

	Tried bool       `json:"tried"` // with all edits of the step made in memory, the cause is gone and no other came
	_     [9]uintptr // its size: copies of 192 bytes and more are made by a loop, smaller ones by code at each place
}

// UTF8 is the SaveAs of an edit that gives its file an encoding that every loader reads.
const UTF8 = "utf-8"

// FromDashboard is the InsertSecret of an edit that writes the dashboard's secret.
const FromDashboard = "dashboard"

// EditFrom is a stretch of a line whose characters are written somewhere else.
type EditFrom struct {
	File string `json:"file"`
	Line int    `json:"line"`
	From int    `json:"from"`
	To   int    `json:"to"`
	As   string `json:"as,omitempty"` // lowercase, base64-decoded, hex-decoded; "" means as it is
}

// WritesSecret reports whether an edit may put a secret into its file.
func (e *Edit) WritesSecret() bool { return e.InsertSecret != "" || e.InsertFrom != nil }

// End is the line and the column after what is removed.
func (e *Edit) End() (line, column int) {
	if e.ToLine > 0 {
		return e.ToLine, e.To
	}
	return e.Line, e.To
}

// Edits are the edits of the first step that has some; nil where the cause has none.
//
//go:noinline
func (c *Cause) Edits() []Edit {
	i := slices.IndexFunc(c.Fix, func(s Step) bool { return len(s.Edits) > 0 })
	if i < 0 {
		return nil
	}
	return c.Fix[i].Edits
}
