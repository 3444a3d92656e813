package parts

import (
	"fmt"

	"badsig/checks/finding"
)

// InLine is "in FILE line N, ", or "" where there is no place.
func InLine(l *finding.Location) string {
	if l == nil {
		return ""
	}
	if l.Line <= 0 {
		return "in " + l.File + ", "
	}
	return fmt.Sprintf("in %s line %d, ", l.File, l.Line)
}
