package modules

import (
	"path"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/envfile"
	"badsig/checks/probe/jsread"
	"badsig/checks/tools"
)

// Rules of this file:
//   - only what the server's own modules load counts, not what a seed script or a test beside them does
//   - a path that cannot be told makes the load unknown, never a guess

// Load is one moment at which a program puts .env files into its environment.
type Load struct {
	Kind     string // dotenv, dotenv-flow, node-env-file, next …
	Dialect  envfile.Dialect
	Paths    []LoadPath // none: the default of its kind
	Override bool
	At       Place // the module and line; a zero module: before the program
	Unknown  bool  // which files cannot be told
}

// LoadPath is one file, relative to a folder of the project or, where cwd is
// set, to the working folder.
type LoadPath struct {
	Rel      string
	CWD      bool
	Optional bool
}

// LoadsOf lists the loads that a module's code makes.
func LoadsOf(g *Graph, m *Module) []Load {
	return m.loads.Of(func() []Load { return readLoads(g, m) })
}

func readLoads(g *Graph, m *Module) []Load {
	var out []Load
	expand := false
	for _, i := range m.Imports {
		kind := tools.LoadsBy(i.From)
		if kind == "dotenv-expand" {
			expand = true
		}
		if kind != "" && affix.Contains(i.From, "/config") && strings.Count(i.From, "/") >= 1 && i.From != "@nestjs/config" {
			l := Load{Kind: kind, Dialect: DotenvOf(m.Pkg), At: Place{m, i.Line}, Unknown: kind == "dotenv-other"}
			if kind == "dotenv-expand" {
				l.Dialect = envfile.DotenvExpand
			}
			out = append(out, l)
		}
	}
	if l, ok := nestLoad(g, m); ok {
		out = append(out, l)
	}
	out = append(out, renamedLoads(g, m)...)
	for _, c := range m.Calls {
		if l, ok := pluginLoad(g, m, c); ok {
			out = append(out, l)
			continue
		}
		kind := loaderCall(g, m, c)
		if kind == "" {
			continue
		}
		l := Load{Kind: kind, Dialect: DotenvOf(m.Pkg), At: Place{m, c.Line}}
		switch kind {
		case "node-env-file":
			l.Dialect = envfile.NodeEnvFile
			if len(c.Args) > 0 {
				l.Paths, l.Unknown = PathsOf(g, m, c.Scope, c.Args[0])
			}
			out = append(out, l)
			continue
		case "next":
			l.Dialect = envfile.NextEnv
			if len(c.Args) > 0 {
				dir, unknown := PathsOf(g, m, c.Scope, c.Args[0])
				l.Unknown = unknown || len(dir) != 1
				if !l.Unknown {
					for _, n := range tools.NextFiles {
						l.Paths = append(l.Paths, LoadPath{Rel: path.Join(dir[0].Rel, n), CWD: dir[0].CWD})
					}
				}
			}
			out = append(out, l)
			continue
		case "dotenv-other":
			l.Unknown = true
		}
		if expand {
			l.Dialect = envfile.DotenvExpand
		}
		if len(c.Args) > 0 {
			loadOptions(g, m, c, &l)
		}
		out = append(out, l)
	}
	return out
}

