package picture

import (
	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
)

// Front is one front end: a package with modules that a browser runs.
type Front struct {
	Pkg    *modules.Package
	Mods   []*modules.Module
	Start  *Starter
	Prefix []string      // allowed prefixes; none: every name, or not known
	Meta   bool          // import.meta.env is read, process.env is not
	Files  []string      // env files, the winning one first
	Inline []jsread.Word // of the tools' configuration, which may define variables
	Built  bool          // the app gets every variable of Files, and no other
	Free   bool          // which variables the browser gets cannot be told
	Odd    bool          // its configuration loads files that can't be told
	Proxy  []Proxied
	Origin facts.Found
	Given  []int // keys that it gets from outside its modules

	Headers modules.Once[bool]
	Alone   modules.Once[bool] // its dev server hands no request on
}

// Proxied is one rule of a dev server's proxy.
type Proxied struct {
	Prefix, Target string
	Cut, Put       string      // the path's beginning, and what is there instead when it is sent on
	Exact          bool        // Target is where the path Prefix goes, and no other path does
	Rest           bool        // what follows Prefix follows Target's own path
	Odd            bool        // it is sent on under a path that cannot be told
	At             facts.Place // the line that holds the target
}

// FrontOf gives the front end that a file belongs to; nil for none.
func (p *Reader) FrontOf(rel string) *Front {
	for _, f := range p.Fronts {
		for _, m := range f.Mods {
			if m.Rel == rel {
				return f
			}
		}
	}
	return nil
}
