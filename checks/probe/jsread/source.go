package jsread

import (
	"bytes"
	"strings"

	"badsig/checks/affix"
)

// block is a stretch of a file that is script.
type block struct {
	from, to int
	line     int // of from
	ts       bool
	jsx      bool
	src      string // the file that the element names instead
}

// blocks finds the script of a file: all of it, or what is between script
// tags in the formats that hold other things too.
func blocks(name string, src []byte) []block {
	all := block{from: 0, to: len(src), line: 1}
	if bytes.HasPrefix(src, []byte("\xEF\xBB\xBF")) {
		all.from = 3
	}
	if bytes.HasPrefix(src[all.from:], []byte("#!")) {
		if i := bytes.IndexAny(src[all.from:], "\r\n"); i >= 0 {
			all.from += i
		} else {
			all.from = len(src)
		}
	}
	switch strings.ToLower(affix.Ext(name)) {
	case ".ts", ".mts", ".cts":
		all.ts = true
	case ".tsx":
		all.ts, all.jsx = true, true
	case ".vue", ".svelte", ".html", ".htm":
		return scripts(src, 0, 1)
	case ".astro":
		return astro(src)
	default:
		// Projects write JSX in .js too, and Flow's types read as TypeScript's do.
		all.jsx = true
	}
	return []block{all}
}

// astro gives the frontmatter between --- lines, then the script elements.
func astro(src []byte) []block {
	if !bytes.HasPrefix(src, []byte("---")) {
		return scripts(src, 0, 1)
	}
	end := bytes.Index(src[3:], []byte("\n---"))
	if end < 0 {
		return []block{{from: 3, to: len(src), line: 1, ts: true}}
	}
	end += 3
	front := block{from: 3, to: end, line: 1, ts: true}
	return append([]block{front}, scripts(src, end+4, 2+bytes.Count(src[:end], []byte("\n")))...)
}

// scripts finds the script elements from an offset that is in a line.
func scripts(src []byte, at, line int) []block {
	var out []block
	for at < len(src) {
		i := bytes.IndexByte(src[at:], '<')
		if i < 0 {
			break
		}
		line += bytes.Count(src[at:at+i], []byte("\n"))
		at += i
		if bytes.HasPrefix(src[at:], []byte("<!--")) {
			end := bytes.Index(src[at:], []byte("-->"))
			if end < 0 {
				break
			}
			line += bytes.Count(src[at:at+end], []byte("\n"))
			at += end
			continue
		}
		if len(src)-at < 8 || !bytes.EqualFold(src[at:at+7], []byte("<script")) || isNameByte(src[at+7]) {
			at++
			continue
		}
		head := bytes.IndexByte(src[at:], '>')
		if head < 0 {
			break
		}
		tag := strings.ToLower(string(src[at:min(at+head, at+1024)]))
		from := at + head + 1
		line += bytes.Count(src[at:from], []byte("\n"))
		to := from + scriptEnd(src[from:])
		out = append(out, block{from: from, to: to, line: line,
			ts:  true,
			jsx: affix.Contains(tag, `"tsx"`) || affix.Contains(tag, `"jsx"`),
			src: srcOf(string(src[at:min(at+head, at+1024)]))})
		line += bytes.Count(src[from:to], []byte("\n"))
		at = to
	}
	return out
}

// srcOf is the file of the project that a script element names: ./x for "x" and "./x", /x as it is; "" for
// none, and for one on another host.
func srcOf(tag string) string {
	_, rest, ok := affix.Cut(tag, "src=")
	if len(rest) < 3 || rest[0] != '"' && rest[0] != '\'' {
		return ""
	}
	name, _, ok2 := affix.Cut(rest[1:], rest[:1])
	name, _, _ = affix.Cut(name, "?")
	switch {
	case !ok || !ok2 || name == "" || affix.Contains(name, ":") || affix.HasPrefix(name, "//") || affix.ContainsAny(name, "{%<"):
		return ""
	case name[0] == '/' || name[0] == '.':
		return name
	}
	return "./" + name
}

// scriptEnd is the offset of the closing tag, or of the end.
func scriptEnd(b []byte) int {
	for at := 0; ; {
		i := bytes.Index(b[at:], []byte("</"))
		if i < 0 {
			return len(b)
		}
		at += i
		if len(b)-at >= 8 && bytes.EqualFold(b[at:at+8], []byte("</script")) {
			return at
		}
		at += 2
	}
}

func isNameByte(c byte) bool {
	return c == '_' || c == '$' || c == '-' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}
