package langs

import (
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/confread"
	"badsig/checks/probe/files"
	"badsig/checks/probe/names"
	"badsig/checks/probe/project/picture"
)

// Rules of this file:
//   - a key and a secret in one section of a configuration file are a pair, whether or not the code reads both
//   - an entry under almost the name that the code reads is filed too: it may be what was meant

// langSettings files the Stream keys and secrets that the program's
// configuration files (application.yml, appsettings.json) hold.
func langSettings(p *picture.Reader, o *picture.OtherProgram) {
	o.Key = -1
	for _, c := range o.Conf.Files {
		f := p.Files[c.Rel]
		if f == nil || f.Kind != files.KindConf || picture.ConfRank(c.Rel) == 2 {
			continue
		}
		for _, e := range c.Entries {
			if affix.Contains(e.Value, "${") || affix.HasPrefix(e.Value, "%") || affix.HasPrefix(e.Value, "$") {
				continue
			}
			what := settingIs(o, e)
			if what == "" {
				continue
			}
			o.Settings = o.Settings || what == facts.WhatSecret
			id := p.Add(facts.Value{What: what, Name: e.Name(), Kind: facts.KindConfig, Role: facts.RoleServer, File: f.Rel, Line: e.Line, Modified: f.Modified, Loaded: true}, []byte(e.Value))
			if what == facts.WhatKey && o.Key < 0 {
				o.Key = id
			}
		}
	}
}

// settingIs tells a key or a secret of Stream's by its section's name and its own.
func settingIs(o *picture.OtherProgram, e confread.Entry) string {
	n := len(e.Keys)
	if n == 0 {
		return ""
	}
	if c := names.Classify(strings.Join(e.Keys[max(0, n-2):], "_")); c.What != "" && !c.Bare {
		return c.What
	}
	if n > 1 && almostRead(o, strings.Join(e.Keys, "_")) {
		return facts.WhatSecret
	}
	return ""
}

// inSettings reports whether a file is one of the program's configuration.
func inSettings(o *picture.OtherProgram, rel string) bool {
	return affix.Any(o.Conf.Files, func(f picture.ConfFile) bool { return f.Rel == rel })
}
