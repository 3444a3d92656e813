package cli

import (
	"encoding/base64"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// folderOf writes a folder of files.
func folderOf(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		name = filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// claimsOf reads a token's claims.
func claimsOf(t *testing.T, token string) map[string]any {
	t.Helper()
	parts := strings.Split(strings.TrimSpace(token), ".")
	if len(parts) != 3 {
		t.Fatalf("%q isn't a token", token)
	}
	b, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		t.Fatal(err)
	}
	var claims map[string]any
	if err := json.Unmarshal(b, &claims); err != nil {
		t.Fatal(err)
	}
	return claims
}

// mint signs with the secret of each file that Stream's tools, Wrangler and direnv read,
// as that tool reads it, and runs nothing of what a file says.
func TestMintUsesTheProjectsFiles(t *testing.T) {
	ran := filepath.Join(t.TempDir(), "ran")
	const other = "z" + "7k3m9p2q5r8s4t6u7v3w9x2y5z8a4b6c7d3e9f2g5h8j4k6m7n3p9q2r5s8t4u6"
	for _, c := range []struct {
		name  string
		files map[string]string
		from  string // the place, "" where there is no secret to sign with
	}{
		{"Stream's CLI", map[string]string{".stream/creds.yaml": "app_id: 7\nkey: abcd1234efgh\nsecret: " + invented + "\n"}, ".stream/creds.yaml:3"},
		{"Wrangler", map[string]string{".dev.vars": "STREAM_API_KEY=abcd1234efgh\nSTREAM_API_SECRET=\"" + invented + "\"\n"}, ".dev.vars:2"},
		{"direnv", map[string]string{".envrc": "# direnv\nexport STREAM_API_KEY=abcd1234efgh\nexport STREAM_API_SECRET='" + invented + "' # mine\n"}, ".envrc:3"},
		{"a .env file of no side", map[string]string{".env": "STREAM_API_SECRET=" + invented + "\n"}, ".env:1"},
		{"a React project without a backend", map[string]string{"package.json": `{"dependencies": {"react": "18", "vite": "5"}}`, ".env": "STREAM_API_SECRET=" + invented + "\n"}, ".env:1"},
		{"direnv in a Next.js project", map[string]string{"package.json": `{"dependencies": {"react": "18", "next": "14"}}`, ".envrc": "export STREAM_API_SECRET=" + invented + "\n"}, ".envrc:1"},
		{"a command in .envrc", map[string]string{".envrc": "export STREAM_API_SECRET=$(touch " + ran + "; echo " + invented + ")\n"}, ""},
		{"no shell syntax", map[string]string{".envrc": "export STREAM_API_SECRET = " + invented + "\n"}, ""},
		{"a comment", map[string]string{".stream/creds.yaml": "key: abcd1234efgh\n# secret: " + invented + "\n"}, ""},
		{"two secrets", map[string]string{".envrc": "export STREAM_API_SECRET=" + invented + "\n", ".dev.vars": "STREAM_API_SECRET=" + other + "\n"}, ""},
	} {
		got := process{dir: folderOf(t, c.files)}.run(t, "mint", "--user-id", "jane", "--lifetime", "1d")
		if c.from == "" {
			if got.code != exitUsage || got.out != "" || !strings.Contains(got.err, "secret") {
				t.Errorf("%s: %+v", c.name, got)
			}
			continue
		}
		if got.code != 0 || !strings.Contains(got.err, c.from) {
			t.Errorf("%s: %+v", c.name, got)
			continue
		}
		claims := claimsOf(t, got.out)
		if claims["user_id"] != "jane" || claims["exp"].(float64)-claims["iat"].(float64) != 24*60*60 {
			t.Errorf("%s: claims %v", c.name, claims)
		}
	}
	if _, err := os.Stat(ran); err == nil {
		t.Error("a command in .envrc was executed")
	}
}

func TestLifetimesHaveDays(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"1d": 24 * time.Hour, "1d12h": 36 * time.Hour, "0.5d": 12 * time.Hour, "90m": 90 * time.Minute, "30d": 720 * time.Hour,
	} {
		var l lifetime
		if err := l.Set(text); err != nil || time.Duration(l) != want {
			t.Errorf("%s: %v, %v", text, time.Duration(l), err)
		}
	}
	for _, text := range []string{"", "d", "1x", "1d1", "one day", "99999999999d", "1d-"} {
		if l := lifetime(0); l.Set(text) == nil {
			t.Errorf("%q is a lifetime of %v", text, time.Duration(l))
		}
	}
}
