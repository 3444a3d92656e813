package cli

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"badsig/checks"
	"badsig/checks/causes"
	"badsig/checks/cli/follow"
	"badsig/checks/facts"
	"badsig/checks/probe/stream"
	"badsig/checks/sanitize"
	"badsig/checks/watching"
)

// Rules of this file:
//   - line by line: no alternate screen, and nothing is written over
//   - ctrl+c ends it wherever it is: it waits for no run
//   - of the backend's log nothing is shown before it's known which secrets it may not show

// follower is one check --watch.
type follower struct {
	p     *Program
	t     facts.Target
	json  bool
	story follow.Story
	watch *watching.Watcher
	child *childLog // nil without badsig run

	memory *stream.Memory
	number int
	cancel context.CancelFunc
	events <-chan checks.Event
	expiry <-chan time.Time // of a token that was passed
	late   <-chan time.Time // when a child that doesn't listen has had enough time

	again  <-chan time.Time // when to look whether a backend that is down came up on another port
	silent bool             // the run under way only looks for that: it's told if it finds something
}

// follow checks again whenever something changes, until ctx ends; with a
// child, until that ends.
func (p *Program) follow(ctx context.Context, t facts.Target, asJSON bool, child *childLog) error {
	f := &follower{p: p, t: t, json: asJSON, watch: watching.Watch(ctx, watching.Looks{Owners: watching.Owners}), child: child, memory: stream.NewMemory()}
	defer func() { f.cancel() }()
	if err := f.begin(ctx, ""); err != nil {
		return err
	}
	ends := f.child.ends()
	var last *checks.Report
	for {
		var err error
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case c, open := <-f.watch.Changes:
			if !open {
				return cmp.Or(context.Cause(ctx), errInternal)
			}
			if len(c.Files) == 0 && !c.Listeners {
				continue
			}
			why := "another process listens on the port, or none any more"
			if len(c.Files) > 0 {
				why = follow.Changed(t.Dir, c.Files, relative)
			}
			err = f.begin(ctx, why)
		case <-f.expiry:
			err = f.begin(ctx, "the token expired")
		case <-f.late:
			err = f.begin(ctx, "the backend doesn't listen yet")
		case <-f.again:
			f.start(ctx)
			f.silent = true
		case text := <-f.child.lines():
			err = p.print(text)
		case how := <-ends:
			ends = nil
			f.child.ended = true
			if err = f.say(f.child.tellEnd(time.Now(), how)); err == nil {
				err = f.begin(ctx, map[bool]string{true: "the log ended", false: "the backend ended"}[f.child.onlyLogs])
			}
		case ev, open := <-f.events:
			if !open {
				return cmp.Or(context.Cause(ctx), errInternal)
			}
			if ev.Facts != nil && ev.Facts.Project != nil {
				p.known.run(ev.World)
				f.child.allow()
				f.watch.See(ev.Facts)
			}
			if ev.Kind != checks.Done {
				continue
			}
			f.events = nil
			last = ev.Report
			if err = f.done(ev.Report); err == nil && f.child != nil && f.child.ended {
				return status(last.Exit())
			}
		}
		if err != nil {
			return err
		}
	}
}

// begin starts a run, instead of one that is under way.
func (f *follower) begin(ctx context.Context, why string) error {
	f.start(ctx)
	return f.say(f.story.Again(time.Now(), clean(f.t.URL), why))
}

func (f *follower) start(ctx context.Context) {
	if f.cancel != nil {
		f.cancel()
	}
	f.expiry, f.late, f.again, f.silent = nil, nil, nil, false
	f.number++
	ctx, f.cancel = context.WithCancel(ctx)
	f.events = checks.Run(ctx, f.t, checks.Options{Run: f.number, Memory: f.memory})
}

