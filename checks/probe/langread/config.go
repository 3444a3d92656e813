package langread

import "badsig/checks/probe/langread/flow"

// noConfig is a project without configuration files.
type noConfig struct{}

func (noConfig) Property(string, string) ([]flow.Source, bool) { return nil, false }
