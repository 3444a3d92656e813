package tokens

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"
)

func TestFlawsAt(t *testing.T) {
	const s = time.Second
	for _, c := range []struct {
		payload string
		now     time.Duration // after at, which is second 1790000000
		skew    time.Duration
		want    string
	}{
		{`{"iat":1790000000}`, 0, 0, "[]"},
		{`{"iat":1790000000}`, -time.Millisecond, 0, "[iat-future 1ms]"},
		{`{"iat":1790000030}`, 0, 0, "[iat-future 30s]"},
		{`{"iat":1790000030}`, 0, 30 * s, "[]"},
		{`{"iat":1790000030}`, 0, 29 * s, "[iat-future 30s]"},
		{`{"iat":1789999940}`, 0, 0, "[]"},
		{`{"nbf":1790000005}`, 0, 0, "[nbf-future 5s]"},
		{`{"exp":1790000000}`, 0, 0, "[]"},
		{`{"exp":1790000000}`, 999 * time.Millisecond, 0, "[]"},
		{`{"exp":1790000000}`, 1 * s, 0, "[expired 1s]"},
		{`{"exp":1790000000}`, 90 * s, 89 * s, "[expired 1m30s]"},
		{`{"exp":1790000000}`, 90 * s, 90 * s, "[]"},
		{`{"exp":0,"iat":0,"nbf":0}`, 0, 0, "[]"},
		{`{"exp":"1","iat":1.5,"nbf":null}`, 0, 0, "[]"},
		{`{"exp":1789999990,"iat":1790000010,"nbf":1790000020}`, 0, 0, "[expired 10s iat-future 10s nbf-future 20s]"},
		{`{}`, 0, 0, "[]"},
	} {
		got := []string{}
		for _, f := range Parse(forge(t, testSecret, `{"alg":"HS256"}`, c.payload)).FlawsAt(at.Add(c.now), c.skew) {
			got = append(got, fmt.Sprint(f.Kind, " ", f.By))
		}
		if fmt.Sprint(got) != c.want {
			t.Errorf("%s at %v ±%v: %v, want %s", c.payload, c.now, c.skew, got, c.want)
		}
	}
}

// TestAbsurdTimesCanBeWritten: a claim of milliseconds, or of any number, must
// not break the JSON that carries the flaw.
func TestAbsurdTimesCanBeWritten(t *testing.T) {
	for _, n := range []string{"1790000000000", "9223372036854775807", "-9223372036854775808", "253402300800"} {
		tok := Parse(forge(t, testSecret, `{"alg":"HS256"}`, `{"user_id":"u","iat":`+n+`,"exp":`+n+`}`))
		fs := tok.FlawsAt(at, 0)
		if len(fs) == 0 {
			t.Errorf("%s: nothing is wrong", n)
		}
		for _, f := range fs {
			if f.By <= 0 {
				t.Errorf("%s: %s by %v", n, f.Kind, f.By)
			}
			if _, err := json.Marshal(f); err != nil {
				t.Errorf("%s: %v", n, err)
			}
		}
	}
}
