package cli

import (
	"strings"
	"unicode/utf8"

	"badsig/checks/affix"
)

// Rules of this file:
//   - a page's Markdown becomes text that reads well without any markup, and nothing
//     is taken out of it but the markup: commands and ids stay as they are typed
//   - only what the pages use is understood: headings, paragraphs, lists, quotes,
//     code, links; anything else is printed unchanged

// pageText formats a page for a width.
func pageText(markdown string, width int) string {
	var b strings.Builder
	var para []string // the lines of the paragraph or list item in hand
	lead, rest := "", ""
	flush := func() {
		if len(para) > 0 {
			b.WriteString(wrap(lead, rest, plainText(strings.Join(para, " ")), width))
		}
		para, lead, rest = nil, "", ""
	}
	code := false
	for line := range strings.Lines(markdown) {
		line = strings.TrimRight(line, "\r\n")
		text := strings.TrimLeft(line, " ")
		indent := len(line) - len(text)
		switch {
		case affix.HasPrefix(text, "```"):
			flush()
			code = !code
		case code:
			b.WriteString("    " + line + "\n")
		case text == "":
			flush()
			if !affix.HasSuffix(b.String(), "\n\n") {
				b.WriteByte('\n')
			}
		case affix.HasPrefix(text, "# "):
			flush()
			b.WriteString(wrap("", "", plainText(text[2:]), width))
		case affix.HasPrefix(text, "## "):
			flush()
			b.WriteString(strings.ToUpper(plainText(text[3:])) + "\n")
		case affix.HasPrefix(text, "|"): // a table stays a table
			flush()
			b.WriteString(line + "\n")
		case bullet(text) > 0:
			flush()
			n := bullet(text)
			lead = strings.Repeat(" ", indent+2) + text[:n]
			rest = strings.Repeat(" ", indent+2+n)
			para = []string{text[n:]}
		case affix.HasPrefix(text, "> "):
			if len(para) > 0 && lead != "  | " {
				flush()
			}
			lead, rest = "  | ", "  | "
			para = append(para, text[2:])
		default:
			if len(para) == 0 {
				lead, rest = "  ", "  "
				if b.Len() == 0 || strings.Count(b.String(), "\n") < 3 { // the line under the title
					lead, rest = "", ""
				}
			}
			para = append(para, text)
		}
	}
	flush()
	return strings.TrimRight(b.String(), "\n") + "\n"
}

// bullet returns the length of a list item's marker with its space: "- ", "12. ".
func bullet(s string) int {
	if affix.HasPrefix(s, "- ") || affix.HasPrefix(s, "* ") {
		return 2
	}
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	if n > 0 && affix.HasPrefix(s[n:], ". ") {
		return n + 2
	}
	return 0
}

// plainText removes a line's markup: `code`, **strong**, <url>, [text](url).
func plainText(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); {
		rest := s[i:]
		switch {
		case rest[0] == '`':
			marks := len(rest) - len(strings.TrimLeft(rest, "`"))
			if end := strings.Index(rest[marks:], rest[:marks]); end >= 0 {
				code := rest[marks : marks+end]
				if marks > 1 {
					code = strings.TrimSpace(code)
				}
				b.WriteString(code)
				i += 2*marks + end
				continue
			}
		case affix.HasPrefix(rest, "**"):
			if end := strings.Index(rest[2:], "**"); end >= 0 {
				b.WriteString(plainText(rest[2 : 2+end]))
				i += 4 + end
				continue
			}
		case affix.HasPrefix(rest, "<http"):
			if end := strings.IndexByte(rest, '>'); end >= 0 {
				b.WriteString(rest[1:end])
				i += end + 1
				continue
			}
		case rest[0] == '[':
			if text, url, n := link(rest); n > 0 {
				b.WriteString(plainText(text))
				if affix.HasPrefix(url, "http") {
					b.WriteString(" (" + url + ")")
				}
				i += n
				continue
			}
		}
		b.WriteByte(s[i])
		i++
	}
	return b.String()
}

// link reads [text](url) and says how long it is, 0 for none.
func link(s string) (text, url string, n int) {
	end := strings.Index(s, "](")
	if end < 0 {
		return "", "", 0
	}
	stop := strings.IndexByte(s[end:], ')')
	if stop < 0 {
		return "", "", 0
	}
	return s[1:end], s[end+2 : end+stop], end + stop + 1
}

// wrap breaks a string at spaces: the first line begins with lead, the others
// with rest. A word that is wider than the line gets its own line and isn't split, so that
// a command or an address can still be copied.
func wrap(lead, rest, text string, width int) string {
	var b strings.Builder
	line, used := lead, utf8.RuneCountInString(lead)
	empty := true
	for _, word := range strings.Fields(text) {
		n := utf8.RuneCountInString(word)
		if !empty && used+1+n > width {
			b.WriteString(strings.TrimRight(line, " ") + "\n")
			line, used, empty = rest, utf8.RuneCountInString(rest), true
		}
		if !empty {
			line, used = line+" ", used+1
		}
		line, used, empty = line+word, used+n, false
	}
	b.WriteString(strings.TrimRight(line, " ") + "\n")
	return b.String()
}
