package tokens

import "testing"

func TestVerifier(t *testing.T) {
	good := mint(t, testSecret, "u", MintOptions{})
	v := NewVerifier(testSecret)
	for range 2 { // its state must not carry over
		for _, c := range []struct {
			raw  string
			want bool
		}{
			{good, true}, {`"` + good + `"`, true}, {Spoil(good), false}, {mint(t, NewSecret([]byte("other")), "u", MintOptions{}), false},
			{good[:len(good)-2], false}, {good + ".x", false}, {"", false}, {standardHeader + ".e30.devtoken", false},
		} {
			if got := v.Signed(Parse(c.raw)); got != c.want {
				t.Errorf("%q: signed %v", c.raw, got)
			}
		}
	}
	if NewVerifier(Secret{}).Signed(Parse(good)) {
		t.Error("no secret signed it")
	}
}