// done tells a finished run.
func (f *follower) done(r *checks.Report) error {
	if root := r.Root(); root != nil && (root.ID == causes.ServerDown || root.ID == causes.ServerOnOtherPort) && f.child.starting() {
		f.late = time.After(watching.StartsIn)
		return f.say(follow.Line{Text: time.Now().Format("15:04:05") + " … waiting for the backend to listen"})
	}
	if root := r.Root(); root != nil && root.ID == causes.ServerDown {
		f.again = time.After(watching.Elsewhere)
		if f.silent {
			return nil
		}
	}
	if f.silent {
		if err := f.say(f.story.Again(time.Now(), clean(f.t.URL), "the backend came up")); err != nil {
			return err
		}
	}
	if r.Token != nil && r.Token.Source == "given" {
		if exp, ok := facts.NumericDate(r.Token.Claims["exp"]); ok && time.Until(exp) > 0 {
			f.expiry = time.After(time.Until(exp) + time.Second)
		}
	}
	if f.json {
		var b bytes.Buffer
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		if err := e.Encode(r); err != nil {
			return err
		}
		return f.p.Stdout.Print(sanitize.JSON(b.Bytes(), f.p.known))
	}
	for _, l := range f.story.Tell(time.Now(), r) {
		if err := f.say(l); err != nil {
			return err
		}
	}
	return nil
}

// say prints a line; with --json there are none.
func (f *follower) say(l follow.Line) error {
	if f.json {
		return nil
	}
	text := clean(l.Text)
	if s, ok := f.p.screen(); ok && s.Color && (l.Good || l.Bad) {
		color := "\x1b[31m"
		if l.Good {
			color = "\x1b[32m"
		}
		text = color + text + "\x1b[0m"
	}
	return f.p.printLines([]string{text})
}

// relative names a file from the project's folder.
func relative(dir, file string) string {
	if rel, err := filepath.Rel(filepath.Clean(facts.First(dir, ".")), file); err == nil {
		file = rel
	}
	return filepath.ToSlash(file)
}

// childLog is the backend that badsig run started without a console, and what it writes.
type childLog struct {
	proc  *watching.Process
	since time.Time
	out   chan string
	exit  chan string
	known bool // which secrets its log may not show
	ended bool

	name     string // of the program
	onlyLogs bool   // it follows the log of a backend that runs elsewhere
}

// tellEnd says how the child ended, which of a log says nothing about the backend.
func (c *childLog) tellEnd(now time.Time, how string) follow.Line {
	if c.onlyLogs {
		return follow.Line{Text: now.Format("15:04:05") + " ↻ " + c.name + " " + how + ": the log ends here, which says nothing about the backend"}
	}
	return follow.Line{Text: now.Format("15:04:05") + " ↻ the backend " + how, Bad: true}
}

// startChild starts the backend.
func startChild(ctx context.Context, args []string) (*childLog, error) {
	proc, err := watching.Start(args, false)
	if err != nil {
		return nil, err
	}
	c := &childLog{proc: proc, since: time.Now(), out: make(chan string), exit: make(chan string, 1),
		name: filepath.Base(args[0]), onlyLogs: watching.OnlyLogs(args)}
	go func() {
		rest := ""
		for {
			b, err := proc.Read()
			text := rest + string(b)
			whole := strings.LastIndexByte(text, '\n') + 1
			if err != nil || len(text)-whole > maxToken {
				whole = len(text)
			}
			rest = text[whole:]
			if lines := text[:whole]; lines != "" {
				select {
				case c.out <- childLines(lines):
				case <-ctx.Done():
					return
				}
			}
			if err != nil {
				c.exit <- proc.Wait()
				return
			}
		}
	}()
	return c, nil
}

// styles are the sequences with which programs color their output.
var styles = regexp.MustCompile("\x1b\\[[0-9;:?]*[ -/]*[@-~]")

// childLines is a piece of the log, each line marked as the backend's.
func childLines(text string) string {
	var b strings.Builder
	for line := range strings.Lines(styles.ReplaceAllString(text, "")) {
		b.WriteString("| " + strings.TrimRight(line, "\r\n") + "\n")
	}
	return b.String()
}

// lines gives the log, once it may be shown. A nil log has none.
func (c *childLog) lines() <-chan string {
	if c == nil || !c.known {
		return nil
	}
	return c.out
}

// ends tells how the child ended, after its last line.
func (c *childLog) ends() <-chan string {
	if c == nil {
		return nil
	}
	return c.exit
}

func (c *childLog) allow() {
	if c != nil {
		c.known = true
	}
}

func (c *childLog) starting() bool {
	return c != nil && !c.ended && !c.onlyLogs && time.Since(c.since) < watching.StartsIn
}
