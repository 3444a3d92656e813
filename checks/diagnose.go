package checks

import (
	"slices"

	"badsig/checks/probe"
)

// Rules of this file:
//   - the first cause is the root: what the developer changes first
//   - errors before warnings; within errors the order in which a request meets them,
//     and within Stream the order in which Stream tests: key, shape, claims, signature, times
//   - a cause stands once, with the evidence of the check that proved it best
//   - what follows from a cause is not a cause of its own

// order is the order of mending. What is not in it comes last, in the order found.
var order = []CauseID{
	// who answers: nothing else can be judged before
	"server-down", "server-on-other-port", "server-family", "server-hangs", "wrong-server",
	// the endpoint, until a token is in the browser's hands
	"endpoint-redirect", "endpoint-auth", "endpoint-method", "endpoint-not-found", "endpoint-body",
	"secret-missing", // an endpoint that cannot sign answers 500
	"endpoint-error", "endpoint-html", "token-missing", "cors-blocked",
	// what Stream tests first: the key
	"key-missing", "key-secret-swapped", "key-malformed", "key-unknown", "app-suspended",
	// then the token's shape and its claims' types
	"token-dev", "token-foreign", "token-server", "token-wrapped", "token-encoding", "token-truncated", "token-malformed",
	"token-algorithm", "user-id-type", "claim-type", "user-id-missing",
	// then the signature: the file before the restart that makes it count
	"secret-varies", "secret-is-key", "secret-placeholder", "secret-fallback",
	"secret-invisible", "secret-quoted", "secret-whitespace", "secret-encoding", "secret-case", "secret-truncated",
	"secret-padded", "secret-typo", "secret-shadowed", "secret-other-app", "server-stale", "key-mismatch",
	"key-secret-mismatch", "secret-unknown",
	// then the times, the user, and what only the browser can mend
	"clock-skew", "iat-milliseconds", "iat-future", "nbf-future", "exp-relative", "token-expired", "token-revoked",
	"user-id-placeholder", "user-id-mismatch", "token-stale",
	// warnings
	"auth-checks-disabled", "secret-exposed", "secret-in-source", "exp-too-short", "exp-milliseconds",
	"user-id-characters", "token-cacheable", "stream-unreachable",
}

// hides says which causes are only consequences where another one is present.
var hides = map[CauseID][]CauseID{
	"secret-missing":      {"endpoint-error", "secret-fallback", "secret-placeholder"},
	"secret-varies":       {"secret-unknown", "key-secret-mismatch", "server-stale"},
	"key-secret-swapped":  {"secret-is-key", "key-malformed", "key-mismatch", "key-secret-mismatch", "key-unknown", "secret-exposed"},
	"key-missing":         {"key-malformed", "key-unknown", "key-mismatch"},
	"key-malformed":       {"key-unknown", "key-mismatch", "key-secret-mismatch"},
	"key-mismatch":        {"key-secret-mismatch", "secret-other-app"},
	"key-unknown":         {"key-secret-mismatch", "secret-unknown"},
	"secret-other-app":    {"key-secret-mismatch"},
	"server-stale":        {"key-secret-mismatch", "secret-unknown"},
	"wrong-server":        {"server-stale", "secret-unknown", "secret-other-app", "key-secret-mismatch", "endpoint-not-found", "endpoint-html", "endpoint-auth", "endpoint-method", "endpoint-redirect", "endpoint-error", "endpoint-body", "cors-blocked", "secret-varies", "secret-missing", "token-missing", "token-foreign", "user-id-missing", "user-id-mismatch"},
	"endpoint-body":       {"user-id-placeholder", "user-id-missing", "endpoint-error"},
	"token-foreign":       {"token-algorithm", "user-id-missing", "user-id-mismatch", "secret-unknown", "user-id-type", "claim-type"},
	"token-dev":           {"secret-unknown", "token-encoding", "token-malformed", "token-truncated"},
	"token-server":        {"user-id-missing"},
	"clock-skew":          {"iat-future", "nbf-future"},
	"iat-milliseconds":    {"iat-future", "clock-skew"},
	"exp-relative":        {"token-expired", "exp-too-short"},
	"user-id-missing":     {"user-id-mismatch"},
	"user-id-type":        {"user-id-mismatch"},
	"user-id-placeholder": {"user-id-mismatch", "user-id-characters"},
	"user-id-mismatch":    {"user-id-characters"},
	"token-stale":         {"token-expired"},
}

