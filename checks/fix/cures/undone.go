package cures

import (
	"bytes"
	"slices"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/probe/jsread"
	"badsig/checks/probe/langread/flow"
)

// Rules of this file:
//   - what changes a secret between its variable and the signing call is known by what the token shows: a call that does just that is left out

// changers are the calls that do to a secret what the token shows, as code has them.
var changers = map[causes.ID][]string{
	causes.SecretCase:     {". upper ( )", ". lower ( )", ". toUpperCase ( )", ". toLowerCase ( )", ". upcase", ". downcase", "strings . ToUpper (", "strings . ToLower (", "strtoupper (", "strtolower ("},
	causes.SecretQuoted:   {"JSON . stringify (", "json . dumps (", "json_encode (", "strconv . Quote ("},
	causes.SecretEncoding: {"hex . DecodeString (", "Encoding . DecodeString (", "base64_decode (", "hex2bin (", "Base64 . decode64 (", "bytes . fromhex (", "atob (", "btoa ("},
}

// Code gives the words of each line of a source, a space before and after each: comments aren't among them, and a string
// has its quotes.
func Code(file string, src []byte) []string {
	out := slices.Repeat([]string{" "}, 1+bytes.Count(src, []byte("\n")))
	add := func(line int, word string, text bool) {
		if text {
			word = `"` + word + `"`
		}
		if line > 0 && line <= len(out) {
			out[line-1] += affix.TrimPrefix(word, "?") + " "
		}
	}
	if !flow.Words(file, src, add) {
		for _, w := range jsread.Words(file, src) {
			add(w.Line, w.Text, w.String)
		}
	}
	return out
}

// Changes reports whether a line of code does to a secret what a cause names: by a call of its own, or by
// that of a function which the same file declares.
func Changes(id causes.ID, line string, code []string) bool {
	does := func(l string) bool {
		return affix.Any(changers[id], func(c string) bool { return affix.Contains(l, " "+c+" ") })
	}
	if does(line) {
		return true
	}
	for i, l := range code {
		name, ok := declares(l)
		if ok && l != line && affix.Contains(line, " "+name+" ( ") && affix.Any(code[i:min(i+6, len(code))], does) {
			return true
		}
	}
	return false
}

// declares gives the function that a line declares.
func declares(line string) (string, bool) {
	words := strings.Fields(line)
	for len(words) > 2 && (words[0] == "export" || words[0] == "async") {
		words = words[1:]
	}
	if len(words) < 3 || len(words[1]) < 2 || !facts.OneOf([]string{"func", "def", "function", "const"}, words[0]) {
		return "", false
	}
	return words[1], words[0] != "const" || facts.OneOf(words, "=>")
}

// AboutSecret reports whether a line of code handles a secret, or the variable that it gets.
func AboutSecret(line string) bool {
	low := affix.ReplaceAll(strings.ToLower(line), " . ", ".")
	return affix.Any([]string{"secret", "process.env", "environ", "getenv"}, func(w string) bool { return affix.Contains(low, w) })
}

// undone proposes to leave out a call that changes the secret, in the files of the way from the variable to the signing call.
func undone(x *View, c *finding.Cause) []Proposal {
	var files []string
	add := func(f string) {
		if f != "" && envRead(f, "X") != "" && !facts.OneOf(files, f) {
			files = append(files, f)
		}
	}
	if c.Location != nil {
		add(c.Location.File)
	}
	for _, l := range links(x.Facts) {
		add(l.File)
	}
	for _, r := range reads(x.Facts) {
		add(r.File)
	}
	if code := facts.CodeOf(x.Facts); code != nil {
		add(code.File)
	}
	var out []Proposal
	for _, file := range files {
		lines := x.lines(file)
		code := Code(file, []byte(strings.Join(lines, "\n")))
		for i, l := range code {
			if _, is := declares(l); is && !affix.Contains(l, " => ") || !AboutSecret(l) || !Changes(c.ID, l, code) {
				continue
			}
			for _, p := range x.unwrapped(finding.LocAt(file, i+1)) {
				edited := slices.Clone(lines)
				if edited[i] = without(lines[i], p); edited[i] == "" {
					continue
				}
				if left := Code(file, []byte(strings.Join(edited, "\n")))[i]; !Changes(c.ID, left, code) && AboutSecret(left) {
					out = append(out, p)
					break
				}
			}
		}
	}
	return out
}

// without is a line after a proposal that changes only it; "" where it's none.
func without(line string, p Proposal) string {
	runes := []rune(line)
	for _, e := range slices.Backward(p.Edits) {
		if e.Line != p.Edits[0].Line || e.From < 1 || e.To < e.From || e.To-1 > len(runes) {
			return ""
		}
		runes = slices.Concat(runes[:e.From-1], []rune(e.Insert), runes[e.To-1:])
	}
	return string(runes)
}
