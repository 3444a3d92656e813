package cures

import (
	"slices"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/finding"
	"badsig/checks/fix/edits"
	"badsig/tokens"
)

// Imports are the edits of a Go file's imports that other edits need: its compiler accepts neither a package
// that isn't imported nor one that isn't used.
func Imports(x *View, es []finding.Edit) []finding.Edit {
	if !affix.Any(es, func(e finding.Edit) bool { return affix.Ext(e.File) == ".go" }) {
		return nil
	}
	changes, err := edits.Apply(es, x.Read, tokens.Secret{})
	if err != nil {
		return nil
	}
	var out []finding.Edit
	for _, ch := range changes {
		if affix.Ext(ch.File) != ".go" {
			continue
		}
		lines := x.lines(ch.File)
		for _, pkg := range []string{"os", "strings", "strconv", "encoding/hex", "encoding/base64"} {
			name := affix.Base(pkg) + "."
			was, is := uses(string(ch.Before), name), uses(string(ch.After), name)
			at := slices.IndexFunc(lines, func(l string) bool {
				l = strings.TrimSpace(l)
				return l == `"`+pkg+`"` || l == `import "`+pkg+`"`
			})
			switch block := slices.Index(lines, "import ("); {
			case was && !is && at >= 0:
				out = append(out, x.deleteLine(ch.File, at+1))
			case is && !was && at < 0 && block >= 0:
				n := block + 1
				for n < len(lines) && affix.HasPrefix(lines[n], "\t\"") && strings.TrimSpace(lines[n]) < `"`+pkg+`"` {
					n++
				}
				out = append(out, finding.Edit{File: ch.File, Line: n + 1, From: 1, To: 1, Insert: "\t\"" + pkg + "\"\n"})
			case is && !was && at < 0:
				if n := slices.IndexFunc(lines, func(l string) bool { return affix.HasPrefix(l, "import \"") }); n >= 0 {
					out = append(out, finding.Edit{File: ch.File, Line: n + 1, From: 1, To: 1, Insert: "import \"" + pkg + "\"\n"})
				}
			}
		}
	}
	return out
}

// uses reports whether code has a package's name before a dot.
func uses(text, name string) bool {
	for i := 0; i < len(text); {
		at := strings.Index(text[i:], name)
		if at < 0 {
			return false
		}
		if i += at; i == 0 || !isPath(text[i-1]) && text[i-1] != '"' && text[i-1] != '/' {
			return true
		}
		i += len(name)
	}
	return false
}
