package tokens

import (
	"slices"
	"strings"
	"testing"
)

// bases are secrets for the rows that change nothing of an ordinary one.
var bases = []Secret{
	testSecret,
	NewSecret([]byte(" \"Ab#c $d;e=f&g\\h\"\u00a0i\u200bj\r\nk%20l+m\x00n,; \n")),
	NewSecret([]byte("pass phrase #with a hash")),
	NewSecret([]byte(`"m4x8q2zv7k9pw3ty6hb5nc8rd2fg4js7";,`)),
	NewSecret([]byte("'m4x8q2zv7k9pw3ty6hb5nc8rd2fg4js7'")),
	NewSecret([]byte("STREAM_API_SECRET=m4x8q2zv7k9pw3ty6hb5nc8rd2fg4js7")),
	NewSecret([]byte("m4x8q2zv7k9pw3ty6hb5nc8rd2fg4js7,;")),
	NewSecret([]byte("m4x8q2zv7k9pw3ty6hb5nc8rd2fg4js7\r\n")),
	NewSecret([]byte("M4X8Q2ZV7K9PW3TY6HB5NC8RD2FG4JS7")),
	NewSecret([]byte("0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f9")),
	NewSecret([]byte("clé-secrète-für-漢字")),
}

// TestEveryDamageIsFound does each damage of the table to a secret, signs with
// what came out, and searches for the signer.
func TestEveryDamageIsFound(t *testing.T) {
	for _, d := range damages() {
		done := false
		for _, base := range bases {
			damaged, ok := DamageSecret(d.ID, base, "MY_STREAM_SECRET")
			if !ok {
				continue
			}
			done = true
			tok := Parse(mint(t, damaged, "u", MintOptions{}))
			got := FindSigner(t.Context(), tok, []Candidate{{ID: 7, Secret: base, Name: "MY_STREAM_SECRET", Deep: true}})
			if len(got.Hits) != 1 || got.Hits[0].Candidate != 7 || len(got.Hits[0].Damages) == 0 {
				t.Errorf("%s of %s: %+v", d.ID, base, got)
				break
			}
			h := got.Hits[0]
			if h.Length != damaged.Len() || h.Signed != damaged.Fingerprint() {
				t.Errorf("%s: the hit is of %d bytes #%s, signed was %s", d.ID, h.Length, h.Signed, damaged)
			}
			if base.Equal(testSecret) {
				if by, _ := DamageByID(h.Damages[0]); by.Cause != d.Cause {
					t.Errorf("%s is told as %v, of %s and not of %s", d.ID, h.Damages, by.Cause, d.Cause)
				}
				if c := Compare(base, damaged); len(c.Damages) == 0 || causeOf(c.Damages[0]) != d.Cause {
					t.Errorf("%s: compared it is %+v", d.ID, c)
				}
			}
			break
		}
		if !done {
			t.Errorf("%s changes nothing of any secret", d.ID)
		}
	}
}

func causeOf(id string) string { d, _ := DamageByID(id); return d.Cause }

func TestDamageTable(t *testing.T) {
	causes := []string{"secret-whitespace", "secret-invisible", "secret-quoted", "secret-encoding", "secret-case", "secret-truncated", "secret-padded", "secret-typo"}
	seen := map[string]bool{}
	used := map[string]bool{}
	for _, d := range damages() {
		if seen[d.ID] {
			t.Errorf("%s is there twice in the table", d.ID)
		}
		seen[d.ID], used[d.Cause] = true, true
		if !slices.Contains(causes, d.Cause) {
			t.Errorf("%s has the cause %q, which the catalogue has not", d.ID, d.Cause)
		}
		if d.Says == "" || strings.HasSuffix(d.Says, ".") || strings.ToLower(d.Says[:1]) != d.Says[:1] {
			t.Errorf("%s says %q", d.ID, d.Says)
		}
		if got, ok := DamageByID(d.ID); !ok || got != d {
			t.Errorf("DamageByID(%s) = %+v, %v", d.ID, got, ok)
		}
	}
	if len(used) != len(causes) {
		t.Errorf("causes in use: %v", used)
	}
	if _, ok := DamageByID("no-such"); ok {
		t.Error("an unknown damage is known")
	}
	if _, ok := DamageSecret("no-such", testSecret, ""); ok {
		t.Error("an unknown damage was done")
	}
	if d, ok := DamageSecret("trailing-space", Secret{}, ""); ok && d.IsZero() {
		t.Error("a damage of nothing is nothing, and was called done")
	}
}

