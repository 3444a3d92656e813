package edits

import (
	"strings"
	"testing"

	"badsig/checks/finding"
	"badsig/tokens"
)

// A diff shows the names and the lines that change, and of values nothing but their
// length and fingerprint, no matter which file they are in.
func TestDiffHidesValues(t *testing.T) {
	secret := strings.Repeat("a7h2k9", 10) + "q3x8"
	show := Show{Hide: func(s string) string { return tokens.NewSecret([]byte(secret)).Redact(s) }, Public: func(s string) bool { return s == "kq7w2m9xt4bn" },
		Holds: func(s string) bool { return strings.Contains(s, secret[:12]) }, Whole: func(s string) string { return s }}
	for file, c := range map[string]struct {
		line     string
		sees     []string
		wontShow []string
	}{
		".env":          {"STREAM_API_SECRET=\"" + secret + " \"", []string{"-STREAM_API_SECRET=\"‹64 chars", "›␠\""}, nil},
		"a/.env.local":  {"DATABASE_URL=postgres://ann:hunter2@db/x", []string{"-DATABASE_URL="}, []string{"hunter2", "postgres"}},
		"compose.yaml":  {"      STREAM_API_SECRET: \"" + secret + " \"", []string{"STREAM_API_SECRET:"}, nil},
		"compose.yml":   {"      - STREAM_API_SECRET=" + secret + "x", []string{"STREAM_API_SECRET="}, []string{secret[40:]}},
		"package.json":  {`    "dev": "STREAM_API_SECRET='` + secret + ` ' DB_PASSWORD=hunter2 node index.js"`, []string{"\"dev\":", "STREAM_API_SECRET='", "DB_PASSWORD="}, []string{"hunter2"}},
		"Dockerfile":    {"ENV STREAM_API_SECRET=" + secret + "\"", nil, []string{secret[40:]}},
		"wrangler.toml": {"STREAM_API_SECRET = \"" + secret + " \"", []string{"STREAM_API_SECRET ="}, nil},
		"index.js":      {"const s = '" + secret + "x'", []string{"const s ="}, nil},
		".npmrc":        {"//registry.npmjs.org/:_authToken=npm_" + secret[:36], nil, []string{"npm_" + secret[:36]}},
		"id.pem":        {"MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7", nil, []string{"MIIEvQIBADANBgkqhkiG"}},
	} {
		data := []byte("first\n" + c.line + "\nlast\n")
		all, err := Apply([]finding.Edit{{File: file, Line: 2, From: len([]rune(c.line)) + 1, To: len([]rune(c.line)) + 1, Insert: "#"}}, func(string) ([]byte, error) { return data, nil }, tokens.Secret{})
		if err != nil {
			t.Fatal(err)
		}
		d := all[0].Diff(show)
		for _, want := range append(c.sees, "--- a/"+file, "+++ b/"+file, "@@ -1,3 +1,3 @@") {
			if !strings.Contains(d, want) {
				t.Errorf("%s: it doesn't show %q:\n%s", file, want, strings.ReplaceAll(d, secret[:12], "SECRET"))
			}
		}
		for i := 0; i+12 <= len(secret); i++ {
			c.wontShow = append(c.wontShow, secret[i:i+12])
		}
		for _, no := range c.wontShow {
			if strings.Contains(d, no) {
				t.Errorf("%s: it shows a part of a value:\n%s", file, d)
				break
			}
		}
	}
}
