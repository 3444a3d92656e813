package project

import (
	"slices"
	"strings"
	"testing"

	"badsig/checks/facts"
	"badsig/checks/internal/projecttest"
	"badsig/checks/probe/vault"
)

// What a loader written by hand may keep is told, and nothing where nothing differs.
func TestWrittenBesideTheValue(t *testing.T) {
	for _, c := range []struct {
		name, line string
		want       []string
	}{
		{"plain", "STREAM_API_SECRET=$S1\n", nil},
		{"the end of the file", "STREAM_API_SECRET=$S1", nil},
		{"quotes", "STREAM_API_SECRET='$S1'\n", []string{"'$S1'"}},
		{"CRLF", "STREAM_API_SECRET=$S1\r\n", []string{"$S1\r"}},
		{"quotes and CRLF", "STREAM_API_SECRET=\"$S1\"\r\n", []string{"\"$S1\"\r", "\"$S1\""}},
		{"a trailing space", "STREAM_API_SECRET=$S1 \n", []string{"$S1 "}},
		{"a comment after it", "STREAM_API_SECRET=$S1 # production\n", []string{"$S1 # production"}},
		{"a space before", "STREAM_API_SECRET = $S1\n", []string{" $S1"}},
		{"export, and a comment without a space", "export STREAM_API_SECRET=$S1#x\n", []string{"$S1#x"}},
		{"commented out", "# STREAM_API_SECRET='$S1'\n", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := projecttest.Write(t, map[string]string{"package.json": pkgCJS, ".env": "# all\r\nPORT=1\n\n" + c.line, "index.js": "require('dotenv').config()"})
			w := vault.New(facts.Target{Dir: dir})
			if _, err := Read(t.Context(), w); err != nil {
				t.Fatal(err)
			}
			f := w.Snapshot()
			id := slices.IndexFunc(f.Values, func(v facts.Value) bool { return v.What == facts.WhatSecret })
			if id < 0 {
				t.Fatal("no secret was found")
			}
			got := w.Written(id)
			for _, want := range c.want {
				if !slices.ContainsFunc(got, secretOf(projecttest.FillText(want)).Equal) {
					t.Errorf("%q is not among %v", want, got)
				}
			}
			if len(c.want) == 0 && len(got) > 0 {
				t.Errorf("got %v", got)
			}
			if text := w.Scrub("it says " + projecttest.FillText(c.line)); strings.Contains(text, projecttest.S1[:12]) {
				t.Errorf("the line is not scrubbed: %q", text)
			}
			noSecrets(t, f)
		})
	}
}
