package tokens

import (
	"slices"
	"strings"
	"testing"
	"time"
)

func TestFindTokens(t *testing.T) {
	a := mint(t, testSecret, "a", MintOptions{})
	b := mint(t, testSecret, "b", MintOptions{})
	dev := "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ1c2VyX2lkIjoiYWxpY2UifQ==.devtoken"
	for text, want := range map[string][]string{
		"":                                      nil,
		"nothing here, see eyJ.a.b":             nil,
		"import com.keyJava.util.Stuff":         nil,
		"cut: " + a[:60]:                        nil,
		a:                                       {a},
		"Bearer " + a + ".":                     {a},
		`{"token":"` + a + `","t":"` + b + `"}`: {a, b},
		a + "\n" + b + "\n" + a:                 {a, b, a},
		"ws://h/connect?authorization=" + a + "&api_key=k": {a},
		"x=%22" + a + "%22":        {a},
		`log: "line\n` + a + `\n"`: {a},
		"dev " + dev + " token":    {dev},
		"eyJjust.one " + a:         {a},
		forgePretty(t):             {forgePretty(t)},
	} {
		if got := FindTokens(text); !slices.Equal(got, want) {
			t.Errorf("in %q: %q", text, got)
		}
	}
}

// forgePretty is a token whose header was printed over several lines.
func forgePretty(t *testing.T) string {
	return forge(t, testSecret, "{\n  \"alg\": \"HS256\"\n}", `{"user_id":"u"}`)
}

func TestRedactTokens(t *testing.T) {
	jws := mint(t, testSecret, "a", MintOptions{})
	sig := jws[strings.LastIndexByte(jws, '.')+1:]
	for _, text := range []string{
		jws, `{"token":"` + jws + `"}`, "a " + jws + " b " + jws, "%22" + jws + "%22", `\n` + jws, `\u0022` + jws,
		"Authorization:" + jws, "(" + jws + ")", "/" + jws + "/", "x+" + jws,
	} {
		got := RedactTokens(text)
		if strings.Contains(got, sig) || strings.Contains(got, sig[1:]) {
			t.Errorf("%q still carries a signature: %q", text, got)
		}
		if want := strings.ReplaceAll(text, sig, "…"); got != want && !strings.HasSuffix(text, "/") {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
	for at := 1; at < len(jws)-1; at++ { // one character of it is corrupted
		for _, c := range []string{"!", "$"} {
			if jws[at] == '.' || at < 4 {
				continue
			}
			text := "token " + jws[:at] + c + jws[at+1:] + ", and more"
			if got := RedactTokens(text); strings.Contains(got, sig[len(sig)-12:]) || strings.Contains(got, sig[:12]) || !strings.HasSuffix(got, ", and more") {
				t.Errorf("%q became %q", text, got)
			}
		}
	}
	for _, text := range []string{"", "no token", "eyJ.a.b", "end eyJ", "eyJhbGciOiJIUzI1NiJ9!", "mail eyJhbGciOiJIUzI1NiJ9@example.com"} {
		if got := RedactTokens(text); got != text {
			t.Errorf("%q became %q", text, got)
		}
	}
}

// TestFindTokensIsLinear: ten thousand tokens, and strings made to be searched
// again and again, take no time that anyone would notice.
func TestFindTokensIsLinear(t *testing.T) {
	jws := mint(t, testSecret, "a", MintOptions{})
	many := strings.Repeat(jws+"\n", 10_000)
	start := time.Now()
	if n := len(FindTokens(many)); n != 10_000 {
		t.Errorf("found %d of 10000", n)
	}
	for _, hostile := range []string{
		strings.Repeat("eyJ", 1<<20), strings.Repeat("eyJhbGciOiJI.", 1<<18), strings.Repeat("eyJhbGciOiJI.a", 1<<18),
		strings.Repeat("e", 1<<22), strings.Repeat("eyJ=", 1<<20), "eyJhbGciOiJI" + strings.Repeat(".a", 1<<20),
	} {
		RedactTokens(hostile)
		Parse(hostile)
	}
	if d := time.Since(start); d > time.Minute {
		t.Errorf("took %v", d)
	}
}
