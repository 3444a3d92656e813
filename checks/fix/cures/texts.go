package cures

import (
	"errors"
	"path/filepath"
	"slices"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/finding"
	"badsig/checks/fix/edits"
	"badsig/checks/probe/files"
)

// texts are the project's files, each read once.
type texts struct {
	dir  string
	read map[string]*source
}

type source struct {
	data []byte
	text *edits.Text
	err  error
}

// Read gives a file's bytes.
//
//go:noinline
func (x *texts) Read(file string) ([]byte, error) {
	s := x.source(file)
	return s.data, s.err
}

func (x *texts) source(file string) *source {
	if s := x.read[file]; s != nil {
		return s
	}
	s := &source{}
	x.read[file] = s
	data, _, ok := files.Read(filepath.Join(x.dir, filepath.FromSlash(file)), files.MaxSourceSize)
	if !ok {
		s.err = errors.New(file + " can't be read")
		return s
	}
	s.data = slices.Clone(data)
	s.text, s.err = edits.Decode(s.data)
	return s
}

// Line is one line of a file, without its line ending.
//
//go:noinline
func (x *texts) Line(file string, n int) string {
	if s := x.source(file); s.text != nil {
		return s.text.Line(n)
	}
	return ""
}

// lines are all lines of a file.
//
//go:noinline
func (x *texts) lines(file string) []string {
	if s := x.source(file); s.text != nil {
		return s.text.Lines()
	}
	return nil
}

// exists reports whether a file is there.
//
//go:noinline
func (x *texts) exists(file string) bool {
	return x.source(file).data != nil || x.source(file).err == nil
}

// deleteLine removes a whole line.
func (x *texts) deleteLine(file string, n int) finding.Edit {
	if n == len(x.lines(file)) && n > 1 { // the last one, without a newline
		return finding.Edit{File: file, Line: n - 1, From: edits.Column(x.lines(file)[n-2], len(x.lines(file)[n-2])), ToLine: n, To: edits.Column(x.Line(file, n), len(x.Line(file, n)))}
	}
	return finding.Edit{File: file, Line: n, From: 1, ToLine: n + 1, To: 1}
}

// renamed replaces a name on a line of code.
func (x *texts) renamed(file string, line int, from, to string) []finding.Edit {
	text := x.Line(file, line)
	for at := 0; from != "" && from != to; {
		i := strings.Index(text[at:], from)
		if i < 0 {
			return nil
		}
		i += at
		at = i + len(from)
		if word(text, i, at) {
			return []finding.Edit{place{file: file, line: line, text: text, from: i, to: at}.edit(to)}
		}
	}
	return nil
}

// newLine appends NAME=value to a file; value is an edit without a place.
func (x *texts) newLine(file, name string, value finding.Edit) []finding.Edit {
	head, tail := name+"=", "\n"
	line, column, create := 1, 1, !x.exists(file)
	if !create {
		lines := x.lines(file)
		line = len(lines)
		last := affix.TrimSuffix(lines[line-1], "\r")
		column = edits.Column(last, len(last))
		if last != "" {
			head, tail = "\n"+head, ""
		}
	}
	at := finding.Edit{File: file, Line: line, From: column, To: column, Create: create}
	first, last := at, at
	first.Insert, last.Insert = head, tail
	value.File, value.Line, value.From, value.To, value.Create = file, line, column, column, create
	if tail == "" {
		return []finding.Edit{first, value}
	}
	return []finding.Edit{first, value, last}
}

// ignored makes git ignore an env file; needed is false where it does already.
func (x *texts) ignored(file string) (e finding.Edit, needed bool) {
	dir, base := "", file
	if i := strings.LastIndexByte(file, '/'); i >= 0 {
		dir, base = file[:i+1], file[i+1:]
	}
	for _, ignore := range []string{".gitignore", dir + ".gitignore"} {
		for _, l := range x.lines(ignore) {
			switch strings.TrimSpace(l) {
			case base, "/" + file, file, ".env*", "*.env", "**/" + base, ".env.*", "/" + base:
				return e, false
			}
		}
	}
	e = finding.Edit{File: ".gitignore", Line: 1, From: 1, To: 1, Insert: base + "\n", Create: !x.exists(".gitignore")}
	if !e.Create {
		lines := x.lines(".gitignore")
		last := affix.TrimSuffix(lines[len(lines)-1], "\r")
		e.Line, e.From = len(lines), edits.Column(last, len(last))
		e.To = e.From
		if last != "" {
			e.Insert = "\n" + base
		}
	}
	return e, true
}

// onceIn is where a line has a string that its file has once; -1 for any other.
func (x *texts) onceIn(file, line, text string) int {
	if strings.Count(strings.Join(x.lines(file), "\n"), text) != 1 {
		return -1
	}
	return strings.Index(line, text)
}
