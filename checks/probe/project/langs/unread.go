package langs

import (
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/files"
	"badsig/checks/probe/langread"
	"badsig/checks/probe/project/picture"
	"badsig/checks/sanitize"
)

// maxSealed bounds the places that are told of as unread.
const maxSealed = 12

// noteUnreadLanguages says which backends there may be that badsig can't read.
func noteUnreadLanguages(p *picture.Reader) {
	seen := map[string]bool{}
	looked := 0
	for i := range p.Tree.Files {
		f := &p.Tree.Files[i]
		name := langread.Unread(affix.Ext(f.Rel))
		if f.Kind == files.KindCode {
			name = serverLanguage(f)
		} else if f.Kind != files.KindMark {
			continue
		}
		if name == "" || seen[name] || files.RoleOfPath(f.Rel) != facts.RoleUnknown || looked > 200 {
			continue
		}
		looked++
		t := strings.ToLower(markText(p, f.Rel))
		if !affix.Contains(t, "getstream") && !affix.Contains(t, "stream_api") && !affix.Contains(t, "stream-chat") && !affix.Contains(t, "stream_secret") {
			continue
		}
		seen[name] = true
		if len(p.Facts.Sealed) < maxSealed {
			p.Facts.Sealed = append(p.Facts.Sealed, facts.Sealed{Language: name, Place: facts.Place{File: sanitize.Visible(f.Rel), Line: 1}})
		}
		if len(p.Facts.Notes) < files.MaxNotes {
			p.Tree.Notes = append(p.Tree.Notes, sanitize.Visible(f.Rel)+": badsig can't read "+name)
		}
	}
}

// serverLanguage names the language of a source of a server in Dart or Swift,
// which are read for apps only.
func serverLanguage(f *files.File) string {
	switch affix.Ext(f.Rel) {
	case ".dart":
		if picture.Imports(f, "package:shelf", "package:dart_frog", "package:serverpod", "package:dart_jsonwebtoken") {
			return "Dart on a server"
		}
	case ".swift":
		if picture.Imports(f, "Vapor", "Hummingbird", "JWTKit") {
			return "Swift on a server"
		}
	}
	return ""
}
