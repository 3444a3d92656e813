package checks

import (
	"slices"

	"badsig/checks/probe"
)

// Rules of this file:
//   - whatever a face shows went through here: a file's name, an answer's words and
//     facts that somebody else has sent may all act on a terminal
//   - facts themselves stay as they are: their paths are opened again

// tamed makes a result's texts fit to be drawn.
func tamed(r Result) Result {
	visible(&r.Title, &r.Summary)
	tameEvidence(r.Evidence)
	tameSteps(&r.Next)
	for i := range r.Causes {
		c := &r.Causes[i]
		visible(&c.Title, &c.Summary)
		tameEvidence(c.Evidence)
		if c.Location != nil {
			l := *c.Location
			visible(&l.File)
			c.Location = &l
		}
		tameSteps(&c.Fix)
	}
	return r
}

func tameSteps(steps *[]Step) {
	*steps = slices.Clone(*steps)
	for i := range *steps {
		visible(&(*steps)[i].Text, &(*steps)[i].Command)
	}
}

func tameEvidence(es []Evidence) {
	for i := range es {
		visible(&es[i].Label, &es[i].Got, &es[i].Want, &es[i].Source)
	}
}

func visible(texts ...*string) {
	for _, t := range texts {
		*t = probe.Visible(*t)
	}
}

// tamedValue is decoded JSON with its texts fit to be drawn; depth bounds what
// facts from elsewhere may nest.
func tamedValue(v any, depth int) any {
	switch v := v.(type) {
	case string:
		return probe.Visible(v)
	case map[string]any:
		return tamedMap(v, depth)
	case []any:
		if depth == 0 {
			return "…"
		}
		out := make([]any, len(v))
		for i := range v {
			out[i] = tamedValue(v[i], depth-1)
		}
		return out
	}
	return v
}

func tamedMap(m map[string]any, depth int) any {
	if depth == 0 {
		return "…"
	}
	out := make(map[string]any, len(m))
	for k, v := range m {
		out[probe.Visible(k)] = tamedValue(v, depth-1)
	}
	return out
}
