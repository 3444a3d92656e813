package cli

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"badsig/checks"
	"badsig/checks/facts"
	"badsig/checks/fix"
	"badsig/checks/outfile"
	"badsig/checks/probe/vault"
	"badsig/checks/sanitize"
)

// maxFacts bounds a file of facts; a large project's have some hundred KiB.
const maxFacts = 64 << 20

// checkOptions is what check has beside its target.
type checkOptions struct {
	json     bool
	format   string // text, json or github
	all      bool   // every check has its line
	quiet    bool   // verdict, place and fix
	schema   bool   // the JSON Schema of the document, and no check
	facts    string // re-run the checks on these
	factsOut string // save what was found
	watch    bool   // check again whenever something changes
	static   bool   // request nothing of the backend
}

func newCheck(p *Program) *cobra.Command {
	var f targetFlags
	var o checkOptions
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Run all checks once and print the result",
		Long: `check runs all checks once and prints what's wrong, where, the evidence, and what
to fix first.

Exit status: 0 no error, and the key and secret are known to match; 1 at least
one error; 2 invalid usage; 3 no error found, but something badsig needs to know
couldn't be determined.`,
		Example: `  badsig check
  badsig check --url http://localhost:4000/token --user-id jane
  badsig check --json | jq '.causes[0]'
  badsig check --quiet
  badsig check --watch
  badsig check --facts-out seen.json && badsig check --facts seen.json`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := o.agree(); err != nil {
				return err
			}
			if o.schema {
				return p.printSchema()
			}
			return runCheck(cmd, p, &f, o)
		},
	}
	f.register(cmd)
	cmd.Flags().BoolVar(&o.json, "json", false, "print the result as one JSON document")
	cmd.Flags().StringVar(&o.format, "format", "", "print the result as `FORMAT`: text, json, or github for annotations in GitHub Actions")
	cmd.Flags().BoolVar(&o.all, "all", false, "on a terminal, list the checks that passed or were skipped, too")
	cmd.Flags().BoolVar(&o.quiet, "quiet", false, "print only the verdict, the place and the fix")
	cmd.Flags().BoolVar(&o.schema, "schema", false, "print the JSON Schema of the document that --json prints, and check nothing")
	_ = cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions([]string{"text", "json", "github"}, cobra.ShellCompDirectiveNoFileComp))
	cmd.Flags().BoolVar(&o.watch, "watch", false, "keep checking, and print what breaks, what is fixed, and restarts, line by line; with --json one document a line")
	staticFlag(cmd, &o.static)
	cmd.Flags().StringVar(&o.facts, "facts", "", "re-run the checks on facts saved to `FILE` by --facts-out; - for stdin")
	cmd.Flags().StringVar(&o.factsOut, "facts-out", "", "save what badsig found to `FILE`, without secrets or complete tokens")
	_ = cmd.MarkFlagFilename("facts", "json")
	_ = cmd.MarkFlagFilename("facts-out", "json")
	return cmd
}

func newReport(p *Program) *cobra.Command {
	var f targetFlags
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "report",
		Short: "Print a redacted Markdown report for an issue or support ticket",
		Long: `report runs all checks once and prints a Markdown report without anything secret:
secrets appear as their length and a short hash, tokens without their signature.
The exit status is the same as for badsig check.`,
		Example: `  badsig report > report.md
  badsig report --token - < token.txt`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			write := asMarkdown
			if asJSON {
				write = asDocument
			}
			t, err := f.target(cmd, p)
			if err != nil {
				return err
			}
			r, err := p.diagnose(cmd.Context(), t)
			if err != nil {
				return err
			}
			return finishReport(p, r, write)
		},
	}
	f.register(cmd)
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the same JSON document as badsig check --json")
	return cmd
}

