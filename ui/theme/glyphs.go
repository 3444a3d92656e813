package theme

import "strings"

// The signs and lines that frames are drawn with, each one cell wide and
// without a variation selector.
const (
	Pass, Fail, Warn, Skip, Unknown, Open = "✓", "✗", "!", "–", "?", "·"

	Line, Side          = "─", "│"
	TopLeft, TopRight   = "╭", "╮"
	BaseLeft, BaseRight = "╰", "╯"
	Arrow, Heavy, Knob  = "▶", "━", "●"
	Point, Ellipsis     = "›", "…"
	Up, Down            = "↑", "↓"
)

// Spinner turns while something is under way.
var Spinner = [...]string{"⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"}

// Typed replaces every sign above, and those that probe.Visible makes, by one
// ASCII character: the whole of --ascii. Letters of the user's own stay.
var Typed = strings.NewReplacer(
	Pass, "+", Fail, "x", Skip, "-", Open, ".",
	Line, "-", Side, "|", TopLeft, "+", TopRight, "+", BaseLeft, "+", BaseRight, "+",
	Arrow, ">", Heavy, "=", Knob, "o", Point, ">", Ellipsis, "~", Up, "^", Down, "v",
	"⠋", "|", "⠙", "/", "⠹", "-", "⠸", "\\", "⠼", "|", "⠴", "/", "⠦", "-", "⠧", "\\", "⠇", "|", "⠏", "/",
	"├", "+", "┤", "+", "┬", "+", "┴", "+", "┼", "+", "←", "<", "→", ">", "×", "x", "≠", "#", "■", "#", "□", "_",
	"␠", "_", "␉", ">", "␊", "$", "␍", "$", "’", "'", "‘", "'", "“", "\"", "”", "\"", "—", "-", "·", ".",
)
