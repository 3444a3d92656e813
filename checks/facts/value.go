package facts

import "badsig/checks/affix"

// Fate is what became of an assignment that doesn't set what the code reads; Why says it in words.
type Fate string

// The fates that rules and fixes tell apart.
const (
	Unseen     Fate = "unseen"    // the loader doesn't see the line
	UnseenWide Fate = "utf-16"    // nor any other of the file
	UnseenMark Fate = "bom"       // the byte order mark before it belongs to its name
	Duplicate  Fate = "duplicate" // a later line of the file sets it again
	TooEarly   Fate = "early"     // the code reads the variable before its file is loaded: Value.Early
	Contained  Fate = "container" // only a container gets it
)

// Early is the line that reads a variable too early, and the one that loads its file.
type Early struct {
	Read Place `json:"read"`
	Load Place `json:"load"`
}

// Unread says why a loader doesn't see an assignment; "" for other fates.
func (f Fate) Unread() string {
	switch f {
	case Unseen:
		return "the loader does not see this line"
	case UnseenWide:
		return "the file is saved as UTF-16: the loader finds no variable in it"
	case UnseenMark:
		return "the byte order mark before it belongs to its name for this loader"
	}
	return ""
}

// Lose notes that a loader doesn't see an assignment.
func (v *Value) Lose(f Fate) { v.Fate, v.Why = f, "not read: "+f.Unread() }

// ReadEarly notes that the code reads an assignment's variable before its file is loaded.
func (v *Value) ReadEarly(read, load Place) {
	v.Fate, v.Early = TooEarly, &Early{read, load}
	v.Why = "read too early: " + At(read.File, read.Line) + " reads it before " + At(load.File, load.Line) + " loads the file"
}

// Lost tells an assignment that a person sees in the file and the loader does not.
func (v *Value) Lost() bool { return v.Fate.Unread() != "" }

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
		!affix.Any(v.Blemishes, func(b string) bool { return b != "not-64" })
}
