package inspect

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"badsig/checks/probe"
	"badsig/tokens"
)

// maxArgs bounds how many arguments of a command are read.
const maxArgs = 1000

// curlCommand reads a cURL command as browsers copy it: for a POSIX shell, for
// cmd.exe, and for PowerShell where it is typed by hand.
func curlCommand(s string) (Inspection, bool) {
	s = strings.TrimLeft(s, "$> ")
	name, _, _ := strings.Cut(strings.ToLower(s[:min(len(s), 12)]), " ")
	switch strings.Trim(strings.TrimSpace(name), `"'^`) {
	case "curl", "curl.exe":
	default:
		return Inspection{}, false
	}
	return FromArgv(split(s)), true
}

// FromArgv reads a cURL command that a shell has already taken apart.
func FromArgv(args []string) Inspection {
	i := Inspection{Kind: KindCurl, Is: "a copied cURL command", Header: http.Header{}}
	if len(args) > 0 {
		args = args[1:]
	}
	for n := 0; n < len(args); n++ {
		a := args[n]
		flag, value, attached := curlFlag(a)
		if takesValue[flag] && !attached {
			if n++; n < len(args) {
				value = args[n]
			}
		}
		switch flag {
		case "": // no flag: the URL
			if i.ask == "" {
				i.ask = strings.TrimSpace(a)
			}
		case "--url":
			i.ask = strings.TrimSpace(value)
		case "-H", "--header":
			i.addHeader(value)
		case "-b", "--cookie":
			i.addHeader("Cookie: " + value)
		case "-X", "--request":
			i.Method = probe.Visible(strings.ToUpper(value))
		case "-d", "--data", "--data-raw", "--data-binary", "--data-ascii", "--data-urlencode", "--json":
			if i.body != "" {
				i.body += "&"
			}
			i.body += value
			if flag == "--json" {
				i.addHeader("Content-Type: application/json")
			}
		case "-G", "--get", "-I", "--head":
			if i.Method == "" {
				i.Method = map[bool]string{true: "GET", false: "HEAD"}[strings.HasSuffix(flag, "G") || flag == "--get"]
			}
		}
	}
	if i.Method == "" {
		if i.Method = "GET"; i.body != "" {
			i.Method = "POST"
		}
	}
	if i.ask != "" && !strings.Contains(i.ask, "://") {
		i.ask = "http://" + i.ask // as curl itself takes it
	}
	i.readURL(i.ask)
	i.readBody()
	if i.token != "" {
		i.Is += " with a token"
	}
	return i
}

// takesValue are curl's flags whose value is the next argument.
var takesValue = map[string]bool{
	"-H": true, "--header": true, "-X": true, "--request": true, "-d": true, "--data": true, "--data-raw": true,
	"--data-binary": true, "--data-ascii": true, "--data-urlencode": true, "--json": true, "-b": true, "--cookie": true,
	"--url": true, "-u": true, "--user": true, "-A": true, "--user-agent": true, "-e": true, "--referer": true,
	"-o": true, "--output": true, "-F": true, "--form": true, "-x": true, "--proxy": true, "-m": true, "--max-time": true,
	"--connect-timeout": true, "--resolve": true, "--cacert": true, "-E": true, "--cert": true, "--key": true,
	"-T": true, "--upload-file": true, "-w": true, "--write-out": true, "-c": true, "--cookie-jar": true, "-K": true, "--config": true,
}

// curlFlag takes a flag and a value attached to it apart: -XPOST, --header=…
// is none of curl's, but people type it.
func curlFlag(a string) (flag, value string, attached bool) {
	switch {
	case strings.HasPrefix(a, "--"):
		return cutAttached(a)
	case len(a) > 2 && a[0] == '-' && takesValue[a[:2]]:
		return a[:2], a[2:], true
	case len(a) >= 2 && a[0] == '-':
		if last := "-" + a[len(a)-1:]; len(a) > 2 && takesValue[last] { // -sH
			return last, "", false
		}
		return a, "", false
	}
	return "", "", false
}

func cutAttached(a string) (flag, value string, attached bool) {
	flag, value, attached = strings.Cut(a, "=")
	return flag, value, attached
}

func (i *Inspection) addHeader(line string) {
	name, value, ok := strings.Cut(line, ":")
	name, value = strings.TrimSpace(name), strings.TrimSpace(value)
	if !ok || name == "" || value == "" || strings.HasPrefix(name, "@") || strings.ContainsAny(line, "\r\n\x00") {
		return
	}
	switch {
	case authHeader(name):
		// A login for the backend's own endpoint is no Stream token, unless it is one.
		if t := tokens.Parse(value); t.Clean != "" && i.token == "" {
			i.token = value
		}
	case strings.EqualFold(name, "api_key") || strings.EqualFold(name, "x-api-key"):
		i.Key = keyText(value)
	}
	if len(i.Header) < 100 {
		i.Header.Add(name, value)
	}
}

