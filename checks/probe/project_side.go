package probe

import (
	"bytes"
	"path"
	"slices"
	"strings"

	"badsig/checks/probe/pattern"
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

// sideByFolder guesses from the names of folders.
func sideByFolder(rel string) Role {
	for part := range strings.SplitSeq(strings.ToLower(dirOf(rel)), "/") {
		switch part {
		case "server", "backend", "api", "functions", "routes", "middleware", "middlewares", "controllers", "lambda", "lambdas", "srv", "netlify", "supabase":
			return RoleServer
		case "client", "frontend", "front", "web", "webapp", "ui", "components", "pages", "views", "hooks", "screens", "mobile", "stream", "public", "browser":
			return RoleFront
		}
	}
	switch base := strings.ToLower(path.Base(rel)); strings.TrimSuffix(base, path.Ext(base)) {
	case "server", "backend":
		return RoleServer
	}
	return RoleUnknown
}

// sideOf tells which side runs a module.
func (g *graph) sideOf(m *module) Role {
	if r := roleOfPath(m.rel); r != RoleUnknown {
		return r
	}
	k := m.pkg
	if m.tool() {
		return RoleUnknown
	}
	ext := path.Ext(m.rel)
	imports := func(list []string) bool {
		for _, i := range m.Imports {
			if slices.Contains(list, i.From) {
				return true
			}
		}
		return false
	}
	switch k.framework {
	case "next", "nuxt", "sveltekit", "remix", "astro":
		if r := serverPartOf(k, m); r != RoleUnknown {
			return r
		}
	}
	server, front := imports(serverImports) || m.listens(), imports(frontImports) || ext == ".vue" || ext == ".svelte" || ext == ".html" || m.usesMeta()
	switch {
	case front && !server:
		return RoleFront
	case server && !front:
		return RoleServer
	case m.inBrowser():
		return RoleFront
	case ext == ".jsx" || ext == ".tsx":
		return RoleFront
	case k.server && !k.front:
		return RoleServer
	}
	if r := sideByFolder(strings.TrimPrefix(m.rel, k.dir)); r != RoleUnknown {
		return r
	}
	if k.front && !k.server && k.framework != "next" {
		return RoleFront
	}
	if r := sideByFolder(m.rel); r != RoleUnknown && !k.front {
		return r
	}
	return RoleUnknown
}

var browserGlobals = pattern.New(`\b(?:document|window)\.[A-Za-z]|\b(?:localStorage|sessionStorage)\.|\bnew URLSearchParams\(\s*(?:window\.)?location\b|\blocation\.(?:search|href|hash|origin)\b`)

// inBrowser tells a script that only a browser can run: it uses what Node does
// not have, or lies in a folder that servers hand out as it is.
func (m *module) inBrowser() bool {
	for _, i := range m.Imports {
		if strings.HasPrefix(i.From, "node:") {
			return false
		}
	}
	if bytes.Contains(m.src, []byte("require(")) || bytes.Contains(m.src, []byte("process.argv")) || bytes.Contains(m.src, []byte("module.exports")) {
		return false
	}
	for part := range strings.SplitSeq(strings.TrimPrefix(dirOf(m.rel), m.pkg.dir), "/") {
		switch strings.ToLower(part) {
		case "public", "static", "www", "wwwroot", "htdocs", "public_html":
			return true
		}
	}
	return browserGlobals.Match(m.src)
}

// serverPartOf tells the files that a full-stack framework runs on its server.
func serverPartOf(k *pkg, m *module) Role {
	in := strings.TrimPrefix(strings.TrimPrefix(m.rel, k.dir), "/")
	in = strings.TrimPrefix(in, "src/")
	base := path.Base(in)
	stem := strings.TrimSuffix(base, path.Ext(base))
	switch {
	case strings.HasPrefix(in, "pages/api/"), strings.HasPrefix(in, "server/"), stem == "route" && strings.HasPrefix(in, "app/"),
		stem == "middleware", strings.HasSuffix(stem, ".server"), strings.HasPrefix(stem, "+server"), strings.HasSuffix(stem, ".action"),
		strings.Contains(in, "actions/"), stem == "actions", m.directive("use server"):
		return RoleServer
	case m.directive("use client"), k.framework == "remix" && (strings.HasSuffix(stem, ".client") || strings.Contains("/"+in, "/.client/")):
		return RoleFront
	case k.framework == "remix" && strings.HasPrefix(in, "app/") && m.routeOnServer():
		return RoleServer
	}
	return RoleUnknown
}

// routeOnServer tells a route module of Remix or React Router that shows no
// page: its action and loader run on the server alone.
func (m *module) routeOnServer() bool {
	_, action := m.Exports["action"]
	_, loader := m.Exports["loader"]
	_, page := m.Exports["default"]
	return (action || loader) && !page
}
