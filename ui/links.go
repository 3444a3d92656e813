package ui

import (
	"net/url"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"

	"badsig/checks"
	"badsig/checks/affix"
	"badsig/checks/causes"
	"badsig/checks/facts"
	"badsig/checks/probe/pattern"
	"badsig/checks/sanitize"
)

// Rules of this file:
//   - a link is what is on the screen anyway: a file of the project or a page's address, whole; what is cut or wrapped is none
//   - a terminal that isn't known to open links gets none: some print what they don't know

// linker finds what on a line is a link.
type linker struct {
	on    bool
	host  string
	of    linksOf
	texts []linkText // the longest first
}

// linksOf is what the links are of; others are gathered when it changes.
type linksOf struct {
	report *checks.Report
	facts  *facts.Facts
	page   causes.ID
}

// linkText is a string that leads somewhere.
type linkText struct {
	text, target string
	file         bool // :LINE may follow
}

// newLinker is for a terminal, as its environment tells.
func newLinker(env func(string) string) linker {
	host, _ := os.Hostname()
	return linker{on: opensLinks(env), host: host}
}

// opensLinks reports whether a terminal is known to open OSC 8 links.
func opensLinks(env func(string) string) bool {
	switch f := env("FORCE_HYPERLINK"); {
	case f == "0":
		return false
	case f != "":
		return true
	}
	vte, _ := strconv.Atoi(env("VTE_VERSION"))
	konsole, _ := strconv.Atoi(env("KONSOLE_VERSION"))
	switch {
	case env("TERM") == "dumb" || env("TERM") == "linux" || env("STY") != "":
		return false
	case env("TERM_PROGRAM") == "tmux" || env("TMUX") != "":
		return versionAtLeast(env("TERM_PROGRAM_VERSION"), 3, 4)
	case facts.OneOf([]string{"iTerm.app", "vscode", "WezTerm", "ghostty", "Hyper", "Tabby", "rio", "mintty", "zed"}, env("TERM_PROGRAM")):
		return true
	case env("WT_SESSION") != "", env("KITTY_WINDOW_ID") != "", vte >= 5000, konsole >= 210800:
		return true
	}
	return affix.Any([]string{"xterm-kitty", "alacritty", "foot", "xterm-ghostty", "wezterm"}, func(t string) bool { return affix.HasPrefix(env("TERM"), t) })
}

// versionAtLeast compares "3.4" or "next-3.5" with a version.
func versionAtLeast(version string, major, minor int) bool {
	m := twoNumbers.FindStringSubmatch(version)
	if m == nil {
		return false
	}
	a, _ := strconv.Atoi(m[1])
	b, _ := strconv.Atoi(m[2])
	return a > major || a == major && b >= minor
}

var (
	twoNumbers = pattern.New(`(\d+)\.(\d+)`)
	addresses  = pattern.New(`https?://[^\s<>)"'` + "`" + `]+[^\s<>)"'.,:;` + "`" + `]`)
	filePlace  = pattern.New(`^[^\s:]+(:\d+)?$`)
	lineNumber = pattern.New(`^:\d+`)
)

// gather collects the links of what is shown, and reports whether they are others than before.
func (l *linker) gather(a *app) (others bool) {
	s := a.s
	of := linksOf{s.report, s.facts, ""}
	if x, ok := a.over.(*explain); ok {
		of.page = x.id
	} else if c := a.wrong.cause(s); c != nil {
		of.page = c.ID
	}
	if of == l.of && l.texts != nil {
		return false
	}
	l.of, l.texts = of, []linkText{}
	seen := map[string]bool{}
	add := func(text, target string, file bool) {
		if text != "" && !seen[text] {
			seen[text] = true
			l.texts = append(l.texts, linkText{text, target, file})
		}
	}
	root := facts.First(s.target.Dir, ".")
	if s.facts != nil {
		root = facts.First(s.facts.Target.Dir, root)
	}
	if abs, err := filepath.Abs(root); err == nil {
		root = abs
	}
	file := func(name string) {
		if name == "" || affix.ContainsAny(name, " \t") {
			return
		}
		path := filepath.FromSlash(name)
		if !filepath.IsAbs(path) {
			path = filepath.Join(root, path)
		}
		add(name, fileURL(l.host, path), true)
	}
	if s.report != nil {
		for _, c := range s.report.Causes {
			if c.Location != nil {
				file(c.Location.File)
			}
			for _, e := range c.Evidence {
				if filePlace.MatchString(e.Source) {
					name, _, _ := affix.Cut(e.Source, ":")
					if affix.ContainsAny(name, "./") {
						file(name)
					}
				}
			}
		}
	}
	if s.facts != nil {
		for _, v := range s.facts.Values {
			file(v.File)
		}
	}
	if page, ok := causes.PageOf(of.page); ok {
		for _, m := range addresses.FindAllStringSubmatch(page.Text, -1) {
			add(m[0], m[0], false)
		}
	}
	for _, u := range []string{dashboardURL, docsURL} {
		add(u, u, false)
	}
	sort.SliceStable(l.texts, func(i, j int) bool { return len(l.texts[i].text) > len(l.texts[j].text) })
	return true
}

// fileURL is a file's address, with the machine it is on.
func fileURL(host, path string) string {
	path = filepath.ToSlash(path)
	if !affix.HasPrefix(path, "/") { // C:/…
		path = "/" + path
	}
	return (&url.URL{Scheme: "file", Host: host, Path: path}).String()
}

// find gives the links of a line, which may be colored.
func (l *linker) find(line string) []sanitize.Link {
	var out []sanitize.Link
	for _, t := range l.texts {
		for from := 0; ; {
			i := strings.Index(line[from:], t.text)
			if i < 0 {
				break
			}
			begin, end := from+i, from+i+len(t.text)
			from = end
			rest := line[end:]
			if t.file {
				if m := lineNumber.FindStringSubmatch(rest); m != nil {
					end += len(m[0])
				}
			}
			if !apart(line[:begin], line[end:]) || affix.Any(out, func(o sanitize.Link) bool { return begin < o.To && o.From < end }) {
				continue
			}
			out = append(out, sanitize.Link{From: begin, To: end, Target: t.target})
		}
	}
	return out
}

// apart reports whether what is before and after a string isn't a part of it.
func apart(before, after string) bool {
	word := func(b byte) bool {
		return b == '/' || b == '-' || b == '_' || b == '%' || b == '#' || b == '?' || b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= 0x80
	}
	if n := len(before); n > 0 && (word(before[n-1]) || before[n-1] == '.') && !colored(before) {
		return false
	}
	if after == "" {
		return true
	}
	return !word(after[0]) && (after[0] != '.' || len(after) < 2 || !word(after[1]))
}

// colored reports whether a string ends in a color's sequence, whose last letter isn't a word's.
func colored(before string) bool {
	i := strings.LastIndexByte(before, 0x1b)
	return i >= 0 && affix.HasSuffix(before, "m") && strings.Trim(before[i:len(before)-1], "\x1b[0123456789;:") == ""
}
