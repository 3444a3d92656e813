package ui

import (
	"strings"
	"testing"

	"badsig/checks/sanitize"
)

// Which terminals get links: those that are known to open them.
func TestLinksAreForTerminalsThatOpenThem(t *testing.T) {
	for env, want := range map[string]bool{
		"": false, "TERM=xterm-256color": false, "TERM=dumb TERM_PROGRAM=vscode": false, "TERM_PROGRAM=Apple_Terminal": false, "TERM=screen STY=1 VTE_VERSION=6800": false,
		"TERM_PROGRAM=vscode": true, "TERM_PROGRAM=iTerm.app": true, "VTE_VERSION=6800": true, "VTE_VERSION=4200": false, "WT_SESSION=x": true, "TERM=xterm-kitty": true,
		"KONSOLE_VERSION=220401": true, "TERM_PROGRAM=tmux TERM_PROGRAM_VERSION=3.3a": false, "TERM_PROGRAM=tmux TERM_PROGRAM_VERSION=3.4": true,
		"TMUX=x TERM_PROGRAM=tmux TERM_PROGRAM_VERSION=next-3.6": true, "FORCE_HYPERLINK=1": true, "FORCE_HYPERLINK=0 TERM_PROGRAM=vscode": false,
	} {
		vars := map[string]string{}
		for _, v := range strings.Fields(env) {
			name, value, _ := strings.Cut(v, "=")
			vars[name] = value
		}
		if got := opensLinks(func(n string) string { return vars[n] }); got != want {
			t.Errorf("%s: %v", env, got)
		}
	}
}

// A link is a whole file name or address; a part of a longer one is none.
func TestLinksAreComplete(t *testing.T) {
	l := linker{on: true, texts: []linkText{{"https://a.io/docs", "https://a.io/docs", false}, {"server/.env", "file://h/p/server/.env", true}, {".env", "file://h/p/.env", true}}}
	for line, want := range map[string]string{
		"Where  server/.env:2  [E]":  "Where  <server/.env:2>  [E]",
		"In server/.env line 2, do":  "In <server/.env> line 2, do",
		"\x1b[1m.env:3\x1b[0m":       "\x1b[1m<.env:3>\x1b[0m",
		"a/.env:1 and server/.env.a": "a/.env:1 and server/.env.a",
		"see https://a.io/docs.":     "see <https://a.io/docs>.",
		"https://a.io/docs/more":     "https://a.io/docs/more",
		"https://a.io/docs…":         "https://a.io/docs…",
		"<.env>, .env and .envrc":    "<<.env>>, <.env> and .envrc",
	} {
		out := sanitize.Linked(sanitize.Vouched(line), l.find(line), sanitize.Shapes{}).String()
		if n := strings.Count(out, "\x1b]8;;\x1b\\"); n*2 != strings.Count(out, "\x1b]8;;") {
			t.Errorf("%q opens and doesn't close: %q", line, out)
		}
		out = strings.ReplaceAll(out, "\x1b]8;;\x1b\\", ">")
		for {
			before, rest, ok := strings.Cut(out, "\x1b]8;;")
			if !ok {
				break
			}
			_, rest, _ = strings.Cut(rest, "\x1b\\")
			out = before + "<" + rest
		}
		if out != want {
			t.Errorf("%q gives %q", line, out)
		}
	}
}

// An address that holds a secret, or can't be in a sequence, makes no link.
func TestNoSecretInALink(t *testing.T) {
	secret := strings.Repeat("k7d2", 16)
	for _, target := range []string{"file://h/" + secret, "file://h/a b", "file://h/\x1b\\x", "", "file://h/é"} {
		if out := sanitize.Linked(sanitize.Vouched("abc"), []sanitize.Link{{From: 0, To: 3, Target: target}}, sanitize.Shapes{}); out.String() != "abc" {
			t.Errorf("%q is a link: %q", target, out)
		}
	}
	if u := fileURL("h", "/p q/ü"); u != "file://h/p%20q/%C3%BC" {
		t.Error(u)
	}
}
