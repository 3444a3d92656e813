package edits

import (
	"errors"
	"fmt"
	"path"
	"sort"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/finding"
	"badsig/tokens"
)

// Rules of this file:
//   - edits are applied to the files as they were read, all of them or none
//   - edits that overlap, or that name a place which isn't there, are none

// Change is what a step's edits make of one file.
type Change struct {
	File   string
	New    bool   // the file isn't there yet
	Before []byte // nil for a new file
	After  []byte
	Hunks  []Hunk
	Secret bool // a secret is put into it that it didn't have
}

// Hunk is a stretch of lines that changes.
type Hunk struct {
	First    int // line, of Before
	Old, New []string
}

// Apply makes edits in memory. read gives a file's bytes; secret is the
// dashboard's, for edits that write it.
func Apply(all []finding.Edit, read func(file string) ([]byte, error), secret tokens.Secret) ([]Change, error) {
	texts := map[string]*Text{}
	text := func(file string) (*Text, error) {
		if t := texts[file]; t != nil {
			return t, nil
		}
		if path.IsAbs(file) || path.Clean(file) != file || file == ".." || affix.HasPrefix(file, "../") {
			return nil, fmt.Errorf("%s isn't a file of the project", file)
		}
		data, err := read(file)
		if err != nil {
			return nil, err
		}
		t, err := Decode(data)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		texts[file] = t
		return t, nil
	}
	byFile := map[string][]replacement{}
	created := map[string]bool{}
	var order []string
	for i := range all {
		e := &all[i]
		if e.Create {
			created[e.File] = true
			texts[e.File] = &Text{}
		}
		t, err := text(e.File)
		if err != nil {
			return nil, err
		}
		r, err := replacementOf(e, t, text, secret)
		if err != nil {
			return nil, err
		}
		if byFile[e.File] == nil {
			order = append(order, e.File)
		}
		byFile[e.File] = append(byFile[e.File], r)
	}
	var out []Change
	for _, file := range order {
		c, err := texts[file].change(file, byFile[file])
		if err != nil {
			return nil, err
		}
		if c.New = created[file]; c.New {
			c.Before = nil
		}
		out = append(out, c)
	}
	return out, nil
}

// replacement is an edit with its offsets and its bytes.
type replacement struct {
	from, to int
	put      string
	secret   bool
	line     int
	plain    bool // the file is saved as UTF-8
}

func replacementOf(e *finding.Edit, t *Text, text func(string) (*Text, error), secret tokens.Secret) (r replacement, err error) {
	line, column := e.End()
	from, ok := t.at(e.Line, e.From)
	to, ok2 := t.at(line, column)
	if !ok || !ok2 || to < from {
		return r, fmt.Errorf("%s:%d has no such columns", e.File, e.Line)
	}
	r = replacement{from: from, to: to, put: affix.ReplaceAll(e.Insert, "\n", t.ending()), secret: e.WritesSecret(), line: e.Line, plain: e.SaveAs == finding.UTF8}
	switch {
	case e.InsertSecret == finding.FromDashboard && !secret.IsZero():
		r.put += string(secret.AppendTo(nil))
	case e.InsertSecret != "":
		return r, errors.New("the dashboard's secret wasn't passed")
	}
	if f := e.InsertFrom; f != nil {
		src, err := text(f.File)
		if err != nil {
			return r, err
		}
		a, ok := src.at(f.Line, f.From)
		b, ok2 := src.at(f.Line, f.To)
		if !ok || !ok2 || b < a {
			return r, fmt.Errorf("%s:%d has no such columns", f.File, f.Line)
		}
		s, err := As(f.As, src.text[a:b])
		if err != nil {
			return r, err
		}
		r.put += s
	}
	return r, nil
}

// change makes the new text of one file, and what of it differs.
func (t *Text) change(file string, all []replacement) (Change, error) {
	sort.SliceStable(all, func(i, j int) bool {
		a, b := &all[i], &all[j]
		return a.from < b.from || a.from == b.from && a.to < b.to
	})
	out := &Text{head: t.head, wide: t.wide}
	var b strings.Builder
	at, secret := 0, false
	for _, r := range all {
		if r.from < at {
			return Change{}, fmt.Errorf("the edits of %s overlap", file)
		}
		b.WriteString(t.text[at:r.from])
		b.WriteString(r.put)
		at, secret = r.to, secret || r.secret
		if r.plain {
			out.head, out.wide = "", nil
		}
	}
	b.WriteString(t.text[at:])
	out.text = b.String()
	return Change{File: file, Before: t.Bytes(), After: out.Bytes(), Secret: secret, Hunks: t.hunks(all)}, nil
}

// hunks are the lines that replacements change, those that touch joined.
func (t *Text) hunks(all []replacement) []Hunk {
	var out []Hunk
	for i := 0; i < len(all); {
		first := strings.LastIndexByte(t.text[:all[i].from], '\n') + 1
		end := t.lineEnd(all[i].to)
		j := i + 1
		for j < len(all) && all[j].from <= end {
			end = max(end, t.lineEnd(all[j].to))
			j++
		}
		var b strings.Builder
		at := first
		for _, r := range all[i:j] {
			b.WriteString(t.text[at:r.from])
			b.WriteString(r.put)
			at = r.to
		}
		b.WriteString(t.text[at:end])
		if b.String() == t.text[first:end] { // the encoding alone changes
			i = j
			continue
		}
		out = append(out, Hunk{First: strings.Count(t.text[:first], "\n") + 1, Old: linesOf(t.text[first:end]), New: linesOf(b.String())})
		i = j
	}
	return out
}

// lineEnd is the offset after the line that has an offset.
func (t *Text) lineEnd(at int) int {
	if at > 0 && t.text[at-1] == '\n' { // a deletion that ends with its line
		return at
	}
	if i := strings.IndexByte(t.text[at:], '\n'); i >= 0 {
		return at + i + 1
	}
	return len(t.text)
}

// linesOf splits a string into its lines, none for "".
func linesOf(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(affix.TrimSuffix(s, "\n"), "\n")
}
