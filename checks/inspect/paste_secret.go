package inspect

import (
	"strings"

	"badsig/tokens"
)

// Rules of this file:
//   - a secret is known by its shape wherever it stands, and by its name whatever its shape
//   - its bytes go into a tokens.Secret, which can't print them, and nowhere else

// assignment is a key and a secret that a text sets: lines of an .env file, fields of a configuration.
type assignment struct {
	key    string
	secret tokens.Secret
}

// assigned finds the key and the secret that a text sets.
func (p *pasted) assigned() assignment {
	var a assignment
	text := p.text[:min(len(p.text), 1<<20)]
	for _, f := range fieldsIn(text, 0, len(text), func(n string) bool {
		return strings.HasSuffix(n, "apikey") || strings.HasSuffix(n, "streamkey") || strings.HasSuffix(n, "secret") || strings.HasSuffix(n, "secretkey")
	}) {
		v := valueAt(text, f.val)
		switch {
		case strings.Contains(f.name, "secret"):
			if a.secret.IsZero() && len(v) >= 32 && !strings.Contains(v, "${") {
				a.secret = tokens.NewSecret([]byte(v))
			}
		case a.key == "" && tokens.APIKey(v).WellFormed():
			a.key = v
		}
	}
	if a.secret.IsZero() {
		a.secret = secretWord(text)
	}
	return a
}

// valueAt is a field's value as a loader takes it: in its quotes, or up to the line's end.
func valueAt(text string, at int) string {
	v := text[at:]
	if n := strings.IndexByte(v, '\n'); n >= 0 {
		v = v[:n]
	}
	v = strings.TrimLeft(v, " \t")
	if v != "" && (v[0] == '"' || v[0] == '\'' || v[0] == '`') {
		if n := strings.IndexByte(v[1:], v[0]); n >= 0 {
			return v[1 : n+1]
		}
		return v[1:]
	}
	if n := strings.IndexAny(v, " \t,;)}"); n >= 0 {
		v = v[:n]
	}
	return v
}

// secretWord is the first word that has a Stream secret's shape and is no hash:
// a hash has no letter beyond f.
func secretWord(text string) tokens.Secret {
	for i := 0; i < len(text); {
		if !letter(text[i]) && !digit(text[i]) {
			i++
			continue
		}
		end, beyond := i, false
		for end < len(text) && (letter(text[end]) || digit(text[end])) {
			beyond = beyond || text[end] > 'f'
			end++
		}
		if end-i == 64 && beyond {
			joined := i > 0 && strings.IndexByte("._-/+", text[i-1]) >= 0 || end < len(text) && strings.IndexByte("._-/+=", text[end]) >= 0
			if s := tokens.NewSecret([]byte(text[i:end])); s.WellFormed() && !joined {
				return s
			}
		}
		i = end
	}
	return tokens.Secret{}
}
