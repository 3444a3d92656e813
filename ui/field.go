package ui

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/charmbracelet/bubbles/textinput"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"badsig/ui/theme"
)

// field is a line of text to edit. Bubbles' textinput does the editing; it is
// drawn here, so that wide letters, control characters and NO_COLOR are treated
// as everywhere else.
type field struct {
	in     textinput.Model
	masked bool
}

// maxField is what a field holds, in characters: a token with room to spare.
const maxField = 64 << 10

func newField(value string, masked bool) field {
	in := textinput.New()
	in.CharLimit = maxField
	in.SetValue(value)
	in.CursorEnd()
	return field{in, masked}
}

func (f *field) value() string { return f.in.Value() }

func (f *field) set(s string) {
	f.in.SetValue(s)
	f.in.CursorEnd()
}

// key edits; it reports whether the text changed. A paste arrives as one message
// and loses the whitespace around it.
func (f *field) key(msg tea.KeyMsg, trim bool) bool {
	before := f.in.Value()
	f.in.Focus()
	if msg.Paste && trim {
		msg.Runes = []rune(strings.TrimSpace(string(msg.Runes)))
	}
	f.in, _ = f.in.Update(msg)
	f.in.Blur()
	return f.in.Value() != before
}

// hidden shows dots instead of what is or becomes a secret of the shape that Stream's have:
// lowercase letters and digits, more of them than a key has. Hexadecimal IDs stay.
func hidden(value []rune) []rune {
	out := slices.Clone(value)
	for i := 0; i < len(value); {
		end, digit, other := i, false, false
		for end < len(value) && (value[end] >= 'a' && value[end] <= 'z' || value[end] >= '0' && value[end] <= '9') {
			digit = digit || value[end] <= '9'
			other = other || value[end] > 'f'
			end++
		}
		if n := end - i; n >= minHidden && digit && other || n >= 40 && digit {
			for ; i < end; i++ {
				out[i] = '•'
			}
		}
		i = max(i, end) + 1
	}
	return out
}

// minHidden is one more than a key has characters.
const minHidden = 13

// view draws the field in w cells, the cursor in sight where it has the focus.
func (f *field) view(th *theme.Theme, w int, focused bool) string {
	value := hidden([]rune(f.in.Value()))
	pos := min(f.in.Position(), len(value))
	shown := func(r []rune) string {
		if f.masked {
			return strings.Repeat("•", len(r))
		}
		return clean(string(r))
	}
	if !focused {
		return cut(shown(value), w)
	}
	before, at, after := shown(value[:pos]), " ", ""
	if pos < len(value) {
		_, n := utf8.DecodeRuneInString(string(value[pos:]))
		one := []rune(string(value[pos:])[:n])
		at, after = shown(one), shown(value[pos+1:])
	}
	if room := w - max(1, width(at)); width(before) > room {
		before = theme.Ellipsis + ansi.TruncateLeft(before, width(before)-room+1, "")
	}
	return cut(before+th.Cursor.Paint(at)+after, w)
}
