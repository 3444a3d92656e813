package probe

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"badsig/checks/probe/envfile"
	"badsig/checks/probe/pattern"
)

// Rules of this file:
//   - versions of Node read .env files differently, so the version of the process that runs decides, else the
//     one that the project asks for
//   - where neither is known, a line that they read differently has no known value

// nodeRead tells a dialect that is some version of Node's.
func nodeRead(d envfile.Dialect) bool {
	return d == envfile.NodeEnvFile || d == envfile.NodeEnvFile22
}

// nodeReader gives the dialect of the Node that reads the files of a folder.
func (p *project) nodeReader(dir string, l *Listener) (d envfile.Dialect, exact bool) {
	if l != nil && l.Node != "" {
		return envfile.NodeReader(l.Node)
	}
	return envfile.NodeReader(p.declaredNode(dir))
}

var plainVersion = pattern.New(`^[v^~=]*(\d+(?:\.\d+){0,2})(?:\.[x*])*$`)

// codenames are those of Node's long-term releases as version managers take them.
var codenames = map[string]string{"lts/iron": "20", "lts/jod": "22", "lts/krypton": "24"}

// declaredNode is the version of Node that a folder's project asks for, as
// version managers look for it: nearest first. "" where nobody says, or where
// a range leaves it open.
func (p *project) declaredNode(dir string) string {
	for d := dir; ; d = dirOf(d) {
		var said []string
		for _, name := range []string{".nvmrc", ".node-version", ".tool-versions"} {
			for line := range strings.Lines(p.smallFile(path.Join(d, name))) {
				words := strings.Fields(line)
				switch {
				case len(words) == 1 && name != ".tool-versions":
					said = append(said, words[0])
				case len(words) > 1 && (words[0] == "nodejs" || words[0] == "node"):
					said = append(said, words[1])
				}
			}
		}
		if k := p.pkgs[d]; k != nil && k.file != nil {
			var j struct {
				Volta, Engines struct{ Node string }
			}
			_ = json.Unmarshal(trimBOM(k.file.src), &j)
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

// smallFile reads a file of a few words; "" for none.
func (p *project) smallFile(rel string) string {
	var buf []byte
	src, _, err := readBounded(p.abs(rel), &buf, 4096)
	if err != nil {
		return ""
	}
	return string(src)
}

// rereadNode reads the .env files that Node reads as the running version does,
// and notes the names on which versions differ where that one is not known.
func (p *project) rereadNode(l *Listener) {
	named := nodeFiles(l)
	for _, e := range p.envs {
		if !nodeRead(e.dialect) && !slices.Contains(named, e.rel) {
			continue
		}
		d, exact := p.nodeReader(dirOf(e.rel), l)
		e.doubtful = nil
		if !exact {
			e.doubtful = nodeDoubts(e)
		}
		if d == e.dialect {
			continue
		}
		e.dialect = d
		old := e.values
		e.File, e.values = envfile.Read(e.data, d, map[string]string{}), map[string]int{}
		for _, line := range e.Lines {
			id, was := old[line.Name]
			if line.Commented || line.Duplicate {
				continue
			}
			if !was {
				var facts EnvFile
				p.fileLines(e, []envfile.Line{line}, "", &facts)
				continue
			}
			e.values[line.Name] = id
			p.w.refile(id, line.Value)
		}
		for name, id := range old {
			if _, still := e.values[name]; !still {
				p.w.Update(func(f *Facts) { f.Values[id].Why = unseenLine })
			}
		}
		for i := range p.facts.EnvFiles {
			if f := &p.facts.EnvFiles[i]; f.File == e.rel {
				f.Notes = e.Notes
			}
		}
	}
}

// nodeFiles are the .env files of the project that a running process's command line names.
func nodeFiles(l *Listener) []string {
	if l == nil || filepath.IsAbs(l.Dir) {
		return nil
	}
	files := namedEnvFiles(l)
	for i, f := range files {
		files[i] = path.Join(cleanDir(l.Dir), filepath.ToSlash(f))
	}
	return files
}

// nodeDoubts lists the names of a file on which versions of Node may differ.
func nodeDoubts(e *envSource) map[string]bool {
	doubts := map[string]bool{}
	readings := []envfile.File{envfile.Read(e.data, envfile.NodeEnvFile, nil), envfile.Read(e.data, envfile.NodeEnvFile22, nil)}
	for i, f := range readings {
		other := readings[1-i]
		for _, l := range slices.Concat(f.Lines, f.Lost) {
			if l.Commented {
				continue
			}
			v, ok := other.Get(l.Name)
			if mine, has := f.Get(l.Name); ok != has || !bytes.Equal(v, mine) || bytes.ContainsRune(e.row(l.Line), '#') {
				doubts[l.Name] = true
			}
		}
	}
	return doubts
}

var (
	versionInPath  = pattern.New(`(?:^|[/\\@-])v?(\d{2}\.\d+\.\d+)(?:[/\\]|$)`)
	versionInAgent = pattern.New(`\bnode/v(\d+\.\d+\.\d+)\b`)
	versionDefined = pattern.New(`#define NODE_(MAJOR|MINOR|PATCH)_VERSION (\d+)`)
)

// nodeVersion tells which Node a program file is: by the headers that lie
// beside it, by its folder's name, by what npm says of itself. "" where that
// cannot be told, or where it is none.
func nodeVersion(exe, root string, env []string) string {
	switch name := strings.TrimSuffix(strings.ToLower(filepath.Base(exe)), ".exe"); name {
	case "node", "nodejs":
	default:
		return ""
	}
	if f, err := os.Open(filepath.Join(root, filepath.Dir(exe), "..", "include", "node", "node_version.h")); err == nil {
		b, _ := io.ReadAll(io.LimitReader(f, 16<<10))
		f.Close()
		part := map[string]string{}
		for _, g := range versionDefined.FindAllStringSubmatch(string(b), 8) {
			part[g[1]] = g[2]
		}
		if len(part) == 3 {
			return part["MAJOR"] + "." + part["MINOR"] + "." + part["PATCH"]
		}
	}
	if g := versionInPath.FindStringSubmatch(exe); g != nil {
		return g[1]
	}
	for _, e := range env {
		if agent, ok := strings.CutPrefix(e, "npm_config_user_agent="); ok {
			if g := versionInAgent.FindStringSubmatch(agent); g != nil {
				return g[1]
			}
		}
	}
	return ""
}
