package tokens

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"hash"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
)

func secret(s string) Secret { return NewSecret([]byte(s)) }

// hits lists what was found as "id:damage+damage".
func hits(s Signer) string {
	var out []string
	for _, h := range s.Hits {
		text := fmt.Sprint(h.Candidate)
		if len(h.Damages) > 0 {
			text += ":" + strings.Join(h.Damages, "+")
		}
		out = append(out, text)
	}
	return strings.Join(out, " ")
}

func TestFindSigner(t *testing.T) {
	s := string(testSecret.bytes())
	other := strings.Repeat("b7", 32)
	of := func(signer string, cs ...string) (Token, []Candidate) {
		var list []Candidate
		for i, c := range cs {
			list = append(list, Candidate{ID: 10 + i, Secret: secret(c)})
		}
		return Parse(mint(t, secret(signer), "u", MintOptions{})), list
	}
	for _, c := range []struct {
		name, signer string
		candidates   []string
		want         string
	}{
		{"none given", s, nil, ""},
		{"as it is", s, []string{other, s}, "11"},
		{"in two places", s, []string{s, other, s}, "10 12"},
		{"as it is before corrupted", s + " ", []string{s, s + " "}, "11"},
		{"a space", s + " ", []string{other, s}, "11:trailing-space"},
		{"the file has the space", s, []string{s + " "}, "10:trimmed"},
		{"quotes and a space inside", `"` + s + ` "`, []string{s}, "10:trailing-space+double-quoted"},
		{"quotes and a trailing newline", `"` + s + "\"\n", []string{s}, "10:double-quoted+trailing-newline"},
		{"two files, corrupted both ways", `"` + s + `"`, []string{s, `"` + s + `" `}, "10:double-quoted 11:trimmed"},
		{"base64 of a line", base64.StdEncoding.EncodeToString([]byte(s + "\n")), []string{s}, "10:trailing-newline+base64-encoded"},
		{"half of it", s[:32], []string{s}, "10:cut-end"},
		{"twice", s + s, []string{s}, "10:doubled"},
		{"the word undefined", "undefined", []string{s, "undefined"}, "11"},
		{"no relation", "something else", []string{s, other}, ""},
		{"a typo, not wanted", s[:30] + "0" + s[31:], []string{s}, ""},
	} {
		tok, cs := of(c.signer, c.candidates...)
		got := FindSigner(t.Context(), tok, cs)
		if hits(got) != c.want {
			t.Errorf("%s: %q, want %q", c.name, hits(got), c.want)
		}
	}
}

// TestFindSignerTheEmptySecret: some libraries sign with nothing.
func TestFindSignerTheEmptySecret(t *testing.T) {
	input := standardHeader + ".e30"
	tok := Parse(input + "." + base64.RawURLEncoding.EncodeToString(sumOf(sha256.New, "", input)))
	if got := FindSigner(t.Context(), tok, []Candidate{{ID: 3}}); hits(got) != "3" || got.Hits[0].Length != 0 {
		t.Errorf("%+v", got)
	}
}

func sumOf(h func() hash.Hash, key, input string) []byte {
	m := hmac.New(h, []byte(key))
	m.Write([]byte(input))
	return m.Sum(nil)
}

func TestFindSignerReadsEverySignature(t *testing.T) {
	s := string(testSecret.bytes())
	with := func(alg string) string { return b64(`{"alg":"`+alg+`"}`) + "." + b64(`{"user_id":"u"}`) }
	in := with("HS256")
	mac := sumOf(sha256.New, s, in)
	raw := base64.RawURLEncoding.EncodeToString(mac)
	long := with("HS512")
	for _, c := range []struct {
		name, raw, want, encoding string
		truncated                 bool
	}{
		{"base64url", in + "." + raw, "1", "", false},
		{"padded", in + "." + raw + "=", "1", "base64", false},
		{"base64", in + "." + base64.StdEncoding.EncodeToString(mac), "1", "base64", false},
		{"hex", in + "." + hex.EncodeToString(mac), "1", "hex", false},
		{"capital hex", in + "." + strings.ToUpper(hex.EncodeToString(mac)), "1", "hex", false},
		{"hex in base64url", in + "." + b64(hex.EncodeToString(mac)), "1", "hex", false},
		{"one character cut", in + "." + raw[:42], "1", "", true},
		{"two characters cut", in + "." + raw[:41], "1", "", true},
		{"22 characters left", in + "." + raw[:22], "1", "", true},
		{"hex cut", in + "." + hex.EncodeToString(mac)[:41], "1", "hex", true},
		{"too little left", in + "." + raw[:20], "", "", false},
		{"characters after it", in + "." + raw + "AAAA", "1", "", false},
		{"HS384", with("HS384") + "." + base64.RawURLEncoding.EncodeToString(sumOf(sha512.New384, s, with("HS384"))), "1", "", false},
		{"HS512", long + "." + base64.RawURLEncoding.EncodeToString(sumOf(sha512.New, s, long)), "1", "", false},
		{"HS512, cut", long + "." + base64.RawURLEncoding.EncodeToString(sumOf(sha512.New, s, long))[:60], "1", "", true},
		{"HS256 by name, HS512 by length", in + "." + base64.RawURLEncoding.EncodeToString(sumOf(sha512.New, s, in)), "1", "", false},
		{"HS512 by name, HS256 by length", long + "." + base64.RawURLEncoding.EncodeToString(sumOf(sha256.New, s, long)), "1", "", false},
		{"no algorithm named", b64(`{}`) + ".e30." + base64.RawURLEncoding.EncodeToString(sumOf(sha256.New, s, b64(`{}`)+".e30")), "1", "", false},
		{"no signature", in + ".", "", "", false},
		{"two segments", in, "", "", false},
		{"a development token", in + ".devtoken", "", "", false},
		{"one bit wrong", Spoil(in + "." + raw), "", "", false},
	} {
		got := FindSigner(t.Context(), Parse(c.raw), []Candidate{{ID: 1, Secret: testSecret}})
		if hits(got) != c.want || got.Truncated != c.truncated {
			t.Errorf("%s: %q, truncated %v", c.name, hits(got), got.Truncated)
		}
		if c.want != "" && got.Encoding != c.encoding {
			t.Errorf("%s: read as %q, want %q", c.name, got.Encoding, c.encoding)
		}
	}
}

