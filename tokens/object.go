package tokens

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
)

// decodeObject reads one JSON object, given as bytes and as the same text, with numbers as json.Number. Flat objects
// of plain strings and whole numbers, which is what headers and claims are,
// take a short way; everything else goes through encoding/json.
func decodeObject(b []byte, text string) (map[string]any, error) {
	if m, ok := flatObject(text); ok {
		return m, nil
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	var m map[string]any
	if err := d.Decode(&m); err != nil {
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		return nil, err
	}
	if m == nil {
		return nil, errors.New("null isn't an object")
	}
	if _, err := d.Token(); err != io.EOF {
		return m, errors.New("there is text after the object")
	}
	return m, nil
}

// flatObject reads {"name":"text","name":123,"name":true}; ok is false for
// anything it does not cover, valid or not.
func flatObject(s string) (map[string]any, bool) {
	if len(s) < 2 || s[0] != '{' || s[len(s)-1] != '}' {
		return nil, false
	}
	m := make(map[string]any, 4)
	if len(s) == 2 {
		return m, true
	}
	for i := 1; ; {
		name, next, ok := plainString(s, i)
		if !ok || next >= len(s) || s[next] != ':' {
			return nil, false
		}
		i = next + 1
		switch c := s[i]; {
		case c == '"':
			v, next, ok := plainString(s, i)
			if !ok {
				return nil, false
			}
			m[name], i = v, next
		case '1' <= c && c <= '9':
			j := i + 1
			for '0' <= s[j] && s[j] <= '9' { // ends at the closing brace at the latest
				j++
			}
			m[name], i = json.Number(s[i:j]), j
		case c == 't' && len(s) > i+4 && s[i:i+4] == "true":
			m[name], i = true, i+4
		default:
			return nil, false
		}
		switch {
		case i == len(s)-1:
			return m, true
		case s[i] != ',':
			return nil, false
		}
		i++
	}
}

// plainString reads a quoted ASCII string without escapes at s[i:].
func plainString(s string, i int) (text string, next int, ok bool) {
	if i >= len(s) || s[i] != '"' {
		return "", 0, false
	}
	for j := i + 1; j < len(s); j++ {
		switch c := s[j]; {
		case c == '"':
			return s[i+1 : j], j + 1, true
		case c < 0x20 || c == '\\' || c >= 0x80:
			return "", 0, false
		}
	}
	return "", 0, false
}