// readBody takes the user out of the documented request's body, and a token
// out of what Stream's newer WebSockets are sent.
func (i *Inspection) readBody() {
	if i.body == "" {
		return
	}
	var m map[string]any
	if json.Unmarshal([]byte(i.body), &m) == nil {
		if id := plainField(m, "userId", "user_id", "userID", "uid", "id"); id != "" {
			i.UserID = id
		}
		if n := plainField(m, "userName", "user_name", "username", "name"); n != "" {
			i.UserName = n
		}
		if t, ok := m["token"].(string); ok && i.token == "" {
			i.token = t
		}
		return
	}
	if q, err := url.ParseQuery(i.body); err == nil {
		for _, n := range []string{"userId", "user_id", "uid"} {
			if v := q.Get(n); v != "" && i.UserID == "" {
				i.UserID = probe.Visible(v)
			}
		}
	}
}

// split takes a command line apart as the shell does that it was copied for:
// POSIX quoting, $'…', and cmd's carets.
func split(s string) []string {
	cmd := strings.Contains(s, "^\"") || strings.Contains(s, " ^\n") || strings.Contains(s, " ^\r\n")
	if cmd {
		s = uncaret(s)
	}
	var args []string
	var b strings.Builder
	open := false // an argument has begun, though it may be empty
	for i := 0; i < len(s) && len(args) < maxArgs; {
		c := s[i]
		switch {
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
			if open {
				args = append(args, b.String())
				b.Reset()
				open = false
			}
			i++
		case c == '\\' && !cmd && i+1 < len(s):
			if s[i+1] == '\n' {
				i += 2
			} else if s[i+1] == '\r' && i+2 < len(s) && s[i+2] == '\n' {
				i += 3
			} else {
				_, n := utf8.DecodeRuneInString(s[i+1:])
				b.WriteString(s[i+1 : i+1+n])
				open = true
				i += 1 + n
			}
		case c == '`' && i+1 < len(s) && (s[i+1] == '\n' || s[i+1] == '\r'): // PowerShell's line end
			i += 2
		case c == '\'' && !cmd:
			open = true
			end := strings.IndexByte(s[i+1:], '\'')
			if end < 0 {
				end = len(s) - i - 1
			}
			b.WriteString(s[i+1 : i+1+end])
			i += end + 2
		case c == '$' && !cmd && strings.HasPrefix(s[i:], "$'"):
			open = true
			i += 2 + ansiC(&b, s[i+2:])
		case c == '"':
			open = true
			i += 1 + double(&b, s[i+1:], cmd)
		default:
			open = true
			b.WriteByte(c)
			i++
		}
	}
	if open {
		args = append(args, b.String())
	}
	return args
}

// double reads up to the closing double quote and says how many bytes it took.
func double(b *strings.Builder, s string, cmd bool) int {
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '"' && cmd && i+1 < len(s) && s[i+1] == '"':
			b.WriteByte('"')
			i++
		case s[i] == '"':
			return i + 1
		case s[i] == '\\' && i+1 < len(s) && strings.IndexByte("\"\\$`\n", s[i+1]) >= 0:
			if i++; s[i] != '\n' {
				b.WriteByte(s[i])
			}
		default:
			b.WriteByte(s[i])
		}
	}
	return len(s)
}

// uncaret takes cmd's carets away: ^x is x, and a caret at a line's end joins.
func uncaret(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '^' {
			b.WriteByte(s[i])
			continue
		}
		if i++; i >= len(s) {
			break
		}
		switch {
		case s[i] == '\r' && i+1 < len(s) && s[i+1] == '\n':
			i++
		case s[i] == '\n':
			// Chrome writes a line break inside a value as two of them.
			if i+1 < len(s) && s[i+1] == '\n' {
				b.WriteByte('\n')
				i++
			}
		default:
			b.WriteByte(s[i])
		}
	}
	return b.String()
}

// ansiC reads the inside of $'…' and says how many bytes it took.
func ansiC(b *strings.Builder, s string) int {
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\'':
			return i + 1
		case s[i] != '\\' || i+1 >= len(s):
			b.WriteByte(s[i])
		default:
			i++
			switch c := s[i]; c {
			case 'n':
				b.WriteByte('\n')
			case 'r':
				b.WriteByte('\r')
			case 't':
				b.WriteByte('\t')
			case 'x':
				i += hexRune(b, s[i+1:], 2)
			case 'u':
				i += hexRune(b, s[i+1:], 4)
			case 'U':
				i += hexRune(b, s[i+1:], 8)
			default:
				b.WriteByte(c)
			}
		}
	}
	return len(s)
}

// hexRune writes the character of up to n hex digits and says how many there were.
func hexRune(b *strings.Builder, s string, n int) int {
	var r rune
	i := 0
	for ; i < len(s) && i < n; i++ {
		d := strings.IndexByte("0123456789abcdef", s[i]|0x20)
		if d < 0 {
			break
		}
		r = r<<4 | rune(d)
	}
	if i > 0 {
		b.WriteRune(r)
	}
	return i
}
