package sites

import (
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/files"
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
		if len(out) < maxSDKs && !affix.Any(out, func(o facts.SDK) bool { return o.Name == s.Name && o.Version == s.Version }) {
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
		if f.Kind != files.KindMark || files.RoleOfPath(f.Rel) != facts.RoleUnknown || affix.Ext(f.Rel) == ".csproj" {
			continue
		}
		var buf []byte
		src, _, err := files.ReadBounded(filepath.Join(p.Tree.Root, filepath.FromSlash(f.Rel)), &buf, 1<<20)
		if err != nil {
			continue
		}
		for line := range strings.Lines(string(src)) {
			required(line, func(name, version string) { add(name, version, false, f.Rel) })
		}
	}
	return out
}

// sdkName tells the npm packages that matter for a token.
func sdkName(name string) bool {
	return affix.HasPrefix(name, "stream-chat") || affix.HasPrefix(name, "@stream-io/") || name == "getstream" || name == "jsonwebtoken" || name == "jose"
}

// required gives the Stream packages that requirements.txt, go.mod, composer.json and Gemfile name, each with its version.
func required(line string, add func(name, version string)) {
	line, _, _ = affix.Cut(line, "#")
	line, _, _ = affix.Cut(line, "// ")
	words := strings.FieldsFunc(line, func(r rune) bool { return strings.ContainsRune(" \t\r\n,:=~><^\"'!()[];", r) })
	for i, w := range words {
		name := affix.TrimPrefix(strings.ToLower(w), "github.com/")
		name = affix.TrimPrefix(affix.TrimPrefix(name, "getstream/"), "get-stream/")
		name, _, _ = affix.Cut(name, "/v")
		if name = affix.ReplaceAll(affix.TrimSuffix(name, "-ruby"), "_", "-"); i+1 == len(words) || name != "getstream" && name != "stream-chat" && name != "stream-chat-go" && name != "stream-chat-php" {
			continue
		}
		if v := affix.TrimPrefix(words[i+1], "v"); v != "" && v[0] >= '0' && v[0] <= '9' {
			add(w, v)
		}
	}
}