// TestDamageByKnownResults pins what the table's transformations give, where
// another program's result is known.
func TestDamageByKnownResults(t *testing.T) {
	for _, c := range []struct{ id, name, in, want string }{
		{"own-name", "MY_SECRET", "abcdef", "MY_SECRET=abcdef"},
		{"without-own-name", "", "STREAM_API_SECRET=STREAM_API_SECRET=abcdef", "abcdef"},
		{"base64-encoded", "", "abcd", "YWJjZA=="},
		{"base64url-encoded", "", "ab?>~", "YWI_Pn4"},
		{"hex-encoded", "", "az", "617a"},
		{"dollar-expanded", "", "ab$cd-ef${gh}i$", "ab-efi$"},
		{"cut-at-hash", "", "abc#def", "abc"},
		{"first-upper", "", "abc", "Abc"},
		{"utf16le", "", "a漢", "a\x00\x22\x6f"},
		{"unquoted", "", `'"abc"'`, "abc"},
		{"trimmed", "", "\t abc\r\n", "abc"},
		{"newlines-to-spaces", "", "a\r\nb\nc", "a b c"},
		// Node: Buffer.from("ab!c=d", "base64"), Buffer.from("6162zz63", "hex"),
		// Buffer.from("4p2k8J+S", "base64").toString(), and the same of "8KCA/w==".
		{"base64-decoded", "", "ab!c=d", "\x69\xb7"},
		{"hex-decoded", "", "6162zz63", "ab"},
		{"base64-decoded-text", "", "4p2k8J+S", "\u2764\ufffd"},
		{"base64-decoded-text", "", "8KCA/w==", "\ufffd\ufffd"},
	} {
		got, _ := DamageSecret(c.id, NewSecret([]byte(c.in)), c.name)
		if !got.Equal(NewSecret([]byte(c.want))) {
			t.Errorf("%s of %q is %q, want %q", c.id, c.in, got.bytes(), c.want)
		}
	}
}

func TestCompare(t *testing.T) {
	s := string(testSecret.bytes())
	swapped := s[:20] + s[21:22] + s[20:21] + s[22:]
	for _, c := range []struct {
		name, a, b, damages string
		positions           []int
	}{
		{"equal", s, s, "", nil},
		{"trailing space", s, s + " ", "trailing-space", nil},
		{"without it", s + " ", s, "trimmed", nil},
		{"quotes and a space", s, `"` + s + ` "`, "trailing-space double-quoted", nil},
		{"own name, any", s, "ACME_CHAT_KEY=" + s, "own-name", nil},
		{"one letter", s, s[:30] + "0" + s[31:], "char-replaced", []int{30}},
		{"two letters", s, s[:30] + "0" + s[31:40] + "1" + s[41:], "char-replaced char-replaced", []int{30, 40}},
		{"exchanged", s, swapped, "chars-swapped", []int{20, 21}},
		{"one missing", s, s[:30] + s[31:], "char-missing", nil},
		{"two missing", s, s[:10] + s[11:30] + s[31:], "char-missing char-missing", nil},
		{"two too many", s, s[:10] + "0" + s[10:30] + "1" + s[30:], "char-extra char-extra", nil},
		{"a capital", s, s[:2] + "X" + s[3:], "char-replaced", []int{2}},
		{"another app's", s, strings.Repeat("y", 64), "", nil},
		{"a piece of it", s, s[7:40], "cut-inside", nil},
		{"a short piece, by chance", s, s[20:25], "", nil},
		{"nothing", s, "", "", nil},
		{"accents", "café-au-lait", "cafè-au-lait", "char-replaced", []int{3}},
	} {
		got := Compare(NewSecret([]byte(c.a)), NewSecret([]byte(c.b)))
		if strings.Join(got.Damages, " ") != c.damages || got.Equal != (c.a == c.b) || got.LenA != len(c.a) || got.LenB != len(c.b) {
			t.Errorf("%s: %+v, want %s", c.name, got, c.damages)
		}
		if c.positions != nil && !slices.Equal(got.Positions, c.positions) {
			t.Errorf("%s: positions %v, want %v", c.name, got.Positions, c.positions)
		}
		if len(got.Positions) > maxPositions {
			t.Errorf("%s: %d positions", c.name, len(got.Positions))
		}
	}
}

// damages lists the table.
func damages() []Damage {
	out := make([]Damage, 0, len(table()))
	for _, r := range table() {
		out = append(out, r.Damage)
	}
	return out
}
