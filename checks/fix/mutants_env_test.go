package fix

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"badsig/checks/finding"
	"badsig/checks/fix/cures"
)

// Edits that are wrong on purpose are rejected by the trial, no matter what they claim;
// the right one beside them is taken.
func TestMutantsAreRejected(t *testing.T) {
	spaced := env(`STREAM_API_SECRET="` + secret + ` "`)
	at := len(`STREAM_API_SECRET="`) + 1
	code := project(t, nil)
	src, _ := os.ReadFile(filepath.Join(code, "index.js"))
	upper := map[string]string{"index.js": strings.Replace(string(src), "process.env.STREAM_API_SECRET,", "process.env.STREAM_API_SECRET.toUpperCase(),", 1)}
	col := func(text string) int { // of the signing call's line
		for _, l := range strings.Split(upper["index.js"], "\n") {
			if i := strings.Index(l, text); i >= 0 {
				return i + 1
			}
		}
		t.Fatalf("no %q", text)
		return 0
	}
	line9 := strings.Split(upper["index.js"], "\n")[8]
	call, env5 := col(".toUpperCase()"), finding.Edit{File: ".env", Line: 3, From: at, To: at}
	with := func(e finding.Edit, change func(*finding.Edit)) finding.Edit { change(&e); return e }
	for _, c := range []struct {
		name  string
		files map[string]string
		cause string
		edits []finding.Edit
		right bool
	}{
		{"the space goes", spaced, "secret-whitespace", []finding.Edit{{File: ".env", Line: 3, From: at + 64, To: at + 65}}, true},
		{"a character of the secret goes", spaced, "secret-whitespace", []finding.Edit{{File: ".env", Line: 3, From: at + 63, To: at + 65}}, false},
		{"another line changes", spaced, "secret-whitespace", []finding.Edit{{File: ".env", Line: 1, From: 1, To: 1, Insert: "#"}}, false},
		{"the line goes", spaced, "secret-whitespace", []finding.Edit{{File: ".env", Line: 3, From: 1, ToLine: 4, To: 1}}, false},
		{"the variable gets another name", spaced, "secret-whitespace", []finding.Edit{{File: ".env", Line: 3, From: 1, To: 7, Insert: "XTREAM"}}, false},
		{"a second space", spaced, "secret-whitespace", []finding.Edit{with(env5, func(e *finding.Edit) { e.Insert = " " })}, false},
		{"the secret goes, and the key too", spaced, "secret-whitespace", []finding.Edit{{File: ".env", Line: 3, From: at + 64, To: at + 65}, {File: ".env", Line: 2, From: 16, To: 20}}, false},
		{"no such column", spaced, "secret-whitespace", []finding.Edit{{File: ".env", Line: 3, From: 900, To: 901}}, false},
		{"outside of the project", spaced, "secret-whitespace", []finding.Edit{{File: "../.env", Line: 1, From: 1, To: 1, Insert: "A=1\n", Create: true}}, false},
		{"nothing changes", spaced, "secret-whitespace", []finding.Edit{{File: ".env", Line: 3, From: 1, To: 1}}, false},
		{"the method goes", upper, "secret-case", []finding.Edit{{File: "index.js", Line: 9, From: call, To: call + 14}}, true},
		{"half of the method goes", upper, "secret-case", []finding.Edit{{File: "index.js", Line: 9, From: call, To: call + 12}}, false},
		{"another method", upper, "secret-case", []finding.Edit{{File: "index.js", Line: 9, From: call + 3, To: call + 8, Insert: "Lower"}}, false},
		{"another variable", upper, "secret-case", []finding.Edit{{File: "index.js", Line: 9, From: call - 6, To: call + 14, Insert: "KEY"}}, false},
		{"the call goes", upper, "secret-case", []finding.Edit{{File: "index.js", Line: 9, From: 1, ToLine: 10, To: 1}}, false},
		{"the response goes", upper, "secret-case", []finding.Edit{{File: "index.js", Line: 9, From: 3, To: strings.Index(line9, "process.env") + 1, Insert: "("}, {File: "index.js", Line: 9, From: call, To: len(line9) + 1, Insert: ")"}}, false},
		{"the secret in the key's place", env(`STREAM_API_SECRET="` + secret + ` "`), "secret-whitespace", []finding.Edit{{File: ".env", Line: 3, From: at + 64, To: at + 65}, {File: ".env", Line: 2, From: len("STREAM_API_KEY=") + 1, To: len("STREAM_API_KEY="+key) + 1, InsertFrom: &finding.EditFrom{File: ".env", Line: 3, From: at, To: at + 64}}}, false},
		{"a comment", upper, "secret-case", []finding.Edit{{File: "index.js", Line: 9, From: call, To: call, Insert: "/* ok */"}}, false},
	} {
		dir := project(t, c.files)
		r, w := judged(t, dir)
		i := -1
		for j := range r.Causes {
			if string(r.Causes[j].ID) == c.cause {
				i = j
			}
		}
		var cause *finding.Cause
		if i >= 0 {
			cause = &r.Causes[i]
		} else { // only a token shows it: as a run with the endpoint would say it
			cause = &finding.Cause{ID: "secret-case", Certainty: finding.Proven, Severity: "error", Location: &finding.Location{File: "index.js", Line: 9}}
		}
		b := &bench{report: r, world: w, view: cures.NewView(r.Facts, w)}
		if _, ok := b.try(context.Background(), cause, cures.Proposal{Edits: c.edits}); ok != c.right {
			t.Errorf("%s: accepted %t, want %t", c.name, ok, c.right)
		}
	}
}
