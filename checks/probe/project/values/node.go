package values

import (
	"bytes"
	"encoding/json"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"badsig/checks/facts"
	"badsig/checks/probe/envfile"
	"badsig/checks/probe/files"
	"badsig/checks/probe/pattern"
	"badsig/checks/probe/project/picture"
)

// Rules of this file:
//   - versions of Node read .env files differently, so the version of the process that runs decides, else the
//     one that the project requests
//   - where neither is known, a line that they read differently has no known value

// NodeRead tells a dialect that is some version of Node's.
func NodeRead(d envfile.Dialect) bool {
	return d == envfile.NodeEnvFile || d == envfile.NodeEnvFile22
}

// nodeReader gives the dialect of the Node that reads the files of a folder.
func nodeReader(p *picture.Reader, dir string, l *facts.Listener) (d envfile.Dialect, exact bool) {
	if l != nil && l.Node != "" {
		return envfile.NodeReader(l.Node)
	}
	return envfile.NodeReader(declaredNode(p, dir))
}

var plainVersion = pattern.New(`^[v^~=]*(\d+(?:\.\d+){0,2})(?:\.[x*])*$`)

// codenames are those of Node's long-term releases as version managers take them.
var codenames = map[string]string{"lts/iron": "20", "lts/jod": "22", "lts/krypton": "24"}

// declaredNode is the version of Node that a folder's project requests, as
// version managers look for it: nearest first. "" where no one says, or where
// a range leaves it open.
func declaredNode(p *picture.Reader, dir string) string {
	for d := dir; ; d = files.DirOf(d) {
		var said []string
		for _, name := range []string{".nvmrc", ".node-version", ".tool-versions"} {
			for line := range strings.Lines(SmallFile(p, path.Join(d, name))) {
				words := strings.Fields(line)
				switch {
				case len(words) == 1 && name != ".tool-versions":
					said = append(said, words[0])
				case len(words) > 1 && (words[0] == "nodejs" || words[0] == "node"):
					said = append(said, words[1])
				}
			}
		}
		if k := p.Pkgs[d]; k != nil && k.File != nil {
			var j struct {
				Volta, Engines struct{ Node string }
			}
			_ = json.Unmarshal(files.TrimBOM(k.File.Src), &j)
			said = append(said, j.Volta.Node, j.Engines.Node)
		}
		for _, v := range said {
			if name, ok := codenames[strings.ToLower(v)]; ok {
				return name
			}
			if g := plainVersion.FindStringSubmatch(v); g != nil {
				return g[1]
			}
		}
		if d == "" {
			return ""
		}
	}
}

// SmallFile reads a file of a few words; "" for none.
func SmallFile(p *picture.Reader, rel string) string {
	var buf []byte
	src, _, err := files.ReadBounded(p.Abs(rel), &buf, 4096)
	if err != nil {
		return ""
	}
	return string(src)
}

// RereadNode reads the .env files that Node reads as the running version does,
// and notes the names on which versions differ where that one is not known.
func RereadNode(p *picture.Reader, l *facts.Listener) {
	named := nodeFiles(l)
	for _, e := range p.Envs {
		if !NodeRead(e.Dialect) && !facts.OneOf(named, e.Rel) {
			continue
		}
		d, exact := nodeReader(p, files.DirOf(e.Rel), l)
		e.Doubtful = nil
		if !exact {
			e.Doubtful = nodeDoubts(e)
		}
		if d == e.Dialect {
			continue
		}
		e.Dialect = d
		old := e.Values
		e.File, e.Values = envfile.Read(e.Data, d, map[string]string{}), map[string]int{}
		for _, line := range e.Lines {
			id, was := old[line.Name]
			if line.Commented || line.Duplicate {
				continue
			}
			if !was {
				var facts facts.EnvFile
				fileLines(p, e, []envfile.Line{line}, "", &facts)
				continue
			}
			e.Values[line.Name] = id
			p.World.Refile(id, line.Value)
		}
		for name, id := range old {
			if _, still := e.Values[name]; !still {
				p.World.Update(func(f *facts.Facts) { f.Values[id].Lose(facts.Unseen) })
			}
		}
		for i := range p.Facts.EnvFiles {
			if f := &p.Facts.EnvFiles[i]; f.File == e.Rel {
				f.Notes = e.Notes
			}
		}
	}
}

// nodeFiles are the .env files of the project that a running process's command line names.
func nodeFiles(l *facts.Listener) []string {
	if l == nil || filepath.IsAbs(l.Dir) {
		return nil
	}
	files := NamedEnvFiles(l)
	for i, f := range files {
		files[i] = path.Join(CleanDir(l.Dir), filepath.ToSlash(f))
	}
	return files
}

// nodeDoubts lists the names of a file on which versions of Node may differ.
func nodeDoubts(e *picture.EnvSource) map[string]bool {
	doubts := map[string]bool{}
	readings := []envfile.File{envfile.Read(e.Data, envfile.NodeEnvFile, nil), envfile.Read(e.Data, envfile.NodeEnvFile22, nil)}
	for i, f := range readings {
		other := readings[1-i]
		for _, l := range slices.Concat(f.Lines, f.Lost) {
			if l.Commented {
				continue
			}
			v, ok := other.Get(l.Name)
			if mine, has := f.Get(l.Name); ok != has || !bytes.Equal(v, mine) || bytes.ContainsRune(row(e, l.Line), '#') {
				doubts[l.Name] = true
			}
		}
	}
	return doubts
}
