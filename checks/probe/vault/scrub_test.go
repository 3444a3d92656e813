package vault_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"badsig/checks/facts"
	"badsig/checks/internal/projecttest"
	"badsig/checks/probe"
	"badsig/checks/probe/vault"
)

// A fallback in the code may be one of badsig's own words: the ids of its checks and causes stay as they are.
func TestAShortSecretLeavesOwnWordsAlone(t *testing.T) {
	own := `{"id":"secret-signs","cause":"secret-fallback"}`
	for _, fallback := range []string{"secret", "token", "check"} {
		w := withFallback(t, fallback)
		if got := w.RedactOwn(own); got != own {
			t.Errorf("with the fallback %q it prints %s", fallback, got)
		}
	}
	if got := withFallback(t, projecttest.S1).RedactOwn("it is " + projecttest.S1); strings.Contains(got, projecttest.S1) {
		t.Errorf("a whole secret is printed")
	}
}

// withFallback is what is known of a project whose code signs with a literal where the variable isn't set.
func withFallback(t *testing.T, secret string) *vault.World {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"package.json": `{"dependencies":{"express":"5","stream-chat":"9"}}`,
		"index.js":     "const { StreamChat } = require('stream-chat')\nconst c = StreamChat.getInstance('" + projecttest.K1 + "', process.env.STREAM_API_SECRET || '" + secret + "')\nrequire('express')().post('/token', (q, r) => r.json({ token: c.createToken(q.body.userId) })).listen(3001)\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	w := probe.Look(context.Background(), facts.Target{Dir: dir, Offline: true}, facts.NameServer)
	for _, v := range w.Snapshot().Values {
		if v.Kind == facts.KindFallback && v.Length == len(secret) {
			return w
		}
	}
	t.Fatalf("the fallback %q wasn't read", secret)
	return nil
}
