package cli

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"
	"unicode"

	"badsig/checks/inspect"
)

// A pasted token may say anything: as JSON it is printed exactly, and still
// nothing of it acts on a terminal.
func TestInspectedTokensAreTame(t *testing.T) {
	evil := "\x1b[31m\u009b2J\u202e\u2066\x07\x7f\u00ad\u200b\U000E0001 é漢🙂"
	claims, err := json.Marshal(map[string]any{"user_id": evil, "x" + evil: []any{evil}})
	if err != nil {
		t.Fatal(err)
	}
	e := base64.RawURLEncoding.EncodeToString
	token := e([]byte(`{"alg":"HS256","kid":"`+"\u009b\u202e"+`"}`)) + "." + e(claims) + "." + e(make([]byte, 32))
	in := &inspect.Inspector{}
	for _, text := range []string{token, "Bearer " + token, `{"token":"` + token + `","userId":"\u001b[31m` + "\u009b" + `"}`, evil, `{"code":43,"message":"` + "\u009b\u202e" + `signature is not valid"}`} {
		f := in.Inspect(t.Context(), text)
		for name, out := range map[string][]byte{"json": renderJSON(nil, 1, &f), "text": renderText(nil, 1, &f), "line": renderLine(nil, 1, &f)} {
			for _, r := range string(out) {
				if r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r)) {
					t.Errorf("%s holds %U: %q", name, r, out)
					break
				}
			}
		}
		if f.Token == nil {
			continue
		}
		var back struct {
			Token struct{ Claims map[string]any }
		}
		if err := json.Unmarshal(renderJSON(nil, 1, &f), &back); err != nil {
			t.Fatal(err)
		}
		if got, _ := back.Token.Claims["user_id"].(string); got != evil && !strings.Contains(text, `"code"`) {
			t.Errorf("the claim came back as %q", got)
		}
	}
}
