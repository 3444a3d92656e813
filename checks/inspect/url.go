package inspect

import (
	"badsig/checks/affix"
	"badsig/checks/facts"
	"encoding/json"
	"net/url"
	"slices"
	"strings"

	"badsig/checks/inspect/plain"
	"badsig/checks/loopback"
	"badsig/checks/sanitize"
	"badsig/tokens"
)

// maxQuery bounds how many parameters of a query are read.
const maxQuery = 200

// urlText reads a URL: Stream's WebSocket, or any other.
func urlText(s string) (Inspection, bool) {
	s = strings.Trim(s, `"'`+"`<>,;")
	scheme, rest, ok := affix.Cut(s, "://")
	if !ok || affix.ContainsAny(s, " \t\r\n") {
		return Inspection{}, false
	}
	scheme = strings.ToLower(scheme)
	if !facts.OneOf([]string{"ws", "wss", "http", "https"}, scheme) || rest == "" {
		return Inspection{}, false
	}
	i := Inspection{Kind: KindURL, Is: "a URL", ask: s}
	i.readURL(s)
	i.secret = carriedSecret(s)
	if scheme[0] == 'w' {
		i.Kind, i.Is = KindWebSocket, "a WebSocket URL"
		if loopback.StreamHost(s) {
			i.Is = "Stream's WebSocket URL"
		}
	} else if loopback.StreamHost(s) {
		i.Is = "a Stream API URL"
	}
	if i.token != "" && !tokens.Parse(i.token).Has(tokens.FlawEmpty) {
		i.Is += " with a token"
	}
	return i, true
}

// carriedSecret is a secret inside a request: in a field that is called so, or in a URL with
// Stream's host. Sessions have the same shape.
func carriedSecret(request string) tokens.Secret {
	if !affix.Contains(plain.Lower(request), "secret") && !loopback.StreamHost(request) {
		return tokens.Secret{}
	}
	return secretWord(request)
}

// readURL reads key, token and user from a URL. Its reading of the query is
// lenient: a URL that was copied by hand may have broken escapes.
func (i *Inspection) readURL(s string) {
	base, query, _ := affix.Cut(s, "?")
	query, _, _ = affix.Cut(query, "#")
	base, _, _ = affix.Cut(base, "#")
	if scheme, rest, ok := affix.Cut(base, "://"); ok {
		host, path, _ := affix.Cut(rest, "/")
		if at := strings.LastIndexByte(host, '@'); at >= 0 {
			if key, _, ok := affix.Cut(host[:at], ":"); ok && tokens.APIKey(key).WellFormed() && loopback.StreamHost(s) {
				i.Key = key
			}
			host = host[at+1:] // key:secret@location, as Feeds v2 writes it
		}
		if base = scheme + "://" + host; path != "" {
			base += "/" + path
		}
	}
	i.URL = sanitize.Shown(base)
	for n := 0; query != "" && n < maxQuery; n++ {
		var pair string
		pair, query, _ = affix.Cut(query, "&")
		name, value, _ := affix.Cut(pair, "=")
		value = unescape(value)
		switch strings.ToLower(unescape(name)) {
		case "api_key", "apikey":
			i.Key = keyText(value)
		case "authorization", "user_token", "token", "access_token", "stream_token":
			if i.token == "" {
				i.token = value
			}
		case "user_id", "userid", "uid":
			i.UserID = sanitize.Shown(value)
		case "username", "user_name":
			i.UserName = sanitize.Shown(value)
		case "json", "payload":
			i.readConnect(value)
		}
	}
}

// readConnect reads the json parameter of Stream's connect.
func (i *Inspection) readConnect(text string) {
	var c struct {
		UserID  any `json:"user_id"`
		Details struct {
			ID   any    `json:"id"`
			Name string `json:"name"`
		} `json:"user_details"`
		Token string `json:"token"`
	}
	if json.Unmarshal([]byte(text), &c) != nil {
		return
	}
	for _, v := range []any{c.UserID, c.Details.ID} {
		if id, ok := v.(string); ok && i.UserID == "" {
			i.UserID, i.connects = sanitize.Shown(id), true
		}
	}
	if i.UserName == "" {
		i.UserName = sanitize.Shown(c.Details.Name)
	}
	if i.token == "" {
		i.token = c.Token
	}
}

// keyText shows a key as it is in a request; what cannot be one for its
// length is cut, since it may be a secret at the wrong place.
func keyText(s string) string {
	if len(s) > 40 {
		return sanitize.Visible(s[:4]) + "…"
	}
	return sanitize.Visible(s)
}

// unescape decodes percent-encoding and leaves what is broken as it is.
func unescape(s string) string {
	if !affix.ContainsAny(s, "%+") {
		return s
	}
	if t, err := url.QueryUnescape(s); err == nil {
		return t
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) {
			if t, err := url.PathUnescape(s[i : i+3]); err == nil {
				b.WriteString(t)
				i += 2
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// fieldNames lists the names of a JSON object's fields.
func fieldNames(m map[string]any) []string {
	names := make([]string, 0, len(m))
	for n := range m {
		names = append(names, sanitize.Shown(n))
	}
	slices.Sort(names)
	return names[:min(len(names), 20)]
}

// plainField gives the first of the named fields that holds a short text.
func plainField(m map[string]any, names ...string) string {
	for _, n := range names {
		if s, ok := m[n].(string); ok && s != "" && len(s) <= 128 {
			return sanitize.Shown(s)
		}
	}
	return ""
}
