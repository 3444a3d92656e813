package modules

import (
	"slices"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/files"
	"badsig/checks/probe/jsread"
	"badsig/checks/tools"
)

var (
	serverImports = []string{
		"express", "fastify", "koa", "hono", "http", "node:http", "https", "node:https", "@hapi/hapi", "@nestjs/common", "@nestjs/core", "@hono/node-server", "polka", "restify",
		"jsonwebtoken", "jose", "jwt-simple", "dotenv", "dotenv/config", "dotenv-flow", "dotenv-expand", "fs", "node:fs", "fs/promises", "node:fs/promises", "path", "node:path",
		"child_process", "node:child_process", "@stream-io/node-sdk", "getstream/server", "next/server", "next/headers", "cors", "body-parser", "mongoose", "pg", "mysql2",
		"@prisma/client", "firebase-admin", "@clerk/nextjs/server", "cluster", "node:cluster", "server-only", "bcrypt", "bcryptjs", "crypto", "node:crypto", "h3", "elysia", "@sveltejs/kit",
	}
	frontImports = []string{
		"react", "react-dom", "react-dom/client", "vue", "svelte", "preact", "solid-js", "react-native", "expo", "stream-chat-react", "stream-chat-react-native", "stream-chat-expo",
		"@stream-io/video-react-sdk", "@stream-io/video-react-native-sdk", "stream-chat-angular", "@angular/core", "next/navigation", "next/router", "next/link", "react-router-dom",
		"@stream-io/video-client", "@tanstack/react-query", "client-only", "next/image",
	}
)

// SideByFolder guesses from the names of folders.
func SideByFolder(rel string) facts.Role {
	for part := range strings.SplitSeq(strings.ToLower(files.DirOf(rel)), "/") {
		switch part {
		case "server", "backend", "api", "functions", "routes", "middleware", "middlewares", "controllers", "lambda", "lambdas", "srv", "netlify", "supabase":
			return facts.RoleServer
		case "client", "frontend", "front", "web", "webapp", "ui", "components", "pages", "views", "hooks", "screens", "mobile", "stream", "public", "browser":
			return facts.RoleFront
		}
	}
	switch base := strings.ToLower(affix.Base(rel)); affix.TrimSuffix(base, affix.Ext(base)) {
	case "server", "backend":
		return facts.RoleServer
	}
	return facts.RoleUnknown
}

// sideOf tells which side runs a module.
func (g *Graph) sideOf(m *Module) facts.Role {
	if r := m.Pkg.RoleOf(m.Rel); r != facts.RoleUnknown {
		return r
	}
	k := m.Pkg
	if m.Tool() {
		return facts.RoleUnknown
	}
	ext := affix.Ext(m.Rel)
	imports := func(list []string) bool {
		for _, i := range m.Imports {
			if facts.OneOf(list, i.From) {
				return true
			}
		}
		return false
	}
	if tools.Of(k.Framework).OnServer {
		if r := serverPartOf(k, m); r != facts.RoleUnknown {
			return r
		}
	}
	server, front := imports(serverImports) || m.Listens(), imports(frontImports) || ext == ".vue" || ext == ".svelte" || ext == ".html" || m.usesMeta()
	switch {
	case front && !server:
		return facts.RoleFront
	case server && !front:
		return facts.RoleServer
	case m.inBrowser():
		return facts.RoleFront
	case ext == ".jsx" || ext == ".tsx":
		return facts.RoleFront
	case k.Server && !k.Front:
		return facts.RoleServer
	}
	if in := affix.TrimPrefix(affix.TrimPrefix(m.Rel, k.Dir), "/"); k.Front && !k.Server && !tools.Of(k.Framework).OnServer && (affix.HasPrefix(in, "src/api/") || affix.HasPrefix(in, "src/routes/")) {
		return facts.RoleFront // of a page's bundle: it calls the API, or routes between pages
	}
	if r := SideByFolder(affix.TrimPrefix(m.Rel, k.Dir)); r != facts.RoleUnknown {
		return r
	}
	if k.Front && !k.Server && k.Framework != "next" {
		return facts.RoleFront
	}
	if r := SideByFolder(m.Rel); r != facts.RoleUnknown && !k.Front {
		return r
	}
	if m.connects() {
		return facts.RoleFront
	}
	return facts.RoleUnknown
}

// connects tells a module that connects a user to Stream, and makes no token: that is what a front end does, wherever its file is.
func (m *Module) connects() bool {
	found := false
	for _, c := range m.Calls {
		name := facts.LastName(c.Callee)
		if StreamSigners[name] {
			return false
		}
		found = found || name == "connectUser"
	}
	return found
}

// inBrowser tells a script that only a browser can run: it uses what Node doesn't have, or is in a folder that is handed out as it is.
func (m *Module) inBrowser() bool {
	for _, i := range m.Imports {
		if affix.HasPrefix(i.From, "node:") {
			return false
		}
	}
	if m.Holds("require (") || m.Holds("process . argv") || m.Holds("module . exports") {
		return false
	}
	for part := range strings.SplitSeq(affix.TrimPrefix(files.DirOf(m.Rel), m.Pkg.Dir), "/") {
		if low := strings.ToLower(part); facts.PublicFolder(low) || low == "htdocs" || low == "public_html" {
			return true
		}
	}
	return m.usesBrowser()
}

// serverPartOf tells the files that a full-stack framework runs on its server.
func serverPartOf(k *Package, m *Module) facts.Role {
	in := affix.TrimPrefix(affix.TrimPrefix(m.Rel, k.Dir), "/")
	in = affix.TrimPrefix(in, "src/")
	base := affix.Base(in)
	stem := affix.TrimSuffix(base, affix.Ext(base))
	switch {
	case affix.HasPrefix(in, "pages/api/"), affix.HasPrefix(in, "server/"), stem == "route" && affix.HasPrefix(in, "app/"),
		stem == "middleware", affix.HasSuffix(stem, ".server"), affix.HasPrefix(stem, "+server"), m.Directive("use server"),
		(affix.HasSuffix(stem, ".action") || affix.Contains(in, "actions/") || stem == "actions") && !m.asksItsOrigin():
		return facts.RoleServer
	case m.Directive("use client"), k.Framework == "remix" && (affix.HasSuffix(stem, ".client") || affix.Contains("/"+in, "/.client/")):
		return facts.RoleFront
	case k.Framework == "remix" && affix.HasPrefix(in, "app/") && m.routeOnServer():
		return facts.RoleServer
	}
	return facts.RoleUnknown
}

// asksItsOrigin tells a module that requests a path without a host, which only a browser can: fetch("/api/token").
func (m *Module) asksItsOrigin() bool {
	return affix.Any(slices.Concat(m.Calls, m.Others), func(c jsread.Call) bool {
		if c.Callee != "fetch" || len(c.Args) == 0 {
			return false
		}
		a := c.Args[0]
		if a.Kind == jsread.Template && len(a.Parts) > 0 {
			a = a.Parts[0]
		}
		return a.Kind == jsread.Literal && affix.HasPrefix(a.Text, "/")
	})
}

// routeOnServer tells a route module of Remix or React Router that shows no page: its action and loader run on the server alone.
func (m *Module) routeOnServer() bool {
	_, action := m.Exports["action"]
	_, loader := m.Exports["loader"]
	_, page := m.Exports["default"]
	return (action || loader) && !page
}
