package envfile

import "strings"

// expand puts in what $NAME and ${NAME} stand for, as dotenv-expand does for
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
		if l.Commented || strings.IndexByte(string(l.Value), '$') < 0 {
			continue
		}
		v := strings.ReplaceAll(substitute(string(l.Value), lookup, 0), `\$`, "$")
		l.Value = []byte(v)
		own[l.Name] = v
	}
}

// maxExpanded bounds a value that refers to itself or doubles at every step.
const maxExpanded = 64 << 10

func substitute(s string, lookup func(string) string, depth int) string {
	if depth > 8 || len(s) > maxExpanded {
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
		if strings.IndexByte(v, '$') >= 0 && v != s {
			v = substitute(v, lookup, depth+1)
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
	if strings.HasSuffix(op, "+") {
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
