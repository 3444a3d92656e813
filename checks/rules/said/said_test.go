package said

import (
	"testing"

	"badsig/checks/facts"
)

// What jsonwebtoken says of a claim that isn't a number names the claim; what it says of its options names none.
func TestUnsignable(t *testing.T) {
	for text, want := range map[string]string{
		`{"error":"\"exp\" should be a number of seconds"}`:                                               "exp",
		`Error: "iat" should be a number of seconds`:                                                      "iat",
		`"expiresIn" should be a number of seconds or string representing a timespan eg: "1d", "20h", 60`: "",
		`"score" should be a number of seconds`:                                                           "",
		`secretOrPrivateKey must have a value`:                                                            "",
	} {
		if got := Unsignable(&facts.Answer{Status: 500, Begin: text}); got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}
