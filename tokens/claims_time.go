package tokens

import "fmt"

// Bounds that tell epoch seconds from other units.
const (
	firstEpoch  = 1_000_000_000   // September 2001: less is a duration
	firstMillis = 100_000_000_000 // year 5138 in seconds, 1973 in milliseconds
	farAhead    = 1_000_000_000   // 31 years: about now added to now
	farMoment   = 3_000_000_000   // year 2065, for tokens without iat
	shortLife   = 60
)

// appendUnitFlaws reports times that aren't in seconds since 1970, and lifetimes
// that can't be intended.
func appendUnitFlaws(fs []Flaw, c Claims) []Flaw {
	exp, hasExp := c.seconds("exp")
	iat, hasIAT := c.seconds("iat")
	if hasIAT && iat >= firstMillis {
		fs = append(fs, Flaw{Kind: FlawIATMillis, Claim: "iat", Detail: "iat is in milliseconds, so it's thousands of years in the future", Got: fmt.Sprint(iat), Want: fmt.Sprint(iat / 1000)})
		hasIAT = false
	}
	if !hasExp {
		return fs
	}
	life := lifetime(iat, exp)
	f := Flaw{Claim: "exp"}
	switch {
	case exp >= firstMillis:
		f.Kind, f.Detail, f.Want = FlawEXPMillis, "exp is in milliseconds, so the token never really expires", fmt.Sprint(exp/1000)
	case exp < firstEpoch:
		f.Kind, f.Want = FlawEXPRelative, "seconds since 1970"
		f.Detail = fmt.Sprintf("exp is %d, a duration, not a timestamp: as a timestamp, it's in %d", exp, moment(exp).Year())
	case hasIAT && life <= 0:
		f.Kind, f.Want = FlawEXPTooShort, "later than iat"
		f.Detail = fmt.Sprintf("exp is %d s before iat: the token expired before it was issued", -life)
		if life == 0 {
			f.Detail = "exp is the same as iat: the token expires immediately"
		}
	case hasIAT && life < shortLife:
		f.Kind, f.Detail, f.Want = FlawEXPTooShort, fmt.Sprintf("the token expires after %d s", life), "an hour after iat, for example"
	case hasIAT && life >= farAhead, !hasIAT && exp >= farMoment:
		f.Kind, f.Want = FlawEXPFarFuture, "iat plus a lifetime"
		f.Detail = fmt.Sprintf("exp is in the year %d: a timestamp may have been used as a duration", moment(exp).Year())
	default:
		return fs
	}
	f.Got = fmt.Sprint(exp)
	return append(fs, f)
}
