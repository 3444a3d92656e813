package finding

import "badsig/checks/causes"

// Passed is the result of a check that found nothing wrong.
//
//go:noinline
func Passed(summary string, ev ...Evidence) Result {
	return Result{Status: Pass, Summary: summary, Evidence: ev}
}

// Unsure is the result of a check that couldn't be determined.
//
//go:noinline
func Unsure(summary string, ev ...Evidence) Result {
	return Result{Status: Unknown, Summary: summary, Evidence: ev}
}

// Found is the result of a check with causes: fail if one of them is an error,
// otherwise warn. Without causes it passes.
//
//go:noinline
func Found(summary string, ev []Evidence, all ...Cause) Result {
	r := Result{Status: Pass, Summary: summary, Evidence: ev, Causes: all}
	for _, c := range all {
		if c.Severity == causes.Error {
			r.Status = Fail
		} else if r.Status == Pass {
			r.Status = Warn
		}
	}
	if len(all) > 0 {
		r.Cause = all[0].ID
	}
	return r
}
