// Package fix turns a cause into edits that fix it, tries them in memory, shows
// them without any secret, makes them and undoes them.
//
// A face does this with the report of a run and its world (checks.Done has both):
//
//	fix.Offer(ctx, report, world)                    // puts edits into the causes' steps; nothing is written
//	f, err := fix.Open(report, world, report.Root()) // fix.ErrNone: this cause has no edit
//	f.Diff(), f.Tried(), f.Notes()                   // what to show before the question
//	undo, err := f.Apply()                           // writes; fix.ErrChanged: a file has changed since it was read
//	f.Restart()                                      // what must be restarted before checking again
//	err = undo.Undo()                                // puts the bytes of before back, unless they were changed again
//
// Offer reads the project once for the state that it is in and once for each
// proposal, some 10 to 60 ms each: not on the goroutine that draws.
package fix

import (
	"context"
	"errors"
	"slices"

	"badsig/checks"
	"badsig/checks/affix"
	"badsig/checks/causes"
	"badsig/checks/finding"
	"badsig/checks/fix/cures"
	"badsig/checks/fix/edits"
	"badsig/checks/outfile"
	"badsig/checks/probe/files"
	"badsig/checks/probe/vault"
	"badsig/checks/shell"
	"badsig/tokens"
)

// Rules of this package:
//   - no edit is offered that wasn't tried: the cause is gone after it, and no other came
//   - the bytes that are written are those that were tried
//   - no secret is written into a file that git tracks
//   - nothing is kept on disk of what was there before

// What Open and Apply may say.
var (
	ErrNone    = errors.New("no edit is known that cures it")
	ErrChanged = outfile.ErrChanged
	ErrTracked = errors.New("git tracks it, so no secret is written into it")
)

// maxCauses bounds for how many causes of a report edits are tried.
const maxCauses = 6

// Offer puts the edits that were tried into the causes of a report.
func Offer(ctx context.Context, r *checks.Report, w *vault.World) {
	if w == nil || len(r.Causes) == 0 {
		return
	}
	b := &bench{report: r, world: w, view: cures.NewView(r.Facts, w)}
	for i := range r.Causes[:min(len(r.Causes), maxCauses)] {
		if ctx.Err() != nil {
			return
		}
		b.held = ""
		if p, said, ok := b.cure(ctx, &r.Causes[i]); !ok && b.held != "" {
			r.Causes[i].Fix = append(slices.Clone(r.Causes[i].Fix), finding.Step{Command: "git rm --cached -- " + shell.ShellWord(b.held),
				Text: "Git tracks " + b.held + ", so badsig writes no secret into it: stop tracking it, add it to .gitignore, and run badsig fix again"})
		} else if ok {
			attach(&r.Causes[i], p, said, w)
			for _, c := range b.base.report.Causes {
				if c.ID == r.Causes[i].ID && c.Certainty == finding.Proven {
					r.Causes[i].Fix[0].Sure = true
				}
			}
		}
	}
}

// attach makes the edits part of the cause's first step.
func attach(c *finding.Cause, p cures.Proposal, said string, w *vault.World) {
	c.Fix = slices.Clone(c.Fix)
	if len(c.Fix) == 0 {
		c.Fix = []finding.Step{{}}
	}
	first := &c.Fix[0]
	if p.Text != "" {
		first.Text, first.Command = w.Scrub(p.Text), ""
	}
	first.Edits, first.Tried = slices.Clone(p.Edits), said
	for i := range first.Edits {
		first.Edits[i].Tried = true
	}
}

// Fix is the edits of one cause, ready to be made.
type Fix struct {
	Cause   causes.ID
	Certain bool // the cause is proven

	step    finding.Step
	changes []edits.Change
	tracked []string
	root    string
	world   *vault.World
	report  *checks.Report
}

