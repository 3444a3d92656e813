package modules

import (
	"bytes"
	"path"
	"strings"
	"time"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/files"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/names"
	"badsig/checks/probe/pattern"
	"badsig/checks/tools"
)

// maxLazy bounds the modules that are read only because others import them.
const maxLazy = 3000

// Module gives a file's module, reading it if the walk did not.
func (g *Graph) Module(rel string) *Module {
	if m, ok := g.Mods[rel]; ok {
		return m
	}
	if !g.Tree.HasCode(rel) || g.lazy >= maxLazy {
		return nil
	}
	g.lazy++
	if g.kept.Load() > maxKept+smallKept {
		return g.addModule(rel, nil, time.Time{})
	}
	src, mod, err := g.Tree.ReadBounded(rel, &g.Buf, files.MaxSourceSize)
	if err != nil {
		g.Mods[rel] = nil
		return nil
	}
	m := g.addModule(rel, bytes.Clone(src), mod)
	m.Via = true
	return m
}

func (g *Graph) addModule(rel string, src []byte, mod time.Time) *Module {
	m := &Module{Module: g.read(rel, src), Rel: rel, Pkg: g.PkgOf(rel), src: src, Modified: mod}
	g.keep(m)
	return m
}

// importFolder adds the files of a folder that a module loads one after another:
// fs.readdirSync(…).forEach((file) => require('./routes/' + file)(app)).
func importFolder(g *Graph, m *Module) {
	lists := func(c jsread.Call) bool { return affix.HasPrefix(facts.LastName(c.Callee), "readdir") }
	if !affix.Any(m.Calls, lists) && !affix.Any(m.Others, lists) {
		return
	}
	ws := m.Words()
	for i := range ws {
		if ws[i].String || ws[i].Text != "require" && ws[i].Text != "import" || !jsread.Follows(ws, i+1, "(") || i+9 >= len(ws) {
			continue
		}
		at := i + 2
		if ws[at].Text == "`" {
			at++
		}
		dir := ws[at].Text
		if jsread.Follows(ws, at, "path . join ( __dirname ,") && jsread.Follows(ws, at+7, ",") {
			dir = "./" + ws[at+6].Text + "/"
		}
		if !affix.HasPrefix(dir, ".") || !affix.HasSuffix(dir, "/") {
			continue
		}
		for n, name := range g.Tree.Code[path.Join(files.DirOf(m.Rel), dir)] {
			if n < 100 && dir+name != "./"+path.Base(m.Rel) && files.RoleOfPath(name) == facts.RoleUnknown {
				m.Imports = append(m.Imports, jsread.Import{From: dir + name, Names: map[string]string{}, Line: ws[i].Line})
			}
		}
	}
}

// maxKept bounds what the modules of a project need: large ones need a quarter.
// Above it small files are still read, for those are settings more often than not.
const (
	maxKept   = 56 << 20
	smallKept = 4 << 20
	smallFile = 8 << 10
)

// read reads a source, if there is room for what is in it.
func (g *Graph) read(rel string, src []byte) jsread.Module {
	if kept := g.kept.Load(); kept > maxKept && (len(src) > smallFile || kept > maxKept+smallKept) {
		return jsread.Module{Exports: map[string]jsread.Expr{}, Consts: map[string]jsread.Expr{}, Full: true}
	}
	m := readModule(rel, src)
	g.kept.Add(int64(m.Kept + len(src)))
	return m
}

// Full lists the sources that weren't read to their ends.
func (g *Graph) Full() []string {
	var out []string
	for _, m := range g.SortedMods() {
		if m.Full {
			out = append(out, m.Rel)
		}
	}
	return out
}

func (g *Graph) keep(m *Module) {
	importFolder(g, m)
	m.Role = g.sideOf(m)
	g.Mods[m.Rel] = m
	g.sorted, g.ofPackage = nil, nil
	g.ReadOrder = append(g.ReadOrder, m)
}

// readModule reads a source; JSON is what a module would export.
func readModule(rel string, src []byte) jsread.Module {
	switch path.Ext(rel) {
	case ".json":
		return jsread.Read(rel+".js", append([]byte("export default "), files.TrimBOM(src)...))
	case "":
		rel += ".js"
	}
	return jsread.Read(rel, src)
}

