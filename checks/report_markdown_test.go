package checks_test

import (
	"bytes"
	"strings"
	"testing"

	"badsig/checks"
	"badsig/checks/rules/parts"
)

// The claims are a block of JSON that a reader can read, whatever stands in them.
func TestMarkdownShowsTheClaims(t *testing.T) {
	r := &checks.Report{Version: 1, Verdict: checks.Unproven, Token: &parts.ReportToken{Source: "backend",
		Claims: map[string]any{"user_id": "jane", "note": "two\nlines ``` \u200b"}}}
	var b bytes.Buffer
	if err := r.WriteMarkdown(&b); err != nil {
		t.Fatal(err)
	}
	want := "```json\n{\n  \"note\": \"two\\nlines ʼʼʼ <U+200B>\",\n  \"user_id\": \"jane\"\n}\n```\n"
	if !strings.Contains(b.String(), want) {
		t.Errorf("%s\nwant\n%s", b.String(), want)
	}
}