// Open prepares the edits that Offer put into a cause.
func Open(r *checks.Report, w *vault.World, c *finding.Cause) (*Fix, error) {
	if c == nil || len(c.Edits()) == 0 {
		return nil, ErrNone
	}
	view := cures.NewView(r.Facts, w)
	changes, err := edits.Apply(c.Edits(), view.Read, dashboard(w, r))
	if err != nil {
		return nil, err
	}
	f := &Fix{Cause: c.ID, Certain: c.Certainty == finding.Proven, changes: changes, root: w.Target.Dir, world: w, report: r}
	f.step = c.Fix[slices.IndexFunc(c.Fix, func(s finding.Step) bool { return len(s.Edits) > 0 })]
	f.Certain = f.Certain || f.step.Sure
	tracked := files.ReadGit(f.root)
	for _, ch := range changes {
		if tracked != nil && tracked(ch.File) {
			if ch.Secret {
				return nil, &fileError{ch.File, ErrTracked}
			}
			f.tracked = append(f.tracked, ch.File)
		}
	}
	return f, nil
}

// fileError is an error about one file.
type fileError struct {
	file string
	err  error
}

func (e *fileError) Error() string { return e.file + ": " + e.err.Error() }
func (e *fileError) Unwrap() error { return e.err }

// dashboard is the secret that the dashboard shows, where it was passed.
func dashboard(w *vault.World, r *checks.Report) tokens.Secret {
	if !r.Facts.Target.HasSecret {
		return tokens.Secret{}
	}
	return w.Secret(r.Facts.Target.DashboardSecret)
}

// Files are the files that change, in the order of the edits.
func (f *Fix) Files() []string {
	var out []string
	for _, c := range f.changes {
		out = append(out, c.File)
	}
	return out
}

// Text is what the edits do, in words.
func (f *Fix) Text() string { return f.step.Text }

// Tried is what the trial has shown, one sentence.
func (f *Fix) Tried() string { return f.step.Tried }

// Diff shows all changes as a unified diff, with the secrets masked.
func (f *Fix) Diff() string {
	public := map[string]bool{}
	for i := range f.report.Facts.Values {
		if v := &f.report.Facts.Values[i]; v.Key != "" && !v.Placeholder {
			public[v.Key] = true
		}
	}
	rights := cures.NewView(f.report.Facts, f.world).Rights()
	show := edits.Show{Hide: f.world.Scrub, Holds: f.world.HoldsSecret, Public: func(s string) bool { return public[s] },
		Whole: func(l string) string {
			for _, k := range rights {
				l = affix.ReplaceAll(k.Redact(l), k.String(), "‹"+k.String()+"›")
			}
			return l
		}}
	out := ""
	for i := range f.changes {
		out += f.changes[i].Diff(show)
	}
	return out
}

// Notes are what a person should know before the edits are made.
func (f *Fix) Notes() []string {
	var out []string
	for _, file := range f.tracked {
		out = append(out, "git tracks "+file+": the change is part of your next commit")
	}
	for _, c := range f.changes {
		if c.New {
			out = append(out, c.File+" is new")
		}
	}
	return out
}

// Apply writes all files, or none: where one can't be written, those before it
// are put back.
func (f *Fix) Apply() (*Undo, error) {
	u := &Undo{root: f.root}
	for _, c := range f.changes {
		var err error
		if c.New {
			err = outfile.Create(f.root, c.File, c.After, c.Secret)
		} else {
			err = outfile.Rewrite(f.root, c.File, c.Before, c.After)
		}
		if err != nil {
			_ = u.Undo()
			return nil, &fileError{c.File, err}
		}
		u.done = append(u.done, c)
	}
	return u, nil
}

// Undo puts back what a fix has changed.
type Undo struct {
	root string
	done []edits.Change
}

// Undo puts the bytes of before back; a file that was changed meanwhile stays as
// it is, and is named by the error.
func (u *Undo) Undo() error {
	var first error
	for _, c := range slices.Backward(u.done) {
		var err error
		if c.New {
			err = outfile.Withdraw(u.root, c.File, c.After)
		} else {
			err = outfile.Rewrite(u.root, c.File, c.After, c.Before)
		}
		if err != nil && first == nil {
			first = &fileError{c.File, err}
		}
	}
	u.done = nil
	return first
}
