package watching

import (
	"fmt"
	"os"
	"slices"

	"badsig/checks/facts"
	"badsig/checks/probe/listener"
)

// look looks at the port's owner and at who else listens, and at the files where they can't be watched.
func (w *Watcher) look(files bool) (changed []string, listeners, others bool) {
	w.mu.Lock()
	port, f := w.port, w.facts
	w.mu.Unlock()
	if f == nil {
		return nil, false, false
	}
	owners := ""
	if port > 0 && w.looks.Owners != nil {
		owners = w.looks.Owners(port)
	}
	if w.looks.Neighbors != nil {
		now := w.looks.Neighbors(rootOf(f))
		others = !w.looked || !slices.Equal(now, w.others)
		w.others, w.looked = now, true
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if files {
		changed, _ = w.stamp()
	}
	if port != w.port || f != w.facts {
		return changed, false, others
	}
	w.owners, listeners = NewOwners(w.owners, owners, f)
	return changed, listeners, others
}

// stamp looks at the named files, and lists those that changed since the last time, and, of those that are named for
// the first time, those that were written while the run that read them was under way.
func (w *Watcher) stamp() (changed, missed []string) {
	for file := range w.named {
		now := "absent"
		old, known := w.stamps[file]
		if i, err := os.Stat(file); err == nil {
			now = fmt.Sprint(i.Size(), i.ModTime().UnixNano())
			if !known && !w.facts.At.IsZero() && i.ModTime().After(w.facts.At) {
				missed = append(missed, file)
			}
		}
		if known && old != now {
			changed = append(changed, file)
		}
		w.stamps[file] = now
	}
	slices.Sort(changed)
	return changed, missed
}

// NewOwners reports whether someone else listens now, "" for unknown, than
// before, or at first than what the checks saw; seen is what to compare with next.
func NewOwners(before, now string, f *facts.Facts) (seen string, differs bool) {
	switch {
	case now == "":
		return before, false
	case before != "":
		return now, now != before
	case f == nil || f.Process == nil || !f.Process.Known:
		return before, false
	}
	return now, (now == NoOwners) != (len(f.Process.Listeners) == 0)
}

// NoOwners is what Owners returns for a port where nothing listens.
const NoOwners = "[]"

// Owners puts who listens on a port into a string that changes when they do; ""
// where that can't be seen.
func Owners(port int) string {
	owners, err := listener.PortOwners(port)
	if err != nil {
		return ""
	}
	return fmt.Sprint(owners)
}