// TestFindSignerOverExactBytes: the bytes as received count, not what they decode to.
func TestFindSignerOverExactBytes(t *testing.T) {
	payload := base64.URLEncoding.EncodeToString([]byte(`{"user_id":"alice"}`))
	padded := forgeSegments(testSecret, standardHeader, payload)
	if got := FindSigner(t.Context(), Parse(`"`+padded+`"`), []Candidate{{ID: 1, Secret: testSecret}}); hits(got) != "1" {
		t.Errorf("signed with its padding, read as %q", hits(got))
	}
	stripped := strings.Replace(padded, "==", "", 1)
	if got := FindSigner(t.Context(), Parse(stripped), []Candidate{{ID: 1, Secret: testSecret}}); hits(got) != "" {
		t.Errorf("its padding was taken away after it was signed, yet %q", hits(got))
	}
}

// TestTyposOfOneAndTwo draws typos of each kind anywhere in the dashboard's
// secret; each must be found, at its place.
func TestTyposOfOneAndTwo(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	s := testSecret.bytes()
	letter := func(letters string, but byte) byte {
		for {
			if c := letters[r.IntN(len(letters))]; c != but {
				return c
			}
		}
	}
	one := map[string]func(b []byte) []byte{
		"char-replaced": func(b []byte) []byte { i := r.IntN(len(b)); b[i] = letter(secretAlphabet, b[i]); return b },
		"char-missing":  func(b []byte) []byte { i := 1 + r.IntN(len(b)-2); return slices.Delete(b, i, i+1) },
		"char-extra": func(b []byte) []byte {
			return slices.Insert(b, 1+r.IntN(len(b)-1), letter(secretAlphabet, 0))
		},
		"chars-swapped": func(b []byte) []byte {
			for {
				if i := r.IntN(len(b) - 1); b[i] != b[i+1] {
					b[i], b[i+1] = b[i+1], b[i]
					return b
				}
			}
		},
	}
	find := func(name string, signer []byte) {
		t.Helper()
		tok := Parse(mint(t, NewSecret(signer), "u", MintOptions{}))
		got := FindSigner(t.Context(), tok, []Candidate{{ID: 1, Secret: secret("unrelated")}, {ID: 2, Secret: testSecret, Deep: true}})
		if len(got.Hits) != 1 || got.Hits[0].Candidate != 2 || causeOf(got.Hits[0].Damages[0]) != causeTypo {
			t.Errorf("%s: %+v\nof %s\nto %s", name, got, s, signer)
			return
		}
		h := got.Hits[0]
		if len(h.Positions) == 0 || h.Length != len(signer) {
			t.Errorf("%s: where is not told: %+v", name, h)
		}
		if h.Damages[0] == "char-replaced" && len(h.Damages) == 1 && s[h.Positions[0]] == signer[h.Positions[0]] {
			t.Errorf("%s: told at %v, where nothing differs", name, h.Positions)
		}
	}
	for _, name := range sortedKeys(one) {
		for range 4 {
			find(name, one[name](slices.Clone(s)))
		}
	}
	for _, pair := range [][2]string{
		{"chars-swapped", "chars-swapped"}, {"char-missing", "char-missing"}, {"char-replaced", "chars-swapped"},
		{"char-missing", "char-replaced"}, {"char-missing", "char-extra"}, {"char-extra", "chars-swapped"},
		{"chars-swapped", "char-missing"}, {"char-replaced", "char-missing"}, {"char-replaced", "char-replaced"},
	} {
		if b := one[pair[1]](one[pair[0]](slices.Clone(s))); !slices.Equal(b, s) {
			find(pair[0]+" and "+pair[1], b)
		}
	}
	upper := slices.Clone(s)
	upper[10] = 'Z'
	find("a capital letter", upper)
}

