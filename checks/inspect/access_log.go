package inspect

import (
	"badsig/checks/affix"
	"badsig/checks/facts"
	"strings"

	"badsig/checks/inspect/plain"
)

// Rules of this file:
//   - a line of a server's log counts alone, or where its path is about a token; a log of everything says nothing

// methods are those that a token is requested with.
var methods = []string{"GET", "POST", "PUT", "PATCH", "OPTIONS"}

// accessLog reads "POST /api/token 404 in 12ms" and "POST /api/token HTTP/1.1" 404: what a dev server, morgan, nginx and
// their like write of a request that failed.
func (p *pasted) accessLog() []found {
	lines := strings.Split(p.Raw, "\n")
	if p.Text != p.Raw {
		lines = append(lines, strings.Split(p.Text, "\n")...)
	}
	if len(lines) > 2*maxJoined {
		return nil
	}
	for n := len(lines) - 1; n >= 0; n-- { // the last one counts
		path, status, ok := requestLogged(lines[n])
		if !ok || status < "400" || p.passing(path) {
			continue
		}
		word := plain.SqueezeWord("status code " + status)
		rows := relatedRows()
		for i := range rows {
			r := &rows[i]
			if len(r.also) == 0 && !r.json && r.cause != "" && facts.OneOf(r.any, word) {
				return []found{{related: r}}
			}
		}
	}
	return nil
}

// passing reports whether a logged request is none for a token: a file, or one of many.
func (p *pasted) passing(path string) bool {
	return affix.Contains(path[strings.LastIndexByte(path, '/')+1:], ".") || affix.Contains(p.Raw, "\n") && !aboutToken(path)
}

// requestLogged reads a line's method, path and status.
func requestLogged(line string) (path, status string, ok bool) {
	words := strings.Fields(line)
	for i, w := range words {
		if !facts.OneOf(methods, strings.Trim(w, `"'[]:`)) || i+1 >= len(words) || strings.Trim(words[i+1], `"'`) == "" || strings.Trim(words[i+1], `"'`)[0] != '/' {
			continue
		}
		path, _, _ = affix.Cut(strings.Trim(words[i+1], `"'`), "?")
		if i+2 >= len(words) { // [GIN] … | 404 | … | POST "/path"
			for k := 1; k+1 < i; k++ {
				if words[k-1] == "|" && words[k+1] == "|" && len(words[k]) == 3 && plain.Digits(words[k], 0) == 3 {
					return path, words[k], true
				}
			}
			continue
		}
		next := words[i+2]
		if affix.HasPrefix(next, "HTTP/") && i+3 < len(words) {
			next = words[i+3]
		}
		next = strings.Trim(next, `"',:`)
		return path, next, len(next) == 3 && plain.Digits(next, 0) == 3
	}
	return "", "", false
}

// aboutToken reports whether a path is one that tokens are requested at.
func aboutToken(path string) bool {
	low := plain.Lower(path)
	for _, w := range []string{"token", "stream", "chat", "auth", "login"} {
		if affix.Contains(low, w) {
			return true
		}
	}
	return false
}
