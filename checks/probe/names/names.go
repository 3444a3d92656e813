// Package names says what a variable's or field's name implies.
package names

import (
	"slices"
	"strings"
	"unicode"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/shell"
)

// Rules of this file:
//   - a name is judged by its words, however they are joined: STREAM_API_SECRET, streamApiSecret, stream-api-secret
//   - a name that does not say Stream (apiKey, API_SECRET) is Bare: whether it is Stream's, the place must tell
//   - what looks like a family name and is another service's is none

// Class is what a variable's or field's name says.
type Class struct {
	What   string // key, secret, other, "" for neither
	Bare   bool   // it does not say Stream
	Prefix string // the public prefix it carries: VITE_, NEXT_PUBLIC_ …
	URL    bool   // STREAM_URL: key and secret in one
}

// publicPrefixes are what bundlers put into the browser's code.
var publicPrefixes = []string{
	"VITE_", "NEXT_PUBLIC_", "REACT_APP_", "EXPO_PUBLIC_", "NUXT_PUBLIC_", "VUE_APP_", "GATSBY_", "PUBLIC_",
	"MIX_", "STORYBOOK_", "SNOWPACK_PUBLIC_", "NX_PUBLIC_", "PLASMO_PUBLIC_", "RSBUILD_PUBLIC_", "FARM_", "BUN_PUBLIC_",
}

// PublicPrefix gives the prefix that makes an environment variable public.
func PublicPrefix(name string) string {
	for _, p := range publicPrefixes {
		if affix.HasPrefix(name, p) {
			return p
		}
	}
	return ""
}

// otherServices are words of names whose keys and secrets are not Stream's.
var otherServices = Words("firebase", "google", "gcp", "aws", "azure", "stripe", "openai", "anthropic", "gemini", "clerk", "supabase",
	"auth0", "github", "gitlab", "discord", "slack", "twitter", "facebook", "apple", "paypal", "razorpay", "twilio", "sendgrid",
	"mailgun", "resend", "algolia", "mapbox", "maps", "cloudinary", "pusher", "ably", "agora", "livekit", "mux", "cloudflare", "twitch",
	"rtmp", "kafka", "redis", "mongo", "mongodb", "postgres", "database", "db", "sentry", "datadog", "uploadthing", "liveblocks",
	"convex", "sanity", "contentful", "spotify", "youtube", "weather", "tmdb", "giphy", "tenor", "webhook", "encryption", "private",
	"public", "csrf", "recaptcha", "turnstile", "vapid", "s3", "r2", "bunny", "daily", "zoom", "hmac", "imagekit", "plaid", "linkedin")

// Words is a set of words.
//
//go:noinline
func Words(words ...string) map[string]bool {
	m := make(map[string]bool, len(words))
	for _, w := range words {
		m[w] = true
	}
	return m
}

// Classify tells what a name is of.
func Classify(name string) Class {
	if len(name) > 120 {
		return Class{}
	}
	c := Class{Prefix: PublicPrefix(name)}
	ws := SplitWords(affix.TrimPrefix(name, c.Prefix))
	stream := false
	var rest []string
	for _, w := range ws {
		switch w {
		case "stream", "getstream", "streamio", "streamchat", "streamvideo", "streamfeeds", "stream2":
			stream = true
		case "get", "io":
			if !stream && w == "io" {
				rest = append(rest, w)
			}
		default:
			rest = append(rest, w)
		}
	}
	for len(rest) > 1 && environmentWord(rest[len(rest)-1]) {
		rest = rest[:len(rest)-1]
	}
	for _, w := range rest {
		if otherServices[w] {
			if !stream && SecretWord(rest) != "" {
				if SecretWord(rest) == facts.WhatSecret {
					c.What, c.Bare = facts.WhatOther, true // a candidate for a signer, and nothing more
				}
			}
			return c
		}
	}
	if stream && len(rest) == 1 && rest[0] == "url" {
		c.URL = true
		return c
	}
	c.What, c.Bare = SecretWord(rest), !stream
	switch {
	case c.What == "", stream:
	case c.What == facts.WhatSecret && !onlyWords(rest, "api", "app", "secret", "key", "access", "chat", "video", "feeds", "apisecret", "secretkey", "client"):
		c.What = facts.WhatOther
	case c.What == facts.WhatKey && !onlyWords(rest, "api", "app", "key", "access", "chat", "video", "feeds", "apikey", "public", "client"):
		c.What = ""
	}
	if c.What == "" {
		c.Bare = false
	}
	return c
}

// SecretWord reads the end of a name: a key, a secret, or neither.
func SecretWord(ws []string) string {
	if len(ws) == 0 {
		return ""
	}
	last := ws[len(ws)-1]
	before := ""
	if len(ws) > 1 {
		before = ws[len(ws)-2]
	}
	switch last {
	case "secret", "apisecret", "secretkey":
		return facts.WhatSecret
	case "apikey", "key":
		if before == "signing" || slices.Contains(ws, "secret") { // STREAM_SECRET_KEY, SECRET_STREAM_API_KEY
			return facts.WhatSecret
		}
		return facts.WhatKey
	}
	return ""
}

func onlyWords(ws []string, allowed ...string) bool {
	set := Words(allowed...)
	for _, w := range ws {
		if !set[w] {
			return false
		}
	}
	return true
}

// environmentWord tells words that say for which environment a value is.
func environmentWord(w string) bool {
	switch w {
	case "dev", "development", "prod", "production", "staging", "stage", "local", "test", "old", "new", "value", "env", "default", "here":
		return true
	}
	for _, r := range w {
		if r < '0' || r > '9' {
			return false
		}
	}
	return w != ""
}

