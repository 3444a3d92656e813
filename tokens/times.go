package tokens

import (
	"encoding/json"
	"math"
	"time"
)

// Rules of this file:
//   - iat, nbf and exp are judged as Stream judges them: no leeway, and a token
//     lives until the end of the second that exp names
//   - only integers are judged here; other types are Parse's flaws

// TimeFlaw is a flaw that depends on the clock.
type TimeFlaw struct {
	Kind string        `json:"kind"` // expired, iat-future, nbf-future
	By   time.Duration `json:"by"`   // by how much
	At   time.Time     `json:"at"`   // the claim's moment
}

// The kinds of TimeFlaw.
const (
	TimeExpired   = "expired"
	TimeIATFuture = "iat-future"
	TimeNBFFuture = "nbf-future"
)

// FlawsAt lists what is wrong at a moment: expired, iat or nbf in the future.
// skew is added to now's tolerance (0: Stream's own leeway). The order is that
// of Stream's own tests.
func (t Token) FlawsAt(now time.Time, skew time.Duration) []TimeFlaw {
	var out []TimeFlaw
	if exp, ok := t.Claims.seconds("exp"); ok && !now.Add(-skew).Before(moment(exp).Add(time.Second)) {
		out = append(out, TimeFlaw{TimeExpired, now.Sub(moment(exp)), moment(exp)})
	}
	if iat, ok := t.Claims.seconds("iat"); ok && moment(iat).After(now.Add(skew)) {
		out = append(out, TimeFlaw{TimeIATFuture, moment(iat).Sub(now), moment(iat)})
	}
	if nbf, ok := t.Claims.seconds("nbf"); ok && moment(nbf).After(now.Add(skew)) {
		out = append(out, TimeFlaw{TimeNBFFuture, moment(nbf).Sub(now), moment(nbf)})
	}
	return out
}

// seconds reads a claim that is an integer; 0 counts as absent, like in the Go
// library whose messages Stream's responses have.
func (c Claims) seconds(name string) (int64, bool) {
	n, isNum := c[name].(json.Number)
	if !isNum {
		return 0, false
	}
	i, err := n.Int64()
	return i, err == nil && i != 0
}

// moment is time.Unix limited to the years that time.Time can write as JSON (0 to
// 9999), so that an absurd claim can't break a report.
func moment(sec int64) time.Time {
	const first, last = -62167219200, 253402300799
	return time.Unix(max(first, min(sec, last)), 0).UTC()
}

// lifetime is b-a in seconds, kept from overflowing.
func lifetime(a, b int64) int64 {
	if d := float64(b) - float64(a); math.Abs(d) > math.MaxInt64/4 {
		return int64(math.Copysign(math.MaxInt64/4, d))
	}
	return b - a
}
