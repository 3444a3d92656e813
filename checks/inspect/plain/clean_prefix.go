package plain

import (
	"strings"

	"badsig/checks/affix"
)

// Rules of this file:
//   - a prefix is what a log writes before every line: who wrote it, when, how grave it is; never the text's own words
//   - prefixes come in any order and number; each is taken off by its shape

// dropPrefixes removes the prefixes of each line: Docker's and Compose's names,
// logcat's, times, levels, quotation marks of mails, and the edges of boxes.
func dropPrefixes(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	for {
		line, rest, more := affix.Cut(s, "\n")
		b.WriteString(dropPrefix(line))
		if !more {
			return b.String()
		}
		b.WriteByte('\n')
		s = rest
	}
}

func dropPrefix(line string) string {
	if trimmed := strings.TrimSpace(line); len(trimmed) > 2 && trimmed[0] == '|' && trimmed[len(trimmed)-1] == '|' {
		line = trimmed[1 : len(trimmed)-1] // a box's edges
	}
	for range 8 {
		trimmed := strings.TrimLeft(line, " \t")
		n := 0
		for _, try := range prefixes {
			if n = try(trimmed); n > 0 {
				break
			}
		}
		if n == 0 {
			break // the indentation stays where no prefix came before it
		}
		line = strings.TrimLeft(trimmed[n:], " \t")
	}
	return strings.TrimRight(line, " \t")
}

// prefixes each say how long the prefix at the start of a line is; 0 for none.
var prefixes = []func(string) int{logcatBrief, logcatLong, pipeName, timestamp, bracketed, level, taskName, quoteMark, syslog}

// logcatBrief is I/flutter (27455): and its like.
func logcatBrief(s string) int {
	if len(s) < 5 || strings.IndexByte("VDIWEFA", s[0]) < 0 || s[1] != '/' {
		return 0
	}
	i := strings.Index(s[:min(len(s), 80)], "): ")
	if i < 0 && affix.HasSuffix(s, "):") {
		i = len(s) - 2
	}
	open := strings.IndexByte(s, '(')
	if i < 0 || open < 0 || open > i || strings.Trim(s[open+1:i], " 0123456789") != "" {
		return 0
	}
	return min(i+3, len(s))
}

// logcatLong is what follows a time in logcat: process and thread, then, in
// Android Studio, tag, package and level in columns, or else level and tag.
func logcatLong(s string) int {
	i := Digits(s, 0)
	if i == 0 || i >= len(s) || s[i] != '-' && s[i] != ' ' {
		return 0
	}
	j := i
	for j < len(s) && (s[j] == '-' || s[j] == ' ') {
		j++
	}
	k := Digits(s, j)
	if k == j || k >= len(s) || s[k] != ' ' {
		return 0
	}
	rest := strings.TrimLeft(s[k:], " ")
	at := len(s) - len(rest)
	if len(rest) > 2 && strings.IndexByte("VDIWEF", rest[0]) >= 0 && rest[1] == ' ' { // E Chat:Client: …
		if n := strings.Index(rest[:min(len(rest), 60)], ": "); n > 0 {
			return at + n + 2
		}
		return at + 2
	}
	for n := 1; n+2 < min(len(rest), 160); n++ { // tag   package   E   …
		if rest[n-1] == ' ' && strings.IndexByte("VDIWEF", rest[n]) >= 0 && rest[n+1] == ' ' && rest[n+2] == ' ' {
			return at + n + 2
		}
	}
	return 0
}

// pipeName is api-1  | of Compose, 0|api  | of pm2.
func pipeName(s string) int {
	i := strings.IndexByte(s[:min(len(s), 48)], '|')
	if i < 0 {
		return 0
	}
	if i == 0 { // a table's or a box's edge
		return 1
	}
	name := s[:i]
	if d := Digits(name, 0); d > 0 && d == i && i+1 < len(s) && s[i+1] != ' ' { // 0|api  | …
		if j := strings.IndexByte(s[i+1:min(len(s), i+48)], '|'); j > 0 {
			return i + 1 + j + 1
		}
		return 0
	}
	if name[i-1] != ' ' {
		return 0
	}
	name = strings.TrimRight(name, " ")
	for k := range len(name) {
		if !nameByte(name[k]) {
			return 0
		}
	}
	return i + 1
}

