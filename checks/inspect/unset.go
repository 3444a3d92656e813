package inspect

import (
	"strings"

	"badsig/checks/affix"
	"badsig/checks/causes"
	"badsig/checks/inspect/plain"
)

// Rules of this file:
//   - a variable counts by its name (Stream's key or secret) and by the words beside it that say that it isn't set
//   - a paste that gives the variable a value says nothing of the kind

// unsetKey and unsetSecret are what a program says whose settings lack Stream's key or secret.
var (
	unsetSecret = related{kind: KindRelated, is: fromServer, cause: causes.SecretMissing, fault: true, says: []string{
		"The backend has no API secret: the variable isn't set where the process runs, or has another name there",
		"To see which variable the code reads: badsig check"}}
	unsetKey = related{kind: KindLocal, is: "an error about a missing API key, before anything was sent to Stream", cause: causes.KeyMissing, fault: true, says: []string{
		"The API key is undefined where the client is created: the variable isn't set there, or lacks the prefix that the bundler wants (VITE_, NEXT_PUBLIC_, EXPO_PUBLIC_)",
		"To see which variable the code reads: badsig check"}}
)

// unset finds a variable for Stream of which the text says that it isn't set: zod, pydantic, KeyError, a check of one's own.
func (p *pasted) unset() []found {
	low := plain.Lower(p.Text[:min(len(p.Text), 1<<20)])
	for i, tries := 0, 0; tries < 64; tries++ {
		n := strings.Index(low[i:], "stream")
		if n < 0 {
			return nil
		}
		from, to := i+n, i+n
		for from > 0 && variableByte(low[from-1]) {
			from--
		}
		for to < len(low) && variableByte(low[to]) {
			to++
		}
		i = max(to, i+n+1)
		row := variableOf(p.Text[from:to])
		if row == nil {
			continue
		}
		before, after := wordsOf(low[max(0, from-60):from]), wordsOf(low[to:min(len(low), to+80)])
		if !saysUnset(before, after) {
			continue
		}
		if a := p.assigned(); row == &unsetSecret && !a.secret.IsZero() || row == &unsetKey && a.key != "" {
			return nil
		}
		return []found{{related: row}}
	}
	return nil
}

// variableOf is the row of a variable's name; nil for none. In small letters it's a setting that says api:
// a stream_key is a live stream's, too.
func variableOf(name string) *related {
	own := name
	name = plain.Lower(name)
	switch {
	case !affix.Contains(name, "_"), own == name && !affix.Contains(name, "stream_api_"):
	case affix.HasSuffix(name, "secret"), affix.HasSuffix(name, "secret_key"):
		return &unsetSecret
	case affix.HasSuffix(name, "_key"):
		return &unsetKey
	}
	return nil
}

func variableByte(c byte) bool { return c == '_' || plain.Letter(c) || plain.Digit(c) }

// wordsOf is a string's words with one space between them.
func wordsOf(text string) string {
	return strings.Join(strings.FieldsFunc(text, func(r rune) bool { return r < 0x80 && !variableByte(byte(r)) }), " ")
}

func saysUnset(before, after string) bool {
	for _, w := range []string{"is not set", "is not defined", "is empty", "is required", "must be set", "must be defined", "is missing", "is undefined", "isn t set", "was not set", "not set", "not defined", "not found in env",
		"environment variable is", "env var is not", "required", "field required", "message required", "undefined", "is null", "is nil", "is none", "does not exist"} {
		if after == w || affix.HasPrefix(after, w+" ") {
			return true
		}
	}
	for _, w := range []string{"keyerror", "missing", "missing env", "missing env var", "missing environment variable", "missing required environment variable", "missing required environment variables", "missing environment variables", "missing required env var", "key not found", "improperlyconfigured set the"} {
		if before == w || affix.HasSuffix(before, " "+w) {
			return true
		}
	}
	return false
}
