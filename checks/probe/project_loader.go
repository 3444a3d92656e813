package probe

import (
	"path"
	"slices"
	"strings"

	"badsig/checks/probe/envfile"
	"badsig/checks/probe/jsread"
)

// Rules of this file:
//   - only what the server's own modules load counts, not what a seed script or a test beside them does
//   - a path that cannot be told makes the load unknown, never a guess

// load is one moment at which a program puts .env files into its environment.
type load struct {
	kind     string // dotenv, dotenv-flow, node-env-file, next …
	dialect  envfile.Dialect
	paths    []loadPath // none: the default of its kind
	override bool
	at       place // the module and line; a zero module: before the program
	unknown  bool  // which files cannot be told
}

// loadPath is one file, relative to a folder of the project or, where cwd is
// set, to the working folder.
type loadPath struct {
	rel      string
	cwd      bool
	optional bool
}

var loaderPackages = map[string]string{
	"dotenv": "dotenv", "dotenv/config": "dotenv", "dotenv/config.js": "dotenv", "dotenv-flow": "dotenv-flow", "dotenv-flow/config": "dotenv-flow", "dotenv-expand": "dotenv-expand",
	"dotenv-expand/config": "dotenv-expand", "dotenv-safe": "dotenv", "dotenv-safe/config": "dotenv", "dotenv-defaults": "dotenv-other", "dotenv-defaults/config": "dotenv-other",
	"@dotenvx/dotenvx": "dotenv", "@dotenvx/dotenvx/config": "dotenv", "@next/env": "next", "custom-env": "dotenv-other", "env-cmd": "dotenv-other", "@nestjs/config": "nest",
	"dotenv-vault": "dotenv", "dotenv-vault/config": "dotenv", "node-env-run": "dotenv-other", "dotenv-extended": "dotenv-other", "dotenv-extended/config": "dotenv-other",
}

// loadsOf lists the loads that a module's code makes.
func (g *graph) loadsOf(m *module) []load {
	return m.loads.of(func() []load { return g.readLoads(m) })
}

func (g *graph) readLoads(m *module) []load {
	var out []load
	expand := false
	for _, i := range m.Imports {
		kind := loaderPackages[i.From]
		if kind == "dotenv-expand" {
			expand = true
		}
		if kind != "" && strings.Contains(i.From, "/config") && strings.Count(i.From, "/") >= 1 && i.From != "@nestjs/config" {
			l := load{kind: kind, dialect: envfile.Dotenv, at: place{m, i.Line}, unknown: kind == "dotenv-other"}
			if kind == "dotenv-expand" {
				l.dialect = envfile.DotenvExpand
			}
			out = append(out, l)
		}
	}
	if l, ok := nestLoad(m); ok {
		out = append(out, l)
	}
	out = append(out, renamedLoads(m)...)
	for _, c := range m.Calls {
		kind := g.loaderCall(m, c)
		if kind == "" {
			continue
		}
		l := load{kind: kind, dialect: envfile.Dotenv, at: place{m, c.Line}}
		switch kind {
		case "node-env-file":
			l.dialect = envfile.NodeEnvFile
			if len(c.Args) > 0 {
				l.paths, l.unknown = g.pathsOf(m, c.Scope, c.Args[0])
			}
			out = append(out, l)
			continue
		case "next":
			l.dialect = envfile.NextEnv
			if len(c.Args) > 0 {
				dir, unknown := g.pathsOf(m, c.Scope, c.Args[0])
				l.unknown = unknown || len(dir) != 1
				if !l.unknown {
					for _, n := range nextFiles {
						l.paths = append(l.paths, loadPath{rel: path.Join(dir[0].rel, n), cwd: dir[0].cwd})
					}
				}
			}
			out = append(out, l)
			continue
		case "dotenv-other":
			l.unknown = true
		}
		if expand {
			l.dialect = envfile.DotenvExpand
		}
		if len(c.Args) > 0 {
			g.loadOptions(m, c, &l)
		}
		out = append(out, l)
	}
	return out
}

func (g *graph) loadOptions(m *module, c jsread.Call, l *load) {
	o := c.Args[0]
	if o.Kind == jsread.Ident {
		if v, ok := m.Resolve(c.Scope, o.Text); ok {
			o = v
		}
	}
	if o.Kind == jsread.CallExpr && lastName(o.Text) == "config" { // expand(dotenv.config({…}))
		if len(o.Parts) == 0 {
			return
		}
		o = o.Parts[0]
	}
	if o.Kind != jsread.Object {
		l.unknown = o.Kind != jsread.Other
		return
	}
	for i, k := range o.Keys {
		v := o.Parts[i]
		switch k {
		case "path", "envFilePath":
			if l.kind == "dotenv-flow" {
				dir, unknown := g.pathsOf(m, c.Scope, v)
				l.unknown = unknown || len(dir) != 1
				if !l.unknown {
					for _, n := range flowFiles {
						l.paths = append(l.paths, loadPath{rel: path.Join(dir[0].rel, n), cwd: dir[0].cwd})
					}
				}
				continue
			}
			l.paths, l.unknown = g.pathsOf(m, c.Scope, v)
		case "override":
			l.override = v.Kind == jsread.Ident && v.Text == "true"
			if v.Kind != jsread.Ident {
				l.unknown = true
			}
		case "processEnv", "ignoreEnvFile":
			l.unknown = true
		case "expandVariables":
			l.dialect = envfile.DotenvExpand
		case "":
			l.unknown = true
		}
	}
}

// loaderCall tells whether a call loads .env files.
func (g *graph) loaderCall(m *module, c jsread.Call) string {
	name := lastName(c.Callee)
	head, _, dotted := strings.Cut(c.Callee, ".")
	if c.Callee == "process.loadEnvFile" || name == "loadEnvFile" && m.importsFrom(head, "process", "node:process") {
		return "node-env-file"
	}
	switch name {
	case "config", "configDotenv", "load":
		if spec, ok := requiredSpec(c.Callee); ok {
			if kind := loaderPackages[spec]; kind != "dotenv-expand" {
				return kind
			}
			return ""
		}
		for _, i := range m.Imports {
			if kind := loaderPackages[i.From]; kind != "" && kind != "dotenv-expand" {
				if _, ok := i.Names[head]; ok && (dotted || i.Names[head] == name) {
					return kind
				}
			}
		}
	case "loadEnvConfig":
		return "next"
	}
	return ""
}

// requiredSpec reads the package of require('dotenv').config.
func requiredSpec(callee string) (string, bool) {
	rest, ok := strings.CutPrefix(callee, "require(")
	if !ok || len(rest) < 3 {
		return "", false
	}
	spec, _, ok := strings.Cut(rest[1:], rest[:1]+")")
	return spec, ok
}

func (m *module) importsFrom(local string, from ...string) bool {
	for _, i := range m.Imports {
		if _, ok := i.Names[local]; ok && slices.Contains(from, i.From) {
			return true
		}
	}
	return false
}
