package ui

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

const browsersError = `{"code":5,"message":"JWTAuth error: signature is not valid. Make sure the token is created using the secret for API key \"b3n8v5c7x7zw\"","StatusCode":401}`

// A secret that is typed letter by letter or pasted is in no frame, in no field; pasted, it goes where it belongs.
func TestNoSecretInAnyField(t *testing.T) {
	const secret = "k7v2m9x4q8w3z6t5r7y2u9p4s8d3f6g5h7j2n9b4c8x3v6m5k7w2q9z4t8r3y6u5"
	for _, way := range [][]string{{"1"}, {"1", "tab"}, {"d"}, {"p"}, {":"}, {"h"}, {"e", "/"}, {"3", "/"}} {
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
			if way[0] != "d" && way[0] != "p" && d.a.s.target.Secret.IsZero() {
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
	for _, text := range []string{
		"key: jx3vwq8mqzp3\nsecret: " + secret + "\n" + browsersError,
		browsersError + "\nSTREAM_API_SECRET=" + secret + "\nSTREAM_API_KEY=jx3vwq8mqzp3",
		"jx3vwq8mqzp3 " + secret + "\n\n" + browsersError,
		"Secret " + secret + ", API key \"jx3vwq8mqzp3\"\n" + browsersError,
	} {
		synctest.Test(t, func(t *testing.T) {
			d := drive(t, Options{Inspect: realInspect}, 120, 36, rejected(t))
			d.keys("p")
			d.paste(text)
			d.sees("the API key jx3v…qzp3", "and with the API secret")
			d.keys("enter")
			d.misses(secret[:12])
			if tg := d.a.s.target; tg.Secret.IsZero() || tg.APIKey != "jx3vwq8mqzp3" {
				t.Errorf("the pair isn't used: %q", tg.APIKey)
			}
		})
	}
}

// A terminal without bracketed paste types a pasted secret after what is in the field: it goes where it belongs, and no
// part of it becomes the user. What is held back is taken back when the field is left.
func TestASecretTypedIntoAFilledField(t *testing.T) {
	const secret = "k7v2m9x4q8w3z6t5r7y2u9p4s8d3f6g5h7j2n9b4c8x3v6m5k7w2q9z4t8r3y6u5"
	synctest.Test(t, func(t *testing.T) {
		d := drive(t, Options{}, 120, 36, rejected(t))
		d.keys("1", secret)
		d.sees("rechecking with it as the dashboard's", "userId    test123 ")
		if s := d.a.s; s.target.Secret.IsZero() || s.target.UserID != "test123" {
			t.Errorf("the user is %q", s.target.UserID)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		d := drive(t, Options{}, 120, 36, rejected(t))
		d.keys("1", "tab", secret[:40])
		d.sees("isn't shown or used")
		d.pass(time.Second)
		if n := d.a.s.target.UserName; n != "Test User" {
			t.Errorf("the name is %q", n)
		}
		d.keys("esc")
		d.sees("userName  Test User")
	})
}

// A string pasted into a field is looked at as one pasted anywhere.
func TestATextPastedIntoAField(t *testing.T) {
	const secret = "k7v2m9x4q8w3z6t5r7y2u9p4s8d3f6g5h7j2n9b4c8x3v6m5k7w2q9z4t8r3y6u5"
	synctest.Test(t, func(t *testing.T) {
		d := drive(t, Options{Inspect: realInspect}, 120, 36, rejected(t))
		d.keys("1").paste("JWTAuth error: signature is not valid\nsecret: " + secret)
		d.sees("Paste anything", "Stream's error", "userId    test123 ")
	})
}
