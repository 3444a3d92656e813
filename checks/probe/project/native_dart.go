package project

import (
	"path"

	"badsig/checks/affix"
	"badsig/checks/probe/files"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/project/picture"
)

// Dart's files and what they import. Most of an app's files say nothing about
// Stream; they are read for their directives only, and once.

// dartFiles are the Dart files of the project.
func dartFiles(p *picture.Reader) map[string]bool {
	if p.Dart.Files == nil {
		p.Dart.Files, p.Dart.Imports = map[string]bool{}, map[string][]string{}
		for _, rel := range p.Tree.Dart {
			p.Dart.Files[rel] = true
		}
	}
	return p.Dart.Files
}

// dartImports are the project's files that a Dart file imports, exports or has as parts.
func dartImports(p *picture.Reader, rel, app string) []string {
	if out, ok := p.Dart.Imports[rel]; ok {
		return out
	}
	var out []string
	src, _, err := p.Tree.ReadBounded(rel, &p.Buf, files.MaxSourceSize)
	if err == nil {
		s := picture.LexNative(&files.File{Rel: rel, Src: src[:min(len(src), 8<<10)]}) // directives come first
		for i := 0; i+1 < len(s.Toks); i++ {
			t := s.Toks[i]
			if t.Kind != 'w' || t.Text != "import" && t.Text != "export" && t.Text != "part" || !s.Toks[i+1].Whole() {
				continue
			}
			to := s.Toks[i+1].Text
			if inside, is := affix.CutPrefix(to, "package:"); is {
				_, file, _ := affix.Cut(inside, "/")
				to = modules.JoinDir(app, "lib/"+file)
			} else if !affix.Contains(to, ":") {
				to = path.Join(files.DirOf(rel), to)
			}
			if dartFiles(p)[to] {
				out = append(out, to)
			}
		}
	}
	p.Dart.Imports[rel] = out
	return out
}
