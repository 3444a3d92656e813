package picture

import (
	"time"

	"badsig/checks/facts"
	"badsig/checks/probe/envfile"
)

// EnvSource is one .env file as its loader reads it.
type EnvSource struct {
	Rel     string
	Role    facts.Role
	Dialect envfile.Dialect
	Mod     time.Time
	Data    []byte
	Rows    [][]byte // data's lines, split when first needed
	envfile.File
	Values   map[string]int  // name → Value.ID of the assignment that counts
	Doubtful map[string]bool // names whose value depends on the loader's version, which is not known
}
