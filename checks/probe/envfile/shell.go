package envfile

import (
	"slices"
	"strings"

	"badsig/checks/affix"
)

// Rules of this file:
//   - a line may have several commands, and a command several assignments
//   - what is assigned before another command is that command's alone; declare and typeset export only with -x

// shell reads what a shell that runs the file hands to its children, or would with set -a.
func (p *parser) shell(text string) {
	p.eachLine(text, func(line string, off int) {
		s := strings.TrimLeft(line, " \t")
		if s != "" && s[0] == '#' {
			p.commented(s, off)
			return
		}
		for s != "" && s != "\r" && s[0] != '#' {
			known := len(p.file.Lines)
			rest, ok := p.shellCommand(s, off)
			if !ok {
				p.file.Lines = p.file.Lines[:known]
				p.stray(line, off)
				return
			}
			s = strings.TrimLeft(rest, " \t;&")
		}
	})
}

// shellCommand reads a command that only assigns, up to its end; false for another one.
func (p *parser) shellCommand(s string, off int) (rest string, ok bool) {
	word, after, _ := affix.Cut(s, " ")
	declares := slices.Contains([]string{"export", "declare", "typeset"}, word)
	if declares {
		s = strings.TrimLeft(after, " \t")
		exported := word == "export"
		for affix.HasPrefix(s, "-") {
			flags, more, _ := affix.Cut(s, " ")
			if affix.ContainsAny(flags, "pnfF") { // prints, unsets, or is about functions
				return "", false
			}
			exported = exported || affix.Contains(flags, "x")
			s = strings.TrimLeft(more, " \t")
		}
		if !exported {
			return "", false
		}
	}
	for {
		s = strings.TrimLeft(s, " \t")
		if s == "" || s[0] == '#' || s[0] == ';' || affix.HasPrefix(s, "&&") {
			return s, true
		}
		eq := strings.IndexAny(s, "= \t;") // not '=' alone: in a line of names each would be looked for to the line's end
		if eq <= 0 || s[eq] != '=' || !identifier(s[:eq]) {
			n := strings.IndexAny(s, " \t;")
			if n < 0 {
				n = len(s)
			}
			if !declares || !identifier(s[:n]) {
				return "", false
			}
			s = s[n:] // export NAME
			continue
		}
		v, rest, closed := p.shellWord(s[eq+1:])
		if !closed {
			p.file.note("line %d: the quote is not closed", p.line(off))
		}
		written := s[eq+1:]
		if next := strings.TrimLeft(rest, " \t;"); next != "" && next[0] != '#' {
			written = written[:len(written)-len(rest)]
		}
		p.add(s[:eq], v, written, off)
		s = rest
	}
}
