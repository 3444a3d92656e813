package listener

import (
	"slices"

	"badsig/checks/affix"
	"badsig/checks/sanitize"
)

// lacks names the variables of keys and secrets with which a process started,
// and its parent didn't.
func (s *processLook) lacks(parent, child *seenProcess) []string {
	above, ok := parent.environ()
	below, ok2 := child.environ()
	if !ok || !ok2 {
		return nil
	}
	has := map[string]bool{}
	for _, e := range above {
		name, _, _ := affix.Cut(e, "=")
		has[name] = true
	}
	var out []string
	for _, e := range below {
		if name, value, ok := affix.Cut(e, "="); ok && !has[name] && s.whatOf(name, value) != "" && len(out) < 12 {
			out = append(out, sanitize.Visible(name))
		}
	}
	slices.Sort(out)
	return out
}
