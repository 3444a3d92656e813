package values

import (
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/confread"
	"badsig/checks/probe/files"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/pattern"
	"badsig/checks/probe/project/picture"
	"badsig/checks/shell"
	"badsig/checks/tools"
)

// Rules of this file:
//   - configuration is read by lines: a file that is laid out oddly gives less, never something wrong
//   - a value that refers to a variable (${X}) is none

// ReadConfigs files the keys and secrets of scripts, compose files, launch
// configurations and the tools of Stream.
func ReadConfigs(p *picture.Reader) {
	readScripts(p)
	readContainers(p)
	for i := range p.Tree.Files {
		f := &p.Tree.Files[i]
		switch f.Kind {
		case files.KindYAML:
			readYAML(p, f)
		case files.KindINI:
			readINI(p, f)
		case files.KindJSON:
			if base := affix.Base(f.Rel); !affix.HasPrefix(base, "tsconfig") && !affix.HasPrefix(base, "jsconfig") {
				role := configRole(p, f.Rel)
				JSONStrings(f.Src, func(name, value string, line int) {
					FileConfig(p, name, value, facts.Value{Role: role, File: f.Rel, Line: line, Modified: f.Modified})
				})
			}
		}
	}
}

// readScripts files STREAM_API_SECRET=… node server.js of package.json.
func readScripts(p *picture.Reader) {
	for _, st := range p.Starts {
		for _, a := range st.Env {
			role := facts.RoleServer
			if st.Entry == "" && frontTool(st.Tool) {
				role = facts.RoleFront
			}
			file, line := PlaceOf(&st, a)
			if f := p.Files[file]; f != nil {
				FileConfig(p, a.Name, a.Value, facts.Value{Role: role, File: file, Line: line, Modified: f.Modified})
			}
		}
	}
}

// PlaceOf is where a variable of a start command is set.
func PlaceOf(st *picture.Starter, a picture.Assignment) (file string, line int) {
	if a.File != "" {
		return a.File, a.Line
	}
	return st.Pkg.FileName(), st.Line
}

func frontTool(tool string) bool {
	return tools.Command(tool, func(t *tools.Tool) bool { return t.Pages && !t.OnServer })
}

// FileConfig files one name and value of a configuration file.
func FileConfig(p *picture.Reader, name, value string, v facts.Value) int {
	if affix.Contains(value, "${") || affix.HasPrefix(value, "$") || value == "" {
		return -1
	}
	c := classOfValue(p, name, []byte(value))
	v.Kind, v.Name, v.Public = facts.KindConfig, name, c.Prefix != ""
	if c.URL {
		fileStreamURL(p, v, value)
		return -1
	}
	if c.What == "" || c.Bare && c.What == facts.WhatKey && !BareIsStreams(p, c.What, []byte(value)) {
		return -1
	}
	if c.Bare && c.What == facts.WhatSecret && !BareIsStreams(p, c.What, []byte(value)) {
		c.What = facts.WhatOther
	}
	v.What = c.What
	return p.Add(v, []byte(value))
}

func configRole(p *picture.Reader, rel string) facts.Role {
	if r := files.RoleOfPath(rel); r != facts.RoleUnknown {
		return r
	}
	if r := modules.SideByFolder(rel); r != facts.RoleUnknown {
		return r
	}
	if affix.Base(rel) == "app.json" && p.PkgOf(rel).Framework == "expo" { // the app's own
		return facts.RoleFront
	}
	return facts.RoleServer
}

var (
	jsonPair = pattern.New(`"([A-Za-z_][A-Za-z0-9_.-]{2,80})"\s*:\s*"([^"\n]{1,1000})"`)
	jsonName = pattern.New(`^[A-Za-z_][A-Za-z0-9_.-]{2,80}$`)
)

// JSONStrings gives the strings of a JSON file under their names; of a file that isn't JSON, those of its lines.
func JSONStrings(src []byte, do func(name, value string, line int)) {
	if all, err := confread.JSON(src); err == nil {
		for _, e := range all {
			if e.Text && e.Value != "" && len(e.Value) <= 1000 && jsonName.MatchString(e.Name()) {
				do(e.Name(), e.Value, e.Line)
			}
		}
		return
	}
	n := 0
	for line := range strings.Lines(string(src)) {
		n++
		t := strings.TrimSpace(line)
		if len(line) > 64<<10 || affix.HasPrefix(t, "//") || affix.HasPrefix(t, "#") {
			continue
		}
		for _, g := range jsonPair.FindAllStringSubmatch(line, 20) {
			do(g[1], g[2], n)
		}
	}
}

var yamlPair = pattern.New(`^\s*(?:-\s*)?['"]?([A-Za-z_][A-Za-z0-9_.-]{1,80})['"]?\s*[:=]\s*(.*?)\s*$`)

// yamlAssignment reads NAME: value, and the item NAME=value of a list, where
// quotes after the = sign belong to the value.
func yamlAssignment(line string) (name, value string, ok bool) {
	if item, list := affix.CutPrefix(strings.TrimSpace(line), "- "); list {
		if name, value, ok := affix.Cut(yamlScalar(strings.TrimSpace(item)), "="); ok && shell.IsVariable(name) {
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
		if end := strings.LastIndexByte(s, s[0]); end > 0 && strings.Trim(s[end+1:], " ") == "" || end > 0 && affix.HasPrefix(strings.TrimSpace(s[end+1:]), "#") {
			return s[1:end]
		}
	}
	if i := strings.Index(s, " #"); i >= 0 {
		s = s[:i]
	}
	return strings.TrimSpace(s)
}
