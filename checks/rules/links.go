package rules

import (
	"cmp"
	"strings"

	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
)

// Rules of this file:
//   - an error rests on links, each with how well it is known; with one that badsig assumed there is no error
//   - what is left instead is unknown, and names the missing link and what supplies it
//   - a cause that says nothing of what it rests on isn't an error either

// Honest keeps of a result's errors those whose links are all sure. What is
// taken out makes the result unknown, with the missing link in its words.
func Honest(f *facts.Facts, r finding.Result) finding.Result {
	var kept []finding.Cause
	var open []*finding.Link
	for _, c := range r.Causes {
		if reaching(c.ID) && !c.Source { // of an endpoint that no one named there is nothing to warn of either
			if url := urlKnown(f); !url.Known.Sure() {
				open = append(open, &url)
				continue
			}
		}
		proven, missing, ok := finding.Accuse(c, chainOf(f, c))
		switch {
		case ok:
			kept = append(kept, proven)
			continue
		case c.ID == causes.EndpointAuth: // that it wants a login was seen; whether the browser has one was not
			c = finding.Lesser(c)
			c.Certainty, c.Fix = finding.Likely, missing.Next
			kept = append(kept, c)
		}
		open = append(open, missing)
	}
	if len(open) == 0 {
		if r.Causes = kept; len(kept) == 0 {
			r.Causes = nil
		}
		return r
	}
	r.Causes, r.Cause, r.Status = kept, "", finding.Unknown
	for _, c := range kept {
		if c.Severity == causes.Error {
			r.Status = finding.Fail
		}
		r.Cause = cmp.Or(r.Cause, c.ID)
	}
	if r.Status == finding.Unknown {
		r.Summary = unknownSummary(r.Summary, open[0])
		r.Next = append(r.Next, open[0].Next...)
	}
	return r
}

// chainOf is what a finding rests on.
func chainOf(f *facts.Facts, c finding.Cause) finding.Links {
	if c.Source {
		return c.Links
	}
	return append(restsOn(f, c.ID), c.Links...)
}

// unknownSummary says what was seen, what is not known and how to supply it.
func unknownSummary(seen string, l *finding.Link) string {
	text := strings.TrimRight(seen, ". ")
	if text != "" {
		text += ". "
	}
	text += "badsig doesn't know " + l.What
	for i, s := range l.Next {
		if i == 0 {
			text += ": " + strings.ToLower(s.Text[:1]) + s.Text[1:]
		}
	}
	return text
}
