package sites

import (
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"badsig/checks/facts"
	"badsig/checks/probe/files"
	"badsig/checks/probe/pattern"
	"badsig/checks/probe/project/picture"
	"badsig/checks/sanitize"
)

// maxSDKs bounds what a report lists.
const maxSDKs = 30

// SDKs lists Stream's packages, and those that sign tokens, of every package of
// the project, with the version that is installed or requested.
func SDKs(p *picture.Reader) []facts.SDK {
	var out []facts.SDK
	add := func(name, version string, exact bool, file string) {
		s := facts.SDK{Name: sanitize.Cut(sanitize.Visible(name), 60), Version: sanitize.Cut(sanitize.Visible(version), 40), Exact: exact, Place: facts.Place{File: file}}
		if len(out) < maxSDKs && !slices.ContainsFunc(out, func(o facts.SDK) bool { return o.Name == s.Name && o.Version == s.Version }) {
			out = append(out, s)
		}
	}
	for _, dir := range slices.Sorted(maps.Keys(p.Pkgs)) {
		k := p.Pkgs[dir]
		if k == nil || k.File == nil {
			continue
		}
		for _, name := range slices.Sorted(maps.Keys(k.Deps)) {
			if !sdkName(name) {
				continue
			}
			if v := installed(p, k.Dir, name); v != "" {
				add(name, v, true, k.File.Rel)
			} else {
				add(name, k.Deps[name], false, k.File.Rel)
			}
		}
	}
	for _, f := range p.Tree.Files {
		if f.Kind != files.KindMark || files.RoleOfPath(f.Rel) != facts.RoleUnknown || path.Ext(f.Rel) == ".csproj" {
			continue
		}
		var buf []byte
		src, _, err := files.ReadBounded(filepath.Join(p.Tree.Root, filepath.FromSlash(f.Rel)), &buf, 1<<20)
		if err != nil {
			continue
		}
		for _, m := range requirement.FindAllStringSubmatch(string(src), maxSDKs) {
			add(m[1], m[2], false, f.Rel)
		}
	}
	return out
}

// sdkName tells the npm packages that matter for a token.
func sdkName(name string) bool {
	return strings.HasPrefix(name, "stream-chat") || strings.HasPrefix(name, "@stream-io/") || name == "getstream" || name == "jsonwebtoken" || name == "jose"
}

// requirement is a Stream package, and its version, as requirements.txt, go.mod, composer.json and Gemfile name it.
var requirement = pattern.New(`(?im)^[^#\n]*?((?:github\.com/)?(?:get-?stream/)?(?:getstream|stream[-_]chat|stream-chat-(?:go|ruby|php))(?:/v\d+|-ruby)?)["']?[\s,:=~><^v"'!]+([0-9][\w.*-]*)`)
