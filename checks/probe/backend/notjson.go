package backend

import (
	"badsig/checks/probe/netx"
	"bytes"
	"encoding/json"
)

// whyNotJSON says why a body that holds JSON isn't one document, as
// Response.json wants it; "" where there is nothing to say.
func whyNotJSON(body []byte) string {
	text := bytes.TrimSpace(netx.WithoutMark(body))
	switch {
	case len(text) == 0:
		return ""
	case bytes.IndexByte(text, 0) >= 0:
		return "a NUL byte is in it"
	case begins(text):
		return "text after the JSON document"
	}
	tries := 0
	for i, b := range text[:min(len(text), 4096)] {
		if b != '{' && b != '[' {
			continue
		}
		if begins(text[i:]) {
			return "text before the JSON document"
		}
		if tries++; tries == 8 {
			break
		}
	}
	return ""
}

// begins reports whether a string begins with a whole JSON object or list.
func begins(text []byte) bool {
	if text[0] != '{' && text[0] != '[' {
		return false
	}
	var doc json.RawMessage
	return json.NewDecoder(bytes.NewReader(text)).Decode(&doc) == nil
}
