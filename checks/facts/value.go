package facts

import (
	"slices"
	"strings"
)

// UnseenLine begins the Why of an assignment that the loader does not find.
const UnseenLine = "not read: the loader does not see this line"

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

// Sound tells whether a value may be signed with as it stands. An unusual
// length alone is no blemish: stand-ins for Stream have secrets of their own.
func (v *Value) Sound() bool {
	return !v.Empty && !v.Placeholder &&
		!slices.ContainsFunc(v.Blemishes, func(b string) bool { return b != "not-64" })
}
