package sanitize

import "net/url"

// URL is a URL as facts have it: without the password that may be in
// it, and fit to be drawn.
func URL(text string) string {
	if u, err := url.Parse(text); err == nil && u.User != nil {
		text = u.Redacted()
	}
	return Shown(text)
}