func loadOptions(g *Graph, m *Module, c jsread.Call, l *Load) {
	o := c.Args[0]
	if o.Kind == jsread.Ident {
		if v, ok := m.Resolve(c.Scope, o.Text); ok {
			o = v
		}
	}
	if o.Kind == jsread.CallExpr && facts.LastName(o.Text) == "config" { // expand(dotenv.config({…}))
		if len(o.Parts) == 0 {
			return
		}
		o = o.Parts[0]
	}
	if o.Kind != jsread.Object {
		l.Unknown = o.Kind != jsread.Other
		return
	}
	for i, k := range o.Keys() {
		v := o.Parts[i]
		switch k {
		case "path", "envFilePath":
			if l.Kind == "dotenv-flow" {
				dir, unknown := PathsOf(g, m, c.Scope, v)
				l.Unknown = unknown || len(dir) != 1
				if !l.Unknown {
					for _, n := range tools.FlowFiles {
						l.Paths = append(l.Paths, LoadPath{Rel: path.Join(dir[0].Rel, n), CWD: dir[0].CWD})
					}
				}
				continue
			}
			l.Paths, l.Unknown = PathsOf(g, m, c.Scope, v)
		case "override":
			l.Override = v.Kind == jsread.Ident && v.Text == "true"
			if v.Kind != jsread.Ident {
				l.Unknown = true
			}
		case "processEnv", "ignoreEnvFile":
			l.Unknown = true
		case "expandVariables":
			l.Dialect = envfile.DotenvExpand
		case "":
			l.Unknown = true
		}
	}
}

// loaderCall tells whether a call loads .env files.
func loaderCall(g *Graph, m *Module, c jsread.Call) string {
	name := facts.LastName(c.Callee)
	head, _, dotted := affix.Cut(c.Callee, ".")
	if c.Callee == "process.loadEnvFile" || name == "loadEnvFile" && ImportsFrom(m, head, "process", "node:process") {
		return "node-env-file"
	}
	switch name {
	case "config", "configDotenv", "load":
		if spec, ok := requiredSpec(c.Callee); ok {
			if kind := tools.LoadsBy(spec); kind != "dotenv-expand" {
				return kind
			}
			return ""
		}
		for _, i := range m.Imports {
			if kind := tools.LoadsBy(i.From); kind != "" && kind != "dotenv-expand" {
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
	rest, ok := affix.CutPrefix(callee, "require(")
	if !ok || len(rest) < 3 {
		return "", false
	}
	spec, _, ok := affix.Cut(rest[1:], rest[:1]+")")
	return spec, ok
}

//go:noinline
func ImportsFrom(m *Module, local string, from ...string) bool {
	for _, i := range m.Imports {
		if _, ok := i.Names[local]; ok && facts.OneOf(from, i.From) {
			return true
		}
	}
	return false
}

// renamedLoads finds the calls of import { config as load } from 'dotenv',
// which have a name of the project's own.
func renamedLoads(g *Graph, m *Module) []Load {
	var out []Load
	for _, i := range m.Imports {
		kind := tools.LoadsBy(i.From)
		if kind == "" || kind == "dotenv-expand" {
			continue
		}
		for local, exported := range i.Names {
			if exported != "config" && exported != "configDotenv" || local == "config" || local == "configDotenv" {
				continue
			}
			for _, c := range m.called(local) {
				l := Load{Kind: kind, Dialect: DotenvOf(m.Pkg), Unknown: kind == "dotenv-other", At: Place{m, c.Line}}
				if len(c.Args) > 0 && !l.Unknown {
					loadOptions(g, m, c, &l)
				}
				out = append(out, l)
			}
		}
	}
	return out
}

// called lists the module's calls of a callee.
func (m *Module) called(callee string) (out []jsread.Call) {
	for _, list := range [][]jsread.Call{m.Calls, m.Others} {
		for _, c := range list {
			if c.Callee == callee {
				out = append(out, c)
			}
		}
	}
	return out
}

// nestLoad reads ConfigModule.forRoot, which is in a decorator.
func nestLoad(g *Graph, m *Module) (Load, bool) {
	if !ImportsFrom(m, "ConfigModule", "@nestjs/config") {
		return Load{}, false
	}
	calls := m.called("ConfigModule.forRoot")
	if len(calls) == 0 {
		return Load{}, false
	}
	c := calls[0]
	l := Load{Kind: "nest", Dialect: envfile.Dotenv, At: Place{m, c.Line}}
	if len(c.Args) > 0 {
		loadOptions(g, m, c, &l)
	}
	for i := range l.Paths {
		l.Paths[i].Optional = len(l.Paths) > 1 // a list names files of which some may be there
	}
	return l, true
}
