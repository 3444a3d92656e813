package inspect

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"badsig/checks/facts"
	"badsig/checks/probe/signer"
	"badsig/checks/probe/vault"
	"badsig/tokens"
)

// No form of a secret in a token's claims is shown, whether it is known or only looks like a Stream secret,
// nor the signature of a token within.
func TestInspectShowsNoSecretOfClaims(t *testing.T) {
	known, other := strings.Repeat("k2v9x7w9q4m1z8v3", 2), strings.Repeat("p5r6t8y2u4h9j3n7", 4)
	escaped := ""
	for _, c := range known {
		escaped += fmt.Sprintf(`\u%04x`, c)
	}
	sig := base64.RawURLEncoding.EncodeToString([]byte(strings.Repeat("sig!", 8)))
	body := func(claims string) string {
		b := base64.RawURLEncoding
		return b.EncodeToString([]byte(`{"alg":"HS256","typ":"JWT"}`)) + "." + b.EncodeToString([]byte(claims))
	}
	token := func(claims string) string { return body(claims) + "." + sig }
	signed := func(claims string) string { // what the known secret signed: it is not searched for
		h := hmac.New(sha256.New, []byte(known))
		h.Write([]byte(body(claims)))
		return body(claims) + "." + base64.RawURLEncoding.EncodeToString(h.Sum(nil))
	}
	in := &Inspector{Keys: signer.NewKeyring(vault.New(facts.Target{Secret: tokens.NewSecret([]byte(known))}))}
	for claims, secret := range map[string]string{
		`{"user_id":"jane","s":"` + escaped + `"}`:                   known,
		`{"user_id":"` + known + `"}`:                                known,
		`{"user_id":"jane","` + known[:30] + `":1}`:                  known,
		`{"user_id":"jane","apiSecret":"` + other + `"}`:             other,
		`{"user_id":"jane","orig":"` + token(`{"user_id":1}`) + `"}`: sig,
	} {
		for _, by := range []*Inspector{in, {}} {
			if by.Keys == nil && secret == known && !strings.Contains(claims, known) {
				continue // it can't be known
			}
			pasted := []string{signed(claims)}
			if strings.Contains(claims, "orig") || by.Keys == nil {
				pasted = append(pasted, token(claims)) // no one's
			}
			for _, text := range pasted {
				doc, err := json.Marshal(by.Inspect(t.Context(), text))
				if err != nil {
					t.Fatal(err)
				}
				for i := 0; i+12 <= len(secret); i++ {
					if strings.Contains(string(doc), secret[i:i+12]) {
						t.Errorf("%.30s: 12 characters of a secret are shown", claims)
						break
					}
				}
			}
		}
	}
}

// What contains no secret is shown as it was.
func TestInspectShowsOrdinaryTokens(t *testing.T) {
	secret := tokens.NewSecret([]byte(strings.Repeat("k2v9x7w9q4m1z8v3", 4)))
	token, err := tokens.Mint(secret, "a-user-with-a-long-id", time.Now(), tokens.MintOptions{})
	if err != nil {
		t.Fatal(err)
	}
	in := &Inspector{Keys: signer.NewKeyring(vault.New(facts.Target{Secret: secret}))}
	f := in.Inspect(t.Context(), token)
	if want := token[:strings.LastIndexByte(token, '.')] + ".…"; f.Token.Shown != want {
		t.Errorf("shown is %q, want %q", f.Token.Shown, want)
	}
}
