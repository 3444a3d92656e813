package picture

import (
	"badsig/checks/facts"
	"badsig/checks/probe/langread"
)

// OtherProgram is a backend in another language than JavaScript.
type OtherProgram struct {
	Code  facts.ServerCode
	Lang  string
	Ext   string
	Root  string
	Prog  *langread.Program
	Fact  int        // index into Project.Servers
	Files []LangFile // the .env files that it reads, in the order in which they are read
	Sites []LangSite // as in prog.Sites
	At    int        // the one that it is judged by
	Conf  *LangConfig
	Env   map[string]int // variables that a configuration file of its own puts into the environment, as Figaro does

	Settings bool // its configuration files have a Stream secret
	Key      int  // the first API key among them; -1: none

	Chain  bool // from the signing call to the variable every step was read
	Closed bool // every way in which it loads files was understood
}
