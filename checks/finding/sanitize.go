package finding

import (
	"slices"

	"badsig/checks/sanitize"
)

// Rules of this file:
//   - all that a face shows went through here: a file's name, a response's words and
//     facts that someone else has sent may all act on a terminal
//   - facts themselves stay as they are: their paths are opened again

// Sanitized makes a result's strings fit to be drawn.
func Sanitized(r Result) Result {
	Visible(&r.Title, &r.Summary)
	sanitizeEvidence(r.Evidence)
	tameSteps(&r.Next)
	for i := range r.Causes {
		c := &r.Causes[i]
		Visible(&c.Title, &c.Summary)
		sanitizeEvidence(c.Evidence)
		if c.Location != nil {
			l := *c.Location
			Visible(&l.File)
			c.Location = &l
		}
		tameSteps(&c.Fix)
	}
	return r
}

func tameSteps(steps *[]Step) {
	*steps = slices.Clone(*steps)
	for i := range *steps {
		Visible(&(*steps)[i].Text, &(*steps)[i].Command)
	}
}

func sanitizeEvidence(es []Evidence) {
	for i := range es {
		Visible(&es[i].Label, &es[i].Got, &es[i].Want, &es[i].Source)
	}
}

//go:noinline
func Visible(texts ...*string) {
	for _, t := range texts {
		*t = sanitize.Visible(*t)
	}
}

// sanitizedValue is decoded JSON with its strings fit to be drawn; depth bounds what
// facts from elsewhere may nest.
func sanitizedValue(v any, depth int) any {
	switch v := v.(type) {
	case string:
		return sanitize.Visible(v)
	case map[string]any:
		return SanitizedMap(v, depth)
	case []any:
		if depth == 0 {
			return "…"
		}
		out := make([]any, len(v))
		for i := range v {
			out[i] = sanitizedValue(v[i], depth-1)
		}
		return out
	}
	return v
}

func SanitizedMap(m map[string]any, depth int) any {
	if depth == 0 {
		return "…"
	}
	out := make(map[string]any, len(m))
	for k, v := range m {
		out[sanitize.Visible(k)] = sanitizedValue(v, depth-1)
	}
	return out
}
