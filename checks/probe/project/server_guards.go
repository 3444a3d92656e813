package project

import (
	"bytes"
	"slices"
	"strconv"
	"strings"

	"badsig/checks/facts"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/pattern"
)

// Rules of this file:
//   - a guard is the line that refuses with 401 or 403, with what its condition reads of the request's headers
//   - a guard whose condition reads anything besides says so, and nothing follows from it

var (
	refusal    = pattern.New(`\b(40[13])\b`)
	headerRead = pattern.New(`(?:\breq|request|ctx|\bc\.req|headers(?:\(\))?)\s*\??\.\s*(?:get|header)\(\s*['"` + "`" + `]([\w-]+)['"` + "`" + `]\s*\)|headers\s*\??\.?\s*\[\s*['"` + "`" + `]([\w-]+)['"` + "`" + `]\s*\]|headers\s*\??\.\s*([A-Za-z]\w*)\b`)
	quotedText = pattern.New(`'[^'\n]*'|"[^"\n]*"|` + "`[^`\n]*`")
	// guardPackage are packages that refuse by themselves.
	guardPackage = pattern.New(`(?i)passport|csrf|csurf|clerk|auth|keycloak|oidc|openid|supertokens|lucia|session|express-jwt|koa-jwt|firebase-admin|iron|helmet-csp|rate-limit|casl|casbin`)
	othersAsked  = pattern.New(`(?i)cookie|session|\buser\b|authenticated|verify|passport|jwt|token|login|\bauth\w*\(|await`)
)

const (
	guardLines = 3 // that stand before the refusal and may be its condition
	maxGuards  = 20
)

// guardsOf finds the lines of a server that refuse with 401 or 403.
func (p *Reader) guardsOf(s *server) []facts.Guard {
	var out []facts.Guard
	others := slices.ContainsFunc(s.mods, func(m *modules.Module) bool {
		return slices.ContainsFunc(m.Imports, func(i jsread.Import) bool {
			return guardPackage.MatchString(i.From) && !strings.HasPrefix(i.From, ".") || p.unreadImport(m, i.From)
		})
	})
	for _, m := range s.mods {
		if !bytes.Contains(m.Src, []byte("401")) && !bytes.Contains(m.Src, []byte("403")) {
			continue
		}
		lines := strings.Split(string(m.Src), "\n")
		for i, line := range lines {
			if !strings.Contains(line, "401") && !strings.Contains(line, "403") {
				continue
			}
			if t := strings.TrimSpace(line); len(line) > 2000 || strings.HasPrefix(t, "//") || strings.HasPrefix(t, "*") {
				continue
			}
			g := refusal.FindStringSubmatch(quotedText.ReplaceAllString(line, ""))
			if g == nil || len(out) == maxGuards {
				continue
			}
			status, _ := strconv.Atoi(g[1])
			x := facts.Guard{Status: status, File: m.Rel, Line: i + 1}
			more := false
			x.Headers, more = headersRead(condition(lines[max(0, i-guardLines) : i+1]))
			x.More = more || others
			out = append(out, x)
		}
	}
	return out
}

// condition is the part of the lines that decides: from the last line on that begins a handler.
func condition(lines []string) string {
	for i := len(lines) - 1; i > 0; i-- {
		if t := lines[i]; strings.Contains(t, "=> {") || strings.Contains(t, "function") || strings.Contains(t, "app.") || strings.Contains(t, "router.") {
			return strings.Join(lines[i:], "\n")
		}
	}
	return strings.Join(lines, "\n")
}

// headersRead gives the names of the headers that a text reads, in small
// letters, and whether it asks anything else.
func headersRead(text string) (names []string, more bool) {
	for _, g := range headerRead.FindAllStringSubmatch(text, 8) {
		name := strings.ToLower(g[1] + g[2] + g[3])
		if name != "get" && name != "has" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	rest := quotedText.ReplaceAllString(headerRead.ReplaceAllString(text, ""), "")
	return names, othersAsked.MatchString(rest)
}
