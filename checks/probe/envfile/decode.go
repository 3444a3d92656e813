package envfile

import (
	"encoding/binary"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"badsig/checks/affix"
	"badsig/tokens"
)

const bom = "\uFEFF"

// decode tells the encoding of a file and gives its text as UTF-8. A byte
// order mark stays in the text: whether it hurts is the loader's matter.
func decode(data []byte) (encoding, text string) {
	switch {
	case len(data) >= 2 && data[0] == 0xFF && data[1] == 0xFE:
		return "utf-16le", wide(data[2:], binary.LittleEndian)
	case len(data) >= 2 && data[0] == 0xFE && data[1] == 0xFF:
		return "utf-16be", wide(data[2:], binary.BigEndian)
	}
	if order := looksWide(data); order != nil {
		enc := "utf-16be"
		if order == binary.ByteOrder(binary.LittleEndian) {
			enc = "utf-16le"
		}
		return enc, wide(data, order)
	}
	if affix.HasPrefix(string(data[:min(3, len(data))]), bom) {
		return "utf-8-bom", string(data)
	}
	return "utf-8", string(data)
}

// looksWide recognizes UTF-16 without a byte order mark: ASCII text has a NUL
// in every second byte. A stray NUL isn't proof.
func looksWide(data []byte) binary.ByteOrder {
	n := min(len(data), 4096) &^ 1
	if n < 8 {
		return nil
	}
	var even, odd int
	for i := 0; i < n; i += 2 {
		if data[i] == 0 {
			even++
		}
		if data[i+1] == 0 {
			odd++
		}
	}
	half := n / 2
	switch {
	case odd*10 >= half*8 && even*10 <= half:
		return binary.LittleEndian
	case even*10 >= half*8 && odd*10 <= half:
		return binary.BigEndian
	}
	return nil
}

func wide(data []byte, order binary.ByteOrder) string {
	u := make([]uint16, len(data)/2)
	for i := range u {
		u[i] = order.Uint16(data[2*i:])
	}
	return string(utf16.Decode(u))
}

// lossy is the text that Node reads where a file isn't UTF-8.
func lossy(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	return string(tokens.AppendUTF8(nil, []byte(s)))
}

// isSpace is JavaScript's \s.
func isSpace(r rune) bool {
	switch {
	case r == ' ', r >= 9 && r <= 13:
		return true
	case r < 0xA0:
		return false
	}
	switch r {
	case 0xA0, 0x1680, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000, 0xFEFF:
		return true
	}
	return r >= 0x2000 && r <= 0x200A
}

// skipSpace gives the offset after the whitespace at off.
func skipSpace(s string, off int) int {
	for off < len(s) {
		if c := s[off]; c < utf8.RuneSelf {
			if !isSpace(rune(c)) {
				return off
			}
			off++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[off:])
		if !isSpace(r) {
			return off
		}
		off += n
	}
	return off
}

//go:noinline
func trim(s string) string { return strings.TrimFunc(s, isSpace) }

func isKeyByte(c byte) bool {
	return c == '_' || c == '.' || c == '-' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// endOfLine gives the offset of the line's end (the \n, or the text's end).
func endOfLine(s string, off int) int {
	if i := strings.IndexByte(s[off:], '\n'); i >= 0 {
		return off + i
	}
	return len(s)
}

// newlines makes \r\n and \r to \n.
func newlines(s string) string {
	if strings.IndexByte(s, '\r') < 0 {
		return s
	}
	return affix.ReplaceAll(affix.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
}
