package values

import (
	"strconv"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/files"
	"badsig/checks/probe/names"
	"badsig/checks/probe/project/picture"
)

// Rules of this file:
//   - a line's name is told with its section: secret under [stream] is Stream's
//   - a reader of an .ini file keeps the quotes or removes them: the value is what is there, the other form is kept beside it

// readINI files the keys and secrets of .ini, .toml and .properties files.
func readINI(p *picture.Reader, f *files.File) {
	section, n := "", 0
	toml := affix.Ext(f.Rel) == ".toml"
	role := configRole(p, f.Rel)
	whole := toml && readTOML(p, f, role) // then only its comments are left
	for line := range strings.Lines(string(f.Src)) {
		n++
		t := strings.TrimSpace(affix.TrimPrefix(line, bomText))
		comment := affix.HasPrefix(t, "#") || affix.HasPrefix(t, ";")
		if comment {
			t = strings.TrimLeft(t, "#; ")
		}
		if rest, ok := affix.CutPrefix(t, "["); ok {
			if name, _, ok := affix.Cut(strings.TrimLeft(rest, "["), "]"); ok && !comment {
				section = strings.Trim(name, ` "'`)
			}
			continue
		}
		i := strings.IndexAny(t, "=:")
		if i <= 0 || len(t) > 8192 || toml && t[i] != '=' {
			continue
		}
		name, written := strings.Trim(strings.TrimSpace(t[:i]), `"'`), strings.TrimSpace(t[i+1:])
		value := written
		if toml {
			var ok bool
			if value, ok = TomlString(written); !ok {
				continue
			}
		}
		if whole && !comment {
			continue
		}
		if c := names.Classify(name); c.What == "" || c.Bare {
			name = section + "_" + name
		}
		id := FileConfig(p, name, value, facts.Value{Role: role, File: f.Rel, Line: n, Modified: f.Modified, Comment: comment})
		if id < 0 || toml || comment {
			continue
		}
		var forms [][]byte
		if plain := yamlScalar(written); plain != written {
			forms = append(forms, []byte(plain))
		}
		if before, _, ok := affix.Cut(written, " ;"); ok {
			forms = append(forms, []byte(strings.TrimSpace(before)))
		}
		p.World.AddWritten(id, forms)
	}
}

const bomText = "\uFEFF"

// TomlString reads a string of one line.
func TomlString(s string) (string, bool) {
	if len(s) < 2 || s[0] != '"' && s[0] != '\'' {
		return "", false
	}
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] == '\\' && s[0] == '"':
			i++
		case s[i] == s[0]:
			if s[0] == '\'' {
				return s[1:i], true
			}
			if v, err := strconv.Unquote(s[:i+1]); err == nil {
				return v, true
			}
			return s[1:i], true
		}
	}
	return "", false
}
