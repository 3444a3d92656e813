package inspect

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/inspect/plain"
	"badsig/checks/loopback"
	"badsig/checks/sanitize"
	"badsig/tokens"
)

// curlCommand reads a cURL command as browsers copy it: for a POSIX shell, for
// cmd.exe, and for PowerShell where it is typed by hand.
func curlCommand(s string) (Inspection, bool) {
	s = strings.TrimLeft(s, "$> ")
	name, _, _ := affix.Cut(strings.ToLower(s[:min(len(s), 12)]), " ")
	switch strings.Trim(strings.TrimSpace(name), `"'^`) {
	case "curl", "curl.exe":
	default:
		return Inspection{}, false
	}
	return FromArgv(plain.Split(s)), true
}

// FromArgv reads a cURL command that a shell has already taken apart.
func FromArgv(args []string) Inspection {
	i := Inspection{Kind: KindCurl, Is: "a copied cURL command", Header: http.Header{}}
	if len(args) > 0 {
		args = args[1:]
	}
	for _, a := range args {
		if i.secret.IsZero() {
			i.secret = carriedSecret(a)
		}
	}
	for n := 0; n < len(args); n++ {
		a := args[n]
		flag, value, attached := curlFlag(a)
		if takesValue[flag] && !attached {
			if n++; n < len(args) {
				value = args[n]
			}
		}
		switch flag {
		case "": // no flag: the URL
			if i.ask == "" {
				i.ask = strings.TrimSpace(a)
			}
		case "--url":
			i.ask = strings.TrimSpace(value)
		case "-H", "--header":
			i.addHeader(value)
		case "-b", "--cookie":
			i.addHeader("Cookie: " + value)
		case "-X", "--request":
			i.Method = sanitize.Visible(strings.ToUpper(value))
		case "-d", "--data", "--data-raw", "--data-binary", "--data-ascii", "--data-urlencode", "--json":
			if i.body != "" {
				i.body += "&"
			}
			i.body += value
			if flag == "--json" {
				i.addHeader("Content-Type: application/json")
			}
		case "-G", "--get", "-I", "--head":
			if i.Method == "" {
				i.Method = map[bool]string{true: "GET", false: "HEAD"}[affix.HasSuffix(flag, "G") || flag == "--get"]
			}
		}
	}
	if i.Method == "" {
		if i.Method = "GET"; i.body != "" {
			i.Method = "POST"
		}
	}
	if i.ask != "" && !affix.Contains(i.ask, "://") {
		i.ask = "http://" + i.ask // as curl itself reads it
	}
	own := !loopback.StreamHost(i.ask)
	i.readURL(i.ask)
	i.readBody()
	i.session = own && (i.Header.Get("Authorization") != "" || i.Header.Get("Cookie") != "")
	// A login for one's own backend is that request's, and not a Stream token.
	if v := i.Header.Get("Authorization"); !own && i.token == "" && v != "" {
		i.token = v
	}
	if own && i.token != "" && !streamLike(i.token) {
		i.token = ""
	}
	if i.token != "" {
		i.Is += " with a token"
	}
	return i
}

// streamLike recognizes a token that only Stream's backend SDKs write.
func streamLike(s string) bool {
	t := tokens.Parse(s)
	_, user := t.UserID()
	return user && t.Alg() == "HS256" && !t.Has(tokens.FlawForeign)
}

// takesValue are curl's flags whose value is the next argument.
var takesValue = map[string]bool{
	"-H": true, "--header": true, "-X": true, "--request": true, "-d": true, "--data": true, "--data-raw": true,
	"--data-binary": true, "--data-ascii": true, "--data-urlencode": true, "--json": true, "-b": true, "--cookie": true,
	"--url": true, "-u": true, "--user": true, "-A": true, "--user-agent": true, "-e": true, "--referer": true,
	"-o": true, "--output": true, "-F": true, "--form": true, "-x": true, "--proxy": true, "-m": true, "--max-time": true,
	"--connect-timeout": true, "--resolve": true, "--cacert": true, "-E": true, "--cert": true, "--key": true,
	"-T": true, "--upload-file": true, "-w": true, "--write-out": true, "-c": true, "--cookie-jar": true, "-K": true, "--config": true,
}

// curlFlag splits a flag and a value attached to it: -XPOST; --header=…
// isn't one of curl's, but people type it.
func curlFlag(a string) (flag, value string, attached bool) {
	switch {
	case affix.HasPrefix(a, "--"):
		return cutAttached(a)
	case len(a) > 2 && a[0] == '-' && takesValue[a[:2]]:
		return a[:2], a[2:], true
	case len(a) >= 2 && a[0] == '-':
		if last := "-" + a[len(a)-1:]; len(a) > 2 && takesValue[last] { // -sH
			return last, "", false
		}
		return a, "", false
	}
	return "", "", false
}

func cutAttached(a string) (flag, value string, attached bool) {
	flag, value, attached = affix.Cut(a, "=")
	return flag, value, attached
}

func (i *Inspection) addHeader(line string) {
	name, value, ok := affix.Cut(line, ":")
	name, value = strings.TrimSpace(name), strings.TrimSpace(value)
	if !ok || name == "" || value == "" || affix.HasPrefix(name, "@") || affix.ContainsAny(line, "\r\n\x00") {
		return
	}
	if strings.EqualFold(name, "api_key") || strings.EqualFold(name, "x-api-key") {
		i.Key = keyText(value)
	}
	if len(i.Header) < 100 {
		i.Header.Add(name, value)
	}
}

// readBody reads the user from the documented request's body, and a token
// from what Stream's newer WebSockets are sent.
func (i *Inspection) readBody() {
	if i.body == "" {
		return
	}
	var m map[string]any
	if json.Unmarshal([]byte(i.body), &m) == nil {
		if id := plainField(m, "userId", "user_id", "userID", "uid", "id"); id != "" {
			i.UserID = id
		}
		if n := plainField(m, "userName", "user_name", "username", "name"); n != "" {
			i.UserName = n
		}
		if t, ok := m["token"].(string); ok && i.token == "" {
			i.token = t
		}
		return
	}
	if q, err := url.ParseQuery(i.body); err == nil {
		for _, n := range []string{"userId", "user_id", "uid"} {
			if v := q.Get(n); v != "" && i.UserID == "" {
				i.UserID = sanitize.Visible(v)
			}
		}
	}
}

// Body is what a cURL command sends; nil for nothing. It may hold a login, so
// it is never printed.
func (i *Inspection) Body() []byte {
	if i.body == "" {
		return nil
	}
	return []byte(i.body)
}

// onlyCurl reads a cURL command that nothing follows.
func onlyCurl(s string) (Inspection, bool) {
	if commandEnd(s) < len(s) {
		return Inspection{}, false
	}
	return curlCommand(s)
}
