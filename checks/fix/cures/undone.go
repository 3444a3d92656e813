package cures

import (
	"slices"
	"strings"

	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
)

// Rules of this file:
//   - what changes a secret between its variable and the signing call is known by what the token shows: a call that does just that is left out

// changers are the calls that do to a secret what the token shows.
var changers = map[causes.ID][]string{
	causes.SecretCase:     {".upper()", ".lower()", ".toUpperCase()", ".toLowerCase()", ".upcase", ".downcase", "strings.ToUpper(", "strings.ToLower(", "strtoupper(", "strtolower("},
	causes.SecretQuoted:   {"JSON.stringify(", "json.dumps(", "json_encode(", "strconv.Quote("},
	causes.SecretEncoding: {"hex.DecodeString(", "Encoding.DecodeString(", "base64_decode(", "hex2bin(", "Base64.decode64(", "bytes.fromhex(", "atob(", "btoa("},
}

// Changes reports whether a line of code does to a secret what a cause names: by a call of its own, or by
// that of a function which the same file declares.
func Changes(id causes.ID, line string, lines []string) bool {
	does := func(l string) bool {
		return slices.ContainsFunc(changers[id], func(c string) bool { return strings.Contains(l, c) })
	}
	if does(line) {
		return true
	}
	for i, l := range lines {
		name, ok := declares(l)
		if ok && l != line && strings.Contains(line, name+"(") && slices.ContainsFunc(lines[i:min(i+6, len(lines))], does) {
			return true
		}
	}
	return false
}

// declares gives the function that a line declares.
func declares(line string) (string, bool) {
	for _, word := range []string{"func ", "def ", "function ", "const "} {
		if rest, ok := strings.CutPrefix(strings.TrimPrefix(strings.TrimPrefix(line, "export "), "async "), word); ok {
			end := strings.IndexAny(rest, "( =")
			return rest[:max(end, 0)], end > 1 && (word != "const " || strings.Contains(line, "=>"))
		}
	}
	return "", false
}

// AboutSecret reports whether a line of code handles a secret, or the variable that it gets.
func AboutSecret(line string) bool {
	low := strings.ToLower(line)
	return slices.ContainsFunc([]string{"secret", "process.env", "environ", "getenv"}, func(w string) bool { return strings.Contains(low, w) })
}

// undone proposes to leave out a call that changes the secret, in the files of the way from the variable to the signing call.
func undone(x *View, c *finding.Cause) []Proposal {
	var files []string
	add := func(f string) {
		if f != "" && envRead(f, "X") != "" && !slices.Contains(files, f) {
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
		for i, l := range lines {
			if _, is := declares(l); is && !strings.Contains(l, "=>") || !AboutSecret(l) || !Changes(c.ID, l, lines) {
				continue
			}
			for _, p := range x.unwrapped(finding.LocAt(file, i+1)) {
				if left := without(l, p); left != "" && !Changes(c.ID, left, lines) && AboutSecret(left) {
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
