// Package envfile reads .env files as the loaders read them that projects
// really use: each dialect has its own treatment of quotes, comments, spaces,
// CRLF, BOM, export, duplicates and $.
package envfile

import (
	"bytes"
	"fmt"
)

// Rules of this package:
//   - a value is what the program gets, byte for byte, never what it should have been
//   - a note names lines and never holds a value
//   - every reader is linear in the size of the text, and the text is bounded by MaxSize

// Dialect is one loader's way of reading.
type Dialect string

// The dialects.
const (
	Dotenv        Dialect = "dotenv"           // dotenv 15 to 18
	DotenvExpand  Dialect = "dotenv-expand"    // dotenv with dotenv-expand: Vite up to 7, Expo, CRA 5
	NextEnv       Dialect = "next"             // dotenv with Next's own, older expansion
	DotenvOld     Dialect = "dotenv-old"       // dotenv up to 14: one line a value, "#" belongs to it
	NodeEnvFile   Dialect = "node-env-file"    // node --env-file, process.loadEnvFile, util.parseEnv of Node 20
	NodeEnvFile22 Dialect = "node-env-file-22" // … from Node 22.17, and of 24 and later
	ViteEnv       Dialect = "vite"             // Vite from 8: node's reader with dotenv-expand
	Shell         Dialect = "shell"            // set -a; . ./.env
	Docker        Dialect = "docker"           // docker run --env-file: quotes are kept
	Compose       Dialect = "compose"
	PythonDotenv  Dialect = "python-dotenv"
	GoDotenv      Dialect = "godotenv"
)

// MaxSize bounds what is read of one file, MaxLines how many assignments.
const (
	MaxSize  = 1 << 20
	MaxLines = 5_000
)

// Line is one assignment, as a dialect reads it.
type Line struct {
	Name      string
	Value     []byte // what the program gets
	Written   []byte // what follows the = up to the end of the line (or of the quoted value), untouched
	Line      int    // 1-based
	Commented bool   // "# NAME=value": no assignment, told apart so that no one is accused
	Duplicate bool   // a later line of the same file sets the name again
}

// File is a .env file's text, read in one dialect.
type File struct {
	Encoding string // utf-8, utf-8-bom, utf-16le, utf-16be
	Lines    []Line
	// Lost are the assignments that a person sees and the loader does not: those of a UTF-16 file, or
	// one that is after a byte order mark. Their Values are what the file says.
	Lost  []Line
	Notes []string // unclosed quote, line without = …
}

// Get gives the value that a name has in the file, the last assignment's.
//
//go:noinline
func (f File) Get(name string) ([]byte, bool) {
	for i := len(f.Lines) - 1; i >= 0; i-- {
		if l := &f.Lines[i]; l.Name == name && !l.Commented {
			return l.Value, true
		}
	}
	return nil, false
}

// Read reads data in a dialect. vars are the variables that $NAME may refer to
// beside those of the file itself (only dialects that expand use them).
func Read(data []byte, d Dialect, vars map[string]string) File {
	var f File
	if len(data) > MaxSize {
		data = data[:MaxSize]
		if end := bytes.LastIndexByte(data, '\n'); end > 0 {
			data = data[:end] // half a line would be half a secret
		}
		f.note("only the first %d MB were read", MaxSize>>20)
	}
	enc, text := decode(data)
	f.Encoding = enc
	p := &parser{d: d, vars: vars, file: &f}
	switch enc {
	case "utf-16le", "utf-16be":
		if d == Shell || d == Docker || d == Compose || d == GoDotenv || d == PythonDotenv {
			f.note("saved as UTF-16: nothing in it can be read")
		} else {
			f.note("saved as UTF-16: the loader finds no variable in it")
		}
		lost := File{}
		q := &parser{d: Dotenv, file: &lost}
		q.parse(text)
		f.Lost = lost.Lines
		return f
	}
	p.parse(text)
	f.finish()
	return f
}

// finish marks duplicates, and tells apart what a byte order mark hides.
func (f *File) finish() {
	last := make(map[string]int, len(f.Lines))
	for i := range f.Lines {
		l := &f.Lines[i]
		if l.Commented {
			continue
		}
		if j, ok := last[l.Name]; ok {
			f.Lines[j].Duplicate = true
		}
		last[l.Name] = i
	}
	if f.Encoding == "utf-8-bom" && len(f.Lines) > 0 {
		if first := f.Lines[0]; len(first.Name) > 3 && first.Name[:3] == bom {
			first.Name = first.Name[3:]
			f.Lost = append(f.Lost, first)
			f.Lines = f.Lines[1:]
			f.note("line %d: the byte order mark belongs to the name, so %s is not set", first.Line, first.Name)
		}
	}
}

func (f *File) note(format string, a ...any) {
	switch {
	case len(f.Notes) < 20:
		f.Notes = append(f.Notes, fmt.Sprintf(format, a...))
	case len(f.Notes) == 20:
		f.Notes = append(f.Notes, "further notes left out")
	}
}

// parser is the state that the dialects' readers share.
type parser struct {
	d    Dialect
	vars map[string]string
	file *File

	text   string
	at     int // the offset up to which lines were counted
	lineNo int
	full   bool
	grown  int // what expansion cost so far
	own    map[string]string
}

// line gives the 1-based line of an offset; offsets must not go backwards.
func (p *parser) line(off int) int {
	if off > p.at {
		p.lineNo += bytes.Count([]byte(p.text[p.at:off]), []byte{'\n'})
		p.at = off
	}
	return p.lineNo + 1
}

// add files one assignment.
func (p *parser) add(name string, value, written string, off int) {
	if len(p.file.Lines) >= MaxLines {
		if !p.full {
			p.full = true
			p.file.note("only the first %d assignments were read", MaxLines)
		}
		return
	}
	switch p.d {
	case Shell, Compose, GoDotenv, PythonDotenv: // they refer to what is above
		if p.own == nil {
			p.own = map[string]string{}
		}
		p.own[name] = value
	}
	p.file.Lines = append(p.file.Lines, Line{Name: name, Value: []byte(value), Written: []byte(written), Line: p.line(off)})
}

func (p *parser) parse(text string) {
	switch p.d {
	case NodeEnvFile, ViteEnv:
		p.node(text)
	case NodeEnvFile22:
		p.node22(text)
	case DotenvOld:
		p.dotenvOld(text)
	case Shell:
		p.shell(text)
	case Docker:
		p.docker(text)
	case Compose, GoDotenv:
		p.escaped(text)
	case PythonDotenv:
		p.python(text)
	default:
		p.dotenv(text)
	}
	switch p.d {
	case DotenvExpand, ViteEnv:
		p.expand()
	case NextEnv:
		p.expandNext()
	}
}
