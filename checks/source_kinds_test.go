package checks

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/tokens"
)

// Rules of this file:
//   - each file of testdata/layouts is a project of a common kind: files after lines "-- NAME --", as in txtar
//   - before them, a line "! FILE ## WAS ~> IS ## CAUSE FILE:LINE" makes a bug; without a cause it makes none
//   - Stream accepts $SECRET with $KEY, and nothing else
//   - as it is, a project has no error

var kindWords = strings.NewReplacer("$KEY", actionKey, "$SECRET", actionSecret, "$OTHERKEY", "q7w2hk9xt4bn", "$OTHERSECRET", "z8c3v7b2n6m4k9j5h3g7f2d8s4a6p9u3y7t2r5e8w4q6x9c3v7b5n2m8k4j6h9g3", `\n`, "\n")

func TestKindsOfProjects(t *testing.T) {
	all, err := filepath.Glob("testdata/layouts/*.txt")
	if err != nil || len(all) == 0 {
		t.Fatal(all, err)
	}
	for _, name := range all {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txt"), func(t *testing.T) {
			t.Parallel()
			raw, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			head, files := kindFiles(string(raw))
			tryKind(t, files, "", "", "")
			for _, line := range strings.Split(head, "\n") {
				rest, ok := strings.CutPrefix(line, "! ")
				if !ok {
					continue
				}
				part := strings.Split(rest+" ", " ## ")
				was, is, ok := strings.Cut(part[1], " ~> ")
				if was, is = kindWords.Replace(was), kindWords.Replace(is); !ok || !strings.Contains(files[part[0]], was) {
					t.Fatalf("no %q in %s", was, part[0])
				}
				with := map[string]string{}
				for k, v := range files {
					with[k] = v
				}
				if with[part[0]] = strings.Replace(files[part[0]], was, is, 1); with[part[0]] == "" {
					delete(with, part[0])
				}
				cause, at, _ := strings.Cut(strings.TrimSpace(part[2]), " ")
				tryKind(t, with, part[1], cause, at)
			}
		})
	}
}

// kindFiles splits a project's text.
func kindFiles(text string) (head string, files map[string]string) {
	files = map[string]string{}
	parts := strings.Split("\n"+text, "\n-- ")
	for _, p := range parts[1:] {
		name, body, _ := strings.Cut(p, " --\n")
		files[name] = kindWords.Replace(strings.TrimSuffix(body, "\n") + "\n")
	}
	return parts[0], files
}

func tryKind(t *testing.T, files map[string]string, fault, cause, at string) {
	t.Helper()
	found, place, says := "", "", ""
	for _, c := range judgedAsStream(t, files).Causes {
		if c.Severity == causes.Error || string(c.ID) == cause { // a warning that is expected
			found, place, says = string(c.ID), c.Location.String(), c.Summary
			break
		}
	}
	if found != cause || cause != "" && place != at {
		t.Errorf("%q: found %q at %s (%s), want %q at %s", fault, found, place, says, cause, at)
	}
}

// judgedAsStream judges a project's files, with Stream's word on each secret in them.
func judgedAsStream(t *testing.T, files map[string]string) *Report {
	t.Helper()
	f := lookedAt(t, files, func(x *facts.Target) { x.Static = true })
	f.Stream = &facts.Stream{Asked: true, Reachable: true, Control: &facts.StreamAnswer{Status: 401, Code: 43}}
	right := tokens.NewSecret([]byte(actionSecret)).Fingerprint()
	for _, v := range f.Values {
		a := facts.StreamAnswer{Status: 200}
		if v.Fingerprint != right {
			a = facts.StreamAnswer{Status: 401, Code: 43, Message: "JWTAuth error: signature is not valid"}
		}
		if v.What == facts.WhatSecret {
			f.Stream.Grid = append(f.Stream.Grid, facts.Pair{Key: actionKey, KeyFrom: -1, Secret: v.ID, Answer: a})
		}
	}
	return Judge(f)
}
