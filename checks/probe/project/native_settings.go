package project

import (
	"path"
	"slices"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/confread"
	"badsig/checks/probe/files"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/names"
	"badsig/checks/probe/project/picture"
	"badsig/checks/probe/project/servers"
	"badsig/checks/probe/project/values"
)

// Rules of this file, about what an app's build puts into it (Info.plist with
// .xcconfig, strings.xml, --dart-define, assets of Unity):
//   - a setting that two files set differently is none: which of them is built isn't known
//   - what goes into an app is in everyone's hands: a secret there is public

const maxSettingFiles = 200 // of one kind, and 256 KB each

// settings are the entries of the app's files whose names end so.
func settings(p *picture.Reader, s *picture.NativeSource, end string, read func([]byte) []confread.Entry) []setting {
	var out []setting
	looked := 0
	for i := range p.Tree.Files {
		f := &p.Tree.Files[i]
		if !affix.HasSuffix(f.Rel, end) || files.RoleOfPath(f.Rel) != facts.RoleUnknown || looked >= maxSettingFiles {
			continue
		}
		if app := p.Native.AppOf(s); app != "" && !affix.HasPrefix(f.Rel, app+"/") {
			continue
		}
		looked++
		data, _, _ := p.Tree.Read(f.Rel, 256<<10)
		for _, e := range read(data) {
			out = append(out, setting{f.Rel, e})
		}
	}
	return out
}

type setting struct {
	rel string
	confread.Entry
}

func (x setting) value(name string) picture.NativeValue {
	return picture.NativeValue{Text: x.Value, Whole: !affix.Contains(x.Value, "$("), At: facts.Place{File: x.rel, Line: x.Line}, ID: -1, Name: name}
}

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
	for _, x := range settings(p, s, "Info.plist", confread.Plist) {
		if x.Name() == key {
			found = oneSetting(found, buildSetting(p, s, x, key))
		}
	}
	return found
}

// buildSetting puts $(NAME) of .xcconfig files into a string.
func buildSetting(p *picture.Reader, s *picture.NativeSource, x setting, name string) picture.NativeValue {
	inner, ok := affix.CutPrefix(x.Value, "$(")
	if !ok || !affix.HasSuffix(inner, ")") {
		return x.value(name)
	}
	return named(settings(p, s, ".xcconfig", confread.XCConfig), affix.TrimSuffix(inner, ")"))
}

// named is the setting of a name, where all that set it agree.
func named(list []setting, name string) picture.NativeValue {
	found := picture.NativeValue{ID: -1}
	for _, x := range list {
		if x.Name() == name {
			found = oneSetting(found, x.value(name))
		}
	}
	return found
}

// androidString is a string of res/values/strings.xml.
func androidString(p *picture.Reader, s *picture.NativeSource, name string) picture.NativeValue {
	list := settings(p, s, ".xml", confread.AndroidStrings)
	return named(affix.Without(list, func(x setting) bool { return affix.Base(path.Dir(x.rel)) != "values" }), name)
}

// dartDefine is what the ways of starting an app that the project has give to
// --dart-define=NAME=value, on the command line or from a file.
func dartDefine(p *picture.Reader, s *picture.NativeSource, name string) picture.NativeValue {
	found := picture.NativeValue{ID: -1}
	app := p.Native.AppOf(s)
	for i := range p.Tree.Files {
		f := &p.Tree.Files[i]
		if affix.Base(f.Rel) != "launch.json" && f.Kind != files.KindProcfile {
			continue
		}
		for _, e := range confread.DartDefines(f.Src) {
			switch e.Name() {
			case name:
				found = oneSetting(found, setting{f.Rel, e}.value(name))
			case "from-file":
				for _, dir := range []string{app, files.DirOf(f.Rel), ""} {
					if v := definedIn(p, modules.JoinDir(dir, e.Value), name); v.Whole {
						found = oneSetting(found, v)
						break
					}
				}
			}
		}
	}
	return found
}

