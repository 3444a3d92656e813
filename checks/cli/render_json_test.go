package cli

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"testing"

	"badsig/checks/inspect"
	"badsig/checks/sanitize"
)

// The quick way of writing a finding gives encoding/json's bytes.
func TestFindingAsJSON(t *testing.T) {
	e := base64.RawURLEncoding.EncodeToString
	header := e([]byte(`{"alg":"HS256","typ":"JWT"}`))
	quick := 0
	for _, claims := range []string{
		`{"user_id":"jane"}`, `{"user_id":"jane","iat":1700000000,"exp":1900000000}`, `{"user_id":"a\"b\\c<&>\u001b[31m\u009b\u202e é漢🙂…"}`, `{"user_id":"x","admin":true,"z":"","a":"…"}`,
		`{"user_id":"x","list":[1,2],"o":{"p":1.5}}`, `{"user_id":"x","n":-1,"m":1e3,"f":1.5,"z":0}`, `{}`, `{"user_id":"x","nul":null}`, `{"user_id":"x","\u2028":"\u2029"}`,
	} {
		tok := header + "." + e([]byte(claims)) + "." + e(make([]byte, 32))
		for _, text := range []string{tok, "Bearer " + tok, "wss://chat.stream-io-api.com/connect?api_key=abcdefgh2345&authorization=" + tok, `{"token":"` + tok + `","userId":"é","apiKey":"abcdefgh2345"}`} {
			f := new(inspect.Inspector).Inspect(t.Context(), text)
			got, ok := appendFinding([]byte("before"), &f)
			if !ok {
				if string(got) != "before" {
					t.Errorf("%s: something was written: %s", text, got)
				}
				continue
			}
			quick++
			var want bytes.Buffer
			enc := json.NewEncoder(&want)
			enc.SetEscapeHTML(false)
			if err := enc.Encode(&f); err != nil {
				t.Fatal(err)
			}
			if plain := sanitize.AppendEscaped([]byte("before"), want.String()); !bytes.Equal(got, plain) {
				t.Errorf("%s:\n got %s\nwant %s", text, got, plain)
			}
		}
	}
	if quick < 8 {
		t.Errorf("only %d findings took the quick way", quick)
	}
}
