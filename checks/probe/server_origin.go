package probe

import (
	"slices"
)

// Rules of this file:
//   - a live process does not say who set its variables; the same name with the same bytes in a file does
//   - what starts processes (compose, PM2, a debugger's configuration, a script) is asked before .env files,
//     which a shell or a container may have put into the environment too

// origins notes for the variables of live processes the file that sets them.
// The caller holds the lock.
func (p *project) origins(f *Facts) {
	for i := range f.Values {
		v := &f.Values[i]
		if v.Kind != KindProcess && v.Kind != KindAncestor || v.Empty {
			continue
		}
		best := -1
		for j := range f.Values {
			x := &f.Values[j]
			if x.Name == v.Name && x.sets() && p.w.wroteIt(x, v.ID) && (best < 0 || x.setsRank() > f.Values[best].setsRank()) {
				best = j
			}
		}
		if best >= 0 {
			v.SetFile, v.SetLine = f.Values[best].File, f.Values[best].Line
		}
	}
}

// sets tells a place that may give a process its variables.
func (v *Value) sets() bool {
	if v.File == "" || v.Comment || v.Kind != KindConfig && v.Kind != KindEnvFile {
		return false
	}
	return v.Role != RoleExample && v.Role != RoleTest && v.Role != RoleDocs && v.Role != RoleBuild
}

func (v *Value) setsRank() int {
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

// wroteIt reports whether a file's value has the bytes of the Value id, either as its
// loader hands them on or as they are written after the = sign. The caller holds the lock.
func (w *World) wroteIt(x *Value, id int) bool {
	s := w.secrets[id]
	return w.secrets[x.ID].Equal(s) || slices.ContainsFunc(w.written[x.ID], s.Equal)
}
