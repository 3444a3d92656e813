// Package fronts finds the front ends, where they run, and the requests that they make.
package fronts

import (
	"net/url"
	"path"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/confread"
	"badsig/checks/probe/files"
	"badsig/checks/probe/modules"
	"badsig/checks/probe/project/picture"
	"badsig/checks/sanitize"
	"badsig/checks/tools"
)

// Rules of this file:
//   - an app on a phone has no browser that checks CORS; one that can be built for a browser too may need permission
//   - what only wraps a page (Capacitor, Cordova) is a page
//   - a backend in Kotlin or Swift has the same build files as an app, and isn't one

// native tells a front end that is an app on phones.
func native(f *picture.Front) bool {
	return f.Pkg.Framework == "expo" || f.Pkg.Framework == "react-native"
}

// inBrowser tells a module of a front end that a browser runs, and nothing else: an extension and a program of its own
// (Electron, Capacitor) make requests that need no permission.
func inBrowser(p *picture.Reader, f *picture.Front, m *modules.Module, cookies bool) bool {
	t := tools.Of(f.Pkg.Framework)
	if !affix.Any(p.Facts.Servers, func(s facts.ServerCode) bool {
		return len(s.CORSOnly)+s.CORSCookies > 0 || s.CORSLacks != "" && (cookies || s.CORSLacks != "cookies")
	}) { // nothing depends on it
		return false
	}
	if m.Role != facts.RoleFront || t.OnServer || f.Pkg.Dep("electron", "@capacitor/core", "@tauri-apps/api", "cordova", "webextension-polyfill", "@crxjs/vite-plugin", "plasmo", "wxt", "@nwjs/builder") {
		return false
	}
	return t.Pages || t.Vite || facts.OneOf([]string{".jsx", ".tsx", ".vue", ".svelte"}, affix.Ext(m.Rel))
}

// web tells an app that can be built for a browser too.
func web(f *picture.Front) bool {
	return native(f) && f.Pkg.Dep("react-native-web", "react-dom")
}

// DescribeApps lists the front ends that need no browser, each by the file
// that says what it is.
func DescribeApps(p *picture.Reader) {
	inside := map[string]bool{} // the folders of apps: what is in them are their parts
	for dir, k := range p.Pkgs {
		if k.Front {
			inside[dir] = true
		}
	}
	for _, f := range p.Fronts {
		if !native(f) {
			continue
		}
		kind := "React Native"
		if f.Pkg.Framework == "expo" {
			kind = "Expo"
		}
		p.Facts.Apps = append(p.Facts.Apps, facts.NativeApp{Kind: kind, File: f.Pkg.FileName(), Web: web(f)})
	}
	apps := func(kindOf func(*files.File) string) {
		for i := range p.Tree.Files {
			f := &p.Tree.Files[i]
			if f.Kind != files.KindApp || files.RoleOfPath(f.Rel) != facts.RoleUnknown || within(inside, files.DirOf(f.Rel)) {
				continue
			}
			kind := kindOf(f)
			if kind == "" || len(p.Facts.Apps) >= 20 {
				continue
			}
			dir := files.DirOf(f.Rel)
			inside[dir] = true
			p.Facts.Apps = append(p.Facts.Apps, facts.NativeApp{Kind: kind, File: sanitize.Visible(f.Rel), Web: kind == "Flutter" && p.Tree.HasCode(path.Join(dir, "web/index.html"))})
		}
	}
	apps(flutterApp) // an Android and an Xcode project lie inside it
	apps(phoneApp)
}

// within tells whether a folder is one of a set or is in one. The project's
// own folder holds everything, so it counts for itself alone, and for the
// folders that a framework puts beside its package.json.
func within(set map[string]bool, dir string) bool {
	if set[""] && (dir == "" || affix.HasPrefix(dir+"/", "ios/") || affix.HasPrefix(dir+"/", "android/")) {
		return true
	}
	for d := dir; d != ""; d = files.DirOf(d) {
		if set[d] {
			return true
		}
	}
	return false
}

func flutterApp(f *files.File) string {
	if affix.Base(f.Rel) == "pubspec.yaml" && dependsOnFlutter(f) {
		return "Flutter"
	}
	return ""
}

func phoneApp(f *files.File) string {
	switch name := affix.Base(f.Rel); {
	case affix.HasSuffix(name, ".xcodeproj"):
		return "iOS"
	case name == "Package.swift" && picture.LexNative(f).Says(".", "iOS", "("):
		return "iOS"
	case name == "AndroidManifest.xml", affix.HasPrefix(name, "build.gradle") && androidApp(f):
		return "Android"
	}
	return ""
}

// dependsOnFlutter tells a pubspec that depends on Flutter's SDK.
func dependsOnFlutter(f *files.File) bool {
	list, _ := confread.YAML(f.Src)
	return affix.Any(list, func(e confread.Entry) bool { return e.Name() == "sdk" && e.Value == "flutter" })
}

// androidApp tells a Gradle file that applies Android's application plugin.
func androidApp(f *files.File) bool {
	s := picture.ReadGradle(f)
	return s.Says("com.android.application") || s.Says("plugins", ".", "android", ".", "application")
}

// pagesFirst puts a page's request before an app's for the same path: a
// browser is the stricter of the two.
func pagesFirst(list []facts.Fetch) {
	at := func(x facts.Fetch) string {
		u, err := url.Parse(x.URL)
		if err != nil {
			return x.URL
		}
		return affix.TrimSuffix(u.Path, "/")
	}
	for i := range list {
		for j := i + 1; list[i].Native && j < len(list); j++ {
			if !list[j].Native && at(list[j]) == at(list[i]) {
				list[i], list[j] = list[j], list[i]
			}
		}
	}
}
