// Package servers finds the programs that may be the token server, with their routes, ports and middleware.
package servers

import (
	"strings"

	"badsig/checks/affix"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/pattern"
	"badsig/checks/probe/project/picture"
)

// parsers are the packages that read a body, or whose applications do.
var parsers = pattern.New(`(?i)body|pars|formidable|busboy|multer|get-stream|stream/consumers|graphql|apollo|trpc|feathers|loopback|nest|sails|adonis|tsoa|openapi|swagger|controllers|` +
	`firebase|functions|lambda|serverless|middy|vercel|netlify|moleculer|strapi|directus|payload|keystone|fastify|hono|elysia|h3$|nitro|hapi|restify|next|remix|nuxt|itty|oak|zodios|ts-rest`)

// MayParse tells whether a server parses the JSON of a request, or whether
// that cannot be told.
func MayParse(p *picture.Reader, s *picture.Server) bool {
	bare := false // a framework that hands the body on as it came
	for _, m := range s.Mods {
		if !m.Strict || parsesText(m) {
			return true
		}
		for _, i := range m.Imports {
			switch affix.TrimPrefix(i.From, "node:") {
			case "express", "koa", "connect", "polka", "http", "https", "http2":
				bare = true
			}
			if parsers.MatchString(i.From) && !affix.HasPrefix(i.From, ".") && i.From != "cookie-parser" && ParsesJSON(m, i) {
				return true
			}
			for _, name := range i.Names {
				if i.From == "express" && name == "json" && Used(m, i) {
					return true
				}
			}
			if unreadImport(p, m, i.From) {
				return true
			}
		}
	}
	return !bare
}

// ParsesJSON tells whether a module may parse JSON by an import: body-parser's urlencoded parses forms alone.
func ParsesJSON(m *modules.Module, i jsread.Import) bool {
	if i.From != "body-parser" || len(i.Names) != 1 {
		return Used(m, i)
	}
	for local, name := range i.Names {
		forms := 1 // the import's own
		for _, c := range m.Calls {
			if c.Callee == local+".urlencoded" {
				forms++
			}
		}
		if name == "urlencoded" || forms > 1 && m.Uses(local) == forms {
			return false
		}
	}
	return Used(m, i)
}

// Used tells whether a module does more with an import than to name it.
func Used(m *modules.Module, i jsread.Import) bool {
	if len(i.Names) == 0 {
		return true // for what it does when it is loaded
	}
	for local := range i.Names {
		if affix.ContainsAny(local, " *") || m.Uses(local) > 1 { // a re-export, all of it
			return true
		}
	}
	return false
}

// ReadsBody tells whether a server reads what a parser of bodies leaves.
func ReadsBody(s *picture.Server) bool {
	return affix.Any(s.Mods, func(m *modules.Module) bool {
		return m.Holds("req . body") || m.Holds("request . body")
	})
}

// unreadImport tells an import of the project's own whose module was not read.
func unreadImport(p *picture.Reader, m *modules.Module, spec string) bool {
	if p.Resolve(m, spec) != "" {
		return false
	}
	if affix.HasPrefix(spec, ".") || affix.HasPrefix(spec, "@/") || affix.HasPrefix(spec, "~/") || affix.HasPrefix(spec, "#") {
		return !affix.HasSuffix(spec, ".json") && !affix.HasSuffix(spec, ".css")
	}
	name := strings.Join(strings.SplitN(spec, "/", 3)[:min(2, strings.Count(spec, "/")+1)], "/")
	if !affix.HasPrefix(spec, "@") {
		name, _, _ = affix.Cut(spec, "/")
	}
	version := m.Pkg.Deps[name]
	return affix.Any([]string{"workspace:", "file:", "link:", "portal:"}, func(x string) bool { return affix.HasPrefix(version, x) })
}

// Parsed tells whether a handler surely gets a body of JSON as an object.
func Parsed(s *picture.Server, handler *modules.Module) bool {
	if s.Frame == "next" {
		return !handler.Mentions("bodyParser")
	}
	parses := false
	for _, m := range s.Mods {
		parses = parses || m.Holds("express . json (") || m.Holds("bodyParser . json (")
		if m.Holds(". text (") || m.Holds(". raw (") || m.Holds("json ( { type") {
			return false
		}
	}
	return parses && s.Frame == ""
}

// parsesText tells whether a module's code parses JSON that may be a request's.
func parsesText(m *modules.Module) bool {
	for _, request := range []string{"req", "request", "event"} {
		for _, read := range []string{"json", "formData", "parseBody", "body ("} {
			if m.Holds(request + " . " + read) {
				return true
			}
		}
	}
	if m.Holds("await json (") || m.Holds("readBody (") {
		return true
	}
	ws := m.Words()
	for i := range ws {
		if jsread.Follows(ws, i, "JSON . parse (") && !ownText(ws, i+4) {
			return true
		}
	}
	return false
}

// ownText tells JSON that isn't a request's: a file's, a variable's.
func ownText(ws []jsread.Word, i int) bool {
	if jsread.Follows(ws, i, "await") {
		i++
	}
	return jsread.Follows(ws, i, "fs .") || i < len(ws) && affix.HasPrefix(ws[i].Text, "readFile") || jsread.Follows(ws, i, "process . env") ||
		jsread.Follows(ws, i, "new TextDecoder ( ) . decode (") && i+7 < len(ws) && affix.HasPrefix(ws[i+7].Text, "readFile")
}

// ParsesTyped tells whether a handler's fields are parsed of a body only where its type says JSON, as the usual
// parsers do it without options of their own.
func ParsesTyped(s *picture.Server, handler *modules.Module) bool {
	mods, typed := s.Mods, s.Frame == "next"
	if typed {
		mods = []*modules.Module{handler}
	}
	for _, m := range mods {
		for _, i := range m.Imports {
			switch i.From {
			case "express", "body-parser", "koa-bodyparser", "@koa/bodyparser", "fastify", "@nestjs/core":
				typed = true
			}
		}
		ws := m.Words()
		for i := range ws {
			switch ws[i].Text {
			case "addContentTypeParser", "bodyParser":
				if i+1 < len(ws) && (ws[i].Text[0] == 'a' || ws[i+1].Text == ":") {
					return false
				}
			case "text", "raw":
				if i > 0 && ws[i-1].Text == "." && jsread.Follows(ws, i+1, "(") {
					return false
				}
			case "type", "enableTypes":
				if i > 0 && (ws[i-1].Text == "{" || ws[i-1].Text == ",") && jsread.Follows(ws, i+1, ":") {
					return false
				}
			}
		}
		if parsesText(m) {
			return false
		}
	}
	return typed
}
