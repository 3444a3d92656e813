package parts

import (
	"fmt"

	"badsig/checks/facts"
	"badsig/checks/finding"
)

// In begins a step with the place that it edits: "In server/.env line 2, "; ""
// for a value that is in no file.
func In(v *facts.Value) string {
	if l := Locate(v); l != nil {
		return "In " + LineOf(l.File, l.Line) + ", "
	}
	return ""
}

// LineOf is a place in words: "server/.env line 2".
//
//go:noinline
func LineOf(file string, line int) string {
	if line > 0 {
		return fmt.Sprintf("%s line %d", file, line)
	}
	return file
}

// Locate gives a value's place in the project, nil for one that is in no file.
//
//go:noinline
func Locate(v *facts.Value) *finding.Location {
	switch {
	case v == nil:
	case v.File != "":
		return &finding.Location{File: v.File, Line: v.Line}
	case v.SetFile != "":
		return &finding.Location{File: v.SetFile, Line: v.SetLine}
	}
	return nil
}
