package picture

import "badsig/checks/probe/envfile"

// LangFile is a .env file that a program in another language reads.
type LangFile struct {
	Rel      string
	Dialect  envfile.Dialect
	Override bool // it wins over the environment and over files read before
	Optional bool // a framework looks for it by itself
	There    bool
	By       string // the loader
	Exact    bool   // the code names its folder: a file of that name elsewhere is another
}
