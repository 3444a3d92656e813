package probe

import (
	"path"
	"slices"
	"strings"
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
func (p *project) sideOf(m *module) Role {
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
	server, front := imports(serverImports) || m.listens(), imports(frontImports) || ext == ".vue" || ext == ".svelte" || m.usesMeta()
	switch {
	case front && !server:
		return RoleFront
	case server && !front:
		return RoleServer
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
	case m.directive("use client"):
		return RoleFront
	}
	return RoleUnknown
}
