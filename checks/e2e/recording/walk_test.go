//go:build linux

package recording

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"badsig/tokens"
)

// The demo is a tutorial: its bug is fixed in the editor that E opens and with a
// restart, the last screen says what was learned, and f goes on to the next bug.
func TestDemoIsWalkedToGreen(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("it builds badsig and runs it")
	}
	dir := t.TempDir()
	editor := filepath.Join(dir, "vim") // opens, is told what to do, saves, and is left
	script := "#!/bin/sh\necho \"editing line $1 of $2\"\nread what\nsed -i 's/ \"$/\"/' \"$2\"\n"
	if err := os.WriteFile(editor, []byte(script), 0o755); err != nil {
		t.Fatal(err)
	}
	c := open(t, []string{"VISUAL=" + editor}, "demo")
	c.sees("The API secret ends in a space", "Demo project", "[E] edit", "✗ signature")
	c.types("E")
	c.sees("editing line +2 of")
	c.types("\r")
	c.sees("The backend is still using the old secret", "s restarts it now")
	c.types("s")
	c.sees("Stream accepts this token", "You fixed it. The bug was", "200 accepted", "f chooses another bug")
	c.types("f")
	c.sees("Choose a bug")
	c.types("swapped\r")
	c.sees("The API key and secret are swapped", "[F] fix it")
	c.types("F")
	c.sees("y makes the edit")
	c.types("y")
	c.sees("Stream accepts this token", "You fixed it. The bug was")
	c.types("f")
	c.sees("Choose a bug")
	c.types("none\r")
	c.until("a screen without a bug", func(screen string, _ time.Duration) bool {
		return has(screen, []string{"Stream accepts this token", "Nothing to fix"}) && !strings.Contains(screen, "You fixed it")
	})
	c.types("q")
	if exit := c.ends(); exit != 0 {
		t.Errorf("exit %d", exit)
	}
}

// When the backend's token expires on the screen, the verdict, the picture and
// the panes change without a key.
func TestTokenExpiresOnScreen(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("it builds badsig and runs it")
	}
	const key = "abcdefghij12"
	secret := strings.Repeat("q7w2", 16)
	raw := sync.OnceValues(func() (string, error) { // one token for all requests, which has little time left at the first
		return tokens.Mint(tokens.NewSecret([]byte(secret)), "test123", time.Now().Add(5*time.Second-time.Hour), tokens.MintOptions{})
	})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("Access-Control-Allow-Origin", "*")
		w.Header().Set("Access-Control-Allow-Headers", "content-type")
		token, err := raw()
		if err != nil {
			t.Error(err)
		}
		fmt.Fprintf(w, `{"token":%q}`, token)
	})}
	go func() { _ = server.Serve(l) }()
	defer server.Close()
	project := t.TempDir()
	for name, text := range map[string]string{
		"package.json": `{"name":"app","dependencies":{"stream-chat":"9"}}`,
		"server/.env":  "STREAM_API_KEY=" + key + "\nSTREAM_API_SECRET=" + secret + "\n",
		"src/chat.js":  "import { StreamChat } from 'stream-chat'\nexport const client = StreamChat.getInstance('" + key + "')\n",
	} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(project, name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(project, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	c := open(t, []string{"BADSIG_API_KEY=" + key, "BADSIG_API_SECRET=" + secret}, "--offline", "--dir", project, "--url", "http://"+l.Addr().String()+"/api/stream/token")
	c.sees("Stream would accept this token", "✓ Stream", "200 accepted (predicted)")
	c.sees("✗ The token has expired", "✗ backend", "expired", "401 · 40")
	c.types("2")
	c.sees("signed by", "401 · 40")
	c.types("q")
	if exit := c.ends(); exit != 1 {
		t.Errorf("exit %d", exit)
	}
}
