package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"slices"
	"sync"
	"syscall"

	"github.com/spf13/cobra"

	"badsig/checks"
	"badsig/checks/causes"
	"badsig/checks/demo"
	"badsig/checks/facts"
	"badsig/checks/inspect"
)

// Demo is what the console shows of a demonstration.
type Demo struct {
	Fault  string   // the bug's cause, "" for a working project
	Faults []string // the other bugs
	// Plant switches to another bug and returns the new target.
	Plant func(ctx context.Context, fault string) (facts.Target, error)
	// Restart starts the backend again on the project as it is now.
	Restart func(ctx context.Context) error
	// Log is what the backend of the present bug writes.
	Log func() io.Reader
}

// healthyFault is the name for a working project.
const healthyFault = "none"

func newDemo(p *Program) *cobra.Command {
	var fault string
	var asJSON, backend bool
	var f consoleFlags
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Open the console on a sample project with a bug; no setup needed",
		Long: `demo creates a sample project with a bug, starts its backend and a fake Stream,
both on loopback, and opens the console on them. It doesn't use the network, and
removes the project at the end.

Without a terminal, it prints the same as badsig check, and exits 0 if badsig
named the bug first.`,
		Example: `  badsig demo
  badsig demo --fault server-stale
  badsig demo --fault none                a working project`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if backend {
				// A terminal sends these to the whole group; the process that started this one stops it.
				signal.Ignore(os.Interrupt, syscall.SIGHUP)
				return demo.Backend(p.Stdin, p.Stdout.Lines(p.known))
			}
			id := causes.ID(fault)
			if fault == healthyFault {
				id = ""
			} else if !slices.Contains(demo.List(), id) {
				return unknownCause(fault, "badsig demo --fault")
			}
			return runDemo(cmd, p, id, asJSON, f)
		},
	}
	cmd.Flags().StringVar(&fault, "fault", string(demo.Default), "`CAUSE` of the bug to try; none for a working project")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the same as badsig check --json instead of opening the console")
	f.look(cmd)
	cmd.Flags().BoolVar(&backend, "backend", false, "run as the backend of a demo")
	_ = cmd.Flags().MarkHidden("backend")
	_ = cmd.RegisterFlagCompletionFunc("fault", func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		out := []string{healthyFault + "\tA working project"}
		for _, id := range demo.List() {
			if page, ok := causes.PageOf(id); ok {
				out = append(out, string(id)+"\t"+page.Title)
			}
		}
		return out, cobra.ShellCompDirectiveNoFileComp
	})
	return cmd
}

func runDemo(cmd *cobra.Command, p *Program, id causes.ID, asJSON bool, f consoleFlags) error {
	d := &planter{program: p}
	defer d.stop()
	t, err := d.plant(cmd.Context(), id)
	if err != nil {
		return err
	}
	if p.Console != nil && p.IsTerminal() && !asJSON {
		shown := &Demo{Fault: string(id), Plant: func(ctx context.Context, fault string) (facts.Target, error) {
			return d.plant(ctx, causes.ID(fault))
		}, Restart: d.restart, Log: d.log}
		for _, f := range demo.List() {
			shown.Faults = append(shown.Faults, string(f))
		}
		return p.open(cmd.Context(), f.session(Session{Target: t, Demo: shown, Inspect: func(text string) inspect.Finding {
			in, _ := inspectorOf(cmd.Context(), d.target())
			return in.Inspect(cmd.Context(), text)
		}}))
	}
	r, err := p.diagnose(cmd.Context(), t)
	if err != nil {
		return err
	}
	write := asText
	if asJSON {
		write = asDocument
	} else {
		withoutEdits(r) // the project is removed before badsig fix could edit it
	}
	if err := p.printReport(r, write); err != nil {
		return err
	}
	first := causes.ID("")
	if root := r.Root(); root != nil {
		first = root.ID
	}
	if first != id {
		p.note("the bug was %s, but badsig named %s first", orNone(id), orNone(first))
		return status(exitError)
	}
	return nil
}

func withoutEdits(r *checks.Report) {
	for i := range r.Causes {
		for j := range r.Causes[i].Fix {
			r.Causes[i].Fix[j].Edits = nil
		}
	}
}

func orNone(id causes.ID) string {
	if id == "" {
		return "nothing"
	}
	return string(id)
}

// planter holds the one demo that runs.
type planter struct {
	program *Program
	mu      sync.Mutex
	running *demo.Demo
}

func (d *planter) plant(ctx context.Context, id causes.ID) (facts.Target, error) {
	exe, err := d.program.Executable()
	if err != nil {
		return facts.Target{}, fmt.Errorf("can't find the badsig program to run as the demo's backend: %w", err)
	}
	next, err := demo.Start(ctx, id, func(ctx context.Context) *exec.Cmd {
		return exec.CommandContext(ctx, exe, "demo", "--backend")
	})
	if err != nil {
		return facts.Target{}, err
	}
	d.mu.Lock()
	before := d.running
	d.running = next
	d.mu.Unlock()
	if before != nil {
		before.Stop()
	}
	return next.Target, nil
}

func (d *planter) restart(ctx context.Context) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.running == nil {
		return errors.New("the demo has ended")
	}
	return d.running.Restart(ctx)
}

func (d *planter) log() io.Reader {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.running.Log()
}

// target is the current demo's target.
func (d *planter) target() facts.Target {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.running.Target
}

func (d *planter) stop() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.running != nil {
		d.running.Stop()
		d.running = nil
	}
}
