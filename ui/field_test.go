package ui

import (
	"strings"
	"testing"
	"testing/synctest"
)

// A secret that is typed letter by letter or pasted is in no frame, in no field; pasted, it goes where it belongs.
func TestNoSecretInAnyField(t *testing.T) {
	const secret = "k7v2m9x4q8w3z6t5r7y2u9p4s8d3f6g5h7j2n9b4c8x3v6m5k7w2q9z4t8r3y6u5"
	for _, way := range [][]string{{"1"}, {"1", "tab"}, {"d"}, {"p"}, {":"}, {"e", "/"}, {"3", "/"}} {
		synctest.Test(t, func(t *testing.T) {
			d := drive(t, Options{}, 120, 36, rejected(t))
			d.keys(way...)
			if way[0] == "d" { // the key's field
				d.keys("up")
			}
			for _, r := range secret {
				d.keys(string(r))
				if shown := d.screen(); strings.Contains(shown, secret[:13]) || strings.Contains(shown, secret[20:32]) {
					t.Fatalf("%v: the secret is shown while it is typed:\n%s", way, shown)
				}
			}
		})
		synctest.Test(t, func(t *testing.T) {
			d := drive(t, Options{}, 120, 36, rejected(t))
			d.keys(way...)
			if way[0] == "d" {
				d.keys("up")
			}
			d.paste(secret)
			if shown := d.screen(); strings.Contains(shown, secret[:12]) {
				t.Fatalf("%v: the pasted secret is shown:\n%s", way, shown)
			}
			if way[0] == "1" && d.a.s.target.Secret.IsZero() {
				t.Errorf("%v: the secret didn't go where it belongs", way)
			}
		})
	}
}

// One paste may hold the secret among other text; it is used as the dashboard's, and not shown.
func TestPastedSecretAmongOtherText(t *testing.T) {
	const secret = "k7v2m9x4q8w3z6t5r7y2u9p4s8d3f6g5h7j2n9b4c8x3v6m5k7w2q9z4t8r3y6u5"
	synctest.Test(t, func(t *testing.T) {
		opt := Options{Inspect: func(string) Inspection { return Inspection{Kind: "Stream's error"} }}
		d := drive(t, opt, 120, 36, rejected(t))
		d.keys("p")
		d.paste("JWTAuth error: signature is not valid\nsecret: " + secret + "\nkey: jx3vwq8mqzp3")
		d.sees("the API secret, as the dashboard's; it stays in memory")
		d.misses(secret[:12])
		d.keys("enter")
		d.misses(secret[:12])
		if d.a.s.target.Secret.IsZero() {
			t.Error("the secret isn't used")
		}
	})
}
