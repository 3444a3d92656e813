package scenarios

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"sort"
	"strings"
	"sync"
	"time"

	"badsig/checks"
	"badsig/checks/facts"
)

// Rules of this file:
//   - a record is what one live run saw, and what it said to it; it holds no secret, since facts hold none
//   - the judgement of recorded facts is the live one's: where they differ, a rule reads something that isn't in the facts
//   - records are written in order, so that a new recording differs only where something differs

// recordFile is where the records are kept, one JSON document a line.
const recordFile = "testdata/facts.jsonl.gz"

// Record is one live run, to be judged again without a process or a port.
type Record struct {
	Scenario string            `json:"scenario"`
	Mode     Mode              `json:"mode"`
	Ports    map[string]string `json:"ports"`            // {{PORT}} …
	Edited   bool              `json:"edited,omitempty"` // the files changed after the start: the folder isn't what the layout makes
	Said     Said              `json:"said"`
	Facts    json.RawMessage   `json:"facts"`
}

// Said is the part of a report that a person acts on.
type Said struct {
	Verdict string   `json:"verdict"`
	Exit    int      `json:"exit"`
	Causes  []string `json:"causes,omitempty"` // id, severity, certainty, where
	Checks  []string `json:"checks"`           // id and status
}

// sayingOf is what a report says.
func sayingOf(r *checks.Report) Said {
	s := Said{Verdict: r.Verdict, Exit: r.Exit()}
	for _, c := range r.Causes {
		at := ""
		if c.Location != nil {
			at = " " + c.Location.String()
		}
		s.Causes = append(s.Causes, fmt.Sprintf("%s %s %s%s", c.ID, c.Severity, c.Certainty, at))
	}
	for _, c := range r.Checks {
		s.Checks = append(s.Checks, string(c.ID)+" "+string(c.Status))
	}
	return s
}

// differs says in what two sayings differ, "" for nothing.
func (s Said) differs(other Said) string {
	if reflect.DeepEqual(s, other) {
		return ""
	}
	var out []string
	if s.Verdict != other.Verdict || s.Exit != other.Exit {
		out = append(out, fmt.Sprintf("verdict %s (%d), then %s (%d)", s.Verdict, s.Exit, other.Verdict, other.Exit))
	}
	if a, b := strings.Join(s.Causes, ", "), strings.Join(other.Causes, ", "); a != b {
		out = append(out, fmt.Sprintf("causes [%s], then [%s]", a, b))
	}
	for i := range s.Checks {
		if i < len(other.Checks) && s.Checks[i] != other.Checks[i] {
			out = append(out, fmt.Sprintf("check %s, then %s", s.Checks[i], other.Checks[i]))
		}
	}
	return strings.Join(out, "; ")
}

// Seen are the record's facts.
func (r Record) Seen() (f *facts.Facts, err error) {
	d := json.NewDecoder(strings.NewReader(string(r.Facts)))
	d.UseNumber()
	err = d.Decode(&f)
	return f, err
}

// judgeAgain judges facts as check --facts does.
func judgeAgain(raw []byte) (*checks.Report, error) {
	f, err := Record{Facts: raw}.Seen()
	if err != nil {
		return nil, err
	}
	return checks.Judge(f), nil
}

// replayed compares what a live run said with the judgement of the facts that it
// wrote down, and gives what belongs into the record.
func (l *Live) replayed(m Mode, a Answer) (Record, string) {
	raw, err := os.ReadFile(l.factsFile())
	if err != nil {
		return Record{}, "no facts were written: " + err.Error()
	}
	again, err := judgeAgain(raw)
	if err != nil {
		return Record{}, "the facts can't be read: " + err.Error()
	}
	live := Said{Verdict: a.Report.Verdict, Exit: a.Exit}
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
	rec := Record{Scenario: l.Scenario.Name, Mode: m, Ports: map[string]string{}, Edited: l.edited(), Said: live, Facts: raw}
	for _, p := range []string{"PORT", "PORT2", "PORT3"} {
		rec.Ports[p] = l.Vars[p]
	}
	if d := live.differs(sayingOf(again)); d != "" {
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

// recording collects the records of a whole run.
type recording struct {
	mu  sync.Mutex
	all []Record
}

func (r *recording) add(rec Record) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.all = append(r.all, rec)
}

// write replaces the record file.
func (r *recording) write() error {
	sort.Slice(r.all, func(i, j int) bool {
		a, b := r.all[i], r.all[j]
		return a.Scenario < b.Scenario || a.Scenario == b.Scenario && a.Mode < b.Mode
	})
	if err := os.MkdirAll(filepath.Dir(recordFile), 0o755); err != nil {
		return err
	}
	f, err := os.Create(recordFile)
	if err != nil {
		return err
	}
	defer f.Close()
	z, err := gzip.NewWriterLevel(f, gzip.BestCompression)
	if err != nil {
		return err
	}
	z.ModTime = time.Time{}
	e := json.NewEncoder(z)
	e.SetEscapeHTML(false)
	for _, rec := range r.all {
		var small strings.Builder // facts are written indented
		if err := compact(&small, rec.Facts); err != nil {
			return err
		}
		rec.Facts = json.RawMessage(small.String())
		if err := e.Encode(rec); err != nil {
			return err
		}
	}
	if err := z.Close(); err != nil {
		return err
	}
	return f.Close()
}

func compact(w *strings.Builder, raw []byte) error {
	var v any
	d := json.NewDecoder(strings.NewReader(string(raw)))
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		return err
	}
	b, err := json.Marshal(v)
	w.Write(b)
	return err
}

// Records reads the records of the last live run.
func Records() ([]Record, error) {
	f, err := os.Open(recordFile)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return nil, err
	}
	var all []Record
	for s := bufio.NewReader(z); ; {
		line, err := s.ReadBytes('\n')
		if len(line) > 0 {
			var rec Record
			if err := json.Unmarshal(line, &rec); err != nil {
				return nil, err
			}
			all = append(all, rec)
		}
		if err != nil {
			return all, nil
		}
	}
}

// factsFile is where a run writes what it saw.
func (l *Live) factsFile() string { return filepath.Join(l.Root, "facts.json") }
