package backend

import (
	"strings"

	"badsig/checks/facts"
	"badsig/tokens"
)

// asTaken gives the tokens of a response as the front end uses them: trimmed
// where it trims, and first the field that it reads.
func (e *endpoint) asTaken(found []seen) {
	fetch := facts.FetchOf(e.url, e.facts.Project)
	if fetch == nil {
		return
	}
	at, named := -1, 0
	for i := range found {
		if fetch.Trims {
			found[i].raw = strings.TrimSpace(found[i].raw)
		}
		if found[i].name == fetch.Takes && fetch.Takes != "" {
			at, named = i, named+1
		}
	}
	if named != 1 {
		return
	}
	if t := tokens.Parse(found[at].raw); t.Claims["user_id"] == nil {
		for _, o := range found {
			other := tokens.Parse(o.raw)
			if id, text := other.UserID(); text && id == e.w.Target.UserID && other.Alg() == "HS256" {
				found[at].beside = o.field
			}
		}
	}
	found[at].score += 1000
}
