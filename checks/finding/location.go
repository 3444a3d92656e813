package finding

import (
	"strconv"
	"strings"

	"badsig/checks/sanitize"
)

// SourceLoc reads "file:line" as a Location; nil for flag, default and guess.
func SourceLoc(source string) *Location {
	at := strings.LastIndexByte(source, ':')
	if at <= 0 {
		return nil
	}
	line, err := strconv.Atoi(source[at+1:])
	if err != nil || line <= 0 {
		return nil
	}
	return &Location{File: source[:at], Line: line}
}

// LocAt is a Location, nil where there is no file.
//
//go:noinline
func LocAt(file string, line int) *Location {
	if file == "" {
		return nil
	}
	return &Location{File: file, Line: line}
}

// String prints a Location as "file:line".
//
//go:noinline
func (l *Location) String() string {
	if l == nil {
		return ""
	}
	return sanitize.At(l.File, l.Line)
}
