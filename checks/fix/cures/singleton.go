package cures

import (
	"slices"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/finding"
	"badsig/checks/probe/names"
)

// Rules of this file, about Stream's getInstance, which gives every caller the client of its first call:
//   - the first call gets the secret that the other one has
//   - where the first call is another app's, the one that signs makes a client of its own

const getInstance = "StreamChat.getInstance("

// singletons proposes to pass the secret to a call of getInstance that leaves it out, and to make a client apart from
// the one that another module has made.
func singletons(x *View, c *finding.Cause) []Proposal {
	var out list
	if read := readNames(x.Facts); c.ID == causes.SecretMissing && len(read) > 0 && x.Facts.Project != nil {
		var files []string // of modules that something uses
		if code := facts.CodeOf(x.Facts); code != nil {
			files = append(files, code.Entry, code.AppFile, code.File)
		}
		for _, call := range x.Facts.Project.Calls {
			if call.Role != facts.RoleFront {
				files = append(files, call.File)
			}
		}
		slices.Sort(files)
		for _, file := range slices.Compact(files) {
			for i, l := range x.lines(file) {
				at, end := strings.Index(l, getInstance+"process.env."), 0
				if at >= 0 && code(l, file)[at] && envRead(file, "X") == "process.env.X" {
					end = closing(l, at+len(getInstance)-1)
				}
				if end == 0 || affix.Contains(l[at:end], ",") || names.PublicPrefix(l[at+len(getInstance+"process.env."):end]) != "" {
					continue
				}
				out.add(place{file, i + 1, end, end, l}, ", process.env."+read[0], "pass the secret, too: every later getInstance gives this client")
			}
		}
		return out
	}
	for _, s := range x.Facts.Project.Sites {
		line := x.Line(s.Made.File, s.Made.Line)
		if at := strings.Index(line, getInstance); at >= 0 && (c.Location == nil || c.Location.File != s.Made.File) {
			out.add(place{s.Made.File, s.Made.Line, at, at + len(getInstance), line}, "new StreamChat(", "make a client of its own: getInstance gives the one that another module has made")
		}
	}
	return out
}

// Apart reports whether a line is, after an edit, the call of getInstance with the secret's variable besides, or makes a client of its own in its place.
func Apart(was, is, name string) (secret, own bool) {
	at := strings.Index(was, getInstance)
	if at < 0 {
		return false, false
	}
	end := closing(was, at+len(getInstance)-1)
	return end > 0 && !affix.Contains(was[at:end], ",") && was[:end]+", process.env."+name+was[end:] == is, strings.Replace(was, getInstance, "new StreamChat(", 1) == is
}
