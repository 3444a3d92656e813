package netx

import (
	"bytes"
	"strings"

	"badsig/checks/affix"
)

// HTML reports whether a body is a page, no matter what its type says.
func HTML(contentType string, body []byte) bool {
	start := bytes.ToLower(bytes.TrimSpace(WithoutMark(body[:min(len(body), 256)])))
	return bytes.HasPrefix(start, []byte("<!doctype html")) || bytes.HasPrefix(start, []byte("<html")) ||
		(bytes.HasPrefix(start, []byte("<")) && affix.HasPrefix(strings.ToLower(contentType), "text/html"))
}

// WithoutMark drops the byte order mark, as Response.json and Response.text do.
func WithoutMark(b []byte) []byte { return bytes.TrimPrefix(b, []byte("\xEF\xBB\xBF")) }
