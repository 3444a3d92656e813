package values

import (
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/confread"
	"badsig/checks/probe/files"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/names"
	"badsig/checks/probe/project/picture"
	"badsig/checks/shell"
)

// readYAML files the names and values of a YAML file. The Stream names
// own tools are read in their files only.
func readYAML(p *picture.Reader, f *files.File) {
	base, dir := affix.Base(f.Rel), affix.Base(files.DirOf(f.Rel))
	own := affix.HasPrefix(base, "creds.") || dir == "stream-cli" || dir == ".stream"
	role := configRole(p, f.Rel)
	if own {
		role = facts.RoleUnknown
	}
	entries, err := confread.YAML(f.Src)
	if err == nil && isKube(entries) {
		return // what its manifests give a container is filed there
	}
	if err == nil {
		for _, e := range entries {
			name, value := e.Name(), e.Value
			if modules.IsDigits(name) { // - NAME=value
				var ok bool
				if name, value, ok = affix.Cut(value, "="); !ok || !shell.IsVariable(name) {
					continue
				}
			}
			fileYAML(p, own, name, value, facts.Value{Role: role, File: f.Rel, Line: e.Line, Modified: f.Modified})
		}
	}
	n := 0
	for line := range strings.Lines(string(f.Src)) {
		n++
		line = strings.TrimRight(line, "\r\n")
		t := strings.TrimSpace(line)
		comment := affix.HasPrefix(t, "#")
		if comment {
			line = strings.TrimLeft(t, "# ")
		} else if err == nil {
			continue
		}
		if len(line) > 8192 {
			continue
		}
		if name, value, ok := yamlAssignment(line); ok {
			fileYAML(p, own, name, value, facts.Value{Role: role, File: f.Rel, Line: n, Modified: f.Modified, Comment: comment})
		}
	}
}

func fileYAML(p *picture.Reader, own bool, name, value string, v facts.Value) {
	if !own {
		FileConfig(p, name, value, v)
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
		p.Add(v, []byte(value))
	}
}

// readTOML files the values of a TOML file; false where it is broken.
func readTOML(p *picture.Reader, f *files.File, role facts.Role) bool {
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
		FileConfig(p, name, e.Value, facts.Value{Role: role, File: f.Rel, Line: e.Line, Modified: f.Modified})
	}
	return true
}
