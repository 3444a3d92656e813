package servers

import (
	"strings"

	"badsig/checks/affix"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/names"
	"badsig/checks/probe/project/picture"
)

// Rules of this file:
//   - a library that is installed, and that nothing but its import names, allows no page anything; a project that has
//     none may be behind something that does
//   - a middleware that was not read may allow every page, and a server that hands out pages is their own origin

// bareApps are the frameworks that allow no other origin by themselves.
var bareApps = names.Words("express", "koa", "fastify", "polka", "connect")

// quiet are packages whose middleware leaves a response's CORS headers alone.
var quiet = names.Words("express", "koa", "fastify", "body-parser", "cookie-parser", "morgan", "helmet", "compression", "express-session", "cookie-session", "express-rate-limit",
	"multer", "passport", "@clerk/express", "@clerk/clerk-sdk-node", "path", "dotenv", "hpp", "method-override", "express-fileupload", "express-mongo-sanitize",
	"response-time", "koa-bodyparser", "koa-body", "@koa/bodyparser", "koa-router", "@koa/router", "koa-logger", "@fastify/cookie", "@fastify/formbody", "@fastify/helmet", "@fastify/rate-limit")

// allowing are packages that may allow other origins by themselves.
var allowing = strings.Fields("graphql apollo trpc feathers loopback nest sails json-server serverless firebase-functions lambda middy proxy")

// Shut tells a server for which a library for CORS is installed, and of which nothing lets a page of another origin
// read a response, as far as all of it was read.
func Shut(p *picture.Reader, s *picture.Server) bool {
	if !s.Pkg.Dep("cors", "@fastify/cors", "fastify-cors", "@koa/cors", "koa2-cors") {
		return false
	}
	bare := false
	for _, m := range s.Mods {
		if !m.Strict || m.Holds(". static (") || m.Mentions("sendFile") || m.Mentions("erveStatic") || !quietUses(m) {
			return false
		}
		spare := 0 // words that only name a library
		for _, i := range m.Imports {
			low := strings.ToLower(i.From)
			switch {
			case bareApps[i.From]:
				bare = true
			case unreadImport(p, m, i.From), !affix.HasPrefix(i.From, ".") && affix.Any(allowing, func(w string) bool { return affix.Contains(low, w) }):
				return false
			case affix.Contains(low, "cors") && len(i.Names) > 0 && !called(m, i):
				spare += 1 + len(i.Names)
			}
		}
		words := m.Words()
		for i, w := range words {
			if w.Text == "cors" && i+1 < len(words) && words[i+1].Text == ":" && m.Mentions("socket.io") {
				continue // an option of sockets says nothing of requests
			}
			if low := strings.ToLower(w.Text); affix.Contains(low, "cors") || affix.Contains(low, "allow") && affix.Contains(low, "origin") {
				spare--
			}
		}
		if spare < 0 {
			return false
		}
	}
	return bare
}

// called reports an import that some call is made of, or is given: cors: {} among the options of sockets isn't one.
func called(m *modules.Module, i jsread.Import) bool {
	return affix.Any(m.Calls, func(c jsread.Call) bool {
		root, _, _ := affix.Cut(c.Callee, ".")
		_, is := i.Names[root]
		return is || affix.Any(c.Args, func(a jsread.Expr) bool { _, is := i.Names[a.Text]; return is && a.Kind == jsread.Ident })
	})
}

// quietUses tells a module whose middleware is its own, or of packages that leave CORS alone.
func quietUses(m *modules.Module) bool {
	from := map[string]string{}
	for _, i := range m.Imports {
		for local := range i.Names {
			from[local] = i.From
		}
	}
	for _, c := range m.Calls {
		if n := affix.Ext("." + c.Callee); n != ".use" && n != ".register" {
			continue
		}
		for _, a := range c.Args {
			if a.Kind == jsread.Literal {
				continue
			}
			name, _, _ := affix.Cut(a.Text, ".")
			if pkg := from[name]; pkg != "" && !affix.HasPrefix(pkg, ".") && !quiet[pkg] || name == "require" {
				return false
			}
		}
	}
	return true
}