// definedIn is an entry of the file that --dart-define-from-file names.
func definedIn(p *picture.Reader, rel, name string) picture.NativeValue {
	data, _, ok := p.Tree.Read(path.Clean(rel), 256<<10)
	if !ok || affix.HasPrefix(path.Clean(rel), "..") {
		return picture.NativeValue{ID: -1}
	}
	if affix.HasSuffix(rel, ".json") {
		list, _ := confread.JSON(data)
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
	return named(settings(p, s, ".asset", confread.UnityAsset), name)
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
		switch base := affix.Base(f.Rel); {
		case base == "pubspec.yaml":
			list, _ := confread.YAML(f.Src)
			for _, e := range list {
				if len(e.Keys) < 3 || e.Keys[0] != "flutter" || e.Keys[1] != "assets" || !files.IsEnvName(affix.Base(e.Value)) {
					continue
				}
				if env := values.Env(p, modules.JoinDir(files.DirOf(f.Rel), e.Value)); env != nil {
					shippedEnv(p, env)
				}
			}
		case affix.HasSuffix(base, "Info.plist"):
			data, _, _ := p.Tree.Read(f.Rel, 256<<10)
			s := &picture.NativeSource{Rel: f.Rel}
			for _, e := range confread.Plist(data) {
				v := buildSetting(p, s, setting{f.Rel, e}, e.Name())
				if names.SaysStream(e.Name()) || names.SaysStream(v.Name) {
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

// nativeEnv is a variable of the .env file that flutter_dotenv loads.
func nativeEnv(p *picture.Reader, s *picture.NativeSource, name string) picture.NativeValue {
	for dir := files.DirOf(s.Rel); ; dir = files.DirOf(dir) {
		for _, rel := range []string{".env", "assets/.env", ".env.local"} {
			if e := values.Env(p, path.Join(dir, rel)); e != nil {
				if v := envValue(e, name); v.Whole {
					return v
				}
			}
		}
		if dir == "" {
			return picture.NativeValue{ID: -1}
		}
	}
}

// envValue is a variable of a .env file; nothing whole where it isn't set.
func envValue(e *picture.EnvSource, name string) picture.NativeValue {
	v, ok := e.Get(name)
	if !ok {
		return picture.NativeValue{ID: -1}
	}
	id, filed := e.Values[name]
	if !filed {
		id = -1
	}
	return picture.NativeValue{Text: string(v), Whole: true, At: facts.Place{File: e.Rel, Line: servers.LineOf(e, name)}, ID: id, Name: name}
}

// gradleField is a field of Android's BuildConfig: what build.gradle gives it,
// or the property of the same name that it reads.
func gradleField(p *picture.Reader, name string) picture.NativeValue {
	for i := range p.Tree.Files {
		f := &p.Tree.Files[i]
		if !affix.HasPrefix(affix.Base(f.Rel), "build.gradle") || len(f.Src) == 0 {
			continue
		}
		s := picture.ReadGradle(f)
		for k := 0; k+5 < len(s.Toks); k++ {
			if s.Toks[k].Text != "buildConfigField" {
				continue
			}
			texts := s.Toks[k+1 : min(k+8, len(s.Toks))]
			var found []picture.NativeToken
			for _, t := range texts {
				if t.Kind == 's' {
					found = append(found, t)
				}
			}
			if len(found) == 3 && found[1].Text == name {
				if found[2].Whole() {
					return picture.NativeValue{Text: strings.Trim(found[2].Text, `"`), Whole: true, At: facts.Place{File: f.Rel, Line: found[2].Line}, ID: -1, Name: name}
				}
			}
		}
	}
	for i := range p.Tree.Files {
		f := &p.Tree.Files[i]
		if affix.Ext(f.Rel) != ".properties" || files.RoleOfPath(f.Rel) != facts.RoleUnknown {
			continue
		}
		for _, e := range confread.Properties(f.Src) {
			if e.Path() == name {
				return picture.NativeValue{Text: strings.Trim(e.Value, `"`), Whole: true, At: facts.Place{File: f.Rel, Line: e.Line}, ID: -1, Name: name}
			}
		}
	}
	return picture.NativeValue{ID: -1}
}
