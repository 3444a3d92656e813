package langread

import "badsig/checks/probe/langread/flow"

// noConfig is a project without configuration files.
type noConfig struct{}

func (noConfig) Argument(string, string) ([]flow.Source, bool) { return nil, false }

func (noConfig) Property(string, string) ([]flow.Source, bool) { return nil, false }
