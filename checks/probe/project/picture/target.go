package picture

import "badsig/checks/facts"

// LangSite is a signing call with what it reads, of a program.
type LangSite struct {
	Fact        int // index into Project.Sites
	Secret, Key []facts.Read
	Chain       bool
}
