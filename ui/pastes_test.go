package ui

import (
	"strings"
	"testing"
)

// feed sends a string through a reader in pieces and gives what Bubble Tea gets, and the long pastes.
func feed(text string, piece int) (string, []longPaste) {
	r := pasteReader{long: make(chan longPaste, 16)}
	var out strings.Builder
	for i := 0; i < len(text); i += piece {
		buf := make([]byte, piece)
		n := copy(buf, text[i:min(len(text), i+piece)])
		out.Write(r.filter(buf, n))
	}
	close(r.long)
	var long []longPaste
	for p := range r.long {
		long = append(long, p)
	}
	return out.String(), long
}

// However the terminal's bytes are cut, keys and short pastes arrive as they were sent.
func TestShortPastesPassThrough(t *testing.T) {
	text := "q\x1b[A" + pasteStart + "hello\x1b[20wörld" + pasteEnd + "\x1b" + "x" + pasteStart + strings.Repeat("a", shortPaste) + pasteEnd + "jk"
	for _, piece := range []int{1, 2, 3, 5, 7, 64, 240} {
		if got, long := feed(text+strings.Repeat(" ", 240), piece); strings.TrimRight(got, " ") != text || len(long) != 0 {
			t.Errorf("in pieces of %d: %d of %d bytes arrive, %d long pastes", piece, len(got), len(text), len(long))
		}
	}
}

// A lone esc is a key and is not held back.
func TestEscIsNotHeld(t *testing.T) {
	r := pasteReader{}
	for _, keys := range []string{"\x1b", "\x1b["} {
		buf := make([]byte, 240)
		if got := string(r.filter(buf, copy(buf, keys))); got != keys {
			t.Errorf("of %q arrives %q", keys, got)
		}
	}
}

// A long paste arrives whole, beside what Bubble Tea got of it; what is beyond the limit is counted.
func TestLongPaste(t *testing.T) {
	for _, size := range []int{shortPaste + 1, 300_000, maxPaste + 100_000} {
		text := strings.Repeat("é", size/2) + strings.Repeat("b", size%2)
		for _, piece := range []int{7, 240} {
			got, long := feed("a"+pasteStart+text+pasteEnd+"z", piece)
			if !strings.HasPrefix(got, "a"+pasteStart) || !strings.HasSuffix(got, pasteEnd+"z") || len(got) > shortPaste+20 || strings.Count(got, pasteEnd) != 1 {
				t.Errorf("%d bytes in pieces of %d: Bubble Tea gets %d bytes", size, piece, len(got))
			}
			if len(long) != 1 || long[0].size != size || long[0].text != text[:len(text[:min(size, maxPaste)])] {
				t.Fatalf("%d bytes in pieces of %d: %d long pastes", size, piece, len(long))
			}
			if cut := long[0].cut(); (cut != "") != (size > maxPaste) {
				t.Errorf("%d bytes: it says %q", size, cut)
			}
		}
	}
}
