package project

import (
	"path"
	"path/filepath"
	"strings"

	"badsig/checks/probe/files"
	"badsig/checks/probe/modules"
)

// Dart's files and what they import. Most of an app's files say nothing about
// Stream; they are read for their directives only, and once.

type dartTree struct {
	files   map[string]bool
	imports map[string][]string
}

// dartFiles are the Dart files of the project.
func (p *Reader) dartFiles() map[string]bool {
	if p.dart.files == nil {
		p.dart.files, p.dart.imports = map[string]bool{}, map[string][]string{}
		for _, rel := range p.Tree.Dart {
			p.dart.files[rel] = true
		}
	}
	return p.dart.files
}

// dartImports are the project's files that a Dart file imports, exports or has as parts.
func (p *Reader) dartImports(rel, app string) []string {
	if out, ok := p.dart.imports[rel]; ok {
		return out
	}
	var out []string
	src, _, err := files.ReadBounded(filepath.Join(p.Tree.Root, filepath.FromSlash(rel)), &p.Buf, files.MaxSourceSize)
	if err == nil {
		s := lexNative(&files.File{Rel: rel, Src: src[:min(len(src), 8<<10)]}) // directives stand first
		for i := 0; i+1 < len(s.toks); i++ {
			t := s.toks[i]
			if t.kind != 'w' || t.text != "import" && t.text != "export" && t.text != "part" || !s.toks[i+1].whole() {
				continue
			}
			to := s.toks[i+1].text
			if inside, is := strings.CutPrefix(to, "package:"); is {
				_, file, _ := strings.Cut(inside, "/")
				to = modules.JoinDir(app, "lib/"+file)
			} else if !strings.Contains(to, ":") {
				to = path.Join(files.DirOf(rel), to)
			}
			if p.dartFiles()[to] {
				out = append(out, to)
			}
		}
	}
	p.dart.imports[rel] = out
	return out
}
