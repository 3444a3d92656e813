package ui

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"badsig/checks/sanitize"
)

// FuzzFit asserts what Bubble Tea needs of every frame, no matter what is in it:
// no line too many, none too wide, no tab, and what fits stays as it is. The
// other measurers of this room are held to their widths with it.
func FuzzFit(f *testing.F) {
	for _, s := range []string{
		"", "\n", "a\tb", "漢字かな", "👩‍👩‍👧‍👦 family", "🇩🇪🇫🇷 flags", "é\u0301\u0302", "\u200b\u200d\ufe0f", "\x1b[31mred\x1b[0m", "\x1b[38;5;196mx\x1b[", "\x1b]8;;http://x\x07link\x1b]8;;\x07", "\x1b]0;title",
		"\x1bP1$r\x1b\\", "\u009b31m", "\xff\xfe\xc3\x28", "\x00\x07\x08\r\x7f", "\u202egnp\u2066", strings.Repeat("界", 300), strings.Repeat("a\n", 300), "╭──╮\n│  │\n╰──╯", "\x1b[1mbold\nand on\x1b[0m",
		"eyJhbGciOiJIUzI1NiJ9.eyJ1c2VyX2lkIjoiamFuZSJ9.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", `JWTAuth error: signature is not valid. Make sure the token is created using the secret for API key "k7m2x9qwz4v8"`,
	} {
		f.Add(s, 20, 3)
		f.Add(s, 1, 1)
	}
	files, _ := filepath.Glob("testdata/wrong-*.txt")
	for _, file := range files {
		if text, err := os.ReadFile(file); err == nil {
			f.Add(string(text), 60, 20)
		}
	}
	f.Fuzz(func(t *testing.T, s string, w, h int) {
		w, h = w%200, h%70 // what terminals have, and what they have not
		// A frame is text that was made visible, and styles.
		var b strings.Builder
		for i, part := range strings.Split(s, "m") {
			for j, l := range strings.Split(part, "\n") {
				if j > 0 {
					b.WriteByte('\n')
				}
				cells := strings.Split(l, "\t")
				for k := range cells {
					cells[k] = sanitize.Visible(cells[k])
				}
				if l = strings.Join(cells, "\t"); i%2 == 1 {
					l = "\x1b[1;31m" + l + "\x1b[0m"
				}
				b.WriteString(l)
			}
		}
		s = b.String()
		got := fit(s, w, h)
		lines := strings.Split(got, "\n")
		if len(lines) > max(h, 1) || (w <= 0 || h <= 0) && got != "" {
			t.Errorf("%d lines on a screen of %d×%d", len(lines), w, h)
		}
		fits := w > 0 && strings.Count(s, "\n") < h && !strings.Contains(s, "\t")
		for i, l := range lines {
			if n := ansi.StringWidth(l); n > max(w, 0) {
				t.Errorf("line %d is %d cells wide on a screen of %d×%d: %q", i, n, w, h, l)
			}
			if strings.Contains(l, "\t") {
				t.Errorf("line %d holds a tab: %q", i, l)
			}
		}
		for l := range strings.SplitSeq(s, "\n") {
			fits = fits && ansi.StringWidth(l) <= w
		}
		if fits && got != s {
			t.Errorf("what fits is changed: %q becomes %q", s, got)
		}
		// Strings from outside are already cleaned.
		text := clean(s)
		if strings.ContainsFunc(text, func(r rune) bool { return r < 0x20 || r >= 0x7f && r < 0xa0 }) {
			t.Errorf("a control is drawn: %q", text)
		}
		for what, l := range map[string]string{"cut": cut(text, w), "cutMiddle": cutMiddle(text, w), "spread": spread(text, text, w)} {
			if n := ansi.StringWidth(l); w > 0 && n > w && (what != "spread" || n > ansi.StringWidth(text)) {
				t.Errorf("%s gives %d cells, and has %d: %q", what, n, w, l)
			}
		}
		if w > 0 {
			if n := ansi.StringWidth(pad(text, w)); n != w {
				t.Errorf("pad gives %d cells, and has %d: %q", n, w, pad(text, w))
			}
			for _, l := range append(wrap(text, w), hang("- ", text, w)...) {
				if n := ansi.StringWidth(l); n > max(w, 2) { // a character may have two
					t.Errorf("wrap gives %d cells, and has %d: %q", n, w, l)
				}
			}
		}
	})
}
