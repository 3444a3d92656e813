package cli

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"badsig/checks/sanitize"
)

// A paste that names no token may hold a part of the project's secret, too: nothing of it is said again.
func TestInspectRepeatsNoPartOfASecret(t *testing.T) {
	t.Parallel()
	const known = "k2v9x7w9q4m1z8v3b6n5c2l7j4h8g1f3d9s6a2p4o8i5u1y7t3r9e6w2q8m4z1x5"
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "server"), 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"server/.env":      "STREAM_API_KEY=h7w2k9qx4tbn\nSTREAM_API_SECRET=" + known + "\n",
		"server/server.js": "require('dotenv').config();\nconst { StreamChat } = require('stream-chat');\nStreamChat.getInstance(process.env.STREAM_API_KEY, process.env.STREAM_API_SECRET).createToken('jane');\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	percent := ""
	for _, c := range []byte(known[:20]) {
		percent += fmt.Sprintf("%%%02x", c)
	}
	places := []string{
		`{"user_id":"%s"}`, `{"user_id":"jane","%s":1}`, `https://x.example/%s`, `{"code":16,"message":"failed with %s at","StatusCode":404}`,
		`StreamChat error code 5: GetOrCreateChannel failed with error: "%s"`, `curl -X %s http://x.example/a -d '{"userId":"jane"}'`, `curl http://x.example/a -d '{"userId":"%[1]s","userName":"%[1]s"}'`,
	}
	for _, form := range []string{known, known[:32], known[32:], known[20:36], known[:14], hex.EncodeToString([]byte(known)), hex.EncodeToString([]byte(known[9:25])), base64.StdEncoding.EncodeToString([]byte(known[:32])), percent} {
		for n, place := range places {
			text := fmt.Sprintf(place, form)
			if strings.Contains(place, "https:") {
				text = fmt.Sprintf(place, url.PathEscape(form))
			}
			for _, args := range [][]string{{"inspect", "-"}, {"inspect", "--json", "-"}} {
				said := inspected(t, text, append(args, "--dir", dir)...)
				for i := 0; i+12 <= len(form); i++ {
					if strings.Contains(said, form[i:i+12]) {
						t.Errorf("%s, place %d, a form of %d characters: a part of the secret is repeated", strings.Join(args, " "), n, len(form))
						break
					}
				}
			}
		}
	}
	outside := t.TempDir()
	// Outside the project no one knows its secret: the shape alone tells, as it is and in hex.
	for _, form := range []string{known, hex.EncodeToString([]byte(known)), strings.ToUpper(hex.EncodeToString([]byte(known)))} {
		for _, args := range [][]string{{"inspect", "-"}, {"inspect", "--json", "-"}} {
			if said := inspected(t, fmt.Sprintf(places[0], form), append(args, "--dir", outside)...); strings.Contains(said, form[:12]) {
				t.Errorf("%s: a secret that no one knows is repeated", strings.Join(args, " "))
			}
		}
	}
}

// inspected is all that inspect says of a string. It runs in this process, because it is called more than a hundred times.
func inspected(t *testing.T, text string, args ...string) string {
	t.Helper()
	var out bytes.Buffer
	Main(t.Context(), args, Program{
		Stdin: strings.NewReader(text), Stdout: sanitize.To(&out), Stderr: sanitize.To(&out), Getenv: func(string) string { return "" }, IsTerminal: func() bool { return false },
	})
	if out.Len() == 0 {
		t.Error("nothing is said")
	}
	return out.String()
}
