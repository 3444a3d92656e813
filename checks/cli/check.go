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
	"badsig/checks/outfile"
	"badsig/checks/probe"
)

// maxFacts bounds a file of facts; a large project's have some hundred KiB.
const maxFacts = 64 << 20

// checkOptions is what check has beside its target.
type checkOptions struct {
	json     bool
	facts    string // judge these instead of looking
	factsOut string // write what was seen
}

func newCheck(p *Program) *cobra.Command {
	var f targetFlags
	var o checkOptions
	cmd := &cobra.Command{
		Use:   "check",
		Short: "run every check once and print the result",
		Long: `check runs every check once, and prints what is wrong, where it stands, how that
was proven, and what to change first.

Exit status: 0 nothing is wrong and the pair of key and secret is proven,
1 at least one error, 2 wrong use, 3 nothing wrong was found but something
needed could not be determined.`,
		Example: `  badsig check
  badsig check --url http://localhost:4000/token --user-id jane
  badsig check --json | jq '.causes[0]'
  badsig check --facts-out seen.json && badsig check --facts seen.json`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return runCheck(cmd, p, &f, o) },
	}
	f.register(cmd)
	cmd.Flags().BoolVar(&o.json, "json", false, "print one JSON document and nothing else")
	cmd.Flags().StringVar(&o.facts, "facts", "", "judge the facts of `FILE` again instead of looking; - reads stdin")
	cmd.Flags().StringVar(&o.factsOut, "facts-out", "", "write what was seen to `FILE`; no secret and no whole token is in it")
	_ = cmd.MarkFlagFilename("facts", "json")
	_ = cmd.MarkFlagFilename("facts-out", "json")
	return cmd
}

func newReport(p *Program) *cobra.Command {
	var f targetFlags
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "report",
		Short: "print a redacted Markdown report for an issue or a support ticket",
		Long: `report runs every check once and prints a Markdown report with nothing secret in
it: a secret shows as its length and a fingerprint, a token without its
signature. The exit status is that of badsig check.`,
		Example: `  badsig report > report.md
  badsig report --token - < token.txt`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			write := (*checks.Report).WriteMarkdown
			if asJSON {
				write = (*checks.Report).WriteJSON
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
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the JSON document of badsig check instead")
	return cmd
}

func runCheck(cmd *cobra.Command, p *Program, f *targetFlags, o checkOptions) error {
	var r *checks.Report
	if o.facts != "" {
		facts, err := readFacts(o.facts, p.Stdin)
		if err != nil {
			return err
		}
		r = checks.Judge(facts)
	} else {
		t, err := f.target(cmd, p)
		if err != nil {
			return err
		}
		if r, err = p.diagnose(cmd.Context(), t); err != nil {
			return err
		}
	}
	if o.factsOut != "" {
		if err := writeFacts(o.factsOut, r.Facts); err != nil {
			return err
		}
	}
	if o.json {
		return finishReport(p, r, (*checks.Report).WriteJSON)
	}
	return finishReport(p, r, (*checks.Report).WriteText)
}

// diagnose runs every check and gives the report. Where the run takes long, a
// person at a terminal is told how far it is.
func (p *Program) diagnose(ctx context.Context, t checks.Target) (*checks.Report, error) {
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
				return nil, cmp.Or(context.Cause(ctx), errStumbled)
			}
			switch ev.Kind {
			case checks.Planned:
				all = len(ev.Plan)
			case checks.Finished:
				done++
			case checks.Done:
				return ev.Report, nil
			}
		case <-tick.C:
			line.show(fmt.Sprintf("checking: %d of %d", done, all))
		}
	}
}

// finishReport prints a report and ends with its exit status.
func finishReport(p *Program, r *checks.Report, write func(*checks.Report, io.Writer) error) error {
	if err := printReport(p, r, write); err != nil {
		return err
	}
	return status(r.Exit())
}

// printReport prints a report in one piece.
func printReport(p *Program, r *checks.Report, write func(*checks.Report, io.Writer) error) error {
	var b strings.Builder
	if err := write(r, &b); err != nil {
		return err
	}
	_, err := io.WriteString(p.Stdout, b.String())
	return err
}

func readFacts(name string, stdin io.Reader) (*probe.Facts, error) {
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
	var facts *probe.Facts
	switch err := d.Decode(&facts); {
	case limited.N <= 0:
		return nil, wrong(next, "--facts: %s is larger than %d MiB", short(name), maxFacts>>20)
	case errors.Is(err, io.EOF):
		return nil, wrong(next, "--facts: %s is empty", short(name))
	case err != nil:
		return nil, wrong(next, "--facts: %s holds no facts that badsig wrote: %s", short(name), err)
	case facts == nil || facts.At.IsZero():
		return nil, wrong(next, "--facts: %s is JSON, but holds no facts that badsig wrote", short(name))
	}
	return facts, nil
}

func writeFacts(name string, f *probe.Facts) error {
	b, err := json.MarshalIndent(f, "", "  ")
	if err != nil {
		return err
	}
	if err := outfile.Replace(name, append(b, '\n'), outfile.Begins("{\n  \"at\":")); err != nil {
		return wrong("badsig check --facts-out FILE", "--facts-out %s: %s", short(name), plain(err))
	}
	return nil
}
