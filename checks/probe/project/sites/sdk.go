package sites

import (
	"encoding/json"
	"path"
	"path/filepath"
	"strconv"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/files"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/project/picture"
	"badsig/checks/sanitize"
)

// Rules of this file:
//   - the version that is installed counts; package.json's range tells only what may be installed
//   - a version that can't be read is not called old

// nodeSDK rounds iat up in its versions before 0.2.4 (GetStream/stream-node#64).
const nodeSDK = "@stream-io/node-sdk"

var roundsUntil = [3]int{0, 2, 4}

// roundingSDK tells a package that depends on a version of nodeSDK which rounds
// iat up; nil where it doesn't, or where that isn't known.
func roundingSDK(p *picture.Reader, k *modules.Package) *facts.SDK {
	out := &facts.SDK{Name: nodeSDK, Update: k.Install(nodeSDK + "@latest")}
	for d := k; d != nil; d = above(p, d) {
		if v, ok := d.Deps[nodeSDK]; ok && d.File != nil {
			out.Version, out.File = v, d.File.Rel
			out.Line = modules.LineOfText(d.File.Src, `"`+nodeSDK+`"`, v)
			break
		}
	}
	if v := installed(p, k.Dir, nodeSDK); v != "" {
		out.Version, out.Exact = v, true
	}
	if !roundingVersion(out.Version, out.Exact) {
		return nil
	}
	out.Version = sanitize.Cut(sanitize.Visible(out.Version), 40)
	return out
}

// above gives the package around a package.
func above(p *picture.Reader, k *modules.Package) *modules.Package {
	if k.Dir == "" {
		return nil
	}
	return p.PkgOf(path.Join(files.DirOf(k.Dir), "package.json"))
}

// installed gives the version of a package as node_modules has it, else as
// npm's lock file says, for a folder and those above it in the project.
func installed(p *picture.Reader, dir, name string) string {
	for d := dir; ; d = files.DirOf(d) {
		var own struct{ Version string }
		rel := path.Join(d, "node_modules", name, "package.json")
		if readJSON(p, rel, 256<<10, &own) && own.Version != "" {
			return own.Version
		}
		if d == "" {
			break
		}
	}
	for d := dir; ; d = files.DirOf(d) {
		var lock struct {
			Packages map[string]struct{ Version string }
		}
		rel := path.Join(d, "package-lock.json")
		if readJSON(p, rel, 8<<20, &lock) {
			inner := affix.TrimPrefix(affix.TrimPrefix(dir, d), "/") // of a workspace
			for _, at := range []string{path.Join(inner, "node_modules", name), "node_modules/" + name} {
				if v := lock.Packages[at].Version; v != "" {
					return v
				}
			}
		}
		if d == "" {
			return ""
		}
	}
}

func readJSON(p *picture.Reader, rel string, limit int, to any) bool {
	var buf []byte
	src, _, err := files.ReadBounded(filepath.Join(p.Tree.Root, filepath.FromSlash(rel)), &buf, limit)
	return err == nil && json.Unmarshal(files.TrimBOM(src), to) == nil
}

// roundingVersion reports whether a version, or the lowest one that a range
// permits, is before the one that rounds no more.
func roundingVersion(text string, exact bool) bool {
	if !exact {
		text = strings.TrimLeft(strings.TrimSpace(text), "^~=v ")
	}
	text, _, _ = affix.Cut(text, "-")
	parts := strings.Split(text, ".")
	if len(parts) != 3 {
		return false
	}
	for i, want := range roundsUntil {
		n, err := strconv.Atoi(parts[i])
		if err != nil || n > want {
			return false
		}
		if n < want {
			return true
		}
	}
	return false
}
