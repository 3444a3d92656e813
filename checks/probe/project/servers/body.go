// Package servers finds the programs that may be the token server, with their routes, ports and middleware.
package servers

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/pattern"
	"badsig/checks/probe/project/picture"
)

var (
	// parsers are the packages that read a body, or whose applications do.
	parsers = pattern.New(`(?i)body|pars|formidable|busboy|multer|get-stream|stream/consumers|graphql|apollo|trpc|feathers|loopback|nest|sails|adonis|tsoa|openapi|swagger|controllers|` +
		`firebase|functions|lambda|serverless|middy|vercel|netlify|moleculer|strapi|directus|payload|keystone|fastify|hono|elysia|h3$|nitro|hapi|restify|next|remix|nuxt|itty|oak|zodios|ts-rest`)
	// parsesItself are the ways of reading a request's JSON without a package.
	parsesItself = pattern.New(`\b(?:req|request|ctx\.req|c\.req|event)\s*\.\s*(?:json|formData|parseBody|body\(\))|await\s+json\(|readBody\(`)
	// readsParsed is a read of what a parser leaves.
	readsParsed = pattern.New(`\b(?:req|request)\s*\.\s*body\b`)
	ownText     = pattern.New(`^\s*(?:await\s+)?(?:fs\.|readFile|process\.env|new TextDecoder\(\)\.decode\(readFile)`)
)

// MayParse tells whether a server parses the JSON of a request, or whether
// that cannot be told.
func MayParse(p *picture.Reader, s *picture.Server) bool {
	bare := false // a framework that hands the body on as it came
	for _, m := range s.Mods {
		if !m.Strict || parsesText(m) {
			return true
		}
		for _, i := range m.Imports {
			switch strings.TrimPrefix(i.From, "node:") {
			case "express", "koa", "connect", "polka", "http", "https", "http2":
				bare = true
			}
			if parsers.MatchString(i.From) && !strings.HasPrefix(i.From, ".") && i.From != "cookie-parser" && Used(m, i) {
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

// Used tells whether a module does more with an import than to name it.
func Used(m *modules.Module, i jsread.Import) bool {
	if len(i.Names) == 0 {
		return true // for what it does when it is loaded
	}
	text := m.BareText() // a package of the same name counts, too: what may be used is not called unused
	for local := range i.Names {
		if !isWord(local) || countWord(text, local) > 1 {
			return true
		}
	}
	return false
}

func isWord(s string) bool {
	return s != "" && strings.IndexFunc(s, func(r rune) bool { return !wordRune(r) }) < 0
}

func wordRune(r rune) bool { return r == '_' || r == '$' || unicode.IsLetter(r) || unicode.IsDigit(r) }

// countWord counts a name's occurrences as a whole word.
func countWord(text, name string) int {
	n := 0
	for at := 0; ; {
		i := strings.Index(text[at:], name)
		if i < 0 {
			return n
		}
		from, to := at+i, at+i+len(name)
		before, _ := utf8.DecodeLastRuneInString(text[:from])
		after, _ := utf8.DecodeRuneInString(text[to:])
		if (from == 0 || !wordRune(before)) && (to == len(text) || !wordRune(after)) {
			n++
		}
		at = to
	}
}

// ReadsBody tells whether a server reads what a parser of bodies leaves.
func ReadsBody(s *picture.Server) bool {
	return slices.ContainsFunc(s.Mods, func(m *modules.Module) bool {
		return readsParsed.MatchString(m.CodeText())
	})
}

// unreadImport tells an import of the project's own whose module was not read.
func unreadImport(p *picture.Reader, m *modules.Module, spec string) bool {
	if p.Resolve(m, spec) != "" {
		return false
	}
	if strings.HasPrefix(spec, ".") || strings.HasPrefix(spec, "@/") || strings.HasPrefix(spec, "~/") || strings.HasPrefix(spec, "#") {
		return !strings.HasSuffix(spec, ".json") && !strings.HasSuffix(spec, ".css")
	}
	name := strings.Join(strings.SplitN(spec, "/", 3)[:min(2, strings.Count(spec, "/")+1)], "/")
	if !strings.HasPrefix(spec, "@") {
		name, _, _ = strings.Cut(spec, "/")
	}
	version := m.Pkg.Deps[name]
	return slices.ContainsFunc([]string{"workspace:", "file:", "link:", "portal:"}, func(x string) bool { return strings.HasPrefix(version, x) })
}

// parsesText tells whether a module's text parses JSON that may be a request's.
func parsesText(m *modules.Module) bool {
	text := m.CodeText()
	if parsesItself.MatchString(text) {
		return true
	}
	for {
		_, behind, found := strings.Cut(text, "JSON.parse(")
		if !found {
			return false
		}
		if !ownText.MatchString(behind[:min(len(behind), 80)]) {
			return true
		}
		text = behind
	}
}
