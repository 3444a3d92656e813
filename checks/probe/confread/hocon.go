package confread

import (
	"strings"

	"badsig/checks/affix"
)

// HOCON reads the configuration files of Ktor and Play as far as nested blocks
// and key = value go.
func HOCON(data []byte) []Entry {
	var out []Entry
	var outer [][]string
	var keys []string
	n := 0
	for line := range strings.Lines(string(data)) {
		n++
		t := strings.TrimSpace(line)
		if affix.HasPrefix(t, "#") || affix.HasPrefix(t, "//") || t == "" {
			continue
		}
		for t != "" && len(out) < maxEntries {
			if t[0] == '}' {
				if len(outer) > 0 {
					keys, outer = outer[len(outer)-1], outer[:len(outer)-1]
				}
				t = strings.TrimLeft(t[1:], " \t,")
				continue
			}
			i := strings.IndexAny(t, "={:")
			if i < 0 {
				break
			}
			name := strings.Split(strings.Trim(strings.TrimSpace(t[:i]), `"`), ".")
			rest := strings.TrimSpace(t[i+1:])
			full := append(keys[:len(keys):len(keys)], name...)
			if t[i] == '{' || affix.HasPrefix(rest, "{") {
				if len(outer) > maxDepth {
					return out
				}
				outer, keys = append(outer, keys), full
				t = rest
				if affix.HasPrefix(t, "{") {
					t = strings.TrimSpace(t[1:])
				}
				continue
			}
			value, text, after := hoconValue(rest)
			out = append(out, Entry{Keys: full, Value: value, Line: n, Text: text})
			t = strings.TrimLeft(after, " \t,")
		}
	}
	return out
}

func hoconValue(s string) (value string, text bool, after string) {
	if affix.HasPrefix(s, `"`) {
		if end := strings.IndexByte(s[1:], '"'); end >= 0 {
			return s[1 : 1+end], true, s[end+2:]
		}
	}
	end, hole := len(s), false
	for i := range len(s) {
		if affix.HasPrefix(s[i:], "${") {
			hole = true
		}
		if s[i] == '}' && hole {
			hole = false
			continue
		}
		if s[i] == '#' || s[i] == ',' || s[i] == '}' || affix.HasPrefix(s[i:], "//") {
			end = i
			break
		}
	}
	return strings.TrimSpace(s[:end]), false, s[end:]
}
