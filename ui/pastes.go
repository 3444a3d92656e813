package ui

import (
	"bytes"
	"context"
	"fmt"
	"unicode/utf8"

	tea "github.com/charmbracelet/bubbletea"
)

// Rules of this file:
//   - Bubble Tea looks through all of a paste again with every 256 bytes that come in, so a long
//     one would take minutes: it gets the beginning, and the rest is read here
//   - what is longer than the limit is left out, and that is said

const (
	pasteStart = "\x1b[200~"
	pasteEnd   = "\x1b[201~"
	shortPaste = 32 << 10 // up to here a paste is Bubble Tea's
	maxPaste   = 1 << 20  // beyond it is left out
)

// pasteReader separates long pastes from what a terminal sends.
type pasteReader struct {
	long chan longPaste // pastes that were taken out, in order
	held []byte         // read and not yet given on: the beginning of what may be a paste's mark
	in   bool           // inside a paste
	text []byte         // what was pasted so far
	size int            // also what was left out
}

// longPaste is a paste that Bubble Tea did not get whole.
type longPaste struct {
	text string
	size int // in bytes, with what was left out
}

// cut reports how much was left out, "" for nothing.
func (p longPaste) cut() string {
	if p.size <= len(p.text) {
		return ""
	}
	return fmt.Sprintf("the paste has %.1f MB; only the first %d MB were read: pipe it into badsig inspect - instead", float64(p.size)/1e6, maxPaste>>20)
}

// filter gives on, in buf, what of the n bytes read into it is Bubble Tea's.
// full says that more is waiting to be read.
func (r *pasteReader) filter(buf []byte, n int) []byte {
	full := n == len(buf)
	b := append(r.held, buf[:n]...)
	r.held = nil
	var out []byte
	for len(b) > 0 {
		if !r.in {
			i := bytes.Index(b, []byte(pasteStart))
			if i < 0 {
				keep := prefixAtEnd(b, pasteStart)
				if keep < 3 && !full { // a lone esc, or alt+[, was typed
					keep = 0
				}
				out, r.held = append(out, b[:len(b)-keep]...), bytes.Clone(b[len(b)-keep:])
				break
			}
			out = append(out, b[:i+len(pasteStart)]...)
			b, r.in, r.text, r.size = b[i+len(pasteStart):], true, nil, 0
			continue
		}
		i := bytes.Index(b, []byte(pasteEnd))
		part, ended := b, i >= 0
		if ended {
			part = b[:i]
		} else if keep := prefixAtEnd(b, pasteEnd); keep > 0 {
			part, r.held = b[:len(b)-keep], bytes.Clone(b[len(b)-keep:])
		}
		out = r.take(out, part)
		if !ended {
			break
		}
		if r.size <= shortPaste {
			out = append(out, pasteEnd...)
		} else {
			r.long <- longPaste{string(wholeRunes(r.text)), r.size}
		}
		b, r.in, r.text = b[i+len(pasteEnd):], false, nil
	}
	return out
}

// take adds a part of a paste. Where the paste becomes a long one, Bubble Tea's ends.
func (r *pasteReader) take(out, part []byte) []byte {
	before := r.size
	r.size += len(part)
	if room := maxPaste - len(r.text); room > 0 {
		r.text = append(r.text, part[:min(room, len(part))]...)
	}
	if before > shortPaste {
		return out
	}
	if r.size <= shortPaste {
		return append(out, part...)
	}
	return append(out, pasteEnd...)
}

// prefixAtEnd gives how many bytes at the end of b begin mark.
func prefixAtEnd(b []byte, mark string) int {
	for n := min(len(b), len(mark)-1); n > 0; n-- {
		if bytes.HasSuffix(b, []byte(mark[:n])) {
			return n
		}
	}
	return 0
}

// wholeRunes leaves out a character that was cut in two at the end.
func wholeRunes(b []byte) []byte {
	for n := 0; n < utf8.UTFMax && len(b) > 0; n++ {
		if r, size := utf8.DecodeLastRune(b); r != utf8.RuneError || size != 1 {
			break
		}
		b = b[:len(b)-1]
	}
	return b
}

// nextPaste waits for the next long paste.
func (k *keyboard) nextPaste(ctx context.Context) tea.Cmd {
	if k == nil {
		return nil
	}
	return func() tea.Msg {
		select {
		case p := <-k.pastes.long:
			return p
		case <-ctx.Done():
			return nil
		}
	}
}

// takeLongPaste does with a long paste what is done with any.
func (a *app) takeLongPaste(p longPaste) tea.Cmd {
	cmd := a.key(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(p.text), Paste: true})
	if cut := p.cut(); cut != "" {
		a.say(bad, cut)
		cmd = tea.Batch(cmd, fade(2*toastFor))
	}
	return tea.Batch(cmd, a.in.nextPaste(a.ctx))
}
