package checks

import (
	"fmt"
	"slices"
	"strings"

	"badsig/checks/causes"
	"badsig/checks/probe"
	"badsig/tokens"
)

// This file is about signers that no file explains: one that changes from answer
// to answer, one that is drawn at start, a program of somebody else.

// varying proves that not every token is signed with the same secret.
func varying(f *probe.Facts) *Cause {
	seen := backendTokens(f)
	for i, a := range seen {
		for _, b := range seen[i+1:] {
			same := a.Input == b.Input && a.Signature != b.Signature && a.Input != ""
			if !same && !differentSigners(a, b) {
				continue
			}
			ev := []Evidence{{Label: "one request", Got: "signed by " + orNone(signedBy(f, a))}, {Label: "another", Got: "signed by " + orNone(signedBy(f, b))}}
			if same {
				ev = append(ev, Evidence{Label: "the same claims", Got: "two different signatures"})
			}
			return new(cause(causes.SecretVaries, Proven,
				"The same request, made again, came back signed with another secret: some users get in and some do not.",
				randomPlace(f), ev,
				Step{Text: "let every worker, instance and start use the one secret of the dashboard, read from the environment"},
				restartStep(f)))
		}
	}
	return nil
}

func differentSigners(a, b *probe.Token) bool {
	if a.Signer == nil || b.Signer == nil || a.Signer.Truncated || b.Signer.Truncated || len(a.Flaws)+len(b.Flaws) > 0 && len(a.Flaws) != len(b.Flaws) {
		return false
	}
	x, y := a.Signer.Hits, b.Signer.Hits
	if len(x) == 0 || len(y) == 0 {
		return len(x) != len(y)
	}
	return !slices.ContainsFunc(x, func(h tokens.Hit) bool {
		return slices.ContainsFunc(y, func(g tokens.Hit) bool { return g.Signed == h.Signed })
	})
}

func randomPlace(f *probe.Facts) *Location {
	if c := serverCode(f); c != nil && c.RandomSecret {
		return signingPlace(f)
	}
	return nil
}

// randomSecret is a secret that the code makes up at each start: no two starts
// (or workers) agree, and Stream never knew it.
func randomSecret(f *probe.Facts) *Cause {
	c := serverCode(f)
	if c == nil || !c.RandomSecret {
		return nil
	}
	return new(cause(causes.SecretVaries, Likely,
		"The code makes up a random secret when it starts, and no secret that was found signed the token.",
		signingPlace(f), []Evidence{{Label: "the code makes up a secret at random", Source: strings.TrimSpace(c.File)}},
		Step{Text: "read the secret of the dashboard from the environment instead, and refuse to start without it"},
		restartStep(f)))
}

// foreignProcess is a token from a program that is not this project's. Where
// not all of the project could be read, its secret may stand in the rest.
func foreignProcess(f *probe.Facts, tried string) *Cause {
	if f.Process == nil || len(f.Process.Listeners) == 0 || unreadFiles(f) != "" {
		return nil
	}
	for _, l := range f.Process.Listeners {
		if !l.InsideKnown || l.Inside || l.PID == 0 {
			return nil
		}
	}
	l := f.Process.Listeners[0]
	return new(cause(causes.WrongServer, Likely,
		"The program on this port runs outside the project, and none of the project's secrets signed its token.",
		nil, []Evidence{
			{Label: "who listens", Got: fmt.Sprintf("%s, process %d, in %s", l.Name, l.PID, l.Dir), Source: fmt.Sprintf("port %d", f.Process.Port)},
			{Label: "its token", Got: tried},
		},
		Step{Text: "end it, if nobody needs it", Command: fmt.Sprintf("kill %d", l.PID)},
		startStep(f)))
}