func runCheck(cmd *cobra.Command, p *Program, f *targetFlags, o checkOptions) error {
	var r *checks.Report
	if o.facts != "" {
		facts, err := waited(cmd.Context(), func() (*facts.Facts, error) { return readFacts(o.facts, p.Stdin) })
		if err != nil {
			return err
		}
		r = checks.Judge(facts)
	} else {
		t, err := f.target(cmd, p)
		if err != nil {
			return err
		}
		t.Static = o.static
		if o.watch {
			return p.follow(cmd.Context(), t, o.json, nil)
		}
		if r, err = p.diagnose(cmd.Context(), t); err != nil {
			return err
		}
	}
	if o.factsOut != "" {
		if err := writeFacts(cmd.Context(), o.factsOut, r.Facts, p.known); err != nil {
			return err
		}
	}
	return finishReport(p, r, p.form(o))
}

func staticFlag(cmd *cobra.Command, static *bool) {
	cmd.Flags().BoolVar(static, "static", false, "check only the files, the key and secret, and a token you pass; send nothing to the backend")
}

// diagnose runs all checks and returns the report. If that takes long, it shows
// its progress on a terminal.
//
//go:noinline
func (p *Program) diagnose(ctx context.Context, t facts.Target) (*checks.Report, error) {
	r, _, err := p.seen(ctx, t)
	return r, err
}

// seen is diagnose that gives what may not be in a report, too. The causes that
// an edit cures have it.
func (p *Program) seen(ctx context.Context, t facts.Target) (*checks.Report, *vault.World, error) {
	line := newProgress(p.Stderr)
	defer line.clear()
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	events := checks.Run(ctx, t, checks.Options{Run: 1})
	all, done := 0, 0
	for {
		select {
		case ev, open := <-events:
			if !open {
				return nil, nil, cmp.Or(context.Cause(ctx), errInternal)
			}
			switch ev.Kind {
			case checks.Planned:
				all = len(ev.Plan)
			case checks.Finished:
				done++
			case checks.Done:
				p.known.run(ev.World)
				fix.Offer(ctx, ev.Report, ev.World)
				return ev.Report, ev.World, nil
			}
		case <-tick.C:
			line.show(fmt.Sprintf("checking: %d of %d", done, all))
		}
	}
}

// finishReport prints a report and ends with its exit status.
func finishReport(p *Program, r *checks.Report, write form) error {
	if err := p.printReport(r, write); err != nil {
		return err
	}
	return status(r.Exit())
}

// printReport prints a report in one piece.
func (p *Program) printReport(r *checks.Report, as form) error {
	if as.lines != nil {
		return p.printLines(as.lines(r))
	}
	var b strings.Builder
	if err := as.write(r, &b); err != nil {
		return err
	}
	if as.json {
		return p.Stdout.Print(sanitize.JSON([]byte(b.String()), p.known))
	}
	return p.print(b.String())
}

func readFacts(name string, stdin io.Reader) (*facts.Facts, error) {
	const next = "badsig check --facts-out FILE"
	r := stdin
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return nil, wrong(next, "--facts: %s", plain(err))
		}
		defer f.Close()
		r = f
	}
	limited := &io.LimitedReader{R: r, N: maxFacts + 1}
	d := json.NewDecoder(limited)
	d.UseNumber()
	var facts *facts.Facts
	switch err := d.Decode(&facts); {
	case limited.N <= 0:
		return nil, wrong(next, "--facts: %s is larger than %d MiB", short(name), maxFacts>>20)
	case errors.Is(err, io.EOF):
		return nil, wrong(next, "--facts: %s is empty", short(name))
	case err != nil:
		return nil, wrong(next, "--facts: %s wasn't saved by badsig --facts-out: %s", short(name), err)
	case facts == nil || facts.At.IsZero():
		return nil, wrong(next, "--facts: %s is JSON, but wasn't saved by badsig --facts-out", short(name))
	}
	return facts, nil
}

func writeFacts(ctx context.Context, name string, f *facts.Facts, known sanitize.Known) error {
	b, err := json.MarshalIndent(f, "", "  ")
	if err != nil {
		return err
	}
	_, err = waited(ctx, func() (none struct{}, err error) { // a pipe is written to once it is read
		return none, outfile.Replace(name, sanitize.JSON(append(b, '\n'), known), outfile.Begins("{\n  \"at\":"))
	})
	if err != nil {
		return wrong("badsig check --facts-out FILE", "--facts-out %s: %s", short(name), plain(err))
	}
	return nil
}
