package envfile

import (
	"bytes"
	"strings"

	"badsig/checks/affix"
)

// expand replaces $NAME and ${NAME}, as dotenv-expand does for
// Vite, Next, Expo and CRA: what the process has wins over the file, an
// unknown name is empty, ${NAME:-text} and ${NAME-text} have a default,
// ${NAME:+text} an alternative, and \$ is a dollar sign.
func (p *parser) expand() {
	own := map[string]string{}
	for i := range p.file.Lines {
		if l := &p.file.Lines[i]; !l.Commented {
			own[l.Name] = string(l.Value)
		}
	}
	lookup := func(name string) string {
		if v, ok := p.vars[name]; ok {
			return v
		}
		return own[name]
	}
	for i := range p.file.Lines {
		l := &p.file.Lines[i]
		if l.Commented || bytes.IndexByte(l.Value, '$') < 0 || p.grown > maxGrown {
			continue
		}
		v := affix.ReplaceAll(p.substitute(string(l.Value), lookup, 0), `\$`, "$")
		p.grown += len(v)
		l.Value = []byte(v)
		own[l.Name] = v
	}
}

// maxExpanded bounds a value that refers to itself or doubles at every step,
// maxGrown what all values of a file may come to.
const (
	maxExpanded = 16 << 10
	maxGrown    = 8 << 20
)

// substitute expands a string. Every reference is a unit of p.grown, so that
// values that refer to each other many times come to an end.
func (p *parser) substitute(s string, lookup func(string) string, depth int) string {
	if depth > 8 || len(s) > maxExpanded || p.grown > maxGrown {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		c := s[i]
		if c == '\\' && i+1 < len(s) && s[i+1] == '$' {
			b.WriteString(`\$`)
			i += 2
			continue
		}
		if c != '$' {
			b.WriteByte(c)
			i++
			continue
		}
		expr, n := reference(s[i:])
		if n == 0 {
			b.WriteByte(c)
			i++
			continue
		}
		i += n
		v := resolve(expr, lookup)
		p.grown += 64 + len(v)
		if p.grown > maxGrown {
			break
		}
		if strings.IndexByte(v, '$') >= 0 && v != s {
			v = p.substitute(v, lookup, depth+1)
		}
		b.WriteString(v)
		if b.Len() > maxExpanded {
			break
		}
	}
	return b.String()
}

// reference reads "$NAME" or "${…}" at the start of s; n is 0 for none.
func reference(s string) (expr string, n int) {
	if len(s) > 1 && s[1] == '{' {
		end := strings.IndexAny(s[2:], "{}")
		if end <= 0 || s[2+end] != '}' {
			return "", 0
		}
		return s[2 : 2+end], end + 3
	}
	n = 1
	for n < len(s) && (s[n] == '_' || isLetter(s[n]) || n > 1 && s[n] >= '0' && s[n] <= '9') {
		n++
	}
	if n == 1 {
		return "", 0
	}
	return s[1:n], n
}

func resolve(expr string, lookup func(string) string) string {
	i := strings.IndexAny(expr, ":-+")
	if i < 0 {
		return lookup(expr)
	}
	name, op := expr[:i], expr[i:i+1]
	if op == ":" {
		if i+1 >= len(expr) || expr[i+1] != '-' && expr[i+1] != '+' {
			return lookup(expr)
		}
		op = expr[i : i+2]
	}
	rest := expr[i+len(op):]
	v := lookup(name)
	if affix.HasSuffix(op, "+") {
		if v != "" {
			return rest
		}
		return ""
	}
	if v != "" {
		return v
	}
	return rest
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

// expandNext is @next/env's expansion: names of letters, digits and
// underscores, the last $ first, a default by :- only, and a brace that may be
// missing.
func (p *parser) expandNext() {
	own := map[string]string{}
	for i := range p.file.Lines {
		if l := &p.file.Lines[i]; !l.Commented {
			own[l.Name] = string(l.Value)
		}
	}
	for i := range p.file.Lines {
		l := &p.file.Lines[i]
		if l.Commented || bytes.IndexByte(l.Value, '$') < 0 || p.grown > maxGrown {
			continue
		}
		v := string(l.Value)
		for n := 0; n < 100 && len(v) < maxExpanded; n++ {
			at := lastDollar(v)
			if at < 0 {
				break
			}
			whole, name, def := nextReference(v[at:])
			if whole == "" {
				break
			}
			to := p.vars[name]
			if to == "" {
				to = def
			}
			if to == "" {
				to = own[name]
			}
			v = strings.Replace(v, whole, to, 1)
			p.grown += len(v) // the work, not only what is left
		}
		v = affix.ReplaceAll(v, `\$`, "$")
		l.Value = []byte(v)
		own[l.Name] = v
	}
}

// lastDollar finds the last $ that no backslash precedes.
func lastDollar(s string) int {
	for i := len(s) - 1; i >= 0; i-- {
		if s[i] == '$' && (i == 0 || s[i-1] != '\\') {
			return i
		}
	}
	return -1
}

func nextReference(s string) (whole, name, def string) {
	i := 1
	if i < len(s) && s[i] == '{' {
		i++
	}
	from := i
	for i < len(s) && (s[i] == '_' || isLetter(s[i]) || s[i] >= '0' && s[i] <= '9') {
		i++
	}
	if i == from {
		return "", "", ""
	}
	name = s[from:i]
	if affix.HasPrefix(s[i:], ":-") {
		end := i + 2
		for end < len(s) && s[end] != '}' && s[end] != '\\' {
			end++
		}
		def, i = s[i+2:end], end
	}
	if i < len(s) && s[i] == '}' {
		i++
	}
	return s[:i], name, def
}
