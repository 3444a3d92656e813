package signature

import (
	"fmt"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/rules/parts"
	"badsig/tokens"
)

// This file is about signers that no file explains: one that changes from response
// to response, one that is drawn at start, a program of someone else.

// varying proves that not every token is signed with the same secret.
func varying(f *facts.Facts) *finding.Cause {
	seen := facts.BackendTokens(f)
	for i, a := range seen {
		for _, b := range seen[i+1:] {
			same := a.Input == b.Input && a.Signature != b.Signature && a.Input != ""
			if !same && !DifferentSigners(a, b) {
				continue
			}
			ev := []finding.Evidence{{Label: "first request", Got: "signed by " + OrNone(facts.SignedBy(f, a))}, {Label: "second request", Got: "signed by " + OrNone(facts.SignedBy(f, b))}}
			if same {
				ev = append(ev, finding.Evidence{Label: "tokens with the same claims", Got: "2 different signatures", Want: "the same signature"})
			}
			if c, _, _ := unsetSecret(f); c != nil && randomPlace(f) != nil {
				return c // it's made anew for each request, as nothing sets the variable
			}
			return new(finding.New(causes.SecretVaries, finding.Proven,
				"The same request, sent again, came back signed with a different secret: some users connect and some don't.",
				randomPlace(f), ev,
				finding.Step{Text: variesStep(f)},
				parts.RestartStep(f)))
		}
	}
	return nil
}

func DifferentSigners(a, b *facts.Token) bool {
	if a.Signer == nil || b.Signer == nil || a.Signer.Truncated || b.Signer.Truncated || len(a.Flaws)+len(b.Flaws) > 0 && len(a.Flaws) != len(b.Flaws) {
		return false
	}
	x, y := a.Signer.Hits, b.Signer.Hits
	if len(x) == 0 || len(y) == 0 {
		return len(x) != len(y)
	}
	return !affix.Any(x, func(h tokens.Hit) bool {
		return affix.Any(y, func(g tokens.Hit) bool { return g.Signed == h.Signed })
	})
}

// variesStep is the edit that makes every process sign with one secret.
func variesStep(f *facts.Facts) string {
	if l := randomPlace(f); l != nil {
		return "In " + parts.LineOf(l.File, l.Line) + ", read the dashboard's API secret from the environment instead of generating one"
	}
	return "Give every worker, instance and process the same API secret, read from the environment"
}

func randomPlace(f *facts.Facts) *finding.Location {
	if c := facts.CodeOf(f); c != nil && c.RandomSecret {
		return parts.SignAt(f)
	}
	return nil
}

// randomSecret is a secret that the code makes up at each start: no two starts
// (or workers) agree, and Stream never knew it.
func randomSecret(f *facts.Facts) *finding.Cause {
	c := facts.CodeOf(f)
	if c == nil || !c.RandomSecret {
		return nil
	}
	return new(finding.New(causes.SecretVaries, finding.Likely,
		"The code generates a random secret at startup, and none of the project's secrets signed the token.",
		parts.SigningPlace(f), []finding.Evidence{{Label: "secret generated at random in", Got: strings.TrimSpace(c.File)}},
		finding.Step{Text: variesStep(f) + ", and fail at startup without it"},
		parts.RestartStep(f)))
}

// givenNothing is for a signing call that gets what no file can give: a secret that is
// drawn at each start, or a member that its object doesn't have.
func givenNothing(f *facts.Facts) *finding.Cause {
	s := f.Site()
	switch {
	case s == nil || !s.Runs.Sure():
	case s.Drawn.Line > 0:
		at := finding.LocAt(s.Drawn.File, s.Drawn.Line)
		return new(finding.New(causes.SecretVaries, finding.Proven,
			"The code generates a random secret at startup and signs with it. Stream doesn't know that secret.", at,
			[]finding.Evidence{{Label: "secret", Got: "generated at random", Want: "the app's API secret", Source: at.String()}},
			finding.Step{Text: "In " + parts.LineOf(at.File, at.Line) + ", read the dashboard's API secret from the environment instead of generating one"}, parts.RestartStep(f)))
	case s.Lacks != nil:
		at := finding.LocAt(s.Lacks.File, s.Lacks.Line)
		return new(finding.New(causes.SecretMissing, finding.Proven,
			"The signing code uses "+s.Lacks.Name+" as the secret, and nothing sets that member, so it's undefined.", at,
			[]finding.Evidence{{Label: s.Lacks.Name, Got: "undefined", Want: "the app's API secret", Source: at.String()}},
			finding.Step{Text: "In " + parts.LineOf(at.File, at.Line) + ", use the member that has the API secret instead of " + s.Lacks.Name}, parts.RestartStep(f)))
	}
	return nil
}

// foreignProcess is a token from a program that is not this project's. Where
// not all of the project could be read, its secret may be in the rest; where the
// folder has no server, the process is as likely that of the right project.
func foreignProcess(f *facts.Facts, tried string) *finding.Cause {
	if f.Process == nil || len(f.Process.Listeners) == 0 || unreadFiles(f) != "" || f.Project == nil || len(f.Project.Servers) == 0 {
		return nil
	}
	for _, l := range f.Process.Listeners {
		if !l.InsideKnown || l.Inside || l.PID == 0 {
			return nil
		}
	}
	l := f.Process.Listeners[0]
	return new(finding.New(causes.WrongServer, finding.Likely,
		"The process on this port runs outside the project, and none of the project's secrets signed its token.",
		nil, []finding.Evidence{
			{Label: "listening process", Got: fmt.Sprintf("%s, process %d, in %s", l.Name, l.PID, l.Dir), Source: fmt.Sprintf("port %d", f.Process.Port)},
			{Label: "signer of its token", Got: tried},
		},
		finding.Step{Text: fmt.Sprintf("Stop process %d (%s) if you don't need it", l.PID, l.Name)},
		parts.StartStep(f)))
}
