package cli

import (
	_ "embed"

	"github.com/spf13/cobra"
)

// agentsText is a block for AGENTS.md and a skill.
//
//go:embed agents.md
var agentsText string

func newAgents(p *Program) *cobra.Command {
	return &cobra.Command{
		Use:   "agents",
		Short: "Print a block for AGENTS.md and a skill for coding agents",
		Long: `agents prints a block for your project's AGENTS.md, and a skill file, so that a
coding agent runs badsig, reads its JSON, and never prints a secret.`,
		Example: `  badsig agents
  badsig agents >> AGENTS.md`,
		Args: noArgs,
		RunE: func(*cobra.Command, []string) error {
			return p.print(agentsText)
		},
	}
}
