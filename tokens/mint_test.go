package tokens

import (
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

func b64(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }

func forgeSegments(s Secret, header, payload string) string {
	input := header + "." + payload
	sig, _ := jwt.SigningMethodHS256.Sign(input, s.bytes())
	return input + "." + base64.RawURLEncoding.EncodeToString(sig)
}

// TestMintIsCreateToken compares with what createToken(id) and
// createToken(id, 1790003600, 1790000000) of npm's stream-chat 9.53.0 gave for
// a secret of 64 times "a".
func TestMintIsCreateToken(t *testing.T) {
	s := NewSecret([]byte(strings.Repeat("a", 64)))
	for _, c := range []struct{ id, forever, anHour string }{
		{"john", "eyJ1c2VyX2lkIjoiam9obiJ9.KOwpiFgvB3nWk-pAl01c4mzB8ZPDxewrRYkYjH04L7Y",
			"eyJ1c2VyX2lkIjoiam9obiIsImV4cCI6MTc5MDAwMzYwMCwiaWF0IjoxNzkwMDAwMDAwfQ.2vCn2e56dmHUBHfM7nUcpUHBYeX_XK9bYXqR4pIjYu8"},
		{"jörg", "eyJ1c2VyX2lkIjoiasO2cmcifQ.7m_hYOlqZF7QTHyEvu68Hu2KZ7pMvBCNXObv03wA0t8",
			"eyJ1c2VyX2lkIjoiasO2cmciLCJleHAiOjE3OTAwMDM2MDAsImlhdCI6MTc5MDAwMDAwMH0.1X-uSwyWqyugB7At_op6nypXsGFt6bkhZzZQdQT3SDk"},
		{"漢字", "eyJ1c2VyX2lkIjoi5ryi5a2XIn0.VR2oCwQSrnnKaPsV2N-OzCbYojEmAKvhpzug8s_XF2o",
			"eyJ1c2VyX2lkIjoi5ryi5a2XIiwiZXhwIjoxNzkwMDAzNjAwLCJpYXQiOjE3OTAwMDAwMDB9.J8TPNfMlZxxiY_sqopCJ_PPcNbEqm40CZTtYuoW6ezc"},
		{"a<b>&c", "eyJ1c2VyX2lkIjoiYTxiPiZjIn0.KjkyjfV3fa9GWl_rv5Cl401LmRGQfiEDaR7ZuNggAvY",
			"eyJ1c2VyX2lkIjoiYTxiPiZjIiwiZXhwIjoxNzkwMDAzNjAwLCJpYXQiOjE3OTAwMDAwMDB9.70c6Z6lo3xqT3LMqrE-DGNPX_2ZDRg9AnUXisvD4M0U"},
		{`q"\/`, "eyJ1c2VyX2lkIjoicVwiXFwvIn0.4cBxqJzEZn8zABgM5dK1IUwVyQBMqz0V28QkCK3j2xs",
			"eyJ1c2VyX2lkIjoicVwiXFwvIiwiZXhwIjoxNzkwMDAzNjAwLCJpYXQiOjE3OTAwMDAwMDB9.-6vAbkpXSioWIjoDTMwwZ_JLC8G7Rt5jIsygMMTuzcg"},
		{"\u2028x\u2029", "eyJ1c2VyX2lkIjoi4oCoeOKAqSJ9.ZaDPYQNElGxuCWcOEfPlVZg1vOSENNxHNy0wnUlWU6s",
			"eyJ1c2VyX2lkIjoi4oCoeOKAqSIsImV4cCI6MTc5MDAwMzYwMCwiaWF0IjoxNzkwMDAwMDAwfQ.yDtXoNMDy-e_p-3Uyo-mJW-fKFQpCBYuMcdfI29i_9E"},
		{"tab\tnl\n\r\b\f\u0001\u007f", "eyJ1c2VyX2lkIjoidGFiXHRubFxuXHJcYlxmXHUwMDAxfyJ9._c0e27VSD5IZzIBAYsMXkUMjMPWhwyiB6w61WtB7jaY",
			"eyJ1c2VyX2lkIjoidGFiXHRubFxuXHJcYlxmXHUwMDAxfyIsImV4cCI6MTc5MDAwMzYwMCwiaWF0IjoxNzkwMDAwMDAwfQ.13PmcXMg-WPYHZS9-o1k7CNOvHWJ_tM5qVnI8-LjGEU"},
		{"👩‍👩‍👧", "eyJ1c2VyX2lkIjoi8J-RqeKAjfCfkanigI3wn5GnIn0.fy4gOOQC44fenh_6e-huhZoyxDZ3jmFL7p24r_lWAmI",
			"eyJ1c2VyX2lkIjoi8J-RqeKAjfCfkanigI3wn5GnIiwiZXhwIjoxNzkwMDAzNjAwLCJpYXQiOjE3OTAwMDAwMDB9.GPGn6Z7Y-niCaeV41KsZ313VAcqzPAEFGnHOsCo6rF0"},
	} {
		if got, want := mint(t, s, c.id, MintOptions{NoIAT: true, Lifetime: -1}), standardHeader+"."+c.forever; got != want {
			t.Errorf("%q without times:\n got %s\nwant %s", c.id, got, want)
		}
		if got, want := mint(t, s, c.id, MintOptions{}), standardHeader+"."+c.anHour; got != want {
			t.Errorf("%q for an hour:\n got %s\nwant %s", c.id, got, want)
		}
	}
}

func TestMintOptions(t *testing.T) {
	for _, c := range []struct {
		name string
		o    MintOptions
		want string // the payload
	}{
		{"default", MintOptions{}, `{"user_id":"u","exp":1790003600,"iat":1790000000}`},
		{"a lifetime", MintOptions{Lifetime: 90 * time.Second}, `{"user_id":"u","exp":1790000090,"iat":1790000000}`},
		{"forever", MintOptions{Lifetime: -1}, `{"user_id":"u","iat":1790000000}`},
		{"no iat", MintOptions{NoIAT: true}, `{"user_id":"u","exp":1790003600}`},
		{"extra claims in order of their names", MintOptions{Extra: map[string]any{"role": "admin", "call_cids": []string{"a:<b>"}}},
			`{"user_id":"u","exp":1790003600,"iat":1790000000,"call_cids":["a:<b>"],"role":"admin"}`},
	} {
		got := Parse(mint(t, testSecret, "u", c.o))
		if string(got.ClaimsRaw) != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got.ClaimsRaw, c.want)
		}
		if len(got.Flaws) > 0 {
			t.Errorf("%s: has flaws: %+v", c.name, got.Flaws)
		}
	}
	// Rounded up, iat would lie ahead of Stream's clock.
	jws, _ := Mint(testSecret, "u", at.Add(999*time.Millisecond), MintOptions{})
	if iat, _ := Parse(jws).Claims.Time("iat"); !iat.Equal(at) {
		t.Errorf("iat is %v, not rounded down to %v", iat, at)
	}
}

