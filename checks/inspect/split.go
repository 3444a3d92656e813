package inspect

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/inspect/dress"
	"badsig/checks/inspect/plain"
	"badsig/tokens"
)

// Rules of this file:
//   - what comes from stdin is one text, unless every line that isn't empty is an item of its own, all of one class: tokens, addresses, errors or commands
//   - a list is told by its first lines; from then on nothing is kept, however long it is
//   - a string is read to its end, and no further than maxText

const (
	headBytes = 64 << 10 // that a list is told by
	headItems = 64
)

// Input is what stdin holds.
type Input struct {
	Text    string   // where it is one text
	Many    bool     // it is a list, and Rest reads it
	Rest    *Records //
	TooLong bool     // the text goes on after what was read
}

// ReadInput reads stdin as far as it has to, to tell one text from a list.
func ReadInput(r io.Reader) (Input, error) {
	var head []byte
	buf := make([]byte, 32<<10)
	for {
		n, err := r.Read(buf)
		head = append(head, buf[:n]...)
		end := errors.Is(err, io.EOF)
		if err != nil && !end {
			return Input{}, err
		}
		if end {
			if items(head, true) {
				return list(io.MultiReader(bytes.NewReader(head)))
			}
			return one(head), nil
		}
		if !couldBeList(head) {
			break
		}
		if len(head) >= headBytes || bytes.Count(head, []byte("\n")) >= headItems || n < len(buf) && bytes.HasSuffix(head, []byte("\n")) && bytes.Count(head, []byte("\n")) >= 2 {
			if items(head, false) { // who writes a list line by line wants its responses line by line
				return list(io.MultiReader(bytes.NewReader(head), r))
			}
			break
		}
	}
	rest, err := io.ReadAll(io.LimitReader(r, maxText-int64(min(len(head), maxText))+1))
	if err != nil {
		return Input{}, err
	}
	text := append(head, rest...)
	if items(text, true) {
		return list(bytes.NewReader(text))
	}
	return one(text), nil
}

// one is a single string; the newline that a clipboard's tool adds isn't part of it.
func one(text []byte) Input {
	return Input{Text: strings.TrimRight(string(text[:min(len(text), maxText)]), "\r\n"), TooLong: len(text) > maxText}
}

func list(r io.Reader) (Input, error) {
	return Input{Many: true, Rest: NewRecords(r)}, nil
}

// couldBeList reports whether the lines that are whole are items so far.
func couldBeList(head []byte) bool {
	i := bytes.LastIndexByte(head, '\n')
	if i < 0 {
		return len(head) < headBytes
	}
	return items(head[:i], false) || bytes.Count(head[:i], []byte("\n")) == 0
}

// items reports whether a string is a list: two lines or more, each an item, all of one class.
func items(text []byte, whole bool) bool {
	if !whole { // the last line may go on
		if i := bytes.LastIndexByte(text, '\n'); i >= 0 {
			text = text[:i]
		}
	}
	r := NewRecords(bytes.NewReader(text))
	class, n, real := 0, 0, 0
	for {
		rec, err := r.Next()
		if err != nil {
			break
		}
		c, certain := itemClass(rec.Text)
		if c == 0 || class != 0 && c != class {
			return false
		}
		if class = c; certain {
			real++
		}
		n++
	}
	return n >= 2 && real > 0
}

// The classes of items.
const (
	itemToken = iota + 1
	itemURL
	itemError
	itemCommand
)

// itemClass tells what a line is by itself; certain is false for a word that
// is an item only among others: undefined in a list of tokens.
func itemClass(line string) (class int, certain bool) {
	s := strings.TrimSpace(line)
	if plainToken(s) {
		return itemToken, true
	}
	if s == "" || len(s) > maxRecord {
		return 0, false
	}
	switch low := plain.Lower(s[:min(len(s), 8)]); {
	case affix.HasPrefix(low, "curl "):
		_, ok := onlyCurl(s)
		return itemCommand, ok
	case affix.Contains(s, "://"):
		if _, ok := urlText(s); ok {
			return itemURL, true
		}
	case s[0] == '{' && s[len(s)-1] == '}':
		return jsonClass(s)
	}
	if affix.Contains(s, "\n") {
		return 0, false
	}
	if i, ok := headerLine(s); ok && len(tokens.FindTokens(i.token)) == 1 {
		return itemToken, true
	}
	if words := strings.Fields(s); len(words) == 1 {
		found := tokens.FindTokens(s)
		switch {
		case len(found) == 1 && len(s)-len(found[0]) < 24:
			return itemToken, true
		case affix.HasPrefix(s, "eyJ") && affix.Contains(s, "."):
			return itemToken, true
		case tokens.Parse(s).Has(tokens.FlawEmpty):
			return itemToken, false
		}
	}
	return 0, false
}

// jsonClass recognizes a line that is a JSON object: Stream's error, or a response with a token. A log's line is neither.
func jsonClass(s string) (int, bool) {
	if !json.Valid([]byte(s)) {
		return 0, false
	}
	var m map[string]json.RawMessage
	if json.Unmarshal([]byte(s), &m) != nil || m["level"] != nil || m["time"] != nil || m["timestamp"] != nil {
		return 0, false
	}
	if m["token"] != nil {
		return itemToken, true
	}
	if m["error"] == nil && (m["code"] == nil && m["status_code"] == nil || m["message"] == nil && m["detail"] == nil) {
		return 0, false
	}
	if _, ok := dress.ReadRefusal(dress.NewPrinted(s)); ok {
		return itemError, true
	}
	return 0, false
}
