package fix

import "badsig/checks/facts"

// Restart says what must be restarted before the edits take effect, and the
// command for it, to be typed from the project's folder; "" where none is known.
func (f *Fix) Restart() (what, command string) {
	front := map[string]bool{}
	for i := range f.report.Facts.Values {
		if v := &f.report.Facts.Values[i]; v.Role == facts.RoleFront {
			front[v.File] = true
		}
	}
	for _, c := range f.changes {
		if !front[c.File] {
			return "the backend", facts.StartCommand(f.report.Facts)
		}
	}
	return "the front end's dev server", ""
}
