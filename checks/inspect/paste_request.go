package inspect

import (
	"strings"

	"badsig/checks/affix"
	"badsig/checks/inspect/plain"
	"badsig/checks/loopback"
)

// maxURLs bounds how many addresses of one text are looked at.
const maxURLs = 50

// request finds the request that a string shows: a copied cURL command with
// something around it, or the address that tells most.
func (p *pasted) request() (Inspection, bool) {
	if i, ok := p.curlInside(); ok {
		return i, true
	}
	best, rank := Inspection{}, 0
	for at, n := 0, 0; n < maxURLs; n++ {
		i := strings.Index(p.Text[at:], "://")
		if i < 0 {
			break
		}
		i += at
		from := i
		for from > 0 && plain.Letter(p.Text[from-1]) {
			from--
		}
		to := i + 3
		for to < len(p.Text) && strings.IndexByte(" \n\t\"'`<>|\\^", p.Text[to]) < 0 {
			to++
		}
		at = to
		u := strings.TrimRight(p.Text[from:to], ".,;:)]}")
		found, ok := urlText(u)
		if !ok {
			continue
		}
		if r := urlRank(&found); r > rank {
			best, rank = found, r
			best.Method = methodBefore(p.Text[:from])
			best.session = best.Endpoint() != "" && p.Q.Has("authorization:", "authorization=", "cookie:")
		}
	}
	return best, rank > 0
}

// urlRank is how much an address tells of a token's way; 0 for pages, images and files of code.
func urlRank(i *Inspection) int {
	low := plain.Lower(i.URL)
	switch {
	case i.Kind == KindWebSocket && loopback.StreamHost(i.ask):
		return 6
	case i.token != "" && i.Key != "":
		return 5
	case loopback.StreamHost(i.ask) && (i.Key != "" || i.token != ""):
		return 4
	case affix.Contains(low, "getstream.io/"), affix.Contains(low, "/docs"):
		return 0
	case helpPage(low):
		return 0
	case affix.Contains(low, "github.com"), affix.Contains(low, "npmjs"), affix.Contains(low, "nodejs.org"), affix.Contains(low, "pub.dev"):
		return 0
	}
	for _, ext := range []string{".js", ".mjs", ".ts", ".tsx", ".jsx", ".css", ".map", ".ico", ".png", ".svg", ".jpg", ".woff2", ".html", ".json"} {
		if affix.HasSuffix(low, ext) || affix.Contains(low, ext+":") {
			return 0
		}
	}
	if affix.Contains(low, "token") || affix.Contains(low, "stream") || affix.Contains(low, "auth") || affix.Contains(low, "chat") {
		return 3
	}
	if _, path, ok := affix.Cut(affix.TrimPrefix(low, "://"), "://"); ok && affix.Contains(strings.Trim(path, "/"), "/") {
		return 2
	}
	return 1
}

// helpPage recognizes an address that an error names for reading.
func helpPage(low string) bool {
	_, rest, _ := affix.Cut(low, "://")
	host, path, _ := affix.Cut(rest, "/")
	for _, name := range []string{"help.", "docs.", "doc.", "support.", "developer.", "developers.", "errors."} {
		if affix.HasPrefix(host, name) && !affix.HasPrefix(path, "api/") {
			return true
		}
	}
	return false
}

func methodBefore(head string) string {
	words := strings.Fields(head[max(0, len(head)-16):])
	if len(words) == 0 {
		return ""
	}
	switch m := strings.Trim(words[len(words)-1], "\"'[:"); m {
	case "GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD":
		return m
	}
	return ""
}

// curlInside reads a cURL command that has its output, or words, around it.
func (p *pasted) curlInside() (Inspection, bool) {
	low := plain.Lower(p.Raw[:min(len(p.Raw), 1<<20)])
	for at := 0; ; {
		i := strings.Index(low[at:], "curl")
		if i < 0 {
			return Inspection{}, false
		}
		at += i
		line := strings.TrimLeft(p.Raw[strings.LastIndexByte(p.Raw[:at], '\n')+1:at], "$>% \t`")
		rest := p.Raw[at+4:]
		rest = affix.TrimPrefix(rest, ".exe")
		if (line == "" || affix.HasSuffix(line, "$ ") || affix.HasSuffix(line, "# ") || affix.HasSuffix(line, "% ")) && rest != "" && (rest[0] == ' ' || rest[0] == '\t') {
			return curlCommand(p.Raw[at : at+commandEnd(p.Raw[at:])])
		}
		at += 4
	}
}

// commandEnd is where a command ends that begins s: at the first newline that
// no quote and no continuation carries over.
func commandEnd(s string) int {
	quote := byte(0)
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case quote == '\'' && c == '\'', quote == '"' && c == '"' && s[i-1] != '\\' && s[i-1] != '^':
			quote = 0
		case quote != 0:
		case c == '\'', c == '"' && (i == 0 || s[i-1] != '\\' && s[i-1] != '^'):
			quote = c
		case c == '\n':
			line := strings.TrimRight(s[:i], " \r\t")
			if line == "" || strings.IndexByte("\\^`", line[len(line)-1]) < 0 {
				return i
			}
		}
	}
	return len(s)
}