// Tool tells configuration of tools, which neither side runs.
func (m *Module) Tool() bool {
	base := path.Base(m.Rel)
	stem, _, _ := affix.Cut(base, ".")
	if !tools.Configured(stem) {
		return false
	}
	return affix.Contains(base, ".config.") && stem != "proxy" || base == "config-overrides.js" || base == "proxy.conf.js" || base == "proxy.conf.mjs"
}

// Listens tells a module that opens a port.
func (m *Module) Listens() bool {
	if d := m.Exports["default"]; d.Kind == jsread.Object && facts.OneOf(d.Keys(), "fetch") && (facts.OneOf(d.Keys(), "port") || m.Pkg.Dep("@types/bun", "bun-types")) {
		return true // Bun serves what its first module exports
	}
	for _, c := range m.Others {
		if HapiServer(m, c) || SocketServer(m, c) {
			return true
		}
	}
	for _, c := range m.Calls {
		if facts.LastName(c.Callee) == "listen" && len(c.Args) > 0 && (c.Args[0].Kind != jsread.Literal || IsDigits(c.Args[0].Text)) || c.Callee == "Deno.serve" || c.Callee == "Bun.serve" {
			return true
		}
		if c.Callee == "serve" && ImportsFrom(m, "serve", "@hono/node-server", "https://deno.land/std/http/server.ts", "srvx") {
			return true
		}
		if ApolloServer(m, c) || SocketServer(m, c) {
			return true
		}
	}
	return false
}

// ApolloServer tells a call that makes Apollo's own server listen, on 4000 where nothing else is said
// (apollographql.com/docs/apollo-server/api/standalone).
func ApolloServer(m *Module, c jsread.Call) bool {
	return c.Callee == "startStandaloneServer" && ImportsFrom(m, c.Callee, "@apollo/server/standalone") ||
		facts.LastName(c.Callee) == "listen" && len(c.Args) == 0 && ImportsFrom(m, "ApolloServer", "apollo-server")
}

// HapiServer tells a call that makes a Hapi server: it receives the port.
func HapiServer(m *Module, c jsread.Call) bool {
	on, name := Receiver(c.Callee)
	return (name == "server" || name == "Server") && on != "" && ImportsFrom(m, on, "@hapi/hapi", "hapi")
}

// SocketServer tells a server of Socket.IO's with a port of its own: new Server(3000). Given an HTTP
// server, that one listens (socket.io/docs/v4/server-initialization).
func SocketServer(m *Module, c jsread.Call) bool {
	if len(c.Args) == 0 || !ImportsFrom(m, affix.TrimPrefix(c.Callee, "new "), "socket.io") {
		return false
	}
	port := c.Args[0]
	for (port.Kind == jsread.Either || port.Kind == jsread.Wrapped) && len(port.Parts) > 0 { // process.env.PORT || 3000
		port = port.Parts[0]
	}
	return port.Kind == jsread.Number || port.Kind == jsread.Env || port.Kind == jsread.Literal && IsDigits(port.Text)
}

var StreamPackage = pattern.New(`^(stream-chat($|-|/)|@stream-io/|getstream($|/))`)

// Streamish tells a module that is about Stream.
//
//go:noinline
func (m *Module) Streamish() bool { return m.says.stream.Of(m.aboutStream) }

func (m *Module) aboutStream() bool {
	for _, i := range m.Imports {
		if StreamPackage.MatchString(i.From) {
			return true
		}
	}
	for _, r := range m.Reads {
		if c := names.Classify(r.Text); c.What != "" && !c.Bare && c.What != facts.WhatOther {
			return true
		}
	}
	low := strings.ToLower(m.Rel)
	if affix.Contains(path.Base(low), "stream") || affix.Contains(path.Base(files.DirOf(low)), "stream") {
		return true
	}
	for _, f := range m.Fields {
		if c := names.Classify(f.Name); c.What != "" && !c.Bare && c.What != facts.WhatOther {
			return true
		}
	}
	return false
}

// ReadsSecret tells a module that reads a Stream secret which no browser gets.
func (m *Module) ReadsSecret() bool {
	for _, r := range m.Reads {
		if c := names.Classify(r.Text); c.What == facts.WhatSecret && c.Prefix == "" {
			return true
		}
	}
	return false
}

// File gives a file the walk read, nil for none.
func (g *Graph) File(rel string) *files.File {
	return g.Files[rel]
}

// Exists tells whether there is a regular file, read or not.
//
//go:noinline
func (g *Graph) Exists(rel string) bool {
	return g.Tree.Exists(rel)
}
