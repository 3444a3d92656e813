package values

import (
	"bytes"

	"badsig/checks/affix"
	"badsig/checks/probe/envfile"
	"badsig/checks/probe/project/picture"
)

// Rules of this file:
//   - a loader that someone wrote by hand may keep what the known ones take away, so what is written is kept beside the value

// written gives what follows the = of an assignment, where that is not
// its value: with its newline, without, and without spaces around it.
func written(e *picture.EnvSource, l envfile.Line) [][]byte {
	forms := [][]byte{l.Written}
	if row := row(e, l.Line); row != nil && len(row) <= maxWritten {
		name, tail, ok := bytes.Cut(row, []byte{'='})
		if !ok {
			name, tail, ok = bytes.Cut(row, []byte{':'})
		}
		if ok && bytes.Contains(name, []byte(l.Name)) {
			forms = append(forms, tail, bytes.TrimSuffix(tail, []byte{'\r'}), bytes.TrimSpace(tail))
		}
	}
	return affix.Without(forms, func(b []byte) bool {
		return len(b) == 0 || len(b) > maxWritten || bytes.Equal(b, l.Value)
	})
}

// maxWritten bounds the line that a secret may be on to be tried as it is written.
const maxWritten = 4096
