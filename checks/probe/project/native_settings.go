package project

import (
	"path"
	"slices"
	"strings"

	"badsig/checks/facts"
	"badsig/checks/probe/confread"
	"badsig/checks/probe/files"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/names"
	"badsig/checks/probe/project/picture"
	"badsig/checks/probe/project/values"
)

// Rules of this file, about what an app's build puts into it (Info.plist with
// .xcconfig, strings.xml, --dart-define, assets of Unity):
//   - a setting that two files set differently is none: which of them is built isn't known
//   - what goes into an app is in everybody's hands: a secret there is public

const maxSettingFiles = 200 // of one kind, and 256 KB each

// settingFiles are the files of the app of a source, by their name's ending.
func settingFiles(p *picture.Reader, s *picture.NativeSource, end string) []confFile {
	var out []confFile
	for i := range p.Tree.Files {
		f := &p.Tree.Files[i]
		if !strings.HasSuffix(f.Rel, end) || files.RoleOfPath(f.Rel) != facts.RoleUnknown || len(out) >= maxSettingFiles {
			continue
		}
		if app := p.Native.AppOf(s); app != "" && !strings.HasPrefix(f.Rel, app+"/") {
			continue
		}
		src := f.Src
		if src == nil {
			src, _, _ = p.Tree.Read(f.Rel, 256<<10)
		}
		out = append(out, confFile{f.Rel, string(src)})
	}
	return out
}

type confFile struct{ rel, text string }

// oneSetting keeps the setting that all files agree on.
func oneSetting(found, next picture.NativeValue) picture.NativeValue {
	if found.Whole && found.Text != next.Text {
		return picture.NativeValue{ID: -1, Name: "several"}
	}
	if found.Name == "several" {
		return found
	}
	return next
}

// plistValue is an entry of the app's Info.plist, with the build settings of
// .xcconfig files put in.
func plistValue(p *picture.Reader, s *picture.NativeSource, key string) picture.NativeValue {
	found := picture.NativeValue{ID: -1}
	for _, f := range settingFiles(p, s, "Info.plist") {
		for _, e := range plistEntries(f.text) {
			if e.key == key {
				found = oneSetting(found, buildSetting(p, s, e.value, facts.Place{File: f.rel, Line: e.line}, key))
			}
		}
	}
	return found
}

type plistEntry struct {
	key, value string
	line       int
}

// plistEntries reads <key>K</key> <string>V</string>.
func plistEntries(text string) []plistEntry {
	var out []plistEntry
	key, n := "", 0
	for line := range strings.Lines(text) {
		n++
		for _, part := range strings.SplitAfter(line, ">") {
			if v, ok := strings.CutSuffix(part, "</key>"); ok {
				key = strings.TrimSpace(v)
			} else if v, ok := strings.CutSuffix(part, "</string>"); ok && key != "" {
				out = append(out, plistEntry{key, xmlText(v), n})
				key = ""
			}
		}
	}
	return out
}

var xmlText = strings.NewReplacer("&amp;", "&", "&lt;", "<", "&gt;", ">", "&quot;", `"`, "&apos;", "'").Replace

// buildSetting puts $(NAME) of .xcconfig files into a text.
func buildSetting(p *picture.Reader, s *picture.NativeSource, text string, at facts.Place, name string) picture.NativeValue {
	inner, ok := strings.CutPrefix(text, "$(")
	if !ok || !strings.HasSuffix(inner, ")") {
		return picture.NativeValue{Text: text, Whole: !strings.Contains(text, "$("), At: at, ID: -1, Name: name}
	}
	inner = strings.TrimSuffix(inner, ")")
	found := picture.NativeValue{ID: -1}
	for _, f := range settingFiles(p, s, ".xcconfig") {
		n := 0
		for line := range strings.Lines(f.text) {
			n++
			k, v, ok := strings.Cut(line, "=")
			if !ok || strings.TrimSpace(k) != inner {
				continue
			}
			v = strings.ReplaceAll(v, "/$()/", "//") // how xcconfig writes //, which begins a comment
			if i := strings.Index(v, " //"); i >= 0 {
				v = v[:i]
			}
			v = strings.TrimSpace(v)
			found = oneSetting(found, picture.NativeValue{Text: v, Whole: !strings.Contains(v, "$("), At: facts.Place{File: f.rel, Line: n}, ID: -1, Name: inner})
		}
	}
	return found
}

// androidString is a text of res/values/strings.xml.
func androidString(p *picture.Reader, s *picture.NativeSource, name string) picture.NativeValue {
	found := picture.NativeValue{ID: -1}
	for _, f := range settingFiles(p, s, ".xml") {
		if path.Base(path.Dir(f.rel)) != "values" {
			continue
		}
		n := 0
		for line := range strings.Lines(f.text) {
			n++
			_, rest, ok := strings.Cut(line, `<string name="`+name+`"`)
			if !ok {
				continue
			}
			_, rest, _ = strings.Cut(rest, ">")
			if v, _, closed := strings.Cut(rest, "</string>"); closed {
				found = oneSetting(found, picture.NativeValue{Text: strings.Trim(xmlText(v), `"`), Whole: true, At: facts.Place{File: f.rel, Line: n}, ID: -1, Name: name})
			}
		}
	}
	return found
}

