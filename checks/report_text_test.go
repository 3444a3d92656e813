package checks_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"badsig/checks"
	"badsig/checks/finding"
	"badsig/checks/rules/parts"
)

func TestTextIsForPeople(t *testing.T) {
	issued := time.Unix(1_790_000_000, 0)
	why := "not asked: nothing listens on port 3001"
	r := &checks.Report{Version: 1, Verdict: checks.Rejected, Token: &parts.ReportToken{Source: "given",
		Claims: map[string]any{"user_id": "jane", "iat": json.Number("1790000000"), "exp": "1790003600", "room": 1790000000}},
		Checks: []finding.Result{
			{ID: "server-listens", Title: "it listens", Status: finding.Fail, Summary: "nothing listens on port 3001"},
			{ID: "endpoint-answers", Title: "it answers", Status: finding.Skip, Summary: why},
			{ID: "endpoint-json", Title: "it answers JSON", Status: finding.Skip, Summary: why},
			{ID: "secret-read", Title: "the files hold it", Status: finding.Pass, Summary: "at server/.env:2"},
			{ID: "stream-accepts", Title: "Stream accepts it", Status: finding.Skip, Summary: why},
		}}
	var b strings.Builder
	if err := r.WriteText(&b); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		text  string
		times int
		what  string
	}{
		{"– skip    it answers\n            " + why + "\n  – skip    it answers JSON\n  ✓ pass", 1, "a reason that several checks in a row share stands once"},
		{"– skip    Stream accepts it\n            " + why, 1, "and again where others came between"},
		{"iat        1790000000, " + issued.Local().Format("2006-01-02 15:04:05") + "\n", 1, "a time is readable"},
		{"exp        1790003600\n", 1, "a text is no time"},
		{"room       1790000000\n", 1, "a number of the app's own is no time"},
	} {
		if strings.Count(b.String(), c.text) != c.times {
			t.Errorf("%s: not so in\n%s", c.what, b.String())
		}
	}
}
