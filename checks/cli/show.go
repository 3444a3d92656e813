package cli

import (
	"badsig/checks/facts"
	"io"
	"path/filepath"
	"strings"

	"badsig/checks"
	"badsig/checks/sanitize"
)

// Rules of this file:
//   - what isn't a terminal gets the plain text, as scripts read it: no color, every check
//   - NO_COLOR and TERM=dumb take the colors away, and nothing else

// formats are what --format accepts.
var formats = []string{"text", "json", "github"}

// agree rejects flags that contradict each other.
func (o *checkOptions) agree() error {
	const help = "badsig check --help"
	if o.format != "" && !facts.OneOf(formats, o.format) {
		return wrong(help, "--format must be text, json or github")
	}
	if o.json && facts.First(o.format, "json") != "json" {
		return wrong(help, "--json and --format %s contradict each other", o.format)
	}
	o.json = o.json || o.format == "json"
	switch {
	case o.schema && (o.json || o.format != "" || o.quiet || o.all || o.watch || o.static || o.facts != "" || o.factsOut != ""):
		return wrong("badsig check --schema", "--schema prints the schema alone, and goes with no other flag for the output")
	case o.watch && (o.quiet || o.all || o.format == "github" || o.facts != "" || o.factsOut != ""):
		return wrong(help, "--watch goes with --json and --static, and with no other flag for the output")
	case o.quiet && o.all:
		return wrong(help, "--quiet and --all contradict each other")
	case o.quiet && (o.json || o.format == "github"), o.all && (o.json || o.format == "github"):
		return wrong(help, "--quiet and --all are for text")
	}
	return nil
}

// form is how a report is written.
type form struct {
	write func(*checks.Report, io.Writer) error
	json  bool
	lines func(*checks.Report) []string // for a person: lines that may have colors
}

var (
	asText     = form{write: (*checks.Report).WriteText}
	asMarkdown = form{write: (*checks.Report).WriteMarkdown}
	asDocument = form{write: (*checks.Report).WriteJSON, json: true}
)

// form is how a report is printed.
func (p *Program) form(o checkOptions) form {
	screen, terminal := p.screen()
	screen.All = o.all
	switch {
	case o.json:
		return asDocument
	case o.format == "github":
		return form{write: func(r *checks.Report, w io.Writer) error { return r.WriteGitHub(w, p.inRepository(r.Target.Dir)) }}
	case o.quiet:
		return form{lines: func(r *checks.Report) []string { return r.Brief(screen) }}
	case terminal && o.format != "text":
		return form{lines: func(r *checks.Report) []string { return r.Lines(screen) }}
	}
	return asText
}

// screen is the terminal that stdout is; ok is false if it isn't one.
func (p *Program) screen() (_ checks.Screen, ok bool) {
	f := p.Stdout.File()
	if f == nil || !isTerminal(f) {
		return checks.Screen{}, false
	}
	var s checks.Screen
	s.Width, s.Height = size(f)
	s.Color = p.Getenv("NO_COLOR") == "" && p.Getenv("TERM") != "dumb" && colors(f)
	return s, true
}

// printLines prints lines that may have colors.
func (p *Program) printLines(lines []string) error {
	for _, l := range lines {
		if err := p.Stdout.Print(sanitize.Drawn(l, p.known)); err != nil {
			return err
		}
		if err := p.print("\n"); err != nil {
			return err
		}
	}
	return nil
}

// printSchema prints the JSON Schema of the document.
func (p *Program) printSchema() error {
	var b strings.Builder
	if err := checks.WriteSchema(&b, false); err != nil {
		return err
	}
	return p.Stdout.Print(sanitize.JSON([]byte(b.String()), p.known))
}

// inRepository names the project's files as GitHub does: from the workspace's
// folder, or from the working folder outside of one.
func (p *Program) inRepository(project string) func(string) string {
	return func(file string) string {
		base, err := filepath.Abs(facts.First(p.Getenv("GITHUB_WORKSPACE"), "."))
		if err != nil {
			return file
		}
		whole, err := filepath.Abs(filepath.Join(project, filepath.FromSlash(file)))
		if err != nil {
			return file
		}
		if rel, err := filepath.Rel(base, whole); err == nil {
			return filepath.ToSlash(rel)
		}
		return file
	}
}
