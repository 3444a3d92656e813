// Package theme is how the console looks: styles from the terminal's own
// sixteen colors, and the signs and lines it draws with. It imports lipgloss
// and nothing of Bubble Tea, and that decides when it is initialised; see init.
package theme

import (
	"os"

	"github.com/charmbracelet/lipgloss"
	"github.com/muesli/termenv"

	"badsig/checks/affix"
)

// Rules of this file:
//   - colors are ANSI 0 to 7: the user's palette decides, light and dark both work, and the terminal isn't queried
//   - secondary text is faint, not bright black, which several palettes make invisible
//   - color never says anything alone: a sign or a word is beside it

// Bubble Tea v1 queries the terminal for its background color in a package
// init, which stalls and writes escape bytes in every command, headless ones
// too. If it is set beforehand, lipgloss sends no query. Packages are initialized in the
// order of their import paths as soon as their own imports are, and badsig/…
// sorts before github.com/…, so this runs first. A test on a silent terminal
// pins it.
func init() { lipgloss.SetHasDarkBackground(true) }

// Style paints text of one line. The zero Style paints nothing.
type Style struct{ on, off string }

// Paint puts the style around a string without newlines.
//
//go:noinline
func (s Style) Paint(text string) string {
	if text == "" || s.on == "" {
		return text
	}
	return s.on + text + s.off
}

// Theme is the styles of a frame.
type Theme struct {
	Plain, Dim, Bold     Style
	Accent, AccentBold   Style
	Good, GoodBold       Style
	Bad, BadBold         Style
	Warn, WarnBold       Style
	Tag, TagBad, TagGood Style // reversed labels
	TagWarn, Cursor      Style
	Mark                 Style    // what differs
	Segment              [3]Style // of a token: header, payload, signature, as jwt.io has them
}

// New makes a theme. Without color, bold, faint, underline and reverse stay
// and every color goes, as NO_COLOR wants it.
func New(colour bool) *Theme {
	r := lipgloss.NewRenderer(os.Stdout)
	r.SetColorProfile(termenv.ANSI)
	r.SetHasDarkBackground(true)
	style := func(c string, more ...func(lipgloss.Style) lipgloss.Style) Style {
		s := r.NewStyle()
		if colour && c != "" {
			s = s.Foreground(lipgloss.Color(c))
		}
		for _, m := range more {
			s = m(s)
		}
		on, off, _ := affix.Cut(s.Render("x"), "x")
		return Style{on, off}
	}
	bold := func(s lipgloss.Style) lipgloss.Style { return s.Bold(true) }
	faint := func(s lipgloss.Style) lipgloss.Style { return s.Faint(true) }
	reverse := func(s lipgloss.Style) lipgloss.Style { return s.Reverse(true) }
	under := func(s lipgloss.Style) lipgloss.Style { return s.Underline(true).UnderlineSpaces(true) }
	// Black on the light colors is readable in every palette; the ground of a light
	// terminal on them is not. On red it's the other way round.
	label := func(c string, more ...func(lipgloss.Style) lipgloss.Style) Style {
		if !colour {
			return style(c, append(more, reverse)...)
		}
		return style("0", append(more, func(s lipgloss.Style) lipgloss.Style { return s.Background(lipgloss.Color(c)) })...)
	}
	return &Theme{
		Dim: style("", faint), Bold: style("", bold),
		// What has to be read is never cyan, yellow or green: on a light ground many
		// palettes' are hardly there, and bold makes them brighter still in some
		// terminals. Signs and lines are; the words beside them are bold.
		Accent: style("6"), AccentBold: style("", bold),
		Good: style("2"), GoodBold: style("2", bold),
		Bad: style("1"), BadBold: style("1", bold),
		Warn: style("3"), WarnBold: style("3", bold),
		Tag: label("6"), TagBad: style("1", bold, reverse),
		TagGood: label("2", bold), TagWarn: label("3", bold),
		Cursor: style("", reverse), Mark: style("", bold, under),
		Segment: [3]Style{style("1"), style("5"), style("6")},
	}
}
