package scenarios

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"badsig/checks/e2e/child"
	"badsig/checks/fakestream"
)

// Answer is what one run of badsig said.
type Answer struct {
	Args   []string
	Exit   int
	Stdout string
	Stderr string
	Took   time.Duration
	Report Report
	JSON   error // stdout isn't such a document
}

// Report is the contract's JSON document, read on its own account.
type Report struct {
	Version int
	Verdict string
	Stream  *struct {
		Status, Code    int
		Message, Source string
	}
	Causes []Cause
	Checks []struct{ ID, Title, Status, Summary, Cause, BlockedBy string }
	Token  *struct{ Source, SignedBy string }
}

// Cause is one of its causes.
type Cause struct {
	ID, Severity, Certainty, Title string
	Location                       *struct {
		File string
		Line int
	}
	Evidence []struct{ Label, Got, Want, Source string }
	Fix      []struct{ Text, Command string }
}

// ids gives the causes of one severity ("" for all), in their order.
func (r Report) ids(severity string) []string {
	out := []string{}
	for _, c := range r.Causes {
		if severity == "" || c.Severity == severity {
			out = append(out, c.ID)
		}
	}
	return out
}

// flags are those of check, report and the console in one mode.
func (l *Live) flags(m Mode, streamURL string) []string {
	args := []string{"--dir", l.Dir}
	if l.Scenario.URL != "-" {
		args = append(args, "--url", l.url())
	}
	switch m {
	case Online, PairOnline:
		args = append(args, "--stream-url", streamURL)
	case PairOffline, Bare:
		args = append(args, "--offline")
	}
	if m == PairOffline || m == PairOnline {
		args = append(args, "--api-key", l.Vars["K1"], "--secret-file", l.dashboardSecret())
	}
	if l.given != "" {
		if l.Scenario.Stdin {
			args = append(args, "--token", "-")
		} else {
			args = append(args, "--token", l.given)
		}
	}
	for _, a := range l.Scenario.Args {
		args = append(args, l.Vars.fill(a))
	}
	return args
}

// badsig runs the built program once.
func (l *Live) badsig(bin string, m Mode, streamURL string) (Answer, error) {
	args := append([]string{"check", "--json", "--facts-out", l.factsFile()}, l.flags(m, streamURL)...)
	ctx, cancel := context.WithTimeout(context.Background(), 60*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, bin, args...)
	cmd.Dir = l.Root
	cmd.Env = child.BareEnv(l.Root)
	for _, e := range l.Scenario.Env {
		cmd.Env = append(cmd.Env, l.Vars.fill(e))
	}
	if l.Scenario.Stdin {
		cmd.Stdin = strings.NewReader(l.given + "\n")
	}
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	start := time.Now()
	err := cmd.Run()
	a := Answer{Args: args, Took: time.Since(start), Stdout: out.String(), Stderr: errs.String()}
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		a.Exit = exit.ExitCode()
	} else if err != nil {
		return a, err
	}
	d := json.NewDecoder(&out)
	if a.JSON = d.Decode(&a.Report); a.JSON == nil && d.More() {
		a.JSON = errors.New("more than one document")
	}
	return a, nil
}

// broken lists the promises that hold for every response and that this one breaks.
func (l *Live) broken(a Answer) (out []string) {
	bad := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	if a.JSON != nil {
		bad("stdout is not one JSON document: %v", a.JSON)
		return out
	}
	for _, found := range l.secrets().Search(a.Stdout+"\n"+a.Stderr, l.issued...) {
		bad("output holds %s", found)
	}
	if strings.ContainsAny(a.Stdout+a.Stderr, "\x1b\x07") {
		bad("output holds an escape byte")
	}
	if a.Report.Version != 1 {
		bad("version %d", a.Report.Version)
	}
	if !slices.Contains([]string{"accepted", "rejected", "unproven"}, a.Report.Verdict) {
		bad("verdict %q", a.Report.Verdict)
	}
	failed := len(a.Report.ids("error")) > 0
	if !slices.Contains([]int{0, 1, 3}, a.Exit) || failed != (a.Exit == 1) {
		bad("exit %d with errors %v", a.Exit, a.Report.ids("error"))
	}
	if a.Exit == 0 && a.Report.Verdict != "accepted" {
		bad("exit 0 with verdict %s", a.Report.Verdict)
	}
	seen := map[string]bool{}
	for _, c := range a.Report.Causes {
		if seen[c.ID] {
			bad("cause %s twice", c.ID)
		}
		seen[c.ID] = true
		if want := map[bool]string{true: "warning", false: "error"}[Warnings[c.ID]]; c.Severity != want && c.ID != "stream-unreachable" && !(c.Severity == "warning" && c.Certainty == "likely") { // what is only likely may be no more than a warning
			bad("%s has severity %q", c.ID, c.Severity)
		}
		if c.Certainty != "proven" && c.Certainty != "likely" {
			bad("%s has certainty %q", c.ID, c.Certainty)
		}
		if c.Title == "" || len(c.Evidence) == 0 || len(c.Fix) == 0 {
			bad("%s lacks title, evidence or fix", c.ID)
		}
		if c.Location != nil && c.Location.File != "" {
			l.brokenLocation(c, bad)
		}
	}
	for _, c := range a.Report.Checks {
		if !slices.Contains([]string{"pass", "warn", "fail", "skip", "unknown"}, c.Status) || c.ID == "" || c.Title == "" {
			bad("check %q has status %q", c.ID, c.Status)
		}
		if c.Status == "skip" && c.BlockedBy == "" && c.Summary == "" { // there may be nothing to judge: no token was passed
			bad("check %s is skipped without a reason", c.ID)
		}
	}
	return out
}

