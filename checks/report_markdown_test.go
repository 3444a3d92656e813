package checks_test

import (
	"bytes"
	"runtime"
	"strings"
	"testing"
	"time"

	"badsig/checks"
	"badsig/checks/facts"
	"badsig/checks/rules/parts"
)

// The claims are a block of JSON that a reader can read, no matter what is in them.
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

// A report names the versions of everything involved, and the date.
func TestMarkdownNamesVersionsAndDate(t *testing.T) {
	before := checks.Badsig
	defer func() { checks.Badsig = before }()
	checks.Badsig = "1.2.3 (abcdef)"
	r := &checks.Report{Version: 1, Verdict: checks.Unproven, Facts: &facts.Facts{
		At:      time.Date(2026, 11, 26, 12, 1, 5, 0, time.UTC),
		Process: &facts.Listeners{Known: true, Listeners: []facts.Listener{{PID: 7, Name: "node", Node: "22.1.0"}}},
		Project: &facts.Project{SDKs: []facts.SDK{{Name: "stream-chat", Version: "9.1.0", Exact: true}, {Name: "stream-chat-react", Version: "^13.0.0"}}},
	}}
	var b bytes.Buffer
	if err := r.WriteMarkdown(&b); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"| badsig | `1.2.3 (abcdef)` |", "| system | `" + runtime.GOOS + "/" + runtime.GOARCH + "` |", "| date | `2026-11-26 12:01:05 UTC` |",
		"| backend's runtime | `node 22.1.0` |", "| packages | `stream-chat 9.1.0, stream-chat-react ^13.0.0 (requested)` |"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %s in\n%s", want, b.String())
		}
	}
}
