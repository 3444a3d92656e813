package project

import (
	"path"
	"strings"

	"badsig/checks/facts"
	"badsig/checks/probe/confread"
	"badsig/checks/probe/files"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/names"
	"badsig/checks/shell"
)

// Rules of this file:
//   - a YAML or TOML file is read by a parser; the lines of one that is broken are read one by one
//   - what is commented out is kept as a comment, and never a fault

// readYAML files the names and values of a YAML file. The names of Stream's
// own tools are read in their files only.
func (p *Reader) readYAML(f *files.File) {
	base, dir := path.Base(f.Rel), path.Base(files.DirOf(f.Rel))
	own := strings.HasPrefix(base, "creds.") || dir == "stream-cli" || dir == ".stream"
	role := p.configRole(f.Rel)
	if own {
		role = facts.RoleUnknown
	}
	entries, err := confread.YAML(f.Src)
	if err == nil {
		for _, e := range entries {
			name, value := e.Name(), e.Value
			if modules.IsDigits(name) { // - NAME=value
				var ok bool
				if name, value, ok = strings.Cut(value, "="); !ok || !shell.IsVariable(name) {
					continue
				}
			}
			p.fileYAML(own, name, value, facts.Value{Role: role, File: f.Rel, Line: e.Line, Modified: f.Modified})
		}
	}
	n := 0
	for line := range strings.Lines(string(f.Src)) {
		n++
		line = strings.TrimRight(line, "\r\n")
		t := strings.TrimSpace(line)
		comment := strings.HasPrefix(t, "#")
		if comment {
			line = strings.TrimLeft(t, "# ")
		} else if err == nil {
			continue
		}
		if len(line) > 8192 {
			continue
		}
		if name, value, ok := yamlAssignment(line); ok {
			p.fileYAML(own, name, value, facts.Value{Role: role, File: f.Rel, Line: n, Modified: f.Modified, Comment: comment})
		}
	}
}

func (p *Reader) fileYAML(own bool, name, value string, v facts.Value) {
	if !own {
		p.fileConfig(name, value, v)
		return
	}
	v.Kind, v.Name = facts.KindConfig, name
	switch strings.ToLower(name) {
	case "key", "access-key", "api_key", "api-key", "apikey":
		v.What = facts.WhatKey
	case "secret", "access-secret-key", "api_secret", "api-secret", "apisecret":
		v.What = facts.WhatSecret
	default:
		return
	}
	if value != "" {
		p.add(v, []byte(value))
	}
}

// readTOML files the values of a TOML file; false where it is broken.
func (p *Reader) readTOML(f *files.File, role facts.Role) bool {
	entries, err := confread.TOML(f.Src)
	if err != nil {
		return false
	}
	for _, e := range entries {
		if !e.Text {
			continue
		}
		name := e.Name()
		if c := names.Classify(name); (c.What == "" || c.Bare) && len(e.Keys) > 1 {
			name = strings.Join(e.Keys[:len(e.Keys)-1], ".") + "_" + name
		} else if c.What == "" || c.Bare {
			name = "_" + name
		}
		p.fileConfig(name, e.Value, facts.Value{Role: role, File: f.Rel, Line: e.Line, Modified: f.Modified})
	}
	return true
}
