package checks_test

import (
	"strings"
	"testing"

	"badsig/checks"
	"badsig/checks/causes"
	"badsig/checks/finding"
)

// runner reads a workflow command as GitHub's runner does (ActionCommand.cs).
func runner(line string) (command string, props map[string]string, text string, ok bool) {
	rest, ok := strings.CutPrefix(strings.TrimLeft(line, " \t"), "::")
	if !ok {
		return "", nil, "", false
	}
	head, text, ok := strings.Cut(rest, "::")
	command, list, _ := strings.Cut(head, " ")
	props = map[string]string{}
	for p := range strings.SplitSeq(list, ",") {
		if name, value, ok := strings.Cut(strings.TrimSpace(p), "="); ok {
			props[name] = strings.NewReplacer("%0D", "\r", "%0A", "\n", "%3A", ":", "%2C", ",", "%25", "%").Replace(value)
		}
	}
	return command, props, strings.NewReplacer("%0D", "\r", "%0A", "\n", "%25", "%").Replace(text), ok
}

// An annotation has its file, line and title, and nothing in a finding can end
// its property or its line, or begin another command.
func TestGitHubAnnotations(t *testing.T) {
	c := finding.New(causes.SecretWhitespace, finding.Proven, "100 % sure, because: it ends in\r\n::error::a space", finding.LocAt("a,b:c/.env", 2), nil,
		finding.Step{Text: "Remove the space", Command: "cd a && npm run dev"})
	c.Title = "The API secret, of app: 7, ends in a space"
	w := finding.New(causes.TokenCacheable, finding.Proven, "", nil, nil)
	r := &checks.Report{Verdict: checks.Rejected, Causes: []finding.Cause{c, w}}
	var b strings.Builder
	if err := r.WriteGitHub(&b, func(f string) string { return "sub/" + f }); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(b.String(), "\n"), "\n")
	if len(lines) != 2 {
		t.Fatalf("two causes are two commands:\n%s", b.String())
	}
	kind, props, text, ok := runner(lines[0])
	if !ok || kind != "error" || len(props) != 3 || props["file"] != "sub/a,b:c/.env" || props["line"] != "2" || props["title"] != c.Title ||
		!strings.HasPrefix(text, c.Summary+"\n1. Remove the space\n$ cd a && npm run dev\n") {
		t.Errorf("the runner reads %q %q %q", kind, props, text)
	}
	if kind, props, _, ok := runner(lines[1]); !ok || kind != "warning" || props["file"] != "" || props["title"] != w.Title {
		t.Errorf("the runner reads %q %q", kind, props)
	}
}

// What wasn't found out is a notice, and so is that all is well: the log is never empty.
func TestGitHubNotices(t *testing.T) {
	for _, c := range []struct {
		report checks.Report
		want   string
	}{
		{checks.Report{Verdict: checks.Accepted}, "✓ accepted"},
		{checks.Report{Verdict: checks.Unproven, Checks: []finding.Result{{ID: "pair-matches", Title: "key and secret match", Status: finding.Unknown, Summary: "Stream wasn't contacted"}}}, "? unproven"},
	} {
		var b strings.Builder
		if err := c.report.WriteGitHub(&b, func(f string) string { return f }); err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(b.String()) {
			if kind, _, _, ok := runner(line); !ok || kind != "notice" {
				t.Errorf("%q isn't a notice", line)
			}
		}
		if _, _, text, _ := runner(strings.Split(b.String(), "\n")[0]); !strings.HasPrefix(text, c.want) {
			t.Errorf("the first says %q", text)
		}
	}
}
