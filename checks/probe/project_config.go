package probe

import (
	"path"
	"strings"

	"badsig/checks/probe/pattern"
)

// Rules of this file:
//   - configuration is read by lines: a file that is laid out oddly gives less, never something wrong
//   - a value that refers to a variable (${X}) is none

// readConfigs files the keys and secrets of scripts, compose files, launch
// configurations and the tools of Stream.
func (p *project) readConfigs() {
	p.readScripts()
	for i := range p.tree.files {
		f := &p.tree.files[i]
		switch f.kind {
		case kindYAML:
			p.readYAML(f)
		case kindINI:
			p.readINI(f)
		case kindJSON:
			if base := path.Base(f.rel); !strings.HasPrefix(base, "tsconfig") && !strings.HasPrefix(base, "jsconfig") {
				p.readPairs(f, jsonPair, p.configRole(f.rel))
			}
		}
	}
}

// readScripts files STREAM_API_SECRET=… node server.js of package.json.
func (p *project) readScripts() {
	for _, st := range p.starts {
		for _, a := range st.env {
			role := RoleServer
			if st.entry == "" && frontTool(st.tool) {
				role = RoleFront
			}
			file := st.pkg.fileName()
			if file == "" {
				continue
			}
			p.fileConfig(a.name, a.value, Value{Role: role, File: file, Line: st.line, Modified: st.pkg.file.mod})
		}
	}
}

func frontTool(tool string) bool {
	switch tool {
	case "vite", "react-scripts", "expo", "craco", "ng", "parcel", "gatsby", "vue-cli-service":
		return true
	}
	return false
}

// fileConfig files one name and value of a configuration file.
func (p *project) fileConfig(name, value string, v Value) int {
	if strings.Contains(value, "${") || strings.HasPrefix(value, "$") || value == "" {
		return -1
	}
	c := p.classOf(name)
	v.Kind, v.Name, v.Public = KindConfig, name, c.Prefix != ""
	if c.URL {
		p.fileStreamURL(v, value)
		return -1
	}
	if c.What == "" || c.Bare && c.What == WhatKey && !p.bareIsStreams(c.What, []byte(value)) {
		return -1
	}
	if c.Bare && c.What == WhatSecret && !p.bareIsStreams(c.What, []byte(value)) {
		c.What = WhatOther
	}
	v.What = c.What
	return p.add(v, []byte(value))
}

func (p *project) configRole(rel string) Role {
	if r := roleOfPath(rel); r != RoleUnknown {
		return r
	}
	if r := sideByFolder(rel); r != RoleUnknown {
		return r
	}
	return RoleServer
}

var jsonPair = pattern.New(`"([A-Za-z_][A-Za-z0-9_.-]{2,80})"\s*:\s*"([^"\n]{1,1000})"`)

// readPairs files "NAME": "value" pairs.
func (p *project) readPairs(f *foundFile, re *pattern.Pattern, role Role) {
	n := 0
	for line := range strings.Lines(string(f.src)) {
		n++
		t := strings.TrimSpace(line)
		if len(line) > 64<<10 || strings.HasPrefix(t, "//") || strings.HasPrefix(t, "#") {
			continue
		}
		for _, g := range re.FindAllStringSubmatch(line, 20) {
			p.fileConfig(g[1], g[2], Value{Role: role, File: f.rel, Line: n, Modified: f.mod})
		}
	}
}

var yamlPair = pattern.New(`^\s*(?:-\s*)?['"]?([A-Za-z_][A-Za-z0-9_.-]{1,80})['"]?\s*[:=]\s*(.*?)\s*$`)

// readYAML files NAME: value and - NAME=value lines. The names of Stream's
// own tools are read in their files only.
func (p *project) readYAML(f *foundFile) {
	base, dir := path.Base(f.rel), path.Base(dirOf(f.rel))
	own := strings.HasPrefix(base, "creds.") || dir == "stream-cli" || dir == ".stream"
	role := p.configRole(f.rel)
	if own {
		role = RoleUnknown
	}
	n := 0
	for line := range strings.Lines(string(f.src)) {
		n++
		line = strings.TrimRight(line, "\r\n")
		comment := false
		if t := strings.TrimSpace(line); strings.HasPrefix(t, "#") {
			comment = true
			line = strings.TrimLeft(t, "# ")
		}
		if len(line) > 8192 {
			continue
		}
		name, value, ok := yamlAssignment(line)
		if !ok {
			continue
		}
		v := Value{Role: role, File: f.rel, Line: n, Modified: f.mod, Comment: comment}
		if !own {
			p.fileConfig(name, value, v)
			continue
		}
		v.Kind, v.Name = KindConfig, name
		switch strings.ToLower(name) {
		case "key", "access-key", "api_key", "api-key", "apikey":
			v.What = WhatKey
		case "secret", "access-secret-key", "api_secret", "api-secret", "apisecret":
			v.What = WhatSecret
		default:
			continue
		}
		if value != "" {
			p.add(v, []byte(value))
		}
	}
}

// yamlAssignment reads NAME: value, and the item NAME=value of a list, where
// quotes behind the = sign belong to the value.
func yamlAssignment(line string) (name, value string, ok bool) {
	if item, list := strings.CutPrefix(strings.TrimSpace(line), "- "); list {
		if name, value, ok := strings.Cut(yamlScalar(strings.TrimSpace(item)), "="); ok && isVariable(name) {
			return name, value, true
		}
	}
	g := yamlPair.FindStringSubmatch(line)
	if g == nil {
		return "", "", false
	}
	return g[1], yamlScalar(g[2]), true
}

// yamlScalar reads a plain or quoted scalar of one line.
func yamlScalar(s string) string {
	if len(s) >= 2 && (s[0] == '"' || s[0] == '\'') {
		if end := strings.LastIndexByte(s, s[0]); end > 0 && strings.Trim(s[end+1:], " ") == "" || end > 0 && strings.HasPrefix(strings.TrimSpace(s[end+1:]), "#") {
			return s[1:end]
		}
	}
	if i := strings.Index(s, " #"); i >= 0 {
		s = s[:i]
	}
	return strings.TrimSpace(s)
}
