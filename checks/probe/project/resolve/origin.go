package resolve

import (
	"badsig/checks/facts"
	"badsig/checks/probe/project/picture"
)

// Rules of this file:
//   - a live process does not say who set its variables; the same name with the same bytes in a file does
//   - what starts processes (compose, PM2, a debugger's configuration, a script) comes before .env files,
//     which a shell or a container may have put into the environment too

// origins notes for the variables of live processes the file that sets them.
// The caller holds the lock.
func origins(p *picture.Reader, f *facts.Facts) {
	for i := range f.Values {
		v := &f.Values[i]
		if v.Kind != facts.KindProcess && v.Kind != facts.KindAncestor || v.Empty {
			continue
		}
		best := -1
		for j := range f.Values {
			x := &f.Values[j]
			if x.Name == v.Name && x.Sets() && p.World.WroteIt(x, v.ID) && (best < 0 || x.SetsRank() > f.Values[best].SetsRank()) {
				best = j
			}
		}
		if best >= 0 {
			v.SetFile, v.SetLine = f.Values[best].File, f.Values[best].Line
		}
	}
}