// timestamp is a date, a time or both, in the forms of logs.
func timestamp(s string) int {
	open := 0
	if affix.HasPrefix(s, "[") || affix.HasPrefix(s, "(") {
		open = 1
	}
	i := open
	colons, dashes := 0, 0
	for i < len(s) && i < open+40 {
		c := s[i]
		switch {
		case c >= '0' && c <= '9', c == '.', c == ',', c == '+', c == 'Z':
		case c == 'T' && i > open && s[i-1] >= '0' && s[i-1] <= '9':
		case c == ':':
			colons++
		case c == '-' || c == '/':
			dashes++
		case c == ' ' && i+1 < len(s) && s[i+1] >= '0' && s[i+1] <= '9' && dashes == 2 && colons == 0: // between date and time
		case c == ' ' && i+2 < len(s) && (s[i+1] == 'A' || s[i+1] == 'P') && s[i+2] == 'M' && colons > 0:
			i += 2
		default:
			goto end
		}
		i++
	}
end:
	if colons < 1 || i-open < 5 || s[open] < '0' || s[open] > '9' {
		return 0
	}
	if colons == 1 && dashes < 2 && !(i-open == 5) {
		return 0 // 3001:43 isn't a time
	}
	if open == 1 {
		end := strings.IndexAny(s[i:min(len(s), i+12)], "])")
		if end < 0 {
			return 0
		}
		return i + end + 1
	}
	if i < len(s) && s[i] != ' ' && s[i] != '\t' && s[i] != ']' {
		return 0
	}
	if i < len(s) && s[i] == ']' {
		i++
	}
	return i
}

// bracketed is [ERROR], [1], [server], [23 Aug 17:10:12.301]: a few words that
// aren't JSON or a list.
func bracketed(s string) int {
	if len(s) < 3 || s[0] != '[' {
		return 0
	}
	end := strings.IndexByte(s[:min(len(s), 64)], ']')
	if end < 2 || end+1 == len(s) {
		return 0
	}
	for i := 1; i < end; i++ {
		if c := s[i]; c == '/' && !affix.HasPrefix(s, "[pod/") || !nameByte(c) && c != ' ' && c != ',' && c != '+' && c != '@' {
			return 0
		}
	}
	if c := s[end+1]; c != ' ' && c != '[' && c != ':' && c != '\t' {
		return 0
	}
	if low := strings.ToLower(s[1:end]); affix.HasPrefix(low, "error:") || affix.HasPrefix(low, "coordinator") || affix.Contains(low, "statuscode") {
		return 0
	}
	if s[end+1] == ':' {
		end++
	}
	if rest := strings.TrimLeft(s[end+1:], " "); affix.HasPrefix(rest, "=") {
		return 0 // [code] => 40
	}
	return end + 1
}

var levels = []string{"ERROR", "ERR", "WARN", "WARNING", "INFO", "LOG", "DEBUG", "TRACE", "FATAL", "flutter:", "stderr", "stdout", "remote:"}

// level is a level in capitals with two spaces or a colon after it, or flutter:.
func level(s string) int {
	for _, l := range levels {
		if !affix.HasPrefix(s, l) {
			continue
		}
		rest := s[len(l):]
		switch {
		case l[len(l)-1] == ':' && affix.HasPrefix(rest, " "):
			return len(l)
		case affix.HasPrefix(rest, "  "), affix.HasPrefix(rest, " ["), affix.HasPrefix(rest, "\t"), affix.HasPrefix(rest, " {"):
			return len(l)
		case affix.HasPrefix(rest, ": ") && l != "ERROR": // "ERROR: …" may be the text's own, and does no harm
			return len(l) + 1
		}
	}
	return 0
}

// taskName is web:dev: of Turborepo, app[web.1]: of Heroku, server: of concurrently is left alone.
func taskName(s string) int {
	i := strings.Index(s[:min(len(s), 48)], ": ")
	if i < 3 {
		return 0
	}
	name := s[:i]
	for k := range len(name) {
		if c := name[k]; !nameByte(c) && c != '[' && c != ']' {
			return 0
		}
	}
	switch {
	case affix.HasSuffix(name, ":dev"), affix.HasSuffix(name, ":start"), affix.HasSuffix(name, ":serve"):
		return i + 2
	case affix.HasSuffix(name, "]") && strings.ContainsRune(name, '['):
		return i + 2
	}
	return 0
}

// quoteMark is > of a mail or of Markdown.
func quoteMark(s string) int {
	if affix.HasPrefix(s, "> ") {
		return 2
	}
	return 0
}

// syslog is Mar 02 10:14:22 host node[123]:
func syslog(s string) int {
	if len(s) < 16 || s[3] != ' ' || !affix.Contains("JanFebMarAprMayJunJulAugSepOctNovDec", s[:3]) || s[9] != ':' || s[12] != ':' {
		return 0
	}
	n := strings.Index(s[:min(len(s), 100)], "]: ")
	if n < 0 {
		return 0
	}
	return n + 3
}

// Digits gives the end of the digits at i.
func Digits(s string, i int) int {
	for i < len(s) && s[i] >= '0' && s[i] <= '9' {
		i++
	}
	return i
}

func nameByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_' || c == '.' || c == '/' || c == ':'
}
