package signature

import (
	"strconv"
	"strings"
	"time"

	"badsig/checks/affix"
	"badsig/checks/facts"
	"badsig/checks/probe/pattern"
)

// Rules of this file:
//   - a given token was made by this project's line only where that line says its life, or says nothing that can be read

var lifeText = pattern.New(`(?i)^\s*['"]?\s*(\d+)\s*(s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|w|weeks?|y|years?)\s*['"]?\s*$`)

// saysLife tells whether the source's line for a token's end may be what gave
// the token its life.
func saysLife(f *facts.Facts, t *facts.Token) bool {
	s := f.Site()
	iat, has := facts.ClaimTime(t, "iat")
	exp, ok := facts.ClaimTime(t, "exp")
	if s == nil || !has || !ok {
		return true
	}
	for _, c := range s.Claims {
		switch c.Name {
		case "exp", "expiresIn", "validity_in_seconds", "expires_in", "expiration":
			if life, read := lifeIn(c.Text); read {
				d := exp.Sub(iat) - life
				return d.Abs() < 5*time.Second
			}
			return true
		}
	}
	return true
}

// lifeIn reads now + 60 * 60, 3600 and 1h.
func lifeIn(text string) (time.Duration, bool) {
	if m := lifeText.FindStringSubmatch(text); m != nil {
		n, err := strconv.Atoi(m[1])
		unit := map[byte]time.Duration{'s': time.Second, 'm': time.Minute, 'h': time.Hour, 'd': 24 * time.Hour, 'w': 7 * 24 * time.Hour, 'y': 365 * 24 * time.Hour}[strings.ToLower(m[2])[0]]
		return time.Duration(n) * unit, err == nil && n < 10000
	}
	if i := strings.LastIndexByte(text, '+'); i >= 0 {
		text = text[i+1:]
	}
	product := int64(1)
	for part := range strings.SplitSeq(text, "*") {
		n, err := strconv.ParseInt(affix.ReplaceAll(strings.TrimSpace(part), "_", ""), 10, 32)
		if err != nil || product > 1<<33 {
			return 0, false
		}
		product *= n
	}
	if product > 1<<32 {
		return 0, false
	}
	return time.Duration(product) * time.Second, true
}