func (l *Live) brokenLocation(c Cause, bad func(string, ...any)) {
	if filepath.IsAbs(c.Location.File) || strings.Contains(c.Location.File, `\`) {
		bad("%s: location %s is not relative with slashes", c.ID, c.Location.File)
		return
	}
	text, err := os.ReadFile(filepath.Join(l.Dir, filepath.FromSlash(c.Location.File)))
	if err != nil {
		bad("%s: location %s is not there", c.ID, c.Location.File)
		return
	}
	if n := bytes.Count(text, []byte("\n")) + 1; c.Location.Line > n {
		bad("%s: %s:%d of %d lines", c.ID, c.Location.File, c.Location.Line, n)
	}
}

// Outcome is the judgement of one response.
type Outcome struct {
	Scenario string
	Mode     Mode
	Fault    bool   // the scenario has one
	First    bool   // named first
	Named    bool   // named at all
	Alarm    bool   // an error cause that is not there
	Text     string // what is wrong, "" for nothing
	Said     string
	Took     time.Duration
}

// judge compares a response with what the scenario wants.
func (l *Live) judge(m Mode, a Answer, asked []fakestream.Request) Outcome {
	w := l.Scenario.want(m)
	all, errs := a.Report.ids(""), a.Report.ids("error")
	o := Outcome{Scenario: l.Scenario.Name, Mode: m, Fault: w.First != "", Took: a.Took, Said: strings.Join(all, " ")}
	var wrong []string
	right := append([]string{w.First}, w.Or...)
	if o.Fault {
		for i, id := range all {
			if slices.Contains(right, id) {
				o.Named, o.First = true, o.First || i == 0
			}
		}
		if !w.Order && len(w.Then) > 0 && len(all) > 0 && slices.Contains(w.Then, all[0]) {
			o.First = o.Named
		}
		if !o.First {
			wrong = append(wrong, "first is not "+w.First)
		}
	}
	at := slices.IndexFunc(all, func(id string) bool { return slices.Contains(right, id) })
	for _, id := range w.Then {
		i := slices.Index(all, id)
		if i < 0 {
			wrong = append(wrong, "does not name "+id)
		} else if w.Order && i < at {
			wrong = append(wrong, id+" stands too early")
		}
		at = max(at, i)
	}
	fair := slices.Concat(right, w.Then, w.May)
	for _, id := range errs {
		if !slices.Contains(fair, id) {
			o.Alarm = true
			wrong = append(wrong, "accuses "+id)
		}
	}
	if !slices.Contains(w.Exit, a.Exit) {
		wrong = append(wrong, fmt.Sprintf("exit %d, want %d", a.Exit, w.Exit))
	}
	if w.Verdict != "" && a.Report.Verdict != w.Verdict {
		wrong = append(wrong, fmt.Sprintf("verdict %s, want %s", a.Report.Verdict, w.Verdict))
	}
	if o.First {
		wrong = append(wrong, l.misplaced(w, a.Report.Causes[0])...)
	}
	wrong = append(wrong, l.broken(a)...)
	wrong = append(wrong, l.misasked(m, asked)...)
	o.Text = strings.Join(wrong, "; ")
	return o
}

// misplaced says where a location should be and is not.
func (l *Live) misplaced(w Want, c Cause) []string {
	if w.File == "" {
		return nil
	}
	file := l.Vars.fill(w.File)
	if c.Location == nil || c.Location.File != file {
		return []string{fmt.Sprintf("location is not in %s: %+v", file, c.Location)}
	}
	if w.Line == "" {
		return nil
	}
	text, _ := os.ReadFile(filepath.Join(l.Dir, filepath.FromSlash(file)))
	lines := strings.Split(string(text), "\n")
	if n := c.Location.Line; n < 1 || n > len(lines) || !strings.Contains(lines[n-1], l.Vars.fill(w.Line)) {
		return []string{fmt.Sprintf("%s:%d is not the line of %q", file, n, w.Line)}
	}
	return nil
}
