// Package edits applies edits to a file's text in memory, and shows what they change.
package edits

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"badsig/checks/affix"
)

// Rules of this file:
//   - encoding, byte order mark and line endings stay as they are: only what an edit names changes
//   - a column counts characters; a byte that belongs to none counts as one
//   - a string that isn't the same after decoding and encoding is left alone

// Text is a file's text, to be edited.
type Text struct {
	head string // a byte order mark
	wide binary.ByteOrder
	text string // with its own line endings
}

// ErrBinary says that a file isn't text in an encoding that can be edited.
var ErrBinary = errors.New("it isn't text in UTF-8 or UTF-16")

// Decode reads a file's bytes.
func Decode(data []byte) (*Text, error) {
	for mark, order := range map[string]binary.ByteOrder{"\xff\xfe": binary.LittleEndian, "\xfe\xff": binary.BigEndian} {
		rest, is := bytes.CutPrefix(data, []byte(mark))
		if !is {
			continue
		}
		t := &Text{head: mark, wide: order, text: narrow(rest, order)}
		if !bytes.Equal(t.Bytes(), data) {
			return nil, ErrBinary
		}
		return t, nil
	}
	t := &Text{text: string(data)}
	if rest, is := affix.CutPrefix(t.text, "\uFEFF"); is {
		t.head, t.text = "\uFEFF", rest
	}
	if strings.IndexByte(t.text, 0) >= 0 {
		return nil, ErrBinary
	}
	return t, nil
}

func narrow(b []byte, order binary.ByteOrder) string {
	units := make([]uint16, len(b)/2)
	for i := range units {
		units[i] = order.Uint16(b[2*i:])
	}
	return string(utf16.Decode(units))
}

// Wide reports whether the file is in UTF-16.
func (t *Text) Wide() bool { return t.wide != nil }

// Bytes gives the file's bytes.
func (t *Text) Bytes() []byte {
	if t.wide == nil {
		return []byte(t.head + t.text)
	}
	out := []byte(t.head)
	for _, u := range utf16.Encode([]rune(t.text)) {
		two := [2]byte{}
		t.wide.PutUint16(two[:], u)
		out = append(out, two[:]...)
	}
	return out
}

// Lines gives the lines, without their \n.
func (t *Text) Lines() []string { return strings.Split(t.text, "\n") }

// Line gives one line without its line ending; "" for one that isn't there.
func (t *Text) Line(n int) string {
	lines := t.Lines()
	if n < 1 || n > len(lines) {
		return ""
	}
	return affix.TrimSuffix(lines[n-1], "\r")
}

// Column is the column of a byte of a line.
//
//go:noinline
func Column(line string, at int) int { return utf8.RuneCountInString(line[:at]) + 1 }

// at is the offset of a place; ok is false for one that the text doesn't have.
func (t *Text) at(line, column int) (offset int, ok bool) {
	for ; line > 1; line-- {
		i := strings.IndexByte(t.text[offset:], '\n')
		if i < 0 {
			return 0, false
		}
		offset += i + 1
	}
	for ; column > 1; column-- {
		if offset >= len(t.text) || t.text[offset] == '\n' {
			return 0, false
		}
		_, n := utf8.DecodeRuneInString(t.text[offset:])
		offset += n
	}
	return offset, line == 1 && column == 1
}

// ending is the file's own line ending.
func (t *Text) ending() string {
	if i := strings.IndexByte(t.text, '\n'); i > 0 && t.text[i-1] == '\r' {
		return "\r\n"
	}
	return "\n"
}

// As changes a stretch as an EditFrom says.
func As(how, text string) (string, error) {
	switch how {
	case "":
		return text, nil
	case "lowercase":
		return strings.ToLower(text), nil
	case "base64-decoded":
		text = strings.TrimRight(text, "=")
		b, err := base64.RawStdEncoding.DecodeString(text)
		if err != nil {
			b, err = base64.RawURLEncoding.DecodeString(text)
		}
		return string(b), err
	case "hex-decoded":
		b, err := hex.DecodeString(text)
		return string(b), err
	}
	return "", errors.New("unknown transformation")
}
