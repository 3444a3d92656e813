package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"badsig/checks/affix"
	"badsig/checks/outfile"
	"badsig/checks/sanitize"
)

// Rules of this file:
//   - the pages are made of the same tree that runs, so no flag is missing in them
//   - they are written here and not by cobra/doc: that package's Markdown and YAML
//     libraries cost every start a millisecond, for a page that is printed once
//   - no page holds a date, so that the same program makes the same pages

func newMan(p *Program) *cobra.Command {
	var dir string
	cmd := &cobra.Command{
		Use:   "man",
		Short: "Write badsig's man pages",
		Long: `man writes a man page for badsig and one for each command. Without --dir, it
prints badsig's own page.`,
		Example: "  badsig man --dir /usr/local/share/man/man1\n  badsig man | man -l -",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			root := cmd.Root()
			if dir == "" {
				return p.print(manPage(root))
			}
			if err := folder(dir, "mkdir -p "+dir); err != nil {
				return err
			}
			n := 0
			for _, c := range append([]*cobra.Command{root}, root.Commands()...) {
				if c != root && !c.IsAvailableCommand() {
					continue
				}
				name := affix.ReplaceAll(c.CommandPath(), " ", "-") + ".1"
				if err := outfile.Replace(filepath.Join(dir, name), sanitize.Printed(manPage(c), p.known), outfile.Begins(".TH ")); err != nil {
					return fmt.Errorf("can't write the man page: %s; try: badsig man | man -l -", plain(err))
				}
				_ = os.Chmod(filepath.Join(dir, name), 0o644) // everyone may read it
				n++
			}
			p.note("%d man pages in %s", n, dir)
			return nil
		},
	}
	cmd.Flags().StringVar(&dir, "dir", "", "write the pages to `DIR`")
	_ = cmd.MarkFlagDirname("dir")
	return cmd
}

// manPage is one command's page in roff.
func manPage(c *cobra.Command) string {
	var b strings.Builder
	name := affix.ReplaceAll(c.CommandPath(), " ", "-")
	fmt.Fprintf(&b, ".TH %s 1 \"\" \"badsig %s\" \"User Commands\"\n", roffWord(strings.ToUpper(name)), roffWord(c.Root().Version))
	fmt.Fprintf(&b, ".SH NAME\n%s \\- %s\n", roffWord(name), roffText(c.Short))
	fmt.Fprintf(&b, ".SH SYNOPSIS\n.B %s\n", roffText(c.UseLine()))
	b.WriteString(".SH DESCRIPTION\n")
	for i, para := range strings.Split(c.Long, "\n\n") {
		if i > 0 {
			b.WriteString(".PP\n")
		}
		b.WriteString(roffText(para) + "\n")
	}
	if subs := c.Commands(); len(subs) > 0 {
		b.WriteString(".SH COMMANDS\n")
		for _, s := range subs {
			if s.IsAvailableCommand() {
				fmt.Fprintf(&b, ".TP\n.B %s\n%s\n", roffText(s.Use), roffText(s.Short))
			}
		}
	}
	manFlags(&b, "OPTIONS", c.NonInheritedFlags())
	manFlags(&b, "OPTIONS OF EVERY COMMAND", c.InheritedFlags())
	if c.Example != "" {
		b.WriteString(".SH EXAMPLES\n.nf\n" + roffText(c.Example) + "\n.fi\n")
	}
	b.WriteString(`.SH ENVIRONMENT
.TP
.B BADSIG_API_KEY, BADSIG_API_SECRET
the key and secret from the dashboard, if \-\-api\-key and \-\-secret\-file aren't used; a backend that
.B badsig run
starts never gets them
.TP
.B STREAM_API_KEY, STREAM_API_SECRET
the same, except for
.BR "badsig run" ,
where they belong to the backend that it starts
.TP
.B STREAM_BASE_URL
Stream's API, if \-\-stream\-url isn't used
.SH EXIT STATUS
.TP
.B 0
no error, and the key and secret are known to match
.TP
.B 1
at least one error
.TP
.B 2
invalid usage
.TP
.B 3
no error found, but something badsig needs to know couldn't be determined
`)
	if c.HasParent() {
		b.WriteString(".SH SEE ALSO\n.BR badsig (1)\n")
	}
	return b.String()
}

func manFlags(b *strings.Builder, title string, flags *pflag.FlagSet) {
	if !flags.HasAvailableFlags() {
		return
	}
	b.WriteString(".SH " + title + "\n")
	flags.VisitAll(func(f *pflag.Flag) {
		if f.Hidden {
			return
		}
		value, usage := pflag.UnquoteUsage(f)
		head := "--" + f.Name
		if f.Shorthand != "" {
			head = "-" + f.Shorthand + ", " + head
		}
		if value != "" {
			head += " " + value
		}
		switch f.DefValue {
		case "", "false", "[]":
		default:
			usage += " (default " + f.DefValue + ")"
		}
		fmt.Fprintf(b, ".TP\n.B %s\n%s\n", roffText(head), roffText(usage))
	})
}

// plainUsage removes the marks around a value's name in the usage of flags:
// --help reads them, and completions would show them.
func plainUsage(c *cobra.Command) {
	plain := func(f *pflag.Flag) { _, f.Usage = pflag.UnquoteUsage(f) }
	c.PersistentFlags().VisitAll(plain)
	c.Flags().VisitAll(plain)
	for _, sub := range c.Commands() {
		plainUsage(sub)
	}
}

// roffText escapes a string of several lines.
func roffText(s string) string {
	lines := strings.Split(s, "\n")
	for i, l := range lines {
		l = affix.ReplaceAll(affix.ReplaceAll(l, `\`, `\e`), "-", `\-`)
		if l != "" && (l[0] == '.' || l[0] == '\'') {
			l = `\&` + l
		}
		lines[i] = l
	}
	return strings.Join(lines, "\n")
}

// roffWord is a string as one quoted argument.
func roffWord(s string) string {
	return affix.ReplaceAll(affix.ReplaceAll(roffText(s), " ", `\ `), `"`, "")
}
