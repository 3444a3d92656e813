package confread

import (
	"strings"

	"badsig/checks/affix"
)

// This file reads what the builds of apps for phones and of games are set by:
// Info.plist, .xcconfig, strings.xml, --dart-define, the assets of Unity.

var xmlText = strings.NewReplacer("&amp;", "&", "&lt;", "<", "&gt;", ">", "&quot;", `"`, "&apos;", "'").Replace

// xmlLines gives the lines of an XML file without its comments.
func xmlLines(data []byte, do func(line string, n int)) {
	n, comment := 0, false
	for line := range strings.Lines(string(data)) {
		n++
		code := ""
		for line != "" {
			mark := "<!--"
			if comment {
				mark = "-->"
			}
			before, after, found := affix.Cut(line, mark)
			if !comment {
				code += before
			}
			comment, line = comment != found, after
		}
		do(code, n)
	}
}

// Plist reads <key>K</key> <string>V</string> of a property list.
func Plist(data []byte) []Entry {
	var out []Entry
	key := ""
	xmlLines(data, func(line string, n int) {
		for _, part := range strings.SplitAfter(line, ">") {
			if v, ok := strings.CutSuffix(part, "</key>"); ok {
				key = strings.TrimSpace(v)
			} else if v, ok := strings.CutSuffix(part, "</string>"); ok && key != "" && len(out) < maxEntries {
				out = append(out, Entry{Keys: []string{key}, Value: xmlText(v), Line: n, Text: true})
				key = ""
			}
		}
	})
	return out
}

// AndroidStrings reads the strings of res/values/*.xml.
func AndroidStrings(data []byte) []Entry {
	var out []Entry
	xmlLines(data, func(line string, n int) {
		_, rest, ok := affix.Cut(line, `<string name="`)
		if !ok || len(out) >= maxEntries {
			return
		}
		name, rest, _ := affix.Cut(rest, `"`)
		_, rest, _ = affix.Cut(rest, ">")
		if v, _, closed := affix.Cut(rest, "</string>"); closed {
			out = append(out, Entry{Keys: []string{name}, Value: strings.Trim(xmlText(v), `"`), Line: n, Text: true})
		}
	})
	return out
}

// XCConfig reads Xcode's build settings. A // begins a comment, so that a URL is
// written https:/$()/….
func XCConfig(data []byte) []Entry {
	var out []Entry
	n := 0
	for line := range strings.Lines(string(data)) {
		n++
		k, v, ok := affix.Cut(line, "=")
		if k = strings.TrimSpace(k); !ok || k == "" || affix.HasPrefix(k, "//") || len(out) >= maxEntries {
			continue
		}
		v, _, _ = affix.Cut(v, "//")
		out = append(out, Entry{Keys: []string{k}, Value: strings.TrimSpace(affix.ReplaceAll(v, "/$()/", "//")), Line: n, Text: true})
	}
	return out
}

// UnityAsset reads the fields of a saved ScriptableObject.
func UnityAsset(data []byte) []Entry {
	var out []Entry
	n := 0
	for line := range strings.Lines(string(data)) {
		n++
		k, v, ok := affix.Cut(line, ": ")
		if v = strings.TrimSpace(v); !ok || v == "" || !affix.HasPrefix(k, "  ") || affix.HasPrefix(k, "   ") || len(out) >= maxEntries {
			continue
		}
		out = append(out, Entry{Keys: []string{k[2:]}, Value: strings.Trim(v, `'"`), Line: n, Text: true})
	}
	return out
}

// DartDefines reads --dart-define=NAME=value of commands, and, under the key
// "from-file", the files that --dart-define-from-file names.
func DartDefines(data []byte) []Entry {
	var out []Entry
	n := 0
	for line := range strings.Lines(string(data)) {
		n++
		if t := strings.TrimSpace(line); affix.HasPrefix(t, "#") || affix.HasPrefix(t, "//") || len(out) >= maxEntries {
			continue
		}
		before := ""
		for _, word := range strings.FieldsFunc(line, func(r rune) bool { return strings.ContainsRune(" \t\r\n\",'[]", r) }) {
			if file, ok := affix.CutPrefix(word, "--dart-define-from-file="); ok {
				out = append(out, Entry{Keys: []string{"from-file"}, Value: file, Line: n, Text: true})
			} else if k, v, ok := affix.Cut(affix.TrimPrefix(word, "--dart-define="), "="); ok && (affix.HasPrefix(word, "--dart-define=") || before == "--dart-define") {
				out = append(out, Entry{Keys: []string{k}, Value: v, Line: n, Text: true})
			}
			before = word
		}
	}
	return out
}