func TestFindSignerCounts(t *testing.T) {
	tok := Parse(mint(t, secret("elsewhere"), "u", MintOptions{}))
	cs := []Candidate{{ID: 0, Secret: testSecret}, {ID: 1, Secret: secret("abc")}, {ID: 2, Secret: testSecret}}
	got := FindSigner(t.Context(), tok, cs)
	if got.Candidates != 2 || got.Damages != len(damages()) || got.Tried < 2*1000 || len(got.Hits) != 0 {
		t.Errorf("%+v", got)
	}
	// What is found immediately is not searched for further.
	if got := FindSigner(t.Context(), Parse(mint(t, testSecret, "u", MintOptions{})), cs); got.Tried > 4 {
		t.Errorf("tried %d although the first fits", got.Tried)
	}
}

func TestFindSignerEndsWithItsContext(t *testing.T) {
	tok := Parse(mint(t, secret("elsewhere"), "u", MintOptions{}))
	var cs []Candidate
	for i := range 1000 { // each is a second's work
		cs = append(cs, Candidate{ID: i, Secret: secret(fmt.Sprint(string(testSecret.bytes()[:60]), i)), Deep: true})
	}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
	defer cancel()
	start := time.Now()
	got := FindSigner(ctx, tok, cs)
	if d := time.Since(start); d > time.Minute {
		t.Errorf("ended after %v", d)
	}
	if len(got.Hits) != 0 {
		t.Errorf("%+v", got)
	}
}

// TestFindSignerWithin: the limit is one on typos of two characters and on nothing before them.
func TestFindSignerWithin(t *testing.T) {
	tok := Parse(mint(t, testSecret, "u", MintOptions{}))
	once := slices.Clone(testSecret.bytes())
	once[9] = '_'
	twice := slices.Clone(once)
	twice[5], twice[6] = twice[6], twice[5]
	for _, c := range []struct {
		from  []byte
		limit time.Duration
		hit   string
		cut   bool
	}{
		{once, 0, "1:char-replaced", false},
		{twice, 0, "", true},
		{twice, time.Hour, "1:char-replaced+chars-swapped", false},
	} {
		got := FindSignerWithin(t.Context(), c.limit, tok, []Candidate{{ID: 1, Secret: NewSecret(c.from), Deep: true}})
		if hits(got) != c.hit || got.Cut != c.cut {
			t.Errorf("within %v: %q, cut %v; want %q, %v", c.limit, hits(got), got.Cut, c.hit, c.cut)
		}
	}
}

// TestFindSignerIsBounded: a token of a megabyte is judged by its candidates
// as they are, and a secret of a megabyte isn't a reason to hang.
func TestFindSignerIsBounded(t *testing.T) {
	huge := forge(t, testSecret, `{"alg":"HS256"}`, `{"user_id":"u","x":"`+strings.Repeat("y", 1<<20)+`"}`)
	start := time.Now()
	if got := FindSigner(t.Context(), Parse(huge), []Candidate{{ID: 1, Secret: secret("no"), Deep: true}, {ID: 2, Secret: testSecret, Deep: true}}); hits(got) != "2" {
		t.Errorf("%+v", got)
	}
	FindSigner(t.Context(), Parse(Spoil(huge)), []Candidate{{ID: 2, Secret: testSecret, Deep: true}})
	small := Parse(mint(t, secret("x"), "u", MintOptions{}))
	FindSigner(t.Context(), small, []Candidate{{ID: 2, Secret: secret(strings.Repeat("s", 1<<20)), Deep: true}})
	Compare(secret(strings.Repeat("s", 1<<20)), testSecret)
	if d := time.Since(start); d > time.Minute { // one search through a string of a megabyte would last hours
		t.Errorf("took %v", d)
	}
}

// TestNoAllocationPerTry: the search's memory does not grow with its tries.
func TestNoAllocationPerTry(t *testing.T) {
	if raced {
		t.Skip("the race detector allocates")
	}
	tok := Parse(mint(t, secret("elsewhere"), "u", MintOptions{}))
	s := search{ctx: t.Context(), input: []byte(tok.SigningInput()), goals: goalsOf(tok)}
	w := newWorker(&s)
	if n := testing.AllocsPerRun(100, func() { w.try(testSecret.bytes()) }); n != 0 {
		t.Errorf("%v allocations per try", n)
	}
}

// A try's HMAC is crypto/hmac's, for messages and keys of every length about a block's.
func TestTriesAreHMACs(t *testing.T) {
	for n := range 200 {
		input := bytes.Repeat([]byte{'m'}, n)
		w := newWorker(&search{ctx: t.Context(), input: input})
		for size, h := range map[int]func() hash.Hash{32: sha256.New, 48: sha512.New384, 64: sha512.New} {
			for _, key := range []string{"", "k", strings.Repeat("k", 64), strings.Repeat("k", 65), strings.Repeat("k", n)} {
				want := hmac.New(h, []byte(key))
				want.Write(input)
				if got := w.sum([]byte(key), size); !bytes.Equal(got, want.Sum(nil)) {
					t.Fatalf("%d bytes, a key of %d, a hash of %d: %x", n, len(key), size, got)
				}
			}
		}
	}
}
