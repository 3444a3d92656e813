package facts

import (
	"encoding/json"
	"math"
	"time"
)

// ClaimTime reads a claim that is a whole number of seconds, as decoded from a
// token or from saved facts.
//
//go:noinline
func ClaimTime(t *Token, name string) (time.Time, bool) { return NumericDate(t.Claims[name]) }

func NumericDate(claim any) (time.Time, bool) {
	switch n := claim.(type) {
	case json.Number:
		if i, err := n.Int64(); err == nil && i != 0 {
			return unixTime(i), true
		}
	case float64:
		if n == math.Trunc(n) && n != 0 && math.Abs(n) < 1<<53 {
			return unixTime(int64(n)), true
		}
	case int64:
		return unixTime(n), n != 0
	case int:
		return unixTime(int64(n)), n != 0
	}
	return time.Time{}, false
}

// unixTime keeps absurd claims within the years that a time can print.
func unixTime(sec int64) time.Time {
	const first, last = -62135596800, 253402300799 // the years 1 and 9999
	return time.Unix(max(first, min(sec, last)), 0)
}

// Stamp prints a moment; the zone is the machine's, as in the developer's own logs.
func Stamp(t time.Time) string { return t.Local().Format("2006-01-02 15:04:05") }
