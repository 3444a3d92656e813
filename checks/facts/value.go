package facts

import (
	"slices"
	"strconv"
	"strings"
)

// UnseenLine begins the Why of an assignment that the loader does not find.
const UnseenLine = "not read: the loader does not see this line"

// readEarly begins the Why of an assignment whose file is loaded after the code read the variable.
const readEarly = "read too early: "

// EarlyRead is the Why of an assignment that code reads before its file is loaded.
func EarlyRead(read, load Place) string {
	return readEarly + At(read.File, read.Line) + " reads it before " + At(load.File, load.Line) + " loads the file"
}

// Early gives the line that reads a variable too early, and the one that loads its file; ok is false for any other assignment.
func (v *Value) Early() (read, load Place, ok bool) {
	rest, ok := strings.CutPrefix(v.Why, readEarly)
	from, to, _ := strings.Cut(strings.TrimSuffix(rest, " loads the file"), " reads it before ")
	read, ok1 := placeAt(from)
	load, ok2 := placeAt(to)
	return read, load, ok && ok1 && ok2
}

// placeAt reads FILE:LINE.
func placeAt(at string) (Place, bool) {
	i := strings.LastIndexByte(at, ':')
	if i < 0 {
		return Place{}, false
	}
	n, err := strconv.Atoi(at[i+1:])
	return Place{File: at[:i], Line: n}, err == nil
}

// Lost tells an assignment that a person sees in the file and the loader does not.
func (v *Value) Lost() bool { return strings.HasPrefix(v.Why, "not read: ") }

// Sets tells a place that may give a process its variables.
func (v *Value) Sets() bool {
	if v.File == "" || v.Comment || v.Kind != KindConfig && v.Kind != KindEnvFile {
		return false
	}
	return v.Role != RoleExample && v.Role != RoleTest && v.Role != RoleDocs && v.Role != RoleBuild
}

func (v *Value) SetsRank() int {
	n := 0
	if v.Kind == KindConfig {
		n += 4
	}
	if v.Role != RoleOther {
		n += 2
	}
	if v.Role != RoleFront {
		n++
	}
	return n
}

// Sound tells whether a value may be signed with as it is. An unusual
// length alone isn't a blemish: stand-ins for Stream have secrets of their own.
//
//go:noinline
func (v *Value) Sound() bool {
	return !v.Empty && !v.Placeholder &&
		!slices.ContainsFunc(v.Blemishes, func(b string) bool { return b != "not-64" })
}