func TestMintRejects(t *testing.T) {
	for name, c := range map[string]struct {
		s     Secret
		id    string
		extra map[string]any
		says  string
	}{
		"no secret":      {Secret{}, "u", nil, "no API secret"},
		"no user":        {testSecret, "", nil, "user ID"},
		"no UTF-8":       {testSecret, "a\xff", nil, "UTF-8"},
		"another user":   {testSecret, "u", map[string]any{"user_id": "v"}, "user_id"},
		"another exp":    {testSecret, "u", map[string]any{"exp": 1}, "exp"},
		"not to marshal": {testSecret, "u", map[string]any{"f": func() {}}, "claim f"},
	} {
		jws, err := Mint(c.s, c.id, at, MintOptions{Extra: c.extra})
		if jws != "" || err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: got %q, %v", name, jws, err)
		}
	}
}

func TestMintServer(t *testing.T) {
	jws, err := MintServer(testSecret, at)
	if err != nil {
		t.Fatal(err)
	}
	w := World{Key: testKey, KeyKnown: true, Secret: testSecret}
	for _, off := range []time.Duration{-50 * time.Second, 0, 4 * time.Minute} {
		w.Now = at.Add(off)
		if p := Predict(jws, w); p.Status != 200 {
			t.Errorf("with a clock %v off: %+v", off, p)
		}
	}
	if w.Now = at.Add(time.Hour); Predict(jws, w).Code != CodeExpired {
		t.Error("a server token lives an hour later still")
	}
	if !Parse(jws).Has(FlawServer) {
		t.Error("is not told as a server token")
	}
}

func TestSpoil(t *testing.T) {
	good := mint(t, testSecret, "u", MintOptions{})
	for _, jws := range []string{good, good[:len(good)-1], standardHeader + ".e30.", standardHeader + ".e30", "x", "", standardHeader + ".e30.é"} {
		bad := Spoil(jws)
		if bad == jws || strings.Count(bad, ".") != 2 {
			t.Errorf("Spoil(%q) = %q", jws, bad)
		}
	}
	bad := Parse(Spoil(good))
	if bad.SigningInput() != Parse(good).SigningInput() || len(bad.Flaws) != 0 || len(bad.Signature) != 32 {
		t.Errorf("a tampered token differs in more than its signature: %+v", bad)
	}
	if p := Predict(Spoil(good), World{Now: at, Key: testKey, KeyKnown: true, Secret: testSecret}); p.Code != CodeSignature {
		t.Errorf("a tampered token gets %+v", p)
	}
}