// dartDefine is what the ways of starting an app that the project has give to
// --dart-define=NAME=value, on the command line or from a file.
func dartDefine(p *picture.Reader, s *picture.NativeSource, name string) picture.NativeValue {
	found := picture.NativeValue{ID: -1}
	app := p.Native.AppOf(s)
	for i := range p.Tree.Files {
		f := &p.Tree.Files[i]
		base := path.Base(f.Rel)
		if base != "launch.json" && base != "settings.json" && f.Kind != files.KindProcfile {
			continue
		}
		n := 0
		for line := range strings.Lines(string(f.Src)) {
			n++
			for _, word := range strings.FieldsFunc(line, func(r rune) bool { return strings.ContainsRune(" \t\r\n\",'[]", r) }) {
				word = strings.TrimPrefix(word, "--dart-define=")
				if v, ok := strings.CutPrefix(word, name+"="); ok && strings.Contains(line, "dart-define") || ok && base == "launch.json" {
					found = oneSetting(found, picture.NativeValue{Text: v, Whole: !strings.Contains(v, "$"), At: facts.Place{File: f.Rel, Line: n}, ID: -1, Name: name})
				}
				if file, ok := strings.CutPrefix(word, "--dart-define-from-file="); ok {
					for _, dir := range []string{app, files.DirOf(f.Rel), ""} {
						if v := definedIn(p, modules.JoinDir(dir, file), name); v.Whole {
							found = oneSetting(found, v)
							break
						}
					}
				}
			}
		}
	}
	return found
}

// definedIn is an entry of the file that --dart-define-from-file names.
func definedIn(p *picture.Reader, rel, name string) picture.NativeValue {
	src, _, ok := p.Tree.Read(path.Clean(rel), 256<<10)
	if !ok || strings.HasPrefix(path.Clean(rel), "..") {
		return picture.NativeValue{ID: -1}
	}
	if strings.HasSuffix(rel, ".json") {
		list, _ := confread.JSON(src)
		for _, e := range list {
			if e.Path() == name {
				return picture.NativeValue{Text: e.Value, Whole: true, At: facts.Place{File: path.Clean(rel), Line: e.Line}, ID: -1, Name: name}
			}
		}
	}
	if e := values.Env(p, path.Clean(rel)); e != nil {
		return envValue(e, name)
	}
	return picture.NativeValue{ID: -1}
}

// unityField is a field of the assets that a ScriptableObject is saved in.
func unityField(p *picture.Reader, s *picture.NativeSource, name string) picture.NativeValue {
	found := picture.NativeValue{ID: -1}
	for _, f := range settingFiles(p, s, ".asset") {
		n := 0
		for line := range strings.Lines(f.text) {
			n++
			if v, ok := strings.CutPrefix(line, "  "+name+": "); ok && strings.TrimSpace(v) != "" {
				found = oneSetting(found, picture.NativeValue{Text: strings.Trim(strings.TrimSpace(v), `'"`), Whole: true, At: facts.Place{File: f.rel, Line: n}, ID: -1, Name: name})
			}
		}
	}
	return found
}

// shippedSecrets files the secrets that go into an app with its settings: .env
// among a Flutter app's assets, Info.plist, strings.xml, BuildConfig.
func shippedSecrets(p *picture.Reader) {
	public := func(v picture.NativeValue) {
		if v.Whole && len(v.Text) >= 16 {
			p.Add(facts.Value{What: facts.WhatSecret, Name: v.Name, Kind: facts.KindConfig, Role: facts.RoleFront, File: v.At.File, Line: v.At.Line, Public: true}, []byte(v.Text))
		}
	}
	for i := range p.Tree.Files {
		f := &p.Tree.Files[i]
		if files.RoleOfPath(f.Rel) != facts.RoleUnknown {
			continue
		}
		switch base := path.Base(f.Rel); {
		case base == "pubspec.yaml":
			list, _ := confread.YAML(f.Src)
			for _, e := range list {
				if len(e.Keys) < 3 || e.Keys[0] != "flutter" || e.Keys[1] != "assets" || !files.IsEnvName(path.Base(e.Value)) {
					continue
				}
				if env := values.Env(p, modules.JoinDir(files.DirOf(f.Rel), e.Value)); env != nil {
					shippedEnv(p, env)
				}
			}
		case strings.HasSuffix(base, "Info.plist"):
			src, _, _ := p.Tree.Read(f.Rel, 256<<10)
			s := &picture.NativeSource{Rel: f.Rel}
			for _, e := range plistEntries(string(src)) {
				v := buildSetting(p, s, e.value, facts.Place{File: f.Rel, Line: e.line}, e.key)
				if names.SaysStream(e.key) || names.SaysStream(v.Name) {
					public(v)
				}
			}
		}
	}
}

// shippedEnv marks the secrets of a .env file that goes into an app.
func shippedEnv(p *picture.Reader, env *picture.EnvSource) {
	var ids []int
	for name, id := range env.Values {
		if names.SaysStream(name) {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	p.World.Update(func(f *facts.Facts) {
		for _, id := range ids {
			f.Values[id].Public = true
		}
	})
}
