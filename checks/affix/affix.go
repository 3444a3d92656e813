// Package affix has the functions of package strings that look at the ends of a text, each compiled once: inlined at two
// thousand places they take 140 KiB of what the binary may have.
package affix

import "strings"

// HasPrefix reports whether s begins with prefix.
//
//go:noinline
func HasPrefix(s, prefix string) bool { return strings.HasPrefix(s, prefix) }

// HasSuffix reports whether s ends with suffix.
//
//go:noinline
func HasSuffix(s, suffix string) bool { return strings.HasSuffix(s, suffix) }

// TrimPrefix is s without prefix, where it begins with it.
//
//go:noinline
func TrimPrefix(s, prefix string) string { return strings.TrimPrefix(s, prefix) }

// TrimSuffix is s without suffix, where it ends with it.
//
//go:noinline
func TrimSuffix(s, suffix string) string { return strings.TrimSuffix(s, suffix) }

// Cut is what is before and after the first sep in s.
//
//go:noinline
func Cut(s, sep string) (before, after string, found bool) { return strings.Cut(s, sep) }

// CutPrefix is s without prefix, and whether it begins with it.
//
//go:noinline
func CutPrefix(s, prefix string) (after string, found bool) { return strings.CutPrefix(s, prefix) }
