package cures

import (
	"slices"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
)

// answers are the edits for what a server's response, or its reading of a request, lacks.
type answers struct{ *View }

// server proposes for what the server's own code responds with: the origin that it
// allows, the parser that it lacks, the header that lets caches keep the token.
func (x answers) server(c *finding.Cause) []Proposal {
	code := facts.CodeOf(x.Facts)
	if fetch := x.Facts.Fetch(); c.ID == causes.EndpointBody && fetch != nil {
		switch fetch.Type {
		case "text":
			return x.typed(fetch)
		case "multipart":
			return x.form(fetch)
		}
	}
	if code == nil || c.Location == nil {
		return nil
	}
	if c.ID == causes.CORSBlocked {
		return x.cors(c, code)
	}
	if code.Language != "" {
		return nil
	}
	loc := *c.Location
	var out []Proposal
	switch c.ID {
	case causes.EndpointBody:
		if loc.File == code.AppFile {
			out = append(out, x.middleware(code, "express.json()", "express")...)
		}
	case causes.TokenCacheable:
		if x.Facts.Backend == nil || len(x.Facts.Backend.Posts) == 0 {
			return nil
		}
		sent := x.Facts.Backend.Posts[0].Header["Cache-Control"]
		for _, file := range []string{loc.File, code.AppFile, code.File} {
			for i, line := range x.lines(file) {
				line = affix.TrimSuffix(line, "\r")
				for _, l := range literals(line) {
					if p := (place{file: file, line: i + 1, text: line, from: l[0], to: l[1]}); sent != "" && p.inner() == sent && affix.Contains(strings.ToLower(line), "cache-control") {
						out = append(out, p.proposal("no-store", in(file, i+1)+"set Cache-Control to no-store"))
					}
				}
			}
		}
	}
	return out
}

// middleware puts app.use(…) before what the app has already, and imports what it
// needs where package.json has it.
func (x answers) middleware(code *facts.ServerCode, use, from string) []Proposal {
	if code.App == "" || code.AppFile == "" || code.AppLine == 0 {
		return nil
	}
	lines := x.lines(code.AppFile)
	text := strings.Join(lines, "\n")
	if !affix.Contains(text, "express()") {
		return nil // another framework's app
	}
	at := x.Line(code.AppFile, code.AppLine)
	end := ""
	if affix.HasSuffix(strings.TrimSpace(at), ";") {
		end = ";"
	}
	put := at[:len(at)-len(strings.TrimLeft(at, " \t"))] + code.App + ".use(" + use + ")" + end
	es := []finding.Edit{{File: code.AppFile, Line: code.AppLine, From: 1, To: 1, Insert: put + "\n"}}
	if !imports(lines, from) {
		if from == "express" || !affix.Contains(strings.Join(x.lines(affix.TrimPrefix(code.Dir+"/package.json", "/")), ""), `"`+from+`"`) {
			return nil
		}
		first := slices.IndexFunc(lines, func(l string) bool { return affix.HasPrefix(l, "import ") || affix.Contains(l, "= require(") })
		if first < 0 {
			return nil
		}
		line := "const " + from + " = require('" + from + "')" + end + "\n"
		if affix.HasPrefix(lines[first], "import ") {
			line = "import " + from + " from '" + from + "'" + end + "\n"
		}
		es = append([]finding.Edit{{File: code.AppFile, Line: first + 1, From: 1, To: 1, Insert: line}}, es...)
	}
	for i, l := range lines { // where it comes too late now
		if i+1 > code.AppLine && strings.TrimRight(l, "\r") == put {
			if between := strings.Join(lines[code.AppLine-1:i], "\n"); !affix.Contains(between, "('/") && !affix.Contains(between, `("/`) {
				return nil // no route comes before it
			}
			es = append(es, x.deleteLine(code.AppFile, i+1))
		}
	}
	return []Proposal{{Edits: es, Text: in(code.AppFile, code.AppLine) + "add " + code.App + ".use(" + use + ") before the routes"}}
}

// imports reports whether a module has a name for a package.
func imports(lines []string, name string) bool {
	return affix.Any(lines, func(l string) bool {
		l = strings.TrimSpace(l)
		return affix.HasPrefix(l, "import "+name+" ") || affix.HasPrefix(l, "import "+name+",") || affix.HasPrefix(l, "import * as "+name+" ") || affix.HasPrefix(l, "const "+name+" = require(") || affix.HasPrefix(l, "var "+name+" = require(")
	})
}
