package scenarios

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"

	"badsig/checks/e2e/records"
)

// The judgement of recorded facts is the live one's: where they differ, a rule
// reads something that isn't in the facts.

// recordFile is where the records are kept.
const recordFile = "testdata/facts.jsonl.gz"

// replayed compares what a live run said with the judgement of the facts that it
// wrote down, and gives what belongs into the record.
func (l *Live) replayed(m Mode, a Answer) (records.Record, string) {
	raw, err := os.ReadFile(l.factsFile())
	if err != nil {
		return records.Record{}, "no facts were written: " + err.Error()
	}
	again, err := records.JudgeAgain(raw)
	if err != nil {
		return records.Record{}, "the facts can't be read: " + err.Error()
	}
	live := records.Said{Verdict: a.Report.Verdict, Exit: a.Exit}
	for _, c := range a.Report.Causes {
		at := ""
		if c.Location != nil {
			at = " " + c.Location.File
			if c.Location.Line > 0 {
				at += fmt.Sprintf(":%d", c.Location.Line)
			}
		}
		live.Causes = append(live.Causes, fmt.Sprintf("%s %s %s%s", c.ID, c.Severity, c.Certainty, at))
	}
	for _, c := range a.Report.Checks {
		live.Checks = append(live.Checks, c.ID+" "+c.Status)
	}
	rec := records.Record{Scenario: l.Scenario.Name, Mode: string(m), Ports: map[string]string{}, Edited: l.edited(), Said: live, Facts: raw}
	for _, p := range []string{"PORT", "PORT2", "PORT3"} {
		rec.Ports[p] = l.Vars[p]
	}
	if d := live.Differs(records.Saying(again)); d != "" {
		return rec, "judged again from its own facts it says something else: " + d
	}
	return rec, ""
}

// edited reports whether the project's files are other than the layout and its edits make them.
func (l *Live) edited() bool {
	lay := l.Scenario.Layout.clone()
	for _, edit := range l.Scenario.Edits {
		if edit(lay, lay.Files) != nil {
			return true
		}
	}
	return !reflect.DeepEqual(lay.Files, l.files)
}

// factsFile is where a run writes what it saw.
func (l *Live) factsFile() string { return filepath.Join(l.Root, "facts.json") }
