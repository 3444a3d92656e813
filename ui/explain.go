package ui

import (
	"strings"

	"badsig/checks/affix"
	"badsig/checks/causes"
	"badsig/ui/theme"
)

// explain shows a cause's page.
type explain struct {
	pager
	id causes.ID
}

func newExplain(id causes.ID) overlay { return &explain{id: id} }

func (e *explain) title(*session) string { return string(e.id) }

func (e *explain) view(s *session, r rect) []string { return e.page(s.th, e.body(s, r)) }

func (e *explain) body(s *session, r rect) []string {
	page, ok := causes.PageOf(e.id)
	if !ok {
		return []string{s.th.Dim.Paint("there's no page for this cause")}
	}
	return prose(s.th, page.Text, r.w)
}

// prose draws the little Markdown that the causes' pages use.
func prose(th *theme.Theme, text string, w int) []string {
	var out []string
	empty := true
	for _, para := range paragraphs(text) {
		switch {
		case para == "":
			if !empty {
				out = append(out, "")
			}
			empty = true
			continue
		case affix.HasPrefix(para, "#"):
			out = append(out, paintEach(th.AccentBold, wrap(strings.TrimLeft(para, "# "), w))...)
			empty = true // its text follows without a gap
			continue
		default:
			lead, rest := leadOf(para)
			for _, l := range hang(lead, clean(rest), w) {
				out = append(out, ticks(th, l))
			}
		}
		empty = false
	}
	return out
}

// paragraphs joins the lines of each paragraph and list item; "" parts them.
func paragraphs(text string) []string {
	var out []string
	for _, line := range strings.Split(text, "\n") {
		t := strings.TrimSpace(line)
		lead, _ := leadOf(t)
		if n := len(out); n > 0 && t != "" && out[n-1] != "" && lead == "" && !affix.HasPrefix(t, "#") && !affix.HasPrefix(out[n-1], "#") {
			out[n-1] += " " + t
			continue
		}
		out = append(out, t)
	}
	return out
}

// leadOf parts a list item's mark from its text.
func leadOf(t string) (lead, rest string) {
	if affix.HasPrefix(t, "- ") {
		return theme.Open + " ", t[2:]
	}
	if mark, text, ok := affix.Cut(t, ". "); ok && mark != "" && len(mark) <= 2 && strings.Trim(mark, "0123456789") == "" {
		return mark + ". ", text
	}
	return "", t
}

// links removes what Markdown puts around addresses and strong words.
var links = strings.NewReplacer("<http", "http", ">,", ",", ">:", ":", ">.", ".", "**", "")

// ticks paints `code` where both ticks are on the line.
func ticks(th *theme.Theme, line string) string {
	line = links.Replace(line)
	parts := strings.Split(line, "`")
	if len(parts)%2 == 0 {
		return affix.ReplaceAll(line, "`", "")
	}
	for i := 1; i < len(parts); i += 2 {
		parts[i] = th.Accent.Paint(parts[i])
	}
	return strings.Join(parts, "")
}
