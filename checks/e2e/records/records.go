// Package records keeps what live runs saw, so that every run can be judged again
// without a process or a port.
//
// Rules of this package:
//   - a record is what one live run saw, and what it said to it; it holds no secret, since facts hold none
//   - records are written in order, so that a new recording differs only where something differs
package records

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

// Record is one live run, to be judged again without a process or a port.
type Record struct {
	Scenario string            `json:"scenario"`
	Mode     string            `json:"mode"`
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

// Saying is what a report says.
func Saying(r *checks.Report) Said {
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

// Differs says in what two sayings differ, "" for nothing.
func (s Said) Differs(other Said) string {
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

// JudgeAgain judges facts as check --facts does.
func JudgeAgain(raw []byte) (*checks.Report, error) {
	f, err := Record{Facts: raw}.Seen()
	if err != nil {
		return nil, err
	}
	return checks.Judge(f), nil
}

// Recording collects the records of a whole run.
type Recording struct {
	mu  sync.Mutex
	all []Record
}

// Add adds one record; several goroutines may call it.
func (r *Recording) Add(rec Record) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.all = append(r.all, rec)
}

// Write replaces the records in a file.
func (r *Recording) Write(name string) error {
	sort.Slice(r.all, func(i, j int) bool {
		a, b := r.all[i], r.all[j]
		return a.Scenario < b.Scenario || a.Scenario == b.Scenario && a.Mode < b.Mode
	})
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	f, err := os.Create(name)
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

// Read reads the records of a live run, one JSON document a line.
func Read(name string) ([]Record, error) {
	f, err := os.Open(name)
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
