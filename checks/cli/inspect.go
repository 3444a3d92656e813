package cli

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"badsig/checks"
	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/inspect"
	"badsig/checks/probe"
	"badsig/checks/probe/signer"
	"badsig/checks/probe/vault"
	"badsig/checks/shell"
	"badsig/tokens"
)

func newInspect(p *Program) *cobra.Command {
	var (
		dir    string
		apiKey string
		asJSON bool
		lines  bool
		secret secretFlagsSet
	)
	cmd := &cobra.Command{
		Use:   "inspect [ANYTHING|-]",
		Short: "Explain a token, an error, a URL or a cURL command",
		Long: `inspect explains what you paste: a token, a Bearer header, Stream's error in any
SDK's words, a log or a stack trace with one in it, a WebSocket URL, a copied
cURL command, a token endpoint's response, or an API key. It says what it is,
decodes the token, predicts Stream's response, and says which secret signed it.
Nothing leaves this machine.

With -, it reads stdin. Several lines are one item, unless every line is an item
of its own (a token, a URL). With --lines, every line is an item.

Exit status: 0 no error, 1 at least one error, 2 invalid usage, 3 badsig can't
tell (no known secret signed it, or it isn't from Stream).`,
		Example: `  pbpaste | badsig inspect -
  badsig inspect 'Bearer eyJhbGciOi…'
  badsig inspect --json - < tokens.txt > findings.jsonl`,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(cmd *cobra.Command, args []string) error {
			fromStdin := len(args) == 1 && args[0] == "-"
			if len(args) == 0 {
				if f, ok := p.Stdin.(*os.File); ok && isTerminal(f) {
					return wrong("badsig inspect -", "nothing to inspect; paste something as the argument, or use - for stdin")
				}
				fromStdin = true
			}
			if fromStdin && (secret.stdin || secret.file == "-") {
				return wrong("badsig inspect --secret-file FILE -", "the input and the secret can't both come from stdin")
			}
			look, err := newInspector(cmd, p, dir, apiKey, &secret)
			if err != nil {
				return err
			}
			render := renderText
			if asJSON {
				render = renderJSON
			}
			if fromStdin {
				if f, ok := p.Stdin.(*os.File); ok && isTerminal(f) {
					p.note("paste it, then press enter and ctrl+d")
				}
				return inspectStdin(cmd.Context(), p, look, asJSON, lines)
			}
			i := inspect.Recognise(strings.Join(args, " "))
			if len(args) > 1 && strings.EqualFold(affix.TrimSuffix(args[0], ".exe"), "curl") {
				i = inspect.FromArgv(args) // the shell took it apart already
			}
			if st, err := os.Stat(args[0]); i.Kind == inspect.KindUnknown && len(args) == 1 && err == nil && st.Mode().IsRegular() {
				p.note("%s is a file; to inspect what's in it: badsig inspect - < %s", clean(args[0]), shell.Quote(clean(args[0])))
			}
			in := new(inspect.Inspector)
			if i.NeedsProject() {
				in = look()
			}
			f := in.Judge(cmd.Context(), i)
			if err := p.Stdout.Print(f.Rendered(render)); err != nil {
				return err
			}
			return status(inspectExit(f.Verdict))
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object per item")
	cmd.Flags().BoolVar(&lines, "lines", false, "read stdin as a list, one item per line")
	cmd.Flags().StringVar(&apiKey, "api-key", "", "API `KEY` from the dashboard (also "+fromShell(cmd, "KEY")+")")
	secret.register(cmd)
	cmd.Flags().StringVar(&dir, "dir", "", "try the secrets of the project in `DIR` (default: the current folder's project)")
	_ = cmd.MarkFlagDirname("dir")
	_ = cmd.RegisterFlagCompletionFunc("api-key", cobra.NoFileCompletions)
	return cmd
}

// pastedCurl keeps the flags of a cURL command that was pasted after inspect
// from being taken for badsig's own.
func pastedCurl(args []string) []string {
	if len(args) == 0 || args[0] != "inspect" {
		return args
	}
	for i, a := range args[1:] {
		switch {
		case a == "--":
			return args
		case a == "curl" || a == "curl.exe":
			return slices.Concat(args[:i+1], []string{"--"}, args[i+1:])
		}
	}
	return args
}

// newInspector gives what looks through the project for secrets to try, once
// and as late as it can.
func newInspector(cmd *cobra.Command, p *Program, dir, apiKey string, secret *secretFlagsSet) (func() *inspect.Inspector, error) {
	if dir == "" {
		dir = projectFolder(".")
	}
	if err := folder(dir, cmd.CommandPath()+" --help"); err != nil {
		return nil, err
	}
	f := targetFlags{apiKey: apiKey, secret: *secret}
	key, s, err := f.pair(cmd, p)
	if err != nil {
		return nil, err
	}
	return sync.OnceValue(func() *inspect.Inspector {
		if key == "" && s.IsZero() && noProject(cmd, dir) {
			return new(inspect.Inspector)
		}
		in, all := inspectorOf(cmd.Context(), facts.Target{Dir: dir, APIKey: key, Secret: s, Offline: true})
		if !all && cmd.Context().Err() == nil {
			p.note("%s is too large to search within %s, so its secrets weren't tried; try: badsig inspect --dir PROJECT", clean(dir), lookTime)
		}
		return in
	}), nil
}

// noProject reports a folder that the user did not name and that holds all files of a
// person or a machine: no secret in it belongs to the pasted text, and searching it takes long.
func noProject(cmd *cobra.Command, dir string) bool {
	abs, err := filepath.Abs(dir)
	return err == nil && !cmd.Flags().Changed("dir") && tooHigh(abs) && !program(abs) && !isThere(filepath.Join(abs, ".git")) && !isThere(filepath.Join(abs, ".env"))
}

// lookTime is how long a command that responds immediately may search a folder.
const lookTime = facts.DefaultTimeout

// lookAt looks for a project's secrets until ctx ends: a probe that takes its
// time to notice is left to itself, and nothing of it is used.
func lookAt(ctx context.Context, t facts.Target) *vault.World {
	done := make(chan *vault.World, 1)
	go func() { done <- probe.Look(ctx, t, facts.NameServer) }()
	select {
	case w := <-done:
		return w
	case <-ctx.Done():
	}
	select {
	case w := <-done: // it noticed in time, and knows what it has seen
		return w
	case <-time.After(noticeTime):
		return vault.New(t)
	}
}

// noticeTime is how long a probe may take to notice that it is to end; ctrl+c waits for it.
const noticeTime = 100 * time.Millisecond

// inspectorOf gives the inspector for a target, the console's, too, and whether
// the target's folder was looked through to its end.
func inspectorOf(ctx context.Context, t facts.Target) (_ *inspect.Inspector, all bool) {
	t.Offline = true
	ctx, cancel := context.WithTimeout(ctx, lookTime)
	defer cancel()
	w := lookAt(ctx, t)
	in := &inspect.Inspector{Keys: signer.NewKeyring(w), Key: t.APIKey, Given: t.APIKey != "", Now: t.Now}
	f := w.Snapshot()
	if in.Key == "" && f.Server != nil {
		for _, id := range f.Server.FrontKeys {
			if id >= 0 && id < len(f.Values) && f.Values[id].Key != "" {
				in.Key = tokens.APIKey(f.Values[id].Key)
				break
			}
		}
	}
	return in, ctx.Err() == nil || f.Project != nil
}

// inspectStdin inspects one text, or a list of them.
func inspectStdin(ctx context.Context, p *Program, look func() *inspect.Inspector, asJSON, lines bool) error {
	stdin := &meteredReader{ctx: ctx, r: p.Stdin}
	in := inspect.Input{Many: true}
	if lines {
		in.Rest = inspect.NewRecords(stdin)
	} else {
		type input struct {
			in  inspect.Input
			err error
		}
		read, err := interruptible(ctx, func() *input { in, err := inspect.ReadInput(stdin); return &input{in, err} })
		if err != nil {
			return err
		}
		if in = read.in; read.err != nil {
			return cmpCause(ctx, read.err)
		}
	}
	render := renderText
	if asJSON {
		render = renderJSON
	}
	if !in.Many {
		if in.TooLong {
			p.note("the input is too long; only its first 16 MiB were read")
		}
		f, err := interruptible(ctx, func() *inspect.Finding {
			i, by := inspect.Recognise(in.Text), new(inspect.Inspector)
			if i.NeedsProject() {
				by = look()
			}
			return new(by.Judge(ctx, i))
		})
		if err != nil {
			return err
		}
		if err := p.Stdout.Print(f.Rendered(render)); err != nil {
			return err
		}
		return status(inspectExit(f.Verdict))
	}
	if !asJSON {
		render = renderLine
	}
	defer debug.SetGCPercent(debug.SetGCPercent(listGC))
	line := newProgress(p.Stderr)
	defer line.clear()
	worst, err := look().List(ctx, nil, in.Rest, p.Stdout, render, func(n int) {
		line.show(stdin.bar() + fmt.Sprintf("inspected %d", n))
	})
	if err != nil {
		return cmpCause(ctx, err)
	}
	return status(inspectExit(worst))
}

// listGC collects garbage more often than usual, so that a long list stays within 21 MiB on a busy
// machine, too: so little garbage is made that this costs next to no processor time.
const listGC = 50

// cmpCause prefers the reason why a context ended over what broke for it.
func cmpCause(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	return err
}

func inspectExit(verdict string) int {
	switch verdict {
	case checks.Accepted:
		return exitOK
	case checks.Rejected:
		return exitError
	}
	return exitUnproven
}