// SplitWords cuts a name at underscores, dashes, dots and humps, in lower case.
func SplitWords(name string) []string {
	var ws []string
	var cur []rune
	flush := func() {
		if len(cur) > 0 {
			ws = append(ws, strings.ToLower(string(cur)))
			cur = cur[:0]
		}
	}
	rs := []rune(name)
	for i, r := range rs {
		switch {
		case r == '_' || r == '-' || r == '.' || r == ' ' || r == '$':
			flush()
			continue
		case unicode.IsUpper(r) && i > 0:
			lowerBefore := unicode.IsLower(rs[i-1]) || unicode.IsDigit(rs[i-1]) && len(cur) > 0 && !allUpper(cur)
			lowerBehind := i+1 < len(rs) && unicode.IsLower(rs[i+1]) && unicode.IsUpper(rs[i-1])
			if lowerBefore || lowerBehind {
				flush()
			}
		}
		cur = append(cur, r)
	}
	flush()
	return ws
}

func allUpper(rs []rune) bool {
	for _, r := range rs {
		if unicode.IsLower(r) {
			return false
		}
	}
	return true
}

// Placeholder tells strings that are put where a value is still to be filled in; shown
// is true where the string may be shown as it is, because it cannot be a secret.
func Placeholder(text string) (is, shown bool) {
	t := strings.ToLower(strings.Trim(text, " \t\r\n\"'`<>[]{}()*"))
	if t == "" {
		stars := strings.Trim(text, "*") == "" && len(text) > 2
		return stars, stars
	}
	if len(text) > 60 {
		return false, false
	}
	switch t {
	case "undefined", "null", "nan", "none", "nil", "[object object]", "object object", "changeme", "change-me", "change_me", "changeit", "replaceme",
		"replace-me", "replace_me", "todo", "tbd", "fixme", "placeholder", "n/a", "...", "…", "empty", "dummy", "example",
		"api_secret", "api-secret", "apisecret", "api_key", "api-key", "apikey", "stream_api_secret", "stream_api_key", "stream_secret", "stream_key",
		"key", "app_key", "app_secret", "api secret", "api key":
		return true, true
	case "secret", "supersecret", "super-secret", "super_secret", "mysecret", "my-secret", "my_secret", "password", "test", "test-secret",
		"test_secret", "dev-secret", "dev_secret", "devsecret", "shhhhh", "default", "fallback":
		return true, false
	}
	if name, ok := affix.CutPrefix(text, "$"); ok && shell.IsVariable(strings.Trim(name, "{}")) { // a reference that its loader does not follow
		return true, true
	}
	if strings.Trim(t, "x") == "" || strings.Trim(t, "*") == "" || strings.Trim(t, ".-_") == "" || strings.Trim(t, "0") == "" {
		return true, true
	}
	if template(t) {
		return true, true
	}
	bracketed := affix.HasPrefix(text, "<") && affix.HasSuffix(text, ">") || affix.HasPrefix(text, "{{") || affix.HasPrefix(text, "[")
	return bracketed && onlyLetters(SplitWords(t)), false
}

// The words of which people make a placeholder for a value. A string with
// any other word may be a passphrase.
var (
	templateSigns = []string{"your", "replace", "insert", "enter", "put", "paste", "add", "change", "fill", "todo", "example", "sample", "dummy", "placeholder", "here", "my", "the", "changeme", "replaceme"}
	templateWords = append([]string{
		"me", "this", "that", "it", "with", "in", "from", "for", "to", "a", "an", "and", "or", "of", "is", "goes", "own", "real", "actual", "value", "string", "text", "random", "some", "something", "super", "very", "long",
		"stream", "getstream", "get", "io", "chat", "video", "feeds", "api", "app", "application", "account", "project", "key", "keys", "secret", "secrets", "token", "tokens", "jwt", "access", "private", "public", "password", "id", "user",
		"server", "client", "backend", "frontend", "dashboard", "env", "dev", "development", "prod", "production", "test", "local", "demo", "new", "before", "deploy", "later", "please", "not", "set",
	}, templateSigns...)
)

// template reports whether a string in small letters is made of template words
// and nothing else, one of which says that it is a template.
func template(text string) bool {
	sign, n := false, 0
	for _, w := range strings.FieldsFunc(text, func(r rune) bool { return r == '-' || r == '_' || r == ' ' || r == '.' || r == '<' || r == '>' }) {
		s, ok := templateWord(w)
		if n++; !ok || n > 10 {
			return false
		}
		sign = sign || s
	}
	return sign
}

// templateWord reads one word, or several without anything between them: yourapikey.
func templateWord(w string) (sign, ok bool) {
	reach := make([]int8, len(w)+1) // 0 not reached, 1 reached, 2 with a sign
	reach[0] = 1
	for i := range len(w) {
		if reach[i] == 0 {
			continue
		}
		for _, t := range templateWords {
			if len(t) < len(w) && len(t) < 2 || !affix.HasPrefix(w[i:], t) {
				continue
			}
			got := reach[i]
			if slices.Contains(templateSigns, t) {
				got = 2
			}
			reach[i+len(t)] = max(reach[i+len(t)], got)
		}
	}
	return reach[len(w)] == 2, reach[len(w)] > 0
}

// onlyLetters keeps a random text in brackets from being taken for a
// placeholder: placeholders are made of words.
func onlyLetters(ws []string) bool {
	return !affix.Any(ws, func(w string) bool {
		return len(w) > 16 || len(w) > 3 && affix.ContainsAny(w, "0123456789")
	})
}
