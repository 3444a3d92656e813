package cli

import (
	"context"
	"fmt"
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
	"badsig/checks/inspect"
)

// Demo is what the console shows of a demonstration.
type Demo struct {
	Fault  string   // the planted cause's id, "" for a healthy backend
	Faults []string // what else can be planted
	// Plant replaces what is planted and gives the target to look at.
	Plant func(ctx context.Context, fault string) (checks.Target, error)
}

// healthyFault is the name of no fault at all.
const healthyFault = "none"

func newDemo(p *Program) *cobra.Command {
	var fault string
	var asJSON, ascii, backend bool
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "show the console on a planted fault; nothing is needed for it",
		Long: `demo plants a fault in a project of its own, starts its backend and a stand-in for
Stream, both on loopback, and opens the console on them. Nothing is asked of the
network, and the project is removed at the end.

Without a terminal it prints what badsig check prints, and exits 0 if the
planted cause was named first.`,
		Example: `  badsig demo
  badsig demo --fault server-stale
  badsig demo --fault none                a project in which nothing is wrong`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if backend {
				// A terminal sends these to the whole group; who started this process ends it.
				signal.Ignore(os.Interrupt, syscall.SIGHUP)
				return demo.Backend(p.Stdin, p.Stdout)
			}
			id := causes.ID(fault)
			if fault == healthyFault {
				id = ""
			} else if !slices.Contains(demo.List(), id) {
				return unknownCause(fault, "badsig demo --fault")
			}
			return runDemo(cmd, p, id, asJSON, ascii)
		},
	}
	cmd.Flags().StringVar(&fault, "fault", string(demo.Default), "plant this `CAUSE`; none plants nothing")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print what badsig check --json prints, and open no console")
	cmd.Flags().BoolVar(&ascii, "ascii", false, "draw without box characters")
	cmd.Flags().BoolVar(&backend, "backend", false, "be the backend of a demo that runs")
	_ = cmd.Flags().MarkHidden("backend")
	_ = cmd.RegisterFlagCompletionFunc("fault", func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		out := []string{healthyFault + "\tNothing is wrong."}
		for _, id := range demo.List() {
			if page, ok := causes.PageOf(id); ok {
				out = append(out, string(id)+"\t"+page.Title)
			}
		}
		return out, cobra.ShellCompDirectiveNoFileComp
	})
	return cmd
}

func runDemo(cmd *cobra.Command, p *Program, id causes.ID, asJSON, ascii bool) error {
	d := &planter{program: p}
	defer d.stop()
	t, err := d.plant(cmd.Context(), id)
	if err != nil {
		return err
	}
	if p.Console != nil && p.IsTerminal() && !asJSON {
		shown := &Demo{Fault: string(id), Plant: func(ctx context.Context, fault string) (checks.Target, error) {
			return d.plant(ctx, causes.ID(fault))
		}}
		for _, f := range demo.List() {
			shown.Faults = append(shown.Faults, string(f))
		}
		return p.open(cmd.Context(), Session{Target: t, Demo: shown, ASCII: ascii, Inspect: func(text string) inspect.Finding {
			in, _ := inspectorOf(cmd.Context(), d.target())
			return in.Inspect(cmd.Context(), text)
		}})
	}
	r, err := p.diagnose(cmd.Context(), t)
	if err != nil {
		return err
	}
	write := (*checks.Report).WriteText
	if asJSON {
		write = (*checks.Report).WriteJSON
	}
	if err := printReport(p, r, write); err != nil {
		return err
	}
	first := causes.ID("")
	if root := r.Root(); root != nil {
		first = root.ID
	}
	if first != id {
		fmt.Fprintf(p.Stderr, "badsig: planted was %s, and named first was %s\n", orNone(id), orNone(first))
		return status(exitError)
	}
	return nil
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

func (d *planter) plant(ctx context.Context, id causes.ID) (checks.Target, error) {
	exe, err := d.program.Executable()
	if err != nil {
		return checks.Target{}, fmt.Errorf("badsig cannot find its own program, which is to be the demo's backend: %w", err)
	}
	next, err := demo.Start(ctx, id, func(ctx context.Context) *exec.Cmd {
		return exec.CommandContext(ctx, exe, "demo", "--backend")
	})
	if err != nil {
		return checks.Target{}, err
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

// target is what is planted now.
func (d *planter) target() checks.Target {
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
