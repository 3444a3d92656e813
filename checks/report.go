package checks

import (
	"badsig/checks/affix"
	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/rules"
	"badsig/checks/rules/parts"
	"badsig/checks/rules/signature"
	"badsig/checks/sanitize"
)

// Report is the document that badsig check --json prints.
type Report struct {
	Version int                 `json:"version"`           // of this format
	Verdict string              `json:"verdict"`           // exit status 0, 1 and 3
	Target  ReportTarget        `json:"target"`            // what was checked
	Stream  *ReportStream       `json:"stream,omitempty"`  // absent if there is no token, or if nothing is known about Stream's response
	Causes  []finding.Cause     `json:"causes"`            // in the order in which to fix them: the first is the root cause
	Checks  []finding.Result    `json:"checks"`            // all checks, in a fixed order
	Token   *parts.ReportToken  `json:"token,omitempty"`   // the token that decides, without its signature; absent if there is none
	Tokens  []parts.ReportToken `json:"tokens,omitempty"`  // all tokens of the response, if it has several
	Entries []ReportEntry       `json:"entries,omitempty"` // where the project's code makes user tokens
	Notes   []string            `json:"notes,omitempty"`   // files of the project that weren't read, and why

	Facts *facts.Facts `json:"-"`
}

// The verdicts. Each is one exit status: 0, 1 and 3.
const (
	Accepted = "accepted" // nothing is wrong, and the pair is proven
	Rejected = "rejected" // at least one error keeps the token from working
	Unproven = "unproven" // nothing wrong was found, but something needed could not be determined
)

// ReportTarget is what was checked.
type ReportTarget struct {
	URL       string `json:"url"`       // the token endpoint
	Dir       string `json:"dir"`       // the project's folder; locations are relative to it
	UserID    string `json:"userId"`    // the user that a token was requested for
	UserName  string `json:"userName"`  // the name that was sent with it
	StreamURL string `json:"streamUrl"` // empty with --offline
}

// ReportStream is Stream's response to the token.
type ReportStream struct {
	Status  int    `json:"status"`  // HTTP status
	Code    int    `json:"code"`    // of the error; 0 if Stream accepts the token
	Message string `json:"message"` // of the error
	Source  string `json:"source"`  // whether Stream was contacted, or badsig predicts its response
}

// ReportEntry is a way by which a signing call is reached.
type ReportEntry struct {
	Kind   string            `json:"kind"`             // how it is reached
	Method string            `json:"method,omitempty"` // HTTP method, if it has a URL
	Path   string            `json:"path,omitempty"`   // of its URL, if it has one
	File   string            `json:"file"`             // where it is defined
	Line   int               `json:"line,omitempty"`   // absent if only the file is known
	Signs  *finding.Location `json:"signs,omitempty"`  // the signing call, if it was found
	Asked  bool              `json:"asked,omitempty"`  // badsig requested it
}

// entries are the ways to the signing calls, the one that was requested marked.
func entries(f *facts.Facts) []ReportEntry {
	if f.Project == nil {
		return nil
	}
	var out []ReportEntry
	asked := f.Entry()
	for i := range f.Project.Entries {
		e := &f.Project.Entries[i]
		x := ReportEntry{Kind: sanitize.Visible(e.Kind), Method: sanitize.Visible(e.Method), Path: sanitize.Visible(e.Path), File: sanitize.Visible(e.File), Line: e.Line}
		if e.Site >= 0 && e.Site < len(f.Project.Sites) {
			s := f.Project.Sites[e.Site]
			x.Signs = finding.LocAt(sanitize.Visible(s.File), s.Line)
		}
		x.Asked = e == asked && f.HasEndpoint() && f.Backend != nil && len(f.Backend.Posts) > 0
		out = append(out, x)
	}
	return out
}

// Exit is the exit status of the contract: 0 accepted, 1 an error, 3 unproven.
func (r *Report) Exit() int {
	switch r.Verdict {
	case Accepted:
		return 0
	case Rejected:
		return 1
	}
	return 3
}

// noProject reports whether the folder holds nothing that uses Stream.
func (r *Report) noProject() bool { return r.Facts != nil && r.Facts.NoProject() }

// Root is the cause to fix first; nil if nothing was found.
//
//go:noinline
func (r *Report) Root() *finding.Cause {
	if len(r.Causes) == 0 {
		return nil
	}
	return &r.Causes[0]
}

// Names reports whether a cause was found.
func (r *Report) Names(id causes.ID) bool {
	return r != nil && affix.Any(r.Causes, func(c finding.Cause) bool { return c.ID == id })
}

// FailedFor is the first check that failed for a cause, "" for none.
func (r *Report) FailedFor(c *finding.Cause) finding.ID {
	if r == nil || c == nil {
		return ""
	}
	for _, res := range r.Checks {
		named := res.Cause == c.ID || affix.Any(res.Causes, func(o finding.Cause) bool { return o.ID == c.ID })
		if named && (res.Status == finding.Fail || res.Status == finding.Warn) {
			return res.ID
		}
	}
	return ""
}

// Passed reports whether a check passed.
func (r *Report) Passed(id finding.ID) bool {
	return affix.Any(r.Checks, func(res finding.Result) bool { return res.ID == id && res.Status == finding.Pass })
}

// report joins facts and results into the document.
func report(f *facts.Facts, results []finding.Result) *Report {
	results = rules.BesideGivenToken(f, results)
	results = signature.Consequences(f, results)
	r := &Report{
		Version: 1,
		Target: ReportTarget{
			URL: f.Target.URL, Dir: f.Target.Dir, UserID: f.Target.UserID,
			UserName: f.Target.UserName, StreamURL: f.Target.StreamURL,
		},
		Causes:  diagnose(results),
		Checks:  results,
		Entries: entries(f),
		Facts:   f,
	}
	finding.Visible(&r.Target.URL, &r.Target.Dir, &r.Target.UserID, &r.Target.UserName, &r.Target.StreamURL)
	if f.Project != nil {
		for _, n := range f.Project.Notes {
			r.Notes = append(r.Notes, sanitize.Visible(n))
		}
	}
	for i := range r.Checks {
		if r.Checks[i].Evidence == nil {
			r.Checks[i].Evidence = []finding.Evidence{}
		}
	}
	r.Verdict = verdict(f, r.Causes, results)
	if t := rules.DecisiveToken(f, r.Causes, results); t != nil {
		r.Token = rules.ShownToken(f, t)
		r.Tokens = rules.AllTokens(f)
		if r.Stream = streamAnswer(f, t); r.Stream != nil {
			finding.Visible(&r.Stream.Message)
		}
	}
	return r
}

// streamAnswer is what Stream said to the token in use, or would say.
func streamAnswer(f *facts.Facts, t *facts.Token) *ReportStream {
	if f.Stream != nil {
		a := f.Stream.User
		if t.Source == "given" {
			a = f.Stream.Given
		}
		if a != nil && a.Status != 0 {
			return &ReportStream{a.Status, a.Code, a.Message, "asked"}
		}
	}
	if t.Prediction != nil {
		return &ReportStream{t.Prediction.Status, t.Prediction.Code, t.Prediction.Message, "predicted"}
	}
	return nil
}
