package checks

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"

	"badsig/checks/facts"
	"badsig/checks/rules"
	"badsig/tokens"
)

// What is said of a token without a user is said in the backend's language.
func TestNoUserInTheBackendsLanguage(t *testing.T) {
	b := base64.RawURLEncoding
	for _, claims := range []string{`{"iat":1750000000}`, `{"sub":"ann"}`, `{"user_id":7}`, `{"user_id":"undefined"}`} {
		parsed := tokens.Parse(b.EncodeToString([]byte(`{"alg":"HS256","typ":"JWT"}`)) + "." + b.EncodeToString([]byte(claims)) + "." + b.EncodeToString(make([]byte, 32)))
		token := facts.Token{Source: "backend", Flaws: parsed.Flaws, Segments: 3}
		if err := json.Unmarshal([]byte(claims), &token.Claims); err != nil {
			t.Fatal(err)
		}
		f := &facts.Facts{Target: facts.TargetFacts{UserID: "ann"}, Backend: &facts.Backend{Posts: []facts.Answer{{Method: "POST", Status: 200, Tokens: []int{0}}}},
			Tokens: []facts.Token{token}, Project: &facts.Project{Servers: []facts.ServerCode{{Language: "go", File: "main.go", Line: 1}}}}
		said := ""
		for _, c := range inLanguage(f, rules.TokenUser(f)).Causes {
			said += c.Summary
			for _, s := range c.Fix {
				said += "\n" + s.Text
			}
		}
		for _, word := range []string{"res.", "String(", "JSON leaves", "disappears", "{ user_id"} {
			if strings.Contains(said, word) {
				t.Errorf("%s: %q in %q", claims, word, said)
			}
		}
		if said == "" {
			t.Errorf("%s: nothing is said", claims)
		}
	}
}