// secretCauses are those that the pair's mismatch is only a consequence of.
var secretCauses = []CauseID{
	"secret-missing", "secret-placeholder", "secret-whitespace", "secret-invisible", "secret-quoted", "secret-encoding",
	"secret-case", "secret-truncated", "secret-padded", "secret-typo", "secret-is-key", "secret-fallback",
	"secret-shadowed", "secret-varies",
}

// diagnose orders what the rules found, root first.
func diagnose(results []Result) []Cause {
	best := map[CauseID]Cause{}
	var ids []CauseID
	for _, r := range results {
		for _, c := range r.Causes {
			old, have := best[c.ID]
			if !have {
				ids = append(ids, c.ID)
			}
			if !have || stronger(c, old) {
				best[c.ID] = c
			}
		}
	}
	hidden := map[CauseID]bool{}
	for _, id := range ids {
		if best[id].Severity != Error {
			continue
		}
		for _, h := range hides[id] {
			hidden[h] = true
		}
		if slices.Contains(secretCauses, id) {
			hidden["key-secret-mismatch"], hidden["secret-unknown"] = true, true
		}
	}
	causes := []Cause{}
	for _, id := range ids {
		if !hidden[id] {
			causes = append(causes, best[id])
		}
	}
	slices.SortStableFunc(causes, func(a, b Cause) int { return rank(a) - rank(b) })
	for i := range causes {
		if causes[i].Evidence == nil {
			causes[i].Evidence = []Evidence{}
		}
		if causes[i].Fix == nil {
			causes[i].Fix = []Step{}
		}
	}
	return causes
}

func stronger(a, b Cause) bool {
	if a.Severity != b.Severity {
		return a.Severity == Error
	}
	return a.Certainty == Proven && b.Certainty != Proven
}

func rank(c Cause) int {
	at := slices.Index(order, c.ID)
	if at < 0 {
		at = len(order)
	}
	switch p, _ := PageOf(c.ID); {
	case c.ID == "auth-checks-disabled" && c.Severity != Error: // first of the warnings: it makes all other findings moot
		return 1000
	case c.Severity != Error && p.Severity == Error:
		at += 2000
	case c.Severity != Error:
		at += 1000
	}
	return at
}

// verdict is the exit status in a word: rejected where there is an error,
// accepted where nothing is wrong and the token's signature is proven right,
// by Stream or by the dashboard's pair; unproven otherwise.
func verdict(f *probe.Facts, causes []Cause, results []Result) string {
	for _, c := range causes {
		if c.Severity == Error {
			return Rejected
		}
	}
	for _, r := range results {
		switch r.Status {
		case Fail:
			return Rejected
		case Unknown:
			if needed[r.ID] {
				return Unproven
			}
		}
	}
	if !proven(f) {
		return Unproven
	}
	return Accepted
}

// needed are the checks without which nobody can say that the token works.
// Those of Stream are not among them: a given dashboard pair proves as much.
var needed = map[ID]bool{
	"endpoint-answers": true, "endpoint-json": true, "token-formed": true, "token-user": true,
	"token-times": true, "secret-signs": true, "key-agrees": true, "token-current": true,
}

// proven tells whether the token in use is known to be right: Stream took it,
// and refuses a spoilt signature; or the dashboard's secret signed it.
func proven(f *probe.Facts) bool {
	t := tokenInUse(f)
	if t == nil {
		return false
	}
	if streamTook(f, t) {
		return true
	}
	return f.Target.HasSecret && signedRight(f, t, truthOf(f))
}
