package payload

import (
	"fmt"
	"slices"
	"strings"

	"badsig/checks/affix"
	"badsig/checks/causes"
	"badsig/checks/facts"
)

// Time judges one time as it is written; the ID is "" for one that may be right.
func Time(f *facts.Facts, s *facts.Site, c *facts.Claim) Fault {
	milliseconds := c.Unit == "milliseconds"
	n, by, w := c.Lasting(), c.Ahead(), c.When
	if w != nil && w.Per == 1 && w.Fraction && (c.Name == "iat" || c.Name == "exp" || c.Name == "nbf") {
		return Fault{causes.ClaimType, "Stream expects whole seconds, but " + c.Name + " has a fraction. It rejects the token with code 5 (\"cannot unmarshal …\").", "a whole number", "use Math.floor(" + facts.First(c.Text, "Date.now() / 1000") + ") for " + c.Name}
	}
	if c.Unit == "duration" && affix.Contains(s.Callee, "SignJWT") { // jose counts a string from now on
		by, _ = c.Span()
		if by == 0 {
			return Fault{}
		}
	}
	if kind := odd(s, c); kind != "" {
		return Fault{causes.ClaimType, c.Name + " is " + kind + ", and Stream expects a whole number of seconds. jsonwebtoken rejects it, and Stream rejects such a token with code 5 (\"cannot unmarshal …\").", "a whole number", "use Math.floor(Date.now() / 1000) + 3600 for exp, and a number without quotes for validity_in_seconds"}
	}
	switch c.Name {
	case "iat":
		switch {
		case milliseconds:
			return Fault{causes.IATMilliseconds, "iat is set in milliseconds. Stream reads it as seconds, far in the future, and rejects the token.", "seconds", "use Math.floor(Date.now() / 1000) for iat"}
		case by > 0:
			return Fault{causes.IATFuture, fmt.Sprintf("iat is %.0f seconds in the future. Stream rejects a token that was issued later than now.", by), "now, or earlier", "use Math.floor(Date.now() / 1000) for iat, or leave iat out"}
		}
	case "exp":
		switch {
		case milliseconds:
			return Fault{causes.EXPMilliseconds, "exp is set in milliseconds. Stream reads it as seconds, so the token never expires.", "seconds", "use Math.floor(Date.now() / 1000) plus the lifetime in seconds for exp"}
		case by < 0, w != nil && expiredAt(f, w):
			ago, do := "", "compute exp for each request: Math.floor(Date.now() / 1000) + 3600"
			if by < 0 {
				ago, do = fmt.Sprintf("%.0f seconds ", -by), "add the lifetime instead of subtracting it"
			}
			return Fault{causes.TokenExpired, "exp is " + ago + "in the past when the token is created, so Stream rejects it: \"token is expired (exp)\" (code 40).", "a time that is still to come", do}
		case by > 0 && by < 60:
			return tooShort("exp is "+c.Text, by)
		case n > 0 && n < 1e9:
			return Fault{causes.EXPRelative, "exp is a duration. Stream reads it as a point in time in 1970, so the token has already expired.", "the time of expiry, in seconds since 1970", "use Math.floor(Date.now() / 1000) + " + c.Text + " for exp"}
		}
	case "nbf":
		if by > 0 {
			return Fault{causes.NBFFuture, fmt.Sprintf("nbf is %.0f seconds in the future, so Stream doesn't accept the token yet (code 41).", by), "now, or earlier", "leave out nbf"}
		}
	case "validity_in_seconds":
		if n > 0 && n < 60 {
			return Fault{causes.EXPTooShort, "validity_in_seconds is " + c.Text + ": the token expires after " + c.Text + " seconds.", "3600, or more", "set validity_in_seconds to the lifetime in seconds, such as 3600"}
		}
	case "expiresIn":
		n, ok := c.Span()
		digits := strings.Trim(c.Text, "0123456789") == ""
		switch {
		case affix.HasSuffix(s.Callee, "sign") && slices.ContainsFunc(s.Claims, func(o facts.Claim) bool { return o.Name == "exp" }):
			return Fault{causes.EndpointError, "The payload has exp, and the option expiresIn is set as well. jsonwebtoken rejects that: 'Bad \"options.expiresIn\" option the payload already has an \"exp\" property'.", "one of the two", "leave out expiresIn, or exp in the payload"}
		case !ok || n >= 60:
		case c.Unit == "duration" && digits:
			return Fault{causes.EXPTooShort, fmt.Sprintf("expiresIn is the string '%s', which jsonwebtoken reads as milliseconds: the token expires after %g seconds.", c.Text, n), "a number of seconds, or a string with a unit", "write expiresIn: " + c.Text + " without quotes (seconds), or with a unit: '1h'"}
		case n > 0:
			return tooShort("expiresIn is "+c.Text, n)
		default:
			return Fault{causes.TokenExpired, "expiresIn is " + c.Text + ", so the token has already expired when it's created, and Stream rejects it: \"token is expired (exp)\" (code 40).", "a time that is still to come", "set expiresIn to the token's lifetime, such as '1h'"}
		}
	case "notBefore":
		if n, ok := c.Span(); ok && n >= 1 {
			return Fault{causes.NBFFuture, fmt.Sprintf("notBefore is %s, so Stream doesn't accept the token for %g seconds (code 41).", c.Text, n), "now, or earlier", "leave out notBefore"}
		}
	}
	return Fault{}
}

// numbers are the times that have to be numbers.
var numbers = []string{"exp", "iat", "nbf", "validity_in_seconds"}

// odd says what a time is that should be a number, as it's handed to a library for Node; "" for a number.
func odd(s *facts.Site, c *facts.Claim) string {
	switch {
	case s.Language != "js" || affix.Contains(s.Callee, "SignJWT") || !facts.OneOf(numbers, c.Name):
	case c.Unit == "date":
		return "a Date"
	case c.Unit == "duration" && c.Text != "", c.Unit == "text":
		return "a string"
	}
	return ""
}

// tooShort is what is said of a life of less than a minute.
func tooShort(what string, seconds float64) Fault {
	return Fault{causes.EXPTooShort, fmt.Sprintf("%s: the token expires after %g seconds.", what, seconds), "an hour, or more", "give the token a longer life, such as an hour"}
}

// expiredAt reports whether a time is over when the token that has it is created.
func expiredAt(f *facts.Facts, w *facts.When) bool {
	switch {
	case w.Open:
		return false
	case w.Per == 1:
		return w.Plus <= 0
	}
	return w.Per == 0 && w.Plus >= 1e9 && w.Plus < float64(f.At.Unix())
}
